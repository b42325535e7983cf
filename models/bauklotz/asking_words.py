"""The words in which a scene is asked about, and answered, in English and German.

A question stands with `{the}` for an object, `{other}` for the one it is seen from and `{side}` for a side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models.bauklotz.captions import Language
from models.bauklotz.fragments import GERMAN
from models.bauklotz.german import declined, noun
from models.bauklotz.vocabulary import ARRANGEMENTS, COLOURS, LIGHTS, SHAPES, SIZES, STYLES


@dataclass(frozen=True, slots=True)
class Wording:
    """The questions of one language, and how its answers say the words of the world."""

    describe: str
    background: str
    light: str
    style: str
    count: str
    shape: str
    colour: str
    size: str
    place: str
    relation: str
    thing: str
    """An object that is named by its side."""
    it: str
    """The only object."""
    sides: Mapping[str, str]
    words: Mapping[str, str]


TURNED: Final[Mapping[str, str]] = {"left of": "right of", "above": "below"}

WORDINGS: Final[Mapping[Language, Wording]] = {
    "en": Wording(
        describe="what is in the picture?",
        background="what colour is the background?",
        light="is it bright or dark?",
        style="is it flat, outlined or striped?",
        count="how many objects are there?",
        shape="what shape is {side}?",
        colour="what colour is {the}?",
        size="is {the} small or large?",
        place="where is {the}?",
        relation="where is {the}, seen from {other}?",
        thing="the shape {side}",
        it="it",
        sides={
            "left": "on the left",
            "right": "on the right",
            "top": "at the top",
            "bottom": "at the bottom",
        },
        words={word: word for word in (*SHAPES, *COLOURS, *SIZES, *LIGHTS, *STYLES, *ARRANGEMENTS, *TURNED.values())}
        | {"1": "one", "2": "two"},
    ),
    "de": Wording(
        describe="was ist auf dem Bild?",
        background="welche Farbe hat der Hintergrund?",
        light="ist es hell oder dunkel?",
        style="ist es flach, umrandet oder gestreift?",
        count="wie viele Objekte sind da?",
        shape="welche Form ist {side}?",
        colour="welche Farbe hat {the}?",
        size="ist {the} klein oder groß?",
        place="wo ist {the}?",
        relation="wo ist {the}, gesehen von {other}?",
        thing="die Form {side}",
        it="es",
        sides={"left": "links", "right": "rechts", "top": "oben", "bottom": "unten"},
        words={
            **GERMAN,
            "orange": "orange",
            "bright": "hell",
            "dark": "dunkel",
            "left of": "links davon",
            "right of": "rechts davon",
            "above": "darüber",
            "below": "darunter",
            "1": "eins",
            "2": "zwei",
        },
    ),
}


def the(language: Language, shape: str, colour: str = "", *, seen_from: bool = False) -> str:
    """Name an object by its shape, or by colour and shape; `seen_from` puts it into the case that follows "von"."""
    if language == "en":
        return f"the {colour} {shape}" if colour else f"the {shape}"
    name, gender = noun(shape)
    article = "dem" if seen_from else {"masculine": "der", "neuter": "das"}[gender]
    said = f"{declined(WORDINGS['de'].words[colour], 'en' if seen_from else 'e')} " if colour else ""
    return f"{article} {said}{name}"
