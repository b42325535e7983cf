"""Sounds equal those of StableAudioPipeline and AudioLDM2Pipeline, to the sample, with the same generators."""

from pathlib import Path
from typing import Any

import pytest
import torch

from engine import Run
from engine.files import Files
from engine.residency import Residency
from nodes import sound_diffusion
from nodes.values import Audio
from tests.nodes import tiny_sounds

pytestmark = pytest.mark.filterwarnings("ignore:Should have t:UserWarning")  # torchsde rounds the last sigma
TEXT, NEGATIVE = "a loud red circle tone", "soft rain"
STEPS = 4


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    tiny_sounds.stable_audio(root)
    tiny_sounds.stable_audio(root, width=24, name="tiny-projected")
    tiny_sounds.audioldm2(root)
    return root


@pytest.fixture(scope="module")
def run(root: Path) -> Run:
    files = Files(root / "files", roots=(root,))
    return Run(files=files, residency=Residency(files))


def made(source: str, run: Run, *, scale: float, seeds: tuple[int, ...], **prompted: Any) -> Audio:
    model = sound_diffusion.load_sound_diffuser(source, run=run)
    prompt = sound_diffusion.sound_prompt(model.reader, TEXT, run=run, **prompted)
    drawn = {"seed": seeds[0]} if len(seeds) == 1 else {"seeds": seeds}
    latent = sound_diffusion.sound_sampler(model.denoiser, prompt, scale, STEPS, run=run, **drawn)
    audio: Audio = sound_diffusion.sound_decode(latent, prompt, model.decoder, run=run)
    return audio


def generators(seeds: tuple[int, ...]) -> Any:
    drawn = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
    return drawn[0] if len(drawn) == 1 else drawn


def stable_audio(folder: Path) -> Any:
    """Build the library's pipeline out of the library's own parts."""
    import diffusers
    from transformers import AutoTokenizer, T5EncoderModel

    pipeline = diffusers.StableAudioPipeline(
        vae=diffusers.AutoencoderOobleck.from_pretrained(folder / "vae"),
        text_encoder=T5EncoderModel.from_pretrained(folder / "text_encoder"),
        projection_model=diffusers.StableAudioProjectionModel.from_pretrained(folder / "projection_model"),
        tokenizer=AutoTokenizer.from_pretrained(folder / "tokenizer"),
        transformer=diffusers.StableAudioDiTModel.from_pretrained(folder / "transformer"),
        scheduler=diffusers.CosineDPMSolverMultistepScheduler.from_pretrained(folder / "scheduler"),
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


@pytest.mark.parametrize("source", ["tiny-stable-audio", "tiny-projected"])
@pytest.mark.parametrize(
    ("scale", "negative", "start", "seconds", "seeds"),
    [
        (7.0, "", 0.0, 0.4, (3,)),
        (7.0, NEGATIVE, 0.1, 0.5, (4,)),
        (1.0, "", 0.0, 0.64, (5,)),
        (3.5, NEGATIVE, 0.0, 0.3, (6, 7)),
    ],
    ids=str,
)
def test_stable_audio_equals_the_pipeline(
    source: str, scale: float, negative: str, start: float, seconds: float, seeds: tuple[int, ...], root: Path, run: Run
) -> None:
    expected = stable_audio(root / source)(
        TEXT,
        negative_prompt=negative or None,
        audio_start_in_s=start,
        audio_end_in_s=start + seconds,
        num_inference_steps=STEPS,
        guidance_scale=scale,
        num_waveforms_per_prompt=len(seeds),
        generator=generators(seeds),
    ).audios
    found = made(source, run, scale=scale, seeds=seeds, negative=negative, start=start, seconds=seconds)
    assert found.rate == tiny_sounds.RATE
    assert float(expected.std()) > 0
    assert torch.equal(found.samples, expected)


def audioldm2(folder: Path, scheduler: str = "DDIMScheduler") -> Any:
    """Build the library's pipeline out of the library's own parts."""
    import diffusers
    import transformers

    pipeline = diffusers.AudioLDM2Pipeline(
        vae=diffusers.AutoencoderKL.from_pretrained(folder / "vae"),
        text_encoder=transformers.ClapModel.from_pretrained(folder / "text_encoder").eval(),
        text_encoder_2=transformers.T5EncoderModel.from_pretrained(folder / "text_encoder_2").eval(),
        projection_model=diffusers.AudioLDM2ProjectionModel.from_pretrained(folder / "projection_model"),
        language_model=transformers.GPT2LMHeadModel.from_pretrained(folder / "language_model").eval(),
        tokenizer=transformers.AutoTokenizer.from_pretrained(folder / "tokenizer"),
        tokenizer_2=transformers.AutoTokenizer.from_pretrained(folder / "tokenizer_2"),
        feature_extractor=transformers.ClapFeatureExtractor.from_pretrained(folder / "feature_extractor"),
        unet=diffusers.AudioLDM2UNet2DConditionModel.from_pretrained(folder / "unet"),
        scheduler=getattr(diffusers, scheduler).from_pretrained(folder / "scheduler"),
        vocoder=transformers.SpeechT5HifiGan.from_pretrained(folder / "vocoder").eval(),
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


@pytest.mark.parametrize(
    ("scale", "negative", "seconds", "seeds"),
    [(3.5, "", 0.4, (3,)), (3.5, NEGATIVE, 0.37, (4,)), (1.0, "", 0.2, (5,)), (5.0, NEGATIVE, 0.3, (6, 7))],
    ids=str,
)
def test_audioldm2_equals_the_pipeline(
    scale: float,
    negative: str,
    seconds: float,
    seeds: tuple[int, ...],
    root: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pipeline = audioldm2(root / "tiny-audioldm2")
    monkeypatch.setattr(pipeline, "score_waveforms", lambda audio, **_: audio)  # it would sort them
    expected = pipeline(
        TEXT,
        negative_prompt=negative or None,
        audio_length_in_s=seconds,
        num_inference_steps=STEPS,
        guidance_scale=scale,
        num_waveforms_per_prompt=len(seeds),
        generator=generators(seeds),
        output_type="pt" if len(seeds) > 1 else "np",
    ).audios
    found = made("tiny-audioldm2", run, scale=scale, seeds=seeds, negative=negative, seconds=seconds)
    assert found.rate == tiny_sounds.RATE
    assert float(torch.as_tensor(expected).std()) > 0
    assert torch.equal(found.samples[:, 0], torch.as_tensor(expected))
