"""Fusing what picture, film and sound say: a weighted mean, in which what is missing counts nothing."""

import pytest
import torch

from engine.errors import InputError
from nodes import fusion
from nodes.values import Scores

TEXTS = ("a red circle", "a blue square", "a star")
SEEN = Scores(torch.tensor([[0.5, 0.4, 0.1]]), ("picture 1",), TEXTS)
HEARD = Scores(torch.tensor([[0.1, 0.8, 0.1]]), ("sound 1",), TEXTS)


def test_both_together_are_the_mean_and_may_say_what_neither_is_sure_of() -> None:
    fused = fusion.fuse_scores(image=SEEN, audio=HEARD)
    torch.testing.assert_close(fused.scores.matrix, torch.tensor([[0.3, 0.6, 0.1]]))
    assert fused.best == ["a blue square"]
    assert fused.table.columns == ("of", "text", "image", "video", "audio", "together")
    told = fused.table.rows[1]
    assert told[:4] == ("picture 1", "a blue square", pytest.approx(0.4), "missing")
    assert told[4:] == (pytest.approx(0.8), pytest.approx(0.6))
    assert fused.weights.rows == (("image", "there", 0.5), ("video", "missing", 0.0), ("audio", "there", 0.5))


@pytest.mark.parametrize("weight", [0.2, 1.0, 7.0])
def test_what_is_missing_counts_nothing_however_much_it_would_weigh(weight: float) -> None:
    alone = fusion.fuse_scores(image=SEEN, image_weight=0.3, audio_weight=weight)
    assert torch.allclose(alone.scores.matrix, SEEN.matrix)
    assert alone.best == ["a red circle"]
    assert fusion.fuse_scores(audio=HEARD, image_weight=weight).best == ["a blue square"]


def test_weights_are_scaled_over_what_is_there() -> None:
    fused = fusion.fuse_scores(image=SEEN, audio=HEARD, image_weight=3.0, video_weight=5.0, audio_weight=1.0)
    torch.testing.assert_close(fused.scores.matrix, 0.75 * SEEN.matrix + 0.25 * HEARD.matrix)
    assert float(fused.scores.matrix.sum()) == pytest.approx(1)
    assert fused.best == ["a blue square"]


def test_what_cannot_be_fused_is_refused() -> None:
    with pytest.raises(InputError, match="neither picture nor film nor sound"):
        fusion.fuse_scores()
    with pytest.raises(InputError, match="weighs 0"):
        fusion.fuse_scores(image=SEEN, image_weight=0.0)
    with pytest.raises(InputError, match="1 x 3 and 1 x 2"):
        fusion.fuse_scores(image=SEEN, audio=Scores(torch.tensor([[0.5, 0.5]]), ("sound 1",), TEXTS[:2]))
    with pytest.raises(InputError, match="does not sum to 1") as refused:
        fusion.fuse_scores(image=SEEN, audio=Scores(torch.tensor([[0.3, 0.2, 0.9]]), ("sound 1",), TEXTS))
    assert refused.value.hint is not None
    assert "text_given_sound" in refused.value.hint
