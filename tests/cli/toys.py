"""Node types for the tests of the command line: cheap ones, broken ones, slow ones, deaf ones."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from engine import Blob, Catalog, Files, InputError, Run, Stored, ValueType, Widget, catalog, node


@dataclass(frozen=True)
class Image:
    """A picture of one colour, stored as nodes.values.Image is; it needs no tensor library."""

    red: float
    green: float
    side: int


def _encode(image: Image) -> Stored:
    import numpy

    pixels = numpy.zeros((1, 3, image.side, image.side), "<f4")
    pixels[:, 0], pixels[:, 1] = image.red, image.green
    return Stored("Image", {}, {"pixels": Blob("F32", pixels.shape, pixels.tobytes())})


def _decode(stored: Stored) -> Image:
    import numpy

    blob = stored.tensors["pixels"]
    pixels = numpy.frombuffer(blob.data, "<f4").reshape(blob.shape)
    return Image(float(pixels[0, 0, 0, 0]), float(pixels[0, 1, 0, 0]), blob.shape[-1])


@dataclass(frozen=True)
class Table:
    """Rows of plain cells, stored as nodes.values.Table is."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]


def _encode_table(table: Table) -> Stored:
    return Stored("Table", {"columns": list(table.columns), "rows": [list(row) for row in table.rows]}, {})


def _decode_table(stored: Stored) -> Table:
    return Table(tuple(stored.fields["columns"]), tuple(map(tuple, stored.fields["rows"])))


def _count(name: str) -> None:
    """Leave a mark for each call, so that a test can count them."""
    if folder := os.environ.get("TOY_CALLS"):
        with open(Path(folder) / name, "a", encoding="utf-8") as marks:
            marks.write("called\n")


@node()
def add(a: int, b: int = 1) -> int:
    """Add two numbers."""
    _count("add")
    return a + b


@node()
def chatter(a: int) -> int:
    """Print, as libraries do."""
    print("chatter")
    return a


@node()
def break_down(a: int) -> int:
    """Fail always."""
    raise RuntimeError(f"cannot take {a}\nand say so in two lines")


@node()
def refuse(a: int) -> int:
    """Refuse what it is given."""
    raise InputError(f"{a} is not welcome", hint="give another")


@node()
def wait(a: int, seconds: float, *, run: Run) -> int:
    """Wait in steps, listening."""
    for step in range(20):
        run.progress(step, 20)
        time.sleep(seconds / 20)
    _count("wait")
    return a


@node()
def wait_deaf(a: int, seconds: float) -> int:
    """Wait without listening."""
    time.sleep(seconds)
    return a


def _slowly(a: int, files: Files) -> tuple[Path, ...]:
    """Keep the thread busy that decides what is run."""
    _count("slowly")
    time.sleep(30)
    return ()


@node(reads=_slowly)
def read_slowly(a: int) -> int:
    """Read a file that takes long to find."""
    return a


@node()
def paint(red: float = 1.0, green: float = 0.0, side: int = 8) -> Image:
    """Paint a picture of one colour."""
    _count("paint")
    return Image(red, green, side)


@node()
def say(text: str = "") -> str:
    """Give a text."""
    return text


@node()
def judge(a: int, b: int = 1) -> Table:
    """Measure two numbers, and refuse 13."""
    if a == 13:
        raise InputError("13 cannot be measured", hint="give another")
    rows: tuple[tuple[str | int | float, ...], ...] = (
        ("error", 8.0 / (a + b), "lower", "toys"),
        ("score", 2.5 * a, "higher", "toys"),
    )
    return Table(("measure", "value", "better", "made of"), rows)


@node()
def name_file(file: Annotated[str, Widget("image")], model: Annotated[str, Widget("model")] = "none") -> str:
    """Give the names of an asset and a model."""
    return f"{file} {model}"


@node()
def count_up(to: int) -> list[int]:
    """Give the numbers from 0."""
    return list(range(to))


CATALOG: Catalog = catalog(
    [add, chatter, break_down, refuse, wait, wait_deaf, read_slowly, paint, say, judge, name_file, count_up],
    values=[
        ValueType("Image", Image, _encode, _decode, lambda image: 12 * image.side**2),
        ValueType("Table", Table, _encode_table, _decode_table, lambda table: 64 * len(table.rows) + 64),
    ],
)
