"""Captions say what the scene shows, in both languages."""

import re

import numpy as np
import pytest

from models.bauklotz.captions import LANGUAGES, Language, Mention, caption, random_mention
from models.bauklotz.scene import training_scenes
from models.bauklotz.vocabulary import ARRANGEMENTS, COLOURS, LIGHTS, SHAPES, SIZES, STYLES

SCENES = training_scenes(11, 400)

# Written by hand, apart from the grammar: the stems that a reader would look for.
STEMS: dict[Language, dict[str, str]] = {
    "en": {
        "circle": "circle|disc",
        "square": "square",
        "triangle": "triangle",
        "star": "star",
        "ring": r"ring\b",
        "cross": "cross|plus sign",
        **{colour: rf"\b{colour}\b" for colour in COLOURS},
        "small": "small|little|tiny",
        "large": "large|big",
        "bright": "bright|day",
        "dark": "dark|night",
        "flat": "flat|plain",
        "outlined": "outline",
        "striped": "stripe",
        "centre": "centre|center|middle",
        "top left": "(top|upper) left",
        "top right": "(top|upper) right",
        "bottom left": "(bottom|lower) left",
        "bottom right": "(bottom|lower) right",
        "left of": "left of|right of",
        "above": "above|over|below|under",
    },
    "de": {
        "circle": "Kreis",
        "square": "Quadrat",
        "triangle": "Dreieck",
        "star": "Stern",
        "ring": "Ring",
        "cross": "Kreuz",
        "red": r"\brot(e|em|en|er|es)?\b",
        "orange": "orange",
        "yellow": "gelb",
        "green": "grün|gruen",
        "blue": "blau",
        "purple": "violett|lila",
        "white": "weiß|weiss",
        "small": "klein|winzig",
        "large": "groß|gross",
        "bright": r"\bhell|Tag",
        "dark": "dunkel|Dunkeln|Nacht",
        "flat": "flach|schlicht",
        "outlined": "umrandet|Rand",
        "striped": "gestreift|Streifen",
        "centre": "Mitte|Zentrum",
        "top left": "oben links|linken oberen",
        "top right": "oben rechts|rechten oberen",
        "bottom left": "unten links|linken unteren",
        "bottom right": "unten rechts|rechten unteren",
        "left of": "links|rechts",
        "above": "über|ueber|unter",
    },
}


def named_words(row: int, mention: Mention) -> list[str]:
    """Give the vocabulary words that a caption of this scene has to name."""
    words = []
    for k in (0, 1):
        if SCENES.shape[row, k] >= 0:
            words += [SHAPES[SCENES.shape[row, k]], COLOURS[SCENES.colour[row, k]]]
            words += [SIZES[SCENES.size[row, k]]] * mention.size[k]
    words += [COLOURS[SCENES.background[row]]] * mention.background
    words += [LIGHTS[SCENES.light[row]]] * mention.light
    words += [STYLES[SCENES.style[row]]] * mention.style
    words += [ARRANGEMENTS[SCENES.arrangement[row]]] * (mention.position or bool(SCENES.is_pair[row]))
    return words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_named_attribute_appears(language: Language) -> None:
    rng = np.random.default_rng(0)
    for row in range(len(SCENES)):
        mention = random_mention(rng, is_pair=bool(SCENES.is_pair[row]))
        text = caption(SCENES, row, mention, language, rng)
        for word in named_words(row, mention):
            assert re.search(STEMS[language][word], text), (word, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_mentioned_is_not_said(language: Language) -> None:
    rng = np.random.default_rng(1)
    silent = Mention(size=(False, False), position=False, background=False, light=False, style=False)
    unsaid = [*SIZES, *LIGHTS, *STYLES, "centre", "top left", "bottom right"]
    for row in range(len(SCENES)):
        text = caption(SCENES, row, silent, language, rng)
        for word in unsaid:
            assert not re.search(STEMS[language][word], text), (word, text)
        assert not re.search("background|Hintergrund|Grund", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_relation_is_said_of_the_right_object(language: Language) -> None:
    rng = np.random.default_rng(2)
    bare = Mention(size=(False, False), position=False, background=False, light=False, style=False)
    forward, backward = {
        "en": ("left of|above|over", "right of|below|under"),
        "de": ("links|über|ueber", "rechts|unter"),
    }[language]
    for row in np.flatnonzero(SCENES.is_pair):
        text = caption(SCENES, int(row), bare, language, rng)
        stems = [STEMS[language][SHAPES[s]] for s in SCENES.shape[row]]
        if stems[0] == stems[1]:
            continue
        first, second = (re.search(stem, text) for stem in stems)
        assert first
        assert second
        assert bool(re.search(backward, text)) == (second.start() < first.start()), text
        assert bool(re.search(forward, text)) == (first.start() < second.start()), text


def test_the_same_random_state_gives_the_same_words() -> None:
    texts = [caption(SCENES, 5, Mention(), "de", np.random.default_rng(9)) for _ in range(2)]
    assert texts[0] == texts[1]


def test_german_endings_agree_with_case_and_gender() -> None:
    rng = np.random.default_rng(3)
    text = " | ".join(caption(SCENES, row, random_mention(rng, is_pair=True), "de", rng) for row in range(len(SCENES)))
    assert not re.search(r"\beinem \w+er (Kreis|Stern|Ring|Quadrat|Dreieck|Kreuz)", text)
    assert not re.search(r"\bein \w+em (Kreis|Stern|Ring|Quadrat|Dreieck|Kreuz)", text)
    assert not re.search(r"\bein \w+es (Kreis|Stern|Ring)\b", text)
    assert not re.search(r"\bein \w+er (Quadrat|Dreieck|Kreuz)\b", text)
