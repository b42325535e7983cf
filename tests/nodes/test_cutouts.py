"""Windows in a picture: what they show, where they lie, and that gradients pass."""

import math

import pytest
import torch
from torch.nn.functional import interpolate

from nodes.cutouts import Windows, cut, jittered, windows
from nodes.turning import turn, turned


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize(("top", "left", "side"), [(0, 0, 20), (3, 5, 17), (8, 1, 7)])
@pytest.mark.parametrize("size", [8, 30])
def test_a_window_of_whole_pixels_is_the_librarys_antialiased_resize(top: int, left: int, side: int, size: int) -> None:
    pixels = torch.rand(1, 3, 20, 24, generator=seeded())
    tops, lefts, sides = (torch.tensor([float(each)]) for each in (top, left, side))
    crop = pixels[..., top : top + side, left : left + side]
    expected = interpolate(crop, (size, size), mode="bilinear", antialias=True)
    straight = cut(pixels, Windows(tops, lefts, sides, torch.tensor([False])), size)
    torch.testing.assert_close(straight, expected)
    mirrored = cut(pixels, Windows(tops, lefts, sides, torch.tensor([True])), size)
    torch.testing.assert_close(mirrored, expected.flip(3))


def test_windows_lie_inside_and_the_first_is_the_largest_in_the_middle() -> None:
    drawn = windows(200, (40, 64), smallest=0.5, mirror=True, generator=seeded())
    assert bool((drawn.tops >= 0).all() and (drawn.tops + drawn.sides <= 40.001).all())
    assert bool((drawn.lefts >= 0).all() and (drawn.lefts + drawn.sides <= 64.001).all())
    assert 20 <= float(drawn.sides.min()) < 22
    assert [float(each[0]) for each in (drawn.tops, drawn.lefts, drawn.sides)] == [0, 12, 40]
    assert 60 < int(drawn.mirrored.sum()) < 140
    assert not windows(9, (40, 64), smallest=0.5, mirror=False, generator=seeded()).mirrored.any()


def test_views_have_one_size_and_every_pixel_gets_a_gradient() -> None:
    pixels = torch.rand(1, 3, 32, 32, generator=seeded()).requires_grad_()
    drawn = windows(12, (32, 32), smallest=0.9, mirror=False, generator=seeded())
    views = jittered(cut(pixels, drawn, 16), 0.1, seeded())
    assert views.shape == (12, 3, 16, 16)
    (gradient,) = torch.autograd.grad(views.square().sum(), pixels)
    assert bool((gradient != 0).all())


def test_jitter_changes_colours_by_no_more_than_it_says() -> None:
    views = torch.full((64, 3, 8, 8), 0.75)
    assert torch.equal(jittered(views, 0.0, seeded()), views)
    means = jittered(views, 0.2, seeded()).mean((1, 2, 3))
    assert 0.1 < float((means - 0.75).abs().max()) < 0.2 + 0.2 * 0.25 + 0.1
    assert float(means.std()) > 0.05


def smooth(side: int = 24) -> torch.Tensor:
    """A picture without hard edges."""
    coarse = torch.rand(3, 3, 4, 4, generator=seeded(5))
    return interpolate(coarse, (side, side), mode="bicubic", align_corners=True)


@pytest.mark.parametrize("degrees", [-45, -20, 10, 45])
def test_a_turn_is_the_librarys_turn(degrees: float) -> None:
    from torchvision.transforms.functional import InterpolationMode, rotate

    views = smooth()
    ours = turn(views, torch.full((3,), math.radians(degrees)), torch.zeros(3))
    theirs = rotate(views, -degrees, InterpolationMode.BILINEAR)
    middle = (..., slice(7, 17), slice(7, 17))  # the corners of theirs are black
    assert float((ours - theirs)[middle].abs().max()) < 0.04
    assert float((ours - views)[middle].abs().max()) > 0.1


def test_a_slant_moves_rows_and_no_turn_changes_nothing() -> None:
    views = smooth()
    assert torch.equal(turn(views, torch.zeros(3), torch.zeros(3)), views)
    slanted = turn(views, torch.zeros(3), torch.full((3,), 2 / 11.5))
    torch.testing.assert_close(slanted[..., 0, 2:], views[..., 0, :-2])
    torch.testing.assert_close(slanted[..., -1, :-2], views[..., -1, 2:])


def test_turns_are_seeded_spare_the_first_view_and_give_one_gradient() -> None:
    views = torch.rand(12, 3, 16, 16, generator=seeded()).requires_grad_()
    first, again, other = (turned(views, 30, 0.2, seeded(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(first[0], views[0])
    assert all(not torch.equal(one, two) for one, two in zip(first[1:], views[1:], strict=True))
    gradients = [torch.autograd.grad(each.square().sum(), views)[0] for each in (first, again)]
    assert torch.equal(*gradients)
    assert bool((gradients[0] != 0).any((1, 2, 3)).all())


def test_without_a_turn_no_number_is_drawn() -> None:
    views, generator = smooth(), seeded()
    assert turned(views, 0, 0, generator) is views
    assert torch.equal(generator.get_state(), seeded().get_state())
