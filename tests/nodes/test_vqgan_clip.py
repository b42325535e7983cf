"""VQGAN + CLIP: the gradient reaches the codes, the loss falls, and the same seed gives the same bits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from engine import Files, Run
from engine.codec import Blob
from engine.errors import Cancelled, InputError
from engine.run import Cancel
from nodes import clip, vqgan
from nodes.clip_model import CLIPModel
from nodes.load import Loaded
from nodes.values import Embedding, Image, Latent
from nodes.vqgan_clip import Aim, Descent, Drawn, Look, distance, vqgan_clip
from tests.nodes import tiny_readers


@pytest.fixture(scope="module")
def seer(root: Path, run: Run) -> CLIPModel:
    made: CLIPModel = clip.load_clip(tiny_readers.clip(root, "tiny-seer", seed=5).name, run=run)
    return made


@pytest.fixture(scope="module")
def prompts(seer: CLIPModel, run: Run) -> Embedding:
    made: Embedding = clip.embed_texts(["a red circle", "a star"], seer, run=run)
    return made


SMALL: Mapping[str, Any] = {"width": 16, "height": 16, "steps": 6, "cutouts": 4, "learning_rate": 0.3}


class Journal:
    def __init__(self) -> None:
        self.state: Mapping[str, Blob] | None = None

    def saved(self) -> Mapping[str, Blob] | None:
        return self.state

    def save(self, state: Mapping[str, Blob]) -> None:
        self.state = {name: Blob(each.dtype, each.shape, bytes(each.data)) for name, each in state.items()}


def draw(vq: Loaded, seer: CLIPModel, prompts: Embedding, run: Run, **more: Any) -> Drawn:
    drawn: Drawn = vqgan_clip(vq.autoencoder, seer, prompts, **{**SMALL, **more}, run=run)
    return drawn


def losses(drawn: Drawn) -> list[Any]:
    return [row[1] for row in drawn.losses.rows]


def test_the_gradient_of_clip_reaches_every_code(vq: Loaded, seer: CLIPModel, prompts: Embedding, run: Run) -> None:
    net, eyes = run.load(vq.autoencoder), run.load(seer)
    z = net.quantize.embedding.weight[torch.arange(64).reshape(1, 8, 8)].permute(0, 3, 1, 2)
    aim = Aim(prompts.vectors.clone(), torch.ones(2))
    descent = Descent(net, eyes, aim, Look(8, 0.9, 0.0, mirror=False), torch.Generator(), z, 0.1)
    (gradient,) = torch.autograd.grad(descent.loss(descent.decoded()), descent.z)
    assert gradient.shape == (1, 4, 8, 8)
    assert bool((gradient != 0).all())
    assert all(weight.grad is None for each in (net, eyes.model) for weight in each.parameters())


def test_the_loss_falls_and_the_picture_is_that_of_the_codes(
    vq: Loaded, seer: CLIPModel, prompts: Embedding, run: Run
) -> None:
    drawn = draw(vq, seer, prompts, run, steps=25, jitter=0.0, smallest=1.0)
    assert sum(losses(drawn)[-5:]) / 5 < losses(drawn)[0]
    assert [row[0] for row in drawn.losses.rows] == list(range(1, 26))
    assert not torch.equal(drawn.image.pixels, drawn.start.pixels)
    looked_up = vqgan.vqgan_lookup(drawn.codes, vq.autoencoder, run=run)
    decoded = vqgan.vqgan_decode(looked_up, vq.autoencoder, quantize=False, run=run)
    torch.testing.assert_close(decoded.pixels, drawn.image.pixels)


def test_the_same_seed_gives_the_same_bits_and_another_one_does_not(
    vq: Loaded, seer: CLIPModel, prompts: Embedding, run: Run
) -> None:
    first, again, other = (draw(vq, seer, prompts, run, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(first.image.pixels, again.image.pixels)
    assert first.losses == again.losses
    assert not torch.equal(first.start.pixels, other.start.pixels)


def test_previews_and_progress_come_with_every_step_and_change_nothing(
    files: Files, vq: Loaded, seer: CLIPModel, prompts: Embedding, run: Run
) -> None:
    shown: list[bytes] = []
    told: list[tuple[int, int]] = []
    watched = Run(
        files=files,
        on_preview=lambda image, media_type: shown.append(image),
        on_progress=lambda step, total: told.append((step, total)),
    )
    assert draw(vq, seer, prompts, watched).losses == draw(vq, seer, prompts, run).losses
    assert told == [(step, 6) for step in range(1, 7)]
    assert [image[:2] for image in shown] == [b"\xff\xd8"] * 6


def test_a_run_that_was_cancelled_goes_on_with_the_same_bits(
    files: Files, vq: Loaded, seer: CLIPModel, prompts: Embedding, run: Run
) -> None:
    cancel, journal, taken = Cancel(), Journal(), []

    def stop(step: int, total: int) -> None:
        taken.append(step)
        if step == 4:
            cancel.set()

    with pytest.raises(Cancelled):
        draw(
            vq,
            seer,
            prompts,
            Run(files=files, cancel=cancel, journal=journal, on_progress=stop, checkpoint_every=2),
        )
    assert taken == [1, 2, 3, 4]
    went_on: list[int] = []
    second = Run(files=files, journal=journal, on_progress=lambda step, total: went_on.append(step))
    resumed, whole = draw(vq, seer, prompts, second), draw(vq, seer, prompts, run)
    assert went_on == [5, 6]
    assert resumed.losses == whole.losses
    assert torch.equal(resumed.image.pixels, whole.image.pixels)


def test_weights_choose_between_prompts_and_a_negative_one_pushes_away() -> None:
    views, vectors = torch.eye(4)[:2], torch.eye(4)[:2]
    quarter = 2 * torch.tensor(0.5).sqrt().asin().square()  # of unit vectors at right angles
    torch.testing.assert_close(distance(views, Aim(vectors[:1], torch.ones(1))), quarter / 2)
    torch.testing.assert_close(distance(views[:1], Aim(vectors, torch.tensor([3.0, 1.0]))), quarter / 4)
    torch.testing.assert_close(distance(views[:1], Aim(vectors, torch.tensor([1.0, -1.0]))), -quarter / 2)


def test_weights_and_a_picture_to_resemble_change_what_is_drawn(
    vq: Loaded, seer: CLIPModel, prompts: Embedding, run: Run
) -> None:
    seen = clip.embed_image(Image(torch.rand(1, 3, 32, 32)), seer, run=run)
    plain = draw(vq, seer, prompts, run)
    assert losses(draw(vq, seer, prompts, run, weights=[2.0, 2.0])) == pytest.approx(losses(plain), rel=1e-3)
    assert losses(draw(vq, seer, prompts, run, weights=[1.0, 0.2]))[0] != losses(plain)[0]
    assert losses(draw(vq, seer, prompts, run, image_prompt=seen))[0] != losses(plain)[0]
    assert losses(draw(vq, seer, prompts, run, image_prompt=seen, image_weight=0.0)) == pytest.approx(losses(plain))


def test_it_starts_from_a_picture_where_one_is_given(vq: Loaded, seer: CLIPModel, prompts: Embedding, run: Run) -> None:
    photo = Image(torch.rand(1, 3, 16, 24))
    encoded = vqgan.vqgan_encode(photo, vq.autoencoder, run=run)
    start = draw(vq, seer, prompts, run, latent=encoded.latent, steps=1).start
    looked_up = vqgan.vqgan_lookup(encoded.codes, vq.autoencoder, run=run)
    again = vqgan.vqgan_decode(looked_up, vq.autoencoder, quantize=False, run=run)
    torch.testing.assert_close(start.pixels, again.pixels)  # a latent on a wire is scaled, which rounds


def test_views_are_seen_as_open_clip_sees_pictures(seer: CLIPModel, run: Run) -> None:
    eyes = run.load(seer)
    assert eyes.side == tiny_readers.SIDE
    pixels = (torch.rand(1, 3, eyes.side, eyes.side) * 255).round() / 255
    torch.testing.assert_close(eyes.embed_views(pixels), eyes.embed_pictures(Image(pixels)))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"weights": [1.0]}, "1 weights do not fit 2 prompts"),
        ({"weights": [0.0, 0.0]}, "every prompt weighs nothing"),
        ({"width": 15}, "no multiples of 2"),
        ({"latent": Latent(torch.zeros(1, 4, 8, 8), "elsewhere")}, "in the space elsewhere"),
    ],
)
def test_what_does_not_fit_is_told(
    more: Mapping[str, Any], said: str, vq: Loaded, seer: CLIPModel, prompts: Embedding, run: Run
) -> None:
    with pytest.raises(InputError, match=said):
        draw(vq, seer, prompts, run, **more)


def test_prompts_of_another_clip_are_refused(vq: Loaded, seer: CLIPModel, prompts: Embedding, run: Run) -> None:
    with pytest.raises(InputError, match="embedded by another CLIP"):
        draw(vq, seer, Embedding(prompts.vectors, "elsewhere", prompts.names), run)
