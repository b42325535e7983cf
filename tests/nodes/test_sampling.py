"""Sampling: previews, progress, cancelling, and going on where a killed run stood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, get_args

import PIL.Image
import pytest
import torch

from engine.codec import Blob, Stored, pack, unpack
from engine.errors import Cancelled, InputError
from engine.files import Files
from engine.residency import Residency
from engine.run import Cancel, Run
from nodes import guidance, latent, sampling, text
from nodes.load import Loaded
from nodes.samplers import SamplerName
from nodes.values import CFG, Guidance, Latent

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array_wrap__:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Should have tb<=t1:UserWarning"),
]


@dataclass
class Journal:
    """Keeps states as the engine does: as bytes."""

    kept: list[bytes] = field(default_factory=list)

    def saved(self) -> Mapping[str, Blob] | None:
        return unpack(self.kept[-1]).tensors if self.kept else None

    def save(self, state: Mapping[str, Blob]) -> None:
        self.kept.append(pack(Stored("state", None, state)))


@pytest.fixture(scope="module")
def guided(sd: Loaded, run: Run) -> Guidance:
    def encoded(prompt: str) -> Any:
        return text.encode(text.tokenize(sd.tokenizer, prompt, run=run).tokens, sd.text_encoder, run=run)

    made: Guidance = guidance.cfg(encoded("a large red circle"), encoded("blue"))
    return made


def draw(model: Loaded, guided: Guidance, run: Run, **options: Any) -> torch.Tensor:
    settings = {"steps": 6, "seed": 3} | options
    drawn: Latent = sampling.sample(
        model.denoiser, guided, latent.empty_latent(model.denoiser), run=run, **settings
    ).latent
    return drawn.tensor


@pytest.mark.parametrize("name", [name for name in get_args(SamplerName) if name not in ("auto", "dpmpp_sde", "lms")])
def test_a_killed_run_goes_on_with_the_same_bits(
    name: str, sd: Loaded, guided: Guidance, files: Files, run: Run
) -> None:
    whole = draw(sd, guided, run, sampler=name, seeds=(3, 4))
    journal, residency = Journal(), Residency(files)
    steps: list[int] = []

    def stop(step: int, total: int) -> None:
        steps.append(step)
        if step == 5:
            raise Cancelled

    killed = Run(files=files, residency=residency, journal=journal, on_progress=stop, checkpoint_every=2)
    with pytest.raises(Cancelled):
        draw(sd, guided, killed, sampler=name, seeds=(3, 4))
    assert len(journal.kept) == 2
    steps.clear()
    again = Run(
        files=files,
        residency=residency,
        journal=journal,
        on_progress=lambda at, _: steps.append(at),
        checkpoint_every=2,
    )
    assert torch.equal(draw(sd, guided, again, sampler=name, seeds=(3, 4)), whole)
    assert steps[0] == 5


def test_a_sampler_with_an_unknown_history_begins_again(sd: Loaded, guided: Guidance, files: Files, run: Run) -> None:
    pytest.importorskip("torchsde")
    journal = Journal()
    kept = draw(sd, guided, Run(files=files, journal=journal, checkpoint_every=2), sampler="dpmpp_sde")
    assert not journal.kept
    assert torch.equal(kept, draw(sd, guided, run, sampler="dpmpp_sde"))


def test_each_step_is_told_and_shown(sd: Loaded, guided: Guidance, files: Files) -> None:
    told: list[tuple[int, int]] = []
    shown: list[bytes] = []
    watched = Run(
        files=files,
        on_progress=lambda step, total: told.append((step, total)),
        on_preview=lambda image, media_type: shown.append(image),
    )
    draw(sd, guided, watched, steps=3)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert [PIL.Image.open(BytesIO(image)).format for image in shown] == ["JPEG"] * 3


def test_previews_and_checkpoints_change_no_bit(sd: Loaded, guided: Guidance, files: Files, run: Run) -> None:
    watched = Run(files=files, on_preview=lambda image, media_type: None, journal=Journal(), checkpoint_every=1)
    assert torch.equal(draw(sd, guided, watched), draw(sd, guided, run))


def test_a_cancelled_run_stops_at_once(sd: Loaded, guided: Guidance, files: Files) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        draw(sd, guided, Run(files=files, cancel=cancel))


def test_guidance_acts_only_inside_its_interval(sd: Loaded, guided: Guidance, run: Run) -> None:
    def between(start: float, stop: float, scale: float = 7.5) -> torch.Tensor:
        rule = guided.rule
        assert isinstance(rule, CFG)
        return draw(sd, Guidance(CFG(rule.positive, rule.negative, scale, 0.0, start, stop)), run)

    assert torch.equal(between(0.5, 0.5), between(0.0, 1.0, scale=1.0))
    assert not torch.equal(between(0.0, 0.5), between(0.5, 1.0))
    assert not torch.equal(between(0.0, 0.5), between(0.0, 1.0))


def test_strength_zero_gives_the_latent_as_it_is(sd: Loaded, guided: Guidance, run: Run) -> None:
    start = Latent(torch.randn(1, 4, 8, 8), sd.denoiser.space)
    assert sampling.sample(sd.denoiser, guided, start, strength=0.0, run=run).latent is start
    several = sampling.sample(sd.denoiser, guided, start, strength=0.0, seeds=(1, 2, 3), run=run).latent
    assert torch.equal(several.tensor, start.tensor.repeat(3, 1, 1, 1))


def test_a_latent_of_another_model_is_refused(sd: Loaded, vq: Loaded, guided: Guidance, run: Run) -> None:
    other = Latent(torch.randn(1, 4, 8, 8), "another")
    with pytest.raises(InputError, match="the space another"):
        sampling.sample(sd.denoiser, guided, other, run=run)


def test_seeds_that_do_not_fit_the_batch_are_refused(sd: Loaded, guided: Guidance, run: Run) -> None:
    pair = latent.empty_latent(sd.denoiser, batch=2)
    with pytest.raises(InputError, match="3 seeds do not fit 2 latents"):
        sampling.sample(sd.denoiser, guided, pair, seeds=(1, 2, 3), run=run)


def test_a_sampler_that_does_not_know_the_prediction_is_refused(vq: Loaded, guided: Guidance, run: Run) -> None:
    assert vq.denoiser.prediction == "v_prediction"
    with pytest.raises(InputError, match="ipndm cannot follow a model that predicts v_prediction"):
        draw(vq, guided, run, sampler="ipndm")


def test_a_preview_of_the_embedded_model_looks_like_its_picture(run: Run) -> None:
    from nodes import load, vae
    from nodes.families import family
    from nodes.preview import jpeg
    from nodes.values import Image

    model = load.checkpoint(run=run)
    colours = family(model.denoiser.family).colours(model.denoiser.space)
    assert colours is not None
    blocks = torch.rand(1, 3, 4, 4, generator=torch.Generator().manual_seed(1)).repeat_interleave(16, 2)
    picture = Image(blocks.repeat_interleave(16, 3))
    latent_ = vae.vae_encode(picture, model.autoencoder, run=run).latent.tensor
    shown = PIL.Image.open(BytesIO(jpeg(latent_, colours))).resize((64, 64))
    pixels = torch.frombuffer(bytearray(shown.tobytes()), dtype=torch.uint8).reshape(64, 64, 3).permute(2, 0, 1) / 255
    assert (pixels - picture.pixels[0]).abs().mean() < 0.05
