"""Ask about a scene in English, and know the answer.

Guarantees
1. A question has one right answer: it names an object by what no other object of the scene has.
2. A caption that answers DESCRIBE names everything that there is to name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from models.bauklotz.captions import Mention, caption
from models.bauklotz.scene import Scenes
from models.bauklotz.sentence import Rng
from models.bauklotz.vocabulary import ARRANGEMENTS, COLOURS, LIGHTS, SHAPES, SIZES, STYLES

DESCRIBE: Final = "what is in the picture?"
_SIDES: Final = {"left of": ("on the left", "on the right"), "above": ("at the top", "at the bottom")}
_TURNED: Final = {"left of": "right of", "above": "below"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a scene, which attribute it is about, and the answer."""

    attribute: str
    text: str
    answer: str


def asks(scenes: Scenes, row: int) -> list[Asked]:
    """Give every question about one scene."""
    pair = bool(scenes.is_pair[row])
    found = [
        Asked("background", "what colour is the background?", COLOURS[scenes.background[row]]),
        Asked("light", "is it bright or dark?", LIGHTS[scenes.light[row]]),
        Asked("style", "is it flat, outlined or striped?", STYLES[scenes.style[row]]),
        Asked("count", "how many objects are there?", "two" if pair else "one"),
    ]
    return [*found, *(_of_pair(scenes, row) if pair else _of_one(scenes, row))]


def description(scenes: Scenes, row: int, rng: Rng) -> Asked:
    """Ask what one scene shows; the answer is a caption."""
    return Asked("caption", DESCRIBE, caption(scenes, row, Mention(), "en", rng))


def _of_one(scenes: Scenes, row: int) -> Iterator[Asked]:
    shape, colour, size = _words(scenes, row, 0)
    yield Asked("shape", "what shape is it?", shape)
    yield Asked("colour", f"what colour is the {shape}?", colour)
    yield Asked("size", f"is the {shape} small or large?", size)
    yield Asked("position", f"where is the {shape}?", ARRANGEMENTS[scenes.arrangement[row]])


def _of_pair(scenes: Scenes, row: int) -> Iterator[Asked]:
    relation = ARRANGEMENTS[scenes.arrangement[row]]
    for k, side in enumerate(_SIDES[relation]):
        shape, colour, size = _words(scenes, row, k)
        yield Asked("shape", f"what shape is {side}?", shape)
        yield Asked("colour", f"what colour is the shape {side}?", colour)
        yield Asked("size", f"is the shape {side} small or large?", size)
    (one, first, _), (other, second, _) = (_words(scenes, row, k) for k in (0, 1))
    yield Asked("relation", f"where is the {first} {one}, seen from the {second} {other}?", relation)
    yield Asked("relation", f"where is the {second} {other}, seen from the {first} {one}?", _TURNED[relation])
    if one != other:
        yield Asked("binding", f"what colour is the {one}?", first)
        yield Asked("binding", f"what colour is the {other}?", second)


def _words(scenes: Scenes, row: int, k: int) -> tuple[str, str, str]:
    return SHAPES[scenes.shape[row, k]], COLOURS[scenes.colour[row, k]], SIZES[scenes.size[row, k]]
