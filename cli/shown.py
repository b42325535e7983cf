"""What a page shows of a value: pictures, a table, a matrix, text, a number, or that it cannot be shown."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.codec import Stored
from engine.spec import Json
from engine.summary import array

MOST_PICTURES = 64  # of a batch
MOST_ROWS = 200  # of a table
MOST_CELLS = 32  # of a matrix, on a side; a larger one is drawn as a picture


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a data URL, its size in pixels, and what its grey stands for."""

    source: str
    width: int
    height: int
    note: str = ""
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table; a cell with a share is filled so far."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Json]]
    kind: Literal["rows"] = "rows"


@dataclass(frozen=True, slots=True)
class Square:
    """One number of a matrix, and how far it lies between the least and the greatest."""

    value: float
    share: float


@dataclass(frozen=True, slots=True)
class Matrix:
    """Scores, few enough to be read."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Square]]]
    kind: Literal["matrix"] = "matrix"


@dataclass(frozen=True, slots=True)
class Plain:
    """A text, a number, true or false."""

    value: Json
    kind: Literal["plain"] = "plain"


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence in place of what is not shown."""

    text: str
    kind: Literal["note"] = "note"


Shown = Picture | Rows | Matrix | Plain | Note


def show(stored: Stored) -> list[Shown]:
    """Show a value; a batch of pictures gives one each."""
    from nodes.views import NoViewError, names

    if stored.type == "Table":
        return _rows(stored)
    if stored.type == "Scores" and max(stored.tensors["matrix"].shape) <= MOST_CELLS:
        return [_matrix(stored)]
    if stored.type in ("str", "int", "float", "bool", "None"):
        return [Plain(stored.fields)]
    view = next((name for name in ("png", "channels") if name in names(stored.type)), None)
    if view is None:
        return [Note(f"A value of the type {stored.type}; `promptograph run` writes it as a file.")]
    try:
        return _pictures(stored, view)
    except NoViewError as error:
        return [Note(f"This {stored.type} cannot be drawn: {error}.")]


def _pictures(stored: Stored, view: str) -> list[Shown]:
    from nodes.views import view as look

    count = max(1, stored.tensors["pixels"].shape[0]) if "pixels" in stored.tensors else 1
    found: list[Shown] = []
    for item in range(min(count, MOST_PICTURES)):
        seen = look(stored, view, item=item)
        found.append(_picture(seen.file.data, seen.note))
    if count > MOST_PICTURES:
        found.append(Note(f"The first {MOST_PICTURES} of {count} pictures."))
    return found


def _picture(png: bytes, note: str) -> Picture:
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    return Picture(f"data:image/png;base64,{b64encode(png).decode()}", width, height, note)


def _rows(stored: Stored) -> list[Shown]:
    rows: list[Sequence[Json]] = stored.fields["rows"]
    table = Rows(stored.fields["columns"], rows[:MOST_ROWS])
    return [table] if len(rows) <= MOST_ROWS else [table, Note(f"The first {MOST_ROWS} of {len(rows)} rows.")]


def _matrix(stored: Stored) -> Matrix:
    numbers = array(stored.tensors["matrix"]).astype("<f8")
    low, high = float(numbers.min()), float(numbers.max())
    spread = (high - low) or 1.0
    lines = [[Square(value, (value - low) / spread) for value in line] for line in numbers.tolist()]
    return Matrix(stored.fields["columns"], list(zip(stored.fields["rows"], lines, strict=True)))
