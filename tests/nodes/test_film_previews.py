"""The preview of a film: its frames, side by side."""

import torch

from nodes.preview import laid_out


def test_frames_lie_side_by_side_from_the_first_to_the_last() -> None:
    film = torch.arange(20.0)[:, None, None, None].expand(-1, 2, 3, 5)
    sheet = laid_out(film)
    assert sheet.shape == (1, 2, 12, 20)
    seen = sheet[0, 1, ::3, ::5].flatten()
    assert (float(seen[0]), float(seen[-1])) == (0, 19)
    assert bool((seen.diff() > 0).all())


def test_few_frames_leave_no_room_empty_but_the_end_of_a_row() -> None:
    film = torch.arange(1.0, 6.0)[:, None, None, None].expand(-1, 2, 3, 5)
    assert laid_out(film[:3]).shape == (1, 2, 3, 15)
    assert laid_out(film)[0, 0, ::3, ::5].tolist() == [[1, 2, 3, 4], [5, 0, 0, 0]]
