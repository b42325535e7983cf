"""Say what a scene shows, in English or German.

Guarantees
1. A caption names shapes, colours and the relation of two objects; every other attribute is named if `Mention` says so.
2. What a caption names is true of the scene.
3. The same scene, mention and random state give the same words.
"""

from dataclasses import dataclass
from typing import Final, Literal

from models.bauklotz.english import english
from models.bauklotz.german import german
from models.bauklotz.scene import Scenes
from models.bauklotz.sentence import Rng, Setting, Thing
from models.bauklotz.vocabulary import ARRANGEMENTS, COLOURS, LIGHTS, SHAPES, SIZES, STYLES

Language = Literal["en", "de"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "de")


@dataclass(frozen=True, slots=True)
class Mention:
    """Which of the attributes that may be left out a caption names."""

    size: tuple[bool, bool] = (True, True)
    position: bool = True
    background: bool = True
    light: bool = True
    style: bool = True


BAREST: Final = Mention((False, False), position=False, background=False, light=False, style=False)
"""Only what has to be named: a colour and a shape."""


def random_mention(rng: Rng, *, is_pair: bool) -> Mention:
    """Leave each optional attribute out now and then."""
    draw = rng.random(6)
    share = 0.5 if is_pair else 0.7
    return Mention(
        size=(bool(draw[0] < share), bool(draw[1] < share)),
        position=bool(draw[2] < 0.75),
        background=bool(draw[3] < 0.85),
        light=bool(draw[4] < 0.5),
        style=bool(draw[5] < 0.6),
    )


def random_captions(scenes: Scenes, rng: Rng) -> list[str]:
    """Say every scene in one of the languages, naming different things."""
    said = []
    for row, pair in enumerate(scenes.is_pair):
        mention = random_mention(rng, is_pair=bool(pair))
        said.append(caption(scenes, row, mention, LANGUAGES[int(rng.integers(len(LANGUAGES)))], rng))
    return said


def caption(scenes: Scenes, row: int, mention: Mention, language: Language, rng: Rng) -> str:
    """Describe one scene of a batch."""
    things = tuple(_thing(scenes, row, k, mention) for k in (0, 1) if scenes.shape[row, k] >= 0)
    arrangement = ARRANGEMENTS[scenes.arrangement[row]]
    style = STYLES[scenes.style[row]] if mention.style else ""
    setting = Setting(
        background=COLOURS[scenes.background[row]] if mention.background else "",
        light=LIGHTS[scenes.light[row]] if mention.light else "",
        style=style,
    )
    speak = english if language == "en" else german
    if len(things) == 1 and not mention.position:
        arrangement = ""
    return speak(things, arrangement, setting, rng)


def _thing(scenes: Scenes, row: int, k: int, mention: Mention) -> Thing:
    return Thing(
        shape=SHAPES[scenes.shape[row, k]],
        colour=COLOURS[scenes.colour[row, k]],
        size=SIZES[scenes.size[row, k]] if mention.size[k] else "",
    )
