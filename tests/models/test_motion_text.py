"""Frames are told what they show: words of motion are read, and become words of place and size."""

import re
import zlib
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from models.bauklotz.captions import Mention
from models.bauklotz.moving import FRAMES, MOTIONS, training_clips
from models.bauklotz.recipes.motion_text import at_end, build_words, marks, teach_frames, teach_motions
from models.bauklotz.recipes.text_encoder import WIDTH
from models.bauklotz.recipes.tokenizer import LENGTH


def encode(texts: list[str]) -> Tensor:
    """Stand in for a text encoder: every word is a direction of its own, and all of a sequence is their sum."""
    found = torch.zeros(len(texts), LENGTH, WIDTH)
    for row, text in enumerate(texts):
        for word in text.lower().replace(",", "").split():
            found[row] += torch.randn(WIDTH, generator=torch.Generator().manual_seed(zlib.crc32(word.encode())))
    return found


def test_the_ends_of_a_motion_are_described_as_pictures() -> None:
    clips = training_clips(3, 40)
    motion = np.resize(np.arange(len(MOTIONS)), len(clips))
    clips = replace(clips, motion=motion)
    first, last = (at_end(clips, [Mention(position=False)] * len(clips), last=last) for last in (False, True))
    said = {name: (first[k], last[k]) for k, name in enumerate(MOTIONS)}
    for name, (begin, end) in {"right": ("left", "right"), "left": ("right", "left")}.items():
        assert begin in said[name][0]
        assert end in said[name][1]
    for low, high in (said["up"], said["down"][::-1]):
        assert re.search("bottom|lower", low)
        assert re.search("top|upper", high)
    assert said["grow"][0] != said["grow"][1]
    assert said["turn"][0] == said["turn"][1]


def test_frames_learn_to_be_told_the_way_from_one_end_to_the_other() -> None:
    words = build_words()
    teach_motions(words.reader, encode, steps=60)
    teach_frames(words, encode, steps=150)
    begin, end = encode(["a red star at the top left", "a red star at the top right"])
    for side, sign in (("right", 1), ("left", -1)):
        prompt = encode([f"a red star on a blue background, moving to the {side}"])
        with torch.inference_mode():
            told = words(prompt[:, None].expand(-1, FRAMES, -1, -1))[0]
        way = torch.cosine_similarity((told[-1] - told[0]).flatten(), (end - begin).flatten(), dim=0)
        assert sign * way > 0.1, (side, way)


def test_what_no_caption_says_is_said_by_a_mark_that_comes_or_goes() -> None:
    motion = np.array([MOTIONS.index(name) for name in ("turn", "appear", "right")])
    told = marks(replace(training_clips(3, 3), motion=motion), torch.linspace(0, 1, FRAMES).expand(3, -1))
    turns, appears, goes = told.flatten(2).norm(dim=2)
    assert turns[0] == appears[-1] == goes.sum() == 0
    assert (turns.diff() > 0).all()
    assert (appears.diff() < 0).all()


def test_a_part_of_a_motion_is_told_the_frames_of_that_part() -> None:
    words = build_words()
    torch.nn.init.normal_(words.write.weight, generator=torch.Generator().manual_seed(1))
    text = torch.randn(1, 1, LENGTH, WIDTH, generator=torch.Generator().manual_seed(2)).expand(2, FRAMES, -1, -1)
    whole, half = torch.linspace(0, 1, 2 * FRAMES - 1), torch.linspace(0, 0.5, FRAMES)
    long = text[:1, :1].expand(1, 2 * FRAMES - 1, -1, -1)
    with torch.inference_mode():
        torch.testing.assert_close(words(text, torch.stack([half, 1 - half]))[0], words(long, whole[None])[0, :FRAMES])
