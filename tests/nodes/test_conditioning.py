"""Prompts are mixed vector by vector, and what does not fit is refused."""

import pytest
import torch

from engine.errors import InputError
from nodes import conditioning
from nodes.values import Conditioning


def prompt(seed: int, tokens: int = 4, width: int = 6) -> Conditioning:
    draw = torch.Generator().manual_seed(seed)
    shapes = ((1, tokens, width), (1, 3), (1, 4, width), (1, 3))
    sequence, pooled, empty, empty_pooled = (torch.randn(shape, generator=draw) for shape in shapes)
    return Conditioning(sequence, pooled, empty, empty_pooled)


def test_a_blend_goes_from_the_first_prompt_to_the_second() -> None:
    first, second = prompt(1), prompt(2)
    ends = [conditioning.blend_prompts(first, second, share) for share in (0.0, 1.0)]
    assert torch.equal(ends[0].sequence, first.sequence)
    assert torch.equal(ends[1].sequence, second.sequence)
    half = conditioning.blend_prompts(first, second, 0.5)
    torch.testing.assert_close(half.sequence, (first.sequence + second.sequence) / 2)
    torch.testing.assert_close(half.pooled, (first.pooled + second.pooled) / 2)


def test_the_average_of_several_pads_the_shorter_with_no_text() -> None:
    short, long = prompt(1), prompt(2, tokens=8)
    mean = conditioning.average_prompts([short, long, long]).sequence
    padded = torch.cat([short.sequence, short.empty_sequence], dim=1)
    torch.testing.assert_close(mean, (padded + 2 * long.sequence) / 3)


def test_prompts_are_joined_and_stacked() -> None:
    first, second = prompt(1), prompt(2, tokens=8)
    joined = conditioning.concat_prompts(first, second)
    assert torch.equal(joined.sequence, torch.cat([first.sequence, second.sequence], dim=1))
    assert torch.equal(joined.pooled, first.pooled)
    batch = conditioning.prompt_batch([first, second])
    assert batch.sequence.shape == (2, 8, 6)
    assert torch.equal(batch.sequence[1:], second.sequence)
    assert conditioning.pooled_vector(batch, "mine").names == ("mine 1", "mine 2")


def test_prompts_of_different_widths_and_no_prompt_at_all_are_refused() -> None:
    with pytest.raises(InputError, match="different widths; encode all of them with one text encoder"):
        conditioning.blend_prompts(prompt(1), prompt(2, width=5))
    with pytest.raises(InputError, match="no prompt"):
        conditioning.average_prompts([])
    with pytest.raises(InputError, match="no prompt"):
        conditioning.prompt_batch([])
