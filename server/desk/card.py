"""Draw a card for a graph that has no picture yet: its name, and how many nodes it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphs import Graph

if TYPE_CHECKING:
    import numpy

_SIZE = (640, 320)
_LONGEST = 36  # characters of a name
_PAPER, _INK, _FAINT = (24, 26, 31), (236, 238, 242), (140, 146, 158)


def card(graph: Graph) -> numpy.ndarray:
    """Give the card as [height, width, 3] of eight bits."""
    import numpy
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", _SIZE, _PAPER)
    draw = ImageDraw.Draw(picture)
    name = "".join(mark for mark in graph.name if mark.isprintable()) or "Untitled"
    shown = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
    draw.text((40, 120), shown, fill=_INK, font=ImageFont.load_default(30))
    draw.text((40, 172), f"{len(graph.nodes):,} nodes · promptograph", fill=_FAINT, font=ImageFont.load_default(16))
    return numpy.array(picture)
