"""The graphs that draw films: what moves is read from their pixels, what is given is kept, neighbours are alike."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from engine import Engine
from models.bauklotz.captions import BAREST, LANGUAGES
from models.bauklotz.moving import MOTIONS, clip_caption, held_out_clips
from models.bauklotz.watching import ground_of, read_motion
from tests.library_runs import outputs

STEPS = 10
SAID = {
    "right": "a red star, moving to the right",
    "left": "ein gelber Stern, bewegt sich nach links",
}
ELSE = {
    "grow": "a blue circle, growing large",
    "shrink": "ein grünes Quadrat, wird klein",
    "appear": "a red ring, appearing",
}


def made(engine: Engine, name: str, *targets: str, **inputs: Any) -> Mapping[str, Any]:
    return outputs(engine, name, *targets, steps=STEPS, **inputs)


def motion(frames: Tensor) -> str:
    """Say what the object in a film does, as its pixels tell."""
    (found,) = read_motion(frames[None].numpy())
    return MOTIONS[found] if found >= 0 else "nothing"


@pytest.mark.parametrize("way", SAID)
def test_a_film_does_what_its_prompt_says_and_is_steadier_than_pictures_apart(way: str, engine: Engine) -> None:
    found = made(engine, "text-to-video", prompt=SAID[way])
    assert found["motion"] == motion(found["video"].frames) == way
    assert found["consistency"] > found["apart_consistency"]
    assert found["video"].frames.shape == (8, 3, 64, 64)


@pytest.mark.parametrize("what", ELSE)
def test_what_stays_in_its_place_changes_as_it_is_told(what: str, engine: Engine) -> None:
    assert made(engine, "text-to-video", "watched.motion", prompt=ELSE[what])["watched.motion"] == what


@pytest.mark.full
@pytest.mark.timeout(900)
def test_films_of_what_moves_are_steadier_than_pictures_apart(engine: Engine) -> None:
    """Now and then the pictures of a prompt are all but one: what moves is less steady then, even if code draws it."""
    count = 2 * len(MOTIONS)
    clips = held_out_clips(31, count)
    steadier = 0
    for row in range(count):
        said = clip_caption(clips, row, BAREST, LANGUAGES[row % 2], np.random.default_rng(row))
        found = made(engine, "text-to-video", prompt=said)
        steadier += found["consistency"] > found["apart_consistency"]
    assert steadier >= 0.9 * count


def test_a_film_begins_with_its_picture_and_goes_on_as_it_is_told(engine: Engine) -> None:
    found = made(
        engine, "image-to-video", "encode.latent", "sampler.latent", "decode.video", "still.image", "text.text"
    )
    assert torch.equal(found["sampler.latent"].tensor[:1], found["encode.latent"].tensor)
    frames = found["decode.video"].frames
    assert float((frames[0] - found["still.image"].pixels[0]).abs().mean()) < 0.03
    assert motion(frames) == "right"
    consistency = made(engine, "image-to-video")["consistency"]
    assert consistency > made(engine, "text-to-video", prompt=found["text.text"])["apart_consistency"]


def test_a_film_looks_like_the_picture_that_it_begins_with(engine: Engine) -> None:
    grounds = {}
    for colour in ("green", "purple"):
        picture = f"a red star at the top left on a {colour} background"
        asked = {"picture": picture, "prompt": "a red star, moving to the right"}
        grounds[colour] = ground_of(
            made(engine, "image-to-video", "decode.video", **asked)["decode.video"].frames.numpy()
        )
    for colour, other in (("green", "purple"), ("purple", "green")):
        own, strange = (np.abs(grounds[colour] - grounds[first][0]).sum(1) for first in (colour, other))
        assert (own < strange).all()


def test_a_long_film_goes_on_over_its_windows(engine: Engine) -> None:
    found = made(engine, "video-long", "decode.video", "steady.mean", "text.text")
    frames = found["decode.video"].frames
    assert len(frames) == 16
    assert [motion(part) for part in (frames[:9], frames[8:])] == ["down", "down"]
    apart = made(engine, "text-to-video", "apart_steady.mean", prompt=found["text.text"])
    assert found["steady.mean"] > apart["apart_steady.mean"]
