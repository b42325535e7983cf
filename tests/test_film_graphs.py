"""The graphs that draw films: what moves is read from their pixels, what is given is kept, neighbours are alike."""

from collections.abc import Mapping
from typing import Any

import pytest
import torch
from torch import Tensor

from engine import Engine
from models.bauklotz.moving import MOTIONS
from models.bauklotz.watching import read_motion
from tests.library_runs import outputs

STEPS = 10
SAID = {
    "right": "a red star, moving to the right",
    "left": "ein gelber Stern, bewegt sich nach links",
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
    assert motion(found["video"].frames) == way
    assert found["consistency"] > found["apart_consistency"]
    assert found["video"].frames.shape == (8, 3, 64, 64)


def test_a_film_begins_with_its_picture_and_goes_on_as_it_is_told(engine: Engine) -> None:
    found = made(
        engine, "image-to-video", "encode.latent", "sampler.latent", "decode.video", "still.image", "text.text"
    )
    assert torch.equal(found["sampler.latent"].tensor[:1], found["encode.latent"].tensor)
    frames = found["decode.video"].frames
    assert float((frames[0] - found["still.image"].pixels[0]).abs().mean()) < 0.03
    assert motion(frames) == "right"
    apart = made(engine, "text-to-video", "apart.image", prompt=found["text.text"])["apart.image"].pixels
    assert change(frames) < change(apart)


def change(frames: Tensor) -> float:
    """Say how much pixels change from one frame to the next."""
    return float((frames[1:] - frames[:-1]).abs().mean())


def test_a_long_film_goes_on_over_its_windows(engine: Engine) -> None:
    found = made(engine, "video-long", "decode.video", "steady.mean", "text.text")
    frames = found["decode.video"].frames
    assert len(frames) == 16
    assert [motion(part) for part in (frames[:9], frames[8:])] == ["down", "down"]
    apart = made(engine, "text-to-video", "apart_steady.mean", prompt=found["text.text"])
    assert found["steady.mean"] > apart["apart_steady.mean"]
