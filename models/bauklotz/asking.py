"""Ask about a scene in English or German, and know the answer.

Guarantees
1. A question has one right answer: it names an object by what no other object of the scene has.
2. A caption that answers `describe` names everything that there is to name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from models.bauklotz.asking_words import TURNED, WORDINGS, Wording, the
from models.bauklotz.captions import Language, Mention, caption
from models.bauklotz.scene import Scenes
from models.bauklotz.sentence import Rng
from models.bauklotz.vocabulary import ARRANGEMENTS, COLOURS, LIGHTS, SHAPES, SIZES, STYLES

_SIDES: Final[Mapping[str, tuple[str, str]]] = {"left of": ("left", "right"), "above": ("top", "bottom")}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a scene, which attribute it is about, and the answer."""

    attribute: str
    text: str
    answer: str


def describe(language: Language) -> str:
    """Give the question that a caption answers."""
    return WORDINGS[language].describe


def asks(scenes: Scenes, row: int, language: Language) -> list[Asked]:
    """Give every question about one scene."""
    pair = bool(scenes.is_pair[row])
    ask = WORDINGS[language]
    found = [
        Asked("background", ask.background, ask.words[COLOURS[scenes.background[row]]]),
        Asked("light", ask.light, ask.words[LIGHTS[scenes.light[row]]]),
        Asked("style", ask.style, ask.words[STYLES[scenes.style[row]]]),
        Asked("count", ask.count, ask.words["2" if pair else "1"]),
    ]
    of_objects = _of_pair if pair else _of_one
    return [*found, *of_objects(scenes, row, language)]


def description(scenes: Scenes, row: int, language: Language, rng: Rng) -> Asked:
    """Ask what one scene shows; the answer is a caption."""
    return Asked("caption", describe(language), caption(scenes, row, Mention(), language, rng))


def _of_one(scenes: Scenes, row: int, language: Language) -> Iterator[Asked]:
    ask = WORDINGS[language]
    shape, colour, size = _words(scenes, row, 0)
    it = the(language, shape)
    yield Asked("shape", ask.shape.format(side=ask.it), ask.words[shape])
    yield Asked("colour", ask.colour.format(the=it), ask.words[colour])
    yield Asked("size", ask.size.format(the=it), ask.words[size])
    yield Asked("position", ask.place.format(the=it), ask.words[ARRANGEMENTS[scenes.arrangement[row]]])


def _of_pair(scenes: Scenes, row: int, language: Language) -> Iterator[Asked]:
    ask = WORDINGS[language]
    relation = ARRANGEMENTS[scenes.arrangement[row]]
    for k, place in enumerate(_SIDES[relation]):
        yield from _of_side(ask, ask.sides[place], _words(scenes, row, k))
    (one, first, _), (other, second, _) = (_words(scenes, row, k) for k in (0, 1))
    for mine, yours, answer in (
        ((one, first), (other, second), relation),
        ((other, second), (one, first), TURNED[relation]),
    ):
        text = ask.relation.format(the=the(language, *mine), other=the(language, *yours, seen_from=True))
        yield Asked("relation", text, ask.words[answer])
    if one != other:
        yield Asked("binding", ask.colour.format(the=the(language, one)), ask.words[first])
        yield Asked("binding", ask.colour.format(the=the(language, other)), ask.words[second])


def _of_side(ask: Wording, side: str, words: tuple[str, str, str]) -> Iterator[Asked]:
    shape, colour, size = (ask.words[word] for word in words)
    thing = ask.thing.format(side=side)
    yield Asked("shape", ask.shape.format(side=side), shape)
    yield Asked("colour", ask.colour.format(the=thing), colour)
    yield Asked("size", ask.size.format(the=thing), size)


def _words(scenes: Scenes, row: int, k: int) -> tuple[str, str, str]:
    return SHAPES[scenes.shape[row, k]], COLOURS[scenes.colour[row, k]], SIZES[scenes.size[row, k]]
