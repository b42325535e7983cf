"""Name one attribute alone, as a search word or a class name does, in English or German."""

from collections.abc import Mapping
from typing import Final

from models.bauklotz.captions import Language
from models.bauklotz.scene import Scenes
from models.bauklotz.sentence import Rng, pick
from models.bauklotz.vocabulary import ARRANGEMENTS, COLOURS, LIGHTS, POSITIONS, SHAPES, SIZES, STYLES

FRAGMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "shape": SHAPES,
    "colour": COLOURS,
    "size": SIZES,
    "position": POSITIONS,
    "background": COLOURS,
    "light": LIGHTS,
    "style": STYLES,
}
"""What a fragment can name of a scene of one object, and the words for it."""

FIELDS: Final[Mapping[str, str]] = {name: name for name in FRAGMENTS} | {"position": "arrangement"}
"""The field of Scenes that holds each of FRAGMENTS."""

_FORMS: Final[Mapping[Language, Mapping[str, tuple[str, ...]]]] = {
    "en": {
        "shape": ("a {}", "a picture of a {}", "{}"),
        "colour": ("a {} object", "a {} thing", "a picture of a {} object"),
        "size": ("a {} object", "a {} thing", "a picture of a {} object"),
        "position": ("an object {}", "{}", "a picture of an object {}"),
        "background": ("a {} background", "on a {} background", "a picture on a {} background"),
        "light": ("{}", "a picture {}", "a drawing {}"),
        "style": ("a {} object", "a {} drawing", "a picture of a {} object"),
    },
    "de": {
        "shape": ("ein {}", "ein Bild mit einem {}", "{}"),
        "colour": ("ein {}es Objekt", "ein {}es Ding", "ein Bild mit einem {}en Objekt"),
        "size": ("ein {}es Objekt", "ein {}es Ding", "ein Bild mit einem {}en Objekt"),
        "position": ("ein Objekt {}", "{}", "ein Bild mit einem Objekt {}"),
        "background": ("ein {}er Hintergrund", "auf {}em Hintergrund", "ein Bild auf {}em Hintergrund"),
        "light": ("{}", "ein Bild {}", "eine Zeichnung {}"),
        "style": ("ein {}es Objekt", "eine {}e Zeichnung", "ein Bild mit einem {}en Objekt"),
    },
}
_ENGLISH: Final[Mapping[str, str]] = {
    **{name: name for name in (*SHAPES, *COLOURS, *SIZES, *STYLES)},
    "bright": "in bright light",
    "dark": "in the dark",
    "centre": "in the centre",
    **{name: f"at the {name}" for name in POSITIONS[1:]},
}
GERMAN: Final[Mapping[str, str]] = {
    "circle": "Kreis",
    "square": "Quadrat",
    "triangle": "Dreieck",
    "star": "Stern",
    "ring": "Ring",
    "cross": "Kreuz",
    "red": "rot",
    "orange": "orangefarben",
    "yellow": "gelb",
    "green": "grün",
    "blue": "blau",
    "purple": "violett",
    "white": "weiß",
    "small": "klein",
    "large": "groß",
    "flat": "flach",
    "outlined": "umrandet",
    "striped": "gestreift",
    "bright": "bei hellem Licht",
    "dark": "im Dunkeln",
    "centre": "in der Mitte",
    "top left": "oben links",
    "top right": "oben rechts",
    "bottom left": "unten links",
    "bottom right": "unten rechts",
}


def fragment(attribute: str, word: str, language: Language, rng: Rng) -> str:
    """Say one word of the vocabulary, in one of the ways that fit its attribute."""
    text = pick(rng, _FORMS[language][attribute]).format((_ENGLISH if language == "en" else GERMAN)[word])
    return text.replace("a orange", "an orange").replace("a outlined", "an outlined")


def value(scenes: Scenes, row: int, attribute: str) -> str:
    """Give the word for an attribute of a scene of one object."""
    number = getattr(scenes, FIELDS[attribute])[row]
    words = ARRANGEMENTS if attribute == "position" else FRAGMENTS[attribute]
    return words[int(number if number.ndim == 0 else number[0])]
