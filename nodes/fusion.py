"""Put together what several senses say, and leave out the one that is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from engine.errors import InputError
from engine.node import node
from nodes.values import Cell, Scores, Table
from nodes.widgets import slider

if TYPE_CHECKING:
    from torch import Tensor

Share = Annotated[float, slider(0, 10, 0.1)]
MISSING = "missing"
_SLACK = 1e-3  # how far probabilities may be from 1 in sum


class Fused(NamedTuple):
    scores: Scores
    best: list[str]
    table: Table
    weights: Table


@node("FuseScores", title="Fuse scores", category="evaluation", libs=("torch",))
def fuse_scores(
    image: Scores | None = None,
    video: Scores | None = None,
    audio: Scores | None = None,
    image_weight: Share = 1.0,
    video_weight: Share = 1.0,
    audio_weight: Share = 1.0,
) -> Fused:
    """Say which text fits, by picture, film and sound together: the weighted mean of what each says by itself.

    Wire probabilities of the same texts in the same order: `text_given_picture` of CLIPSimilarity, `text_given_sound`
    of AudioTextScore. What is not wired, or comes from a muted node, is missing: it is left out, and the weights of the
    others are scaled to sum to 1, so that the answer is one over the texts again. `table` has a column for each sense,
    `weights` says how much each one counted.
    """
    senses = {"image": (image, image_weight), "video": (video, video_weight), "audio": (audio, audio_weight)}
    there = {name: (scores, weight) for name, (scores, weight) in senses.items() if scores is not None}
    total = sum(weight for _, weight in there.values())
    if total == 0:
        raise InputError(
            "there is neither picture nor film nor sound to go by"
            if not there
            else "everything that is there weighs 0",
            hint="wire the scores of one at least, and give it a weight",
        )
    for name, (scores, _) in there.items():
        _check(name, scores, next(iter(there.values()))[0])
    shares = {name: weight / total for name, (_, weight) in there.items()}
    matrix = _sum([scores.matrix * shares[name] for name, (scores, _) in there.items()])
    first = next(iter(there.values()))[0]
    fused = Scores(matrix, first.rows, first.columns)
    given = {name: scores for name, (scores, _) in senses.items()}
    best = [first.columns[int(each)] for each in matrix.argmax(1)]
    return Fused(fused, best, _table(given, fused), _weights(given, shares))


def _check(name: str, scores: Scores, first: Scores) -> None:
    if scores.matrix.shape != first.matrix.shape:
        counts = " and ".join(f"{len(each.rows)} x {len(each.columns)}" for each in (first, scores))
        raise InputError(f"the scores are of different things: {counts}", hint="score the same texts, in one order")
    if ((scores.matrix.sum(1) - 1).abs() > _SLACK).any() or (scores.matrix < 0).any():
        raise InputError(
            f"what is wired to {name} is no choice among the texts: it does not sum to 1",
            hint="wire text_given_picture or text_given_sound",
        )


def _sum(parts: list[Tensor]) -> Tensor:
    total = parts[0]
    for each in parts[1:]:
        total = total + each
    return total


def _table(given: dict[str, Scores | None], fused: Scores) -> Table:
    """Give a row for each thing and text, with what each sense says of it."""
    rows: list[tuple[Cell, ...]] = []
    for row, thing in enumerate(fused.rows):
        for column, text in enumerate(fused.columns):
            said = [MISSING if each is None else float(each.matrix[row, column]) for each in given.values()]
            rows.append((thing, text, *said, float(fused.matrix[row, column])))
    return Table(("of", "text", *given, "together"), tuple(rows))


def _weights(given: dict[str, Scores | None], shares: dict[str, float]) -> Table:
    rows = tuple((name, MISSING if each is None else "there", shares.get(name, 0.0)) for name, each in given.items())
    return Table(("sense", "is", "weight"), rows)
