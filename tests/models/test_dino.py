"""DINO sees views that keep what a picture shows, and is judged by its neighbours."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from models.bauklotz.draw import draw
from models.bauklotz.neighbours import NEAREST, evaluate, nearest, vote
from models.bauklotz.recipe import Place, Remembering
from models.bauklotz.recipes.dino import LARGE, SMALL, DinoTask, agreement, build_encoder, centred, start_with_patches
from models.bauklotz.recipes.views import Cut, view
from models.bauklotz.scene import training_scenes

SCENES = training_scenes(81, 24, pairs=0)
PICTURE = torch.from_numpy(draw(SCENES))


def seen(picture: Tensor, cut: Cut, seed: int, far: float = 1) -> Tensor:
    """Show a picture by a seed, differing from others all the way or less."""
    return view(picture, cut, far, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("cut", [LARGE, SMALL], ids=["large", "small"])
def test_the_same_seed_gives_the_same_view(cut: Cut) -> None:
    one = seen(PICTURE, cut, 1)
    assert one.shape == (24, 3, cut.side, cut.side)
    assert float(one.min()) >= 0
    assert float(one.max()) <= 1
    assert torch.equal(one, seen(PICTURE, cut, 1))
    assert not torch.equal(one, seen(PICTURE, cut, 2))


@pytest.mark.parametrize("cut", [LARGE, SMALL], ids=["large", "small"])
def test_views_differ_hardly_at_first_and_ever_more(cut: Cut) -> None:
    none, little, all_ = (
        float((seen(PICTURE, cut, 1, far) - seen(PICTURE, cut, 2, far)).abs().mean()) for far in (0, 0.1, 1)
    )
    assert none == 0 < little < all_ / 2


def test_what_can_be_told_apart_can_be_told_apart_in_every_view() -> None:
    halves = torch.zeros(200, 3, 64, 64)
    halves[:, 0, :, 32:] = 1
    shown = seen(halves, Cut(side=64, zoom=(1.0, 1.0), aimed=False), 3)
    left, right = shown[:, :, :, :24].mean((2, 3)), shown[:, :, :, 40:].mean((2, 3))
    assert float((left - right).abs().amax(1).min()) > 0.2


def test_an_aimed_view_shows_the_object_oftener() -> None:
    aimed, anywhere = (Cut(side=20, zoom=(1.0, 1.0), aimed=aimed) for aimed in (True, False))
    shown = [
        float((seen(PICTURE, cut, 4).flatten(2).std(2).amax(1) > 0.12).float().mean()) for cut in (aimed, anywhere)
    ]
    assert shown[0] > 0.7 > shown[1] + 0.1


def test_the_student_is_asked_for_what_the_teacher_says_of_other_views() -> None:
    target = torch.tensor([[1.0, 0.0], [0.0, 1.0]])  # two large views of one picture
    said = torch.full((6, 2), 0.5).log()
    even = agreement(target, said)
    said[0] = torch.tensor([0.01, 0.99]).log()  # of the first view, what the teacher says of the second
    assert float(agreement(target, said)) < float(even)


def test_centring_gives_every_answer_its_share() -> None:
    answers = torch.randn(64, 16, generator=torch.Generator().manual_seed(0)) / 20
    answers[:, 3] += 1  # everybody's favourite
    shares = centred(answers)
    torch.testing.assert_close(shares.sum(1), torch.ones(64))
    assert float(shares.sum(0).max()) < 2 * 64 / 16
    assert float(shares.sum(0).min()) > 64 / 16 / 2


def test_the_patch_embedding_starts_even() -> None:
    torch.manual_seed(0)
    encoder = build_encoder()
    start_with_patches(encoder)
    with torch.no_grad():
        patches = encoder.embeddings.patch_embeddings(PICTURE * 2 - 1)
    assert 0.1 < float(patches.std()) < 2
    flat = encoder.embeddings.patch_embeddings(torch.ones(1, 3, 64, 64))
    torch.testing.assert_close(flat, torch.zeros_like(flat), atol=0.01, rtol=0)
    assert float(patches.flatten(0, 1).std(0).max() / patches.flatten(0, 1).std(0).median()) < 30


def test_the_nearest_vote_by_closeness() -> None:
    bank = torch.eye(3)
    near = nearest(bank, torch.tensor([[2.0, 0.0, 0.0], [0.0, 1.0, 0.9]]))
    truth = torch.tensor([0, 1, 2])
    assert vote(near, truth, torch.tensor([0, 1]), count=1) == 1.0
    assert vote(near, truth, torch.tensor([0, 1]), count=3) == 1.0
    assert vote(near, truth, torch.tensor([1, 2]), count=1) == 0.0


def test_an_untrained_encoder_sees_no_shapes_and_pixels_hardly_do() -> None:
    torch.manual_seed(0)
    found = evaluate(build_encoder().eval(), bank=300, count=100)
    assert found["features"]["shape"] < 0.5
    assert found["pixels"]["shape"] < 0.5
    assert found["pixels"]["background"] > 0.9
    assert NEAREST == 20


def test_the_teacher_follows_and_is_kept() -> None:
    task = DinoTask(Place(torch.device("cpu"), Path("out"), Path("scratch")), batch=2)
    assert isinstance(task, Remembering)
    assert set(task.memory()) == {f"teacher.{name}" for name in task.student.state_dict()}
    before = task.teacher.head.answers.clone()
    task.loss(0)
    assert torch.equal(task.teacher.head.answers, before)
    with torch.no_grad():
        task.student.head.answers.add_(1)
    task.loss(1)
    moved = (task.teacher.head.answers - before) / (task.student.head.answers.detach() - before)
    assert 0 < float(moved.min()) <= float(moved.max()) < 0.3
