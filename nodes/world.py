"""Draw and play the little worlds that the embedded models know, with captions and labels that are true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from engine.node import node
from nodes.values import Audio, Image, Table
from nodes.widgets import Fraction, Seed, slider

if TYPE_CHECKING:
    from models.bauklotz.scene import Scenes
    from models.bauklotz.sound import Sounds

Attribute = Literal["shape", "colour", "background", "light", "style", "size", "position"]
Heard = Literal["waveform", "pitch", "direction", "loudness", "rhythm", "tempo"]
Many = Annotated[int, slider(1, 5000)]
Few = Annotated[int, slider(1, 500)]
Part = Literal["held out", "training"]


class Drawn(NamedTuple):
    image: Image
    captions: list[str]
    labels: list[str]
    truth: Table


@node("Scenes", category="world", revision=2, libs=("torch", "numpy"))
def scenes(
    count: Many = 16,
    seed: Seed = 0,
    pairs: Fraction = 0.0,
    attribute: Attribute = "shape",
    language: Literal["en", "de"] = "en",
    part: Part = "held out",
) -> Drawn:
    """Draw scenes of the embedded models' world by code, with a caption of each and the true value of one attribute.

    `pairs` is the share of scenes with two objects, whose first object the label is of. `truth` has every attribute of
    each scene, for `AttributeAccuracy`. `held out` scenes show combinations that no embedded model was trained on.
    """
    import numpy as np
    import torch

    from models.bauklotz.captions import Mention, caption
    from models.bauklotz.draw import draw
    from models.bauklotz.scene import held_out_scenes, training_scenes

    drawn = (held_out_scenes if part == "held out" else training_scenes)(seed, count, pairs=pairs)
    rng = np.random.default_rng(seed)
    said = [caption(drawn, row, Mention(), language, rng) for row in range(count)]
    return Drawn(Image(torch.from_numpy(draw(drawn))), said, _labels(drawn, attribute), _truth(drawn))


def _truth(drawn: Scenes) -> Table:
    from models.bauklotz.labels import ANSWERS, labels

    numbers = labels(drawn)
    said = {name: [words[n] if n >= 0 else "" for n in numbers[name].tolist()] for name, words in ANSWERS.items()}
    return Table(tuple(ANSWERS), tuple(zip(*said.values(), strict=True)))


def _labels(drawn: Scenes, attribute: Attribute) -> list[str]:
    from models.bauklotz.fragments import FIELDS
    from models.bauklotz.vocabulary import ARRANGEMENTS, COLOURS, LIGHTS, SHAPES, SIZES, STYLES

    words = {
        "shape": SHAPES,
        "colour": COLOURS,
        "background": COLOURS,
        "light": LIGHTS,
        "style": STYLES,
        "size": SIZES,
        "position": ARRANGEMENTS,
    }[attribute]
    numbers = getattr(drawn, FIELDS[attribute])
    return [words[int(each)] for each in (numbers if numbers.ndim == 1 else numbers[:, 0])]


class Played(NamedTuple):
    audio: Audio
    captions: list[str]
    labels: list[str]
    truth: Table


@node("Sounds", category="world", libs=("torch", "numpy"))
def sounds(
    count: Few = 6,
    seed: Seed = 0,
    attribute: Heard = "waveform",
    language: Literal["en", "de"] = "en",
    part: Part = "held out",
) -> Played:
    """Play sounds of the embedded models' world by code, with a caption of each and the true value of one attribute.

    Each has two seconds of 8,000 samples. `truth` has every attribute of each sound. `held out` sounds play a waveform
    at a pitch that no embedded model was trained on.
    """
    import numpy as np
    import torch

    from models.bauklotz.play import play
    from models.bauklotz.sound import RATE, held_out_sounds, training_sounds
    from models.bauklotz.sound_words import Said, sound_caption

    drawn = (held_out_sounds if part == "held out" else training_sounds)(seed, count)
    rng = np.random.default_rng(seed)
    said = [sound_caption(drawn, row, Said(), language, rng) for row in range(count)]
    words = _sound_labels(drawn)
    audio = Audio(torch.from_numpy(play(drawn, seed))[:, None], RATE)
    return Played(audio, said, words[attribute], Table(tuple(words), tuple(zip(*words.values(), strict=True))))


def _sound_labels(drawn: Sounds) -> dict[str, list[str]]:
    """Name every attribute of sounds; what a sound does not have is empty."""
    from models.bauklotz.sound_questions import FIELDS, NAMES

    numbers = {name: getattr(drawn, field).tolist() for name, field in FIELDS.items()}
    return {name: [NAMES[name][n] if n >= 0 else "" for n in numbers[name]] for name in FIELDS}
