"""Count what pictures of the scene world show of what they should, as the checker reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes.sources import EMBEDDED, locate_reader
from nodes.tables import measure
from nodes.values import Cell, Image, Table

SHARES = ("attribute", "asked", "right", "share")
_SIDE = 64
Said = Mapping[str, Sequence[str]]


class Counted(NamedTuple):
    share: float
    by_attribute: Table
    table: Table


def _checker(files: Files) -> Iterable[Path]:
    return (_weights(files),)


@node("AttributeAccuracy", category="evaluation", libs=("torch", "scipy"), reads=_checker)
def attribute_accuracy(image: Image, truth: Table, *, run: Run) -> Counted:
    """Count the attributes that pictures of the scene world show as they should: `truth` is that of `Scenes`.

    A small network reads the pictures that never saw one drawn by a model; on real renders it is right 99 times in 100,
    which bounds what can be told. It is there for evaluation only and does not come with an installed package: run from
    a clone of the repository. `binding` asks for both shapes, both colours and the relation of a pair at once, `count`
    for the number of objects; `share` is of all that is asked but these two.
    """
    from models.bauklotz.checker import load_checker
    from models.bauklotz.judge import judge
    from models.bauklotz.labels import ANSWERS

    if missing := [name for name in ANSWERS if name not in truth.columns]:
        raise InputError(f"the truth has no column {missing[0]!r}", hint="wire the `truth` of a Scenes node")
    if len(truth.rows) != len(image.pixels):
        raise InputError(f"{len(truth.rows)} scenes do not fit {len(image.pixels)} pictures", hint="draw one for each")
    if tuple(image.pixels.shape[2:]) != (_SIDE, _SIDE):
        raise InputError("the checker reads pictures of 64 x 64 pixels", hint="resize them")
    read = judge(load_checker(_weights(run.files).parent), image.pixels)
    seen = {name: [words[n] for n in read[name].tolist()] for name, words in ANSWERS.items()}
    asked = {name: [str(row[truth.columns.index(name)]) for row in truth.rows] for name in ANSWERS}
    counted = _count(seen, asked, read["count"].tolist())
    rows: list[tuple[Cell, ...]] = [
        (name, len(right), sum(right), sum(right) / len(right)) for name, right in counted.items() if right
    ]
    plain = [one for name, right in counted.items() if name not in ("binding", "count") for one in right]
    share = sum(plain) / len(plain)
    made_of = f"{len(image.pixels)} pictures, read by the checker"
    return Counted(share, Table(SHARES, tuple(rows)), measure("attribute accuracy", share, "higher", made_of))


def _count(seen: Said, asked: Said, objects: Sequence[int]) -> Mapping[str, Sequence[bool]]:
    """Say of everything that is asked whether it is seen, attribute by attribute."""
    right = {name: [one == other for one, other in zip(seen[name], asked[name], strict=True)] for name in asked}
    pairs = [bool(second) for second in asked["shape_1"]]
    own = {f"{name}_{k}": name for name in ("shape", "colour", "size") for k in (0, 1)}
    counted: dict[str, list[bool]] = {name: right[name] for name in ("background", "light", "style")}
    for name, kind in own.items():
        counted.setdefault(kind, []).extend(one for one, told in zip(right[name], asked[name], strict=True) if told)
    counted["position"] = [one for one, pair in zip(right["arrangement"], pairs, strict=True) if not pair]
    counted["relation"] = [one for one, pair in zip(right["arrangement"], pairs, strict=True) if pair]
    bound = ("arrangement", "shape_0", "shape_1", "colour_0", "colour_1")
    counted["binding"] = [all(right[name][k] for name in bound) for k, pair in enumerate(pairs) if pair]
    counted["count"] = [count == 1 + pair for count, pair in zip(objects, pairs, strict=True)]
    return counted


def _weights(files: Files) -> Path:
    found = locate_reader(EMBEDDED, "checker", files) / "model.safetensors"
    if not found.is_file():
        raise InputError(
            "the checker, which reads what a scene shows, is not here: it is for evaluation only, and no installed "
            "package has it",
            hint="run from a clone of the repository",
        )
    return found
