"""Windows in a picture: what they show, where they lie, and that gradients pass."""

import pytest
import torch
from torch.nn.functional import interpolate

from nodes.cutouts import Windows, cut, jittered, windows


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
