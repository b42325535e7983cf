"""Teach the words of frames before the motion adapter is trained, by text alone.

The frozen text encoder was never told words of motion; what it makes of them still tells them apart, and a reader
learns to. Then each frame learns to be told what the encoder says of a picture that shows it: of an object that goes to
the right, first that it is at the top left, last that it is at the top right.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from models.bauklotz.captions import LANGUAGES, Mention, caption, random_mention
from models.bauklotz.moving import FRAMES, MOTIONS, Clips, clip_caption, training_clips
from models.bauklotz.recipe import Place
from models.bauklotz.recipes.lessons import teach
from models.bauklotz.recipes.text_encoder import WIDTH
from models.bauklotz.recipes.tokenizer import LENGTH
from models.bauklotz.sentence import Rng
from models.bauklotz.vocabulary import POSITIONS, SIZES
from models.frame_words import FILE, FrameWords, Reader

READER_STEPS: Final = 3000
WORDS_STEPS: Final = 800
BATCH: Final = 64
CLIPS: Final = 24
ENDS: Final[Mapping[str, tuple[str, str]]] = {
    "right": ("top left", "top right"),
    "left": ("bottom right", "bottom left"),
    "up": ("bottom left", "top left"),
    "down": ("top right", "bottom right"),
    "grow": ("small", "large"),
    "shrink": ("large", "small"),
}
"""What a caption says of the beginning of a motion and of its end, where the text encoder has words for that."""
MARKS: Final[Mapping[str, tuple[float, float]]] = {"turn": (0, 1), "appear": (1, 0)}
"""What no caption of a picture says is said by a mark of its own: how strong it is at the beginning and at the end."""
LOUD: Final = 1.0
"""How strong a mark is beside the numbers of a sequence."""

Encode = Callable[[list[str]], Tensor]


def taught_words(place: Place, encode: Encode) -> FrameWords:
    """Give the words of a training, taught when it began; `encode` gives sequences of captions."""

    def make(file: Path) -> None:
        words = build_words()
        teach_motions(words.reader, encode)
        teach_frames(words, encode)
        save_file(words.state_dict(), file)

    return FrameWords.load(place.ready(FILE, make))


def build_words() -> FrameWords:
    """Build the words of the frames of a clip, untaught."""
    torch.manual_seed(0)
    return FrameWords(Reader(width=WIDTH, kinds=len(MOTIONS)), frames=FRAMES, tokens=LENGTH, width=WIDTH)


def teach_motions(reader: Reader, encode: Encode, *, steps: int = READER_STEPS) -> None:
    """Let a reader tell the motion of captions in both languages; then freeze it."""

    def loss(step: int) -> Tensor:
        clips, rng = training_clips(7_000_000 + step, BATCH), np.random.default_rng((26, step))
        text = encode(say_clips(clips, _mentions(clips, rng), rng)).cpu()
        return F.cross_entropy(reader(text), torch.from_numpy(clips.motion))

    teach(reader, loss, steps=steps)
    reader.requires_grad_(requires_grad=False)


def teach_frames(words: FrameWords, encode: Encode, *, steps: int = WORDS_STEPS) -> None:
    """Let each frame be told what the encoder says of a picture of it, wherever there are words for that."""

    def loss(step: int) -> Tensor:
        clips, rng = training_clips(8_000_000 + step, CLIPS), np.random.default_rng((27, step))
        mentions = _mentions(clips, rng)
        come = torch.from_numpy(clips.come(FRAMES))
        begin, end = (encode(at_end(clips, mentions, last=last)).cpu()[:, None] for last in (False, True))
        text = encode(say_clips(clips, mentions, rng)).cpu()[:, None].expand(-1, FRAMES, -1, -1)
        sayable = torch.from_numpy(np.isin(clips.motion, [MOTIONS.index(name) for name in ENDS]))
        goal = torch.where(sayable[:, None, None, None], torch.lerp(begin, end, come[..., None, None]), text)
        return F.mse_loss(words(text, come), goal + marks(clips, come))

    teach(words, loss, steps=steps)


def marks(clips: Clips, come: Tensor) -> Tensor:
    """Give what is said besides of clips that are so far [n, frames]: [n, frames, 1, width], 0 where words suffice."""
    kinds = torch.randn(len(MARKS), WIDTH, generator=torch.Generator().manual_seed(1)) * LOUD
    found = torch.zeros(*come.shape, 1, WIDTH)
    for mark, (name, (begin, end)) in zip(kinds, MARKS.items(), strict=True):
        rows = torch.from_numpy(clips.motion == MOTIONS.index(name))
        found[rows] = (begin + (end - begin) * come[rows])[..., None, None] * mark
    return found


def at_end(clips: Clips, mentions: list[Mention], *, last: bool) -> list[str]:
    """Describe the first or the last frame of whole motions, always in the same order and language."""
    scenes, said = clips.scenes, list(mentions)
    arrangement, size = scenes.arrangement.copy(), scenes.size.copy()
    for row, motion in enumerate(clips.motion):
        end = ENDS.get(MOTIONS[motion], ("", ""))[last]
        if end in POSITIONS:
            arrangement[row], said[row] = POSITIONS.index(end), replace(said[row], position=True)
        if end in SIZES:
            size[row, 0], said[row] = SIZES.index(end), replace(said[row], size=(True, True))
    shown = replace(scenes, arrangement=arrangement, size=size)
    return [caption(shown, row, said[row], "en", np.random.default_rng(1)) for row in range(len(clips))]


def say_clips(clips: Clips, mentions: list[Mention], rng: Rng) -> list[str]:
    """Say each clip in one of the languages."""
    languages = rng.integers(len(LANGUAGES), size=len(clips))
    return [
        clip_caption(clips, row, mention, LANGUAGES[int(languages[row])], rng) for row, mention in enumerate(mentions)
    ]


def _mentions(clips: Clips, rng: Rng) -> list[Mention]:
    return [random_mention(rng, is_pair=False) for _ in range(len(clips))]
