"""The graphs that listen: each runs offline, and what it says of sounds is right, as they are labelled."""

import pytest
import torch

from engine import Engine
from nodes.world import sounds
from tests.library_runs import outputs


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_right_text_wins_for_sounds_that_were_never_heard(language: str, engine: Engine) -> None:
    found = outputs(engine, "audio-score", count=16, language=language, seed=2)
    right = torch.arange(16)
    by_sound, by_text = found["text_given_sound"].matrix, found["sound_given_text"].matrix
    assert float((by_sound.argmax(1) == right).float().mean()) >= 14 / 16
    assert float((by_text.argmax(0) == right).float().mean()) >= 14 / 16
    torch.testing.assert_close(by_sound.sum(1), torch.ones(16))
    torch.testing.assert_close(by_text.sum(0), torch.ones(16))
    assert found["share_right"] == float((by_sound.argmax(1) == right).float().mean())
    assert found["mean"] > float(found["cosine"].matrix.mean()) + 0.3
    assert found["pictures"].pixels.shape[0] == 1


def test_a_text_finds_the_sound_that_it_tells_of(engine: Engine) -> None:
    told = sounds(16, 2).captions
    for row in (0, 7):
        found = outputs(engine, "audio-score", count=16, seed=2, query=[told[row]])["found"]
        assert found.rows[0][1] == f"item {row + 1}"
