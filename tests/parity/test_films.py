"""Films of Wan and LTX equal their pipelines' bit for bit, from the prompt to the frames."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.errors import InputError
from engine.run import Run
from nodes import guidance, guiders, latent, load, motion, sampling, text, vae
from nodes.describe import paths
from nodes.load import Loaded
from nodes.values import CFG, Guidance, Video
from tests.nodes import tiny_films
from tests.parity.conftest import Guide
from tests.parity.test_stable_diffusion import generator
from tests.tiny import loaded

PROMPT, NEGATIVE = "a  large red circle,\n rolling &amp; on a blue square", "blue square"
FRAMES = 9


@pytest.fixture(scope="session")
def wan_folder(root: Path) -> Path:
    return tiny_films.wan(root)


@pytest.fixture(scope="session")
def ltx_folder(root: Path) -> Path:
    return tiny_films.ltx(root)


@pytest.fixture(scope="session")
def wan(wan_folder: Path, run: Run) -> Loaded:
    return loaded(wan_folder, run)


@pytest.fixture(scope="session")
def ltx(ltx_folder: Path, run: Run) -> Loaded:
    return loaded(ltx_folder, run)


def film(model: Loaded, run: Run, guided: Any, *, side: int = 32, fps: float = 25.0, **options: Any) -> Video:
    """The graph: latent, sampler, decoder."""
    blank = latent.empty_film_latent(model.denoiser, FRAMES, side, side, fps)
    drawn = sampling.sample(model.denoiser, guided, blank, steps=3, seed=3, run=run, **options).latent
    made: Video = motion.decode_video(drawn, model.autoencoder, run=run)
    return made


def theirs(
    kind: str,
    folder: Path,
    *,
    side: int = 32,
    scheduler: str | None = None,
    settings: Mapping[str, Any] | None = None,
    **options: Any,
) -> torch.Tensor:
    """The pipeline, opened by the library itself."""
    import diffusers

    pipeline = getattr(diffusers, kind).from_pretrained(folder)
    pipeline.set_progress_bar_config(disable=True)
    if scheduler is not None:
        pipeline.scheduler = getattr(diffusers, scheduler).from_config(pipeline.scheduler.config, **(settings or {}))
    made: torch.Tensor = pipeline(
        PROMPT,
        num_frames=FRAMES,
        height=side,
        width=side,
        num_inference_steps=3,
        generator=generator(3),
        output_type="pt",
        **options,
    ).frames[0]
    return made


@pytest.mark.parametrize(("scale", "negative"), [(5.0, NEGATIVE), (5.0, None), (1.0, None)])
def test_a_film_of_wan_equals_the_pipeline(
    scale: float, negative: str | None, wan: Loaded, wan_folder: Path, run: Run, guide: Guide
) -> None:
    ours = film(wan, run, guide(wan, PROMPT, negative, scale)).frames
    assert ours.shape == (FRAMES, 3, 32, 32)
    assert torch.equal(ours, theirs("WanPipeline", wan_folder, guidance_scale=scale, negative_prompt=negative))
    assert (ours[0] - ours[-1]).abs().max() > 1e-3


@pytest.mark.parametrize(("scale", "negative"), [(3.0, NEGATIVE), (3.0, None), (1.0, None)])
def test_a_film_of_ltx_equals_the_pipeline(
    scale: float, negative: str | None, ltx: Loaded, ltx_folder: Path, run: Run, guide: Guide
) -> None:
    ours = film(ltx, run, guide(ltx, PROMPT, negative, scale), side=64).frames
    options: dict[str, Any] = {"guidance_scale": scale, "negative_prompt": negative}
    assert torch.equal(ours, theirs("LTXPipeline", ltx_folder, side=64, **options))
    assert (ours[0] - ours[-1]).abs().max() > 1e-3


def test_frames_a_second_matter_to_ltx(ltx: Loaded, ltx_folder: Path, run: Run, guide: Guide) -> None:
    guided = guide(ltx, PROMPT, NEGATIVE, 3.0)
    options: dict[str, Any] = {"guidance_scale": 3.0, "negative_prompt": NEGATIVE, "frame_rate": 8}
    ours = film(ltx, run, guided, side=64, fps=8.0).frames
    assert torch.equal(ours, theirs("LTXPipeline", ltx_folder, side=64, **options))
    assert not torch.equal(ours, film(ltx, run, guided, side=64).frames)


def test_a_decoder_that_takes_noise_away_equals_the_pipeline(root: Path, run: Run, guide: Guide) -> None:
    folder = tiny_films.ltx(root, "tiny-ltx-timed", timestep_conditioning=True)
    model = load.checkpoint(folder.name, run=run)
    ours = film(model, run, guide(model, PROMPT, NEGATIVE, 3.0), side=64).frames
    options: dict[str, Any] = {"guidance_scale": 3.0, "negative_prompt": NEGATIVE}
    assert torch.equal(ours, theirs("LTXPipeline", folder, side=64, **options))


@pytest.mark.parametrize(
    ("sampler", "scheduler"),
    [("euler", "FlowMatchEulerDiscreteScheduler"), ("dpmpp_2m", "DPMSolverMultistepScheduler")],
)
def test_other_samplers_that_follow_a_flow_equal_the_pipeline(
    sampler: Any, scheduler: str, wan: Loaded, wan_folder: Path, run: Run, guide: Guide
) -> None:
    ours = film(wan, run, guide(wan, PROMPT, NEGATIVE, 5.0), sampler=sampler).frames
    options: dict[str, Any] = {"guidance_scale": 5.0, "negative_prompt": NEGATIVE}
    shift = {"shift": 3.0} if sampler == "euler" else {}
    assert torch.equal(ours, theirs("WanPipeline", wan_folder, scheduler=scheduler, settings=shift, **options))


def test_a_film_drawn_half_is_drawn_on(wan: Loaded, run: Run, guide: Guide) -> None:
    guided = guide(wan, PROMPT, NEGATIVE, 5.0)
    blank = latent.empty_film_latent(wan.denoiser, FRAMES, 32, 32)
    drawn = sampling.sample(wan.denoiser, guided, blank, steps=3, seed=3, run=run).latent
    again = sampling.sample(wan.denoiser, guided, drawn, steps=4, seed=3, strength=0.5, run=run).latent
    assert again.tensor.shape == drawn.tensor.shape == (3, 16, 4, 4)
    assert not torch.equal(again.tensor, drawn.tensor)


def test_a_prompt_is_read_as_the_pipeline_cleans_it(wan: Loaded, run: Run) -> None:
    messy, clean = (
        text.tokenize(wan.tokenizer, each, run=run) for each in (PROMPT, "a large red circle, rolling & on")
    )
    assert messy.words.text == "a large red circle, rolling & on a blue square"
    (first,), (second,) = messy.tokens.sets, clean.tokens.sets
    kept = sum(second.mask[0]) - 1
    assert first.ids[0][:kept] == second.ids[0][:kept]
    assert [span.text.strip() for span in clean.words.spans][:3] == ["a", "large", "red"]


def test_words_weigh_and_a_long_prompt_is_cut(ltx: Loaded, run: Run) -> None:
    plain, heavy = (text.tokenize(ltx.tokenizer, each, run=run) for each in ("a red circle", "a (red:1.5) circle"))
    assert heavy.tokens.sets[0].ids == plain.tokens.sets[0].ids
    assert [each.weight for each in heavy.words.spans] == [1.0, 1.5, 1.0]
    read = [text.encode(each.tokens, ltx.text_encoder, run=run).sequence for each in (plain, heavy)]
    differs = (read[0] != read[1]).any(-1)[0].tolist()
    assert [at for at, each in enumerate(differs) if each] == [1]
    faint = text.encode(text.tokenize(ltx.tokenizer, "a (red:0.5) circle", run=run).tokens, ltx.text_encoder, run=run)
    assert not torch.equal(faint.sequence, read[0])
    assert not faint.sequence[0, 4:].any()
    long = text.tokenize(ltx.tokenizer, "red " * 200, run=run)
    assert sum(long.tokens.sets[0].mask[0]) == 128
    assert long.words.truncated.startswith("red")
    assert len(long.words.truncated.split()) == 200 - 127


def test_what_does_not_fit_is_refused(wan: Loaded, ltx: Loaded, sd: Loaded, run: Run, guide: Guide) -> None:
    guided = guide(wan, PROMPT, NEGATIVE)
    blank = latent.empty_film_latent(wan.denoiser, FRAMES, 32, 32)
    with pytest.raises(InputError, match="8 frames are not one more than a multiple of 4") as refused:
        latent.empty_film_latent(wan.denoiser, 8, 32, 32)
    assert refused.value.hint == "take 9"
    with pytest.raises(InputError, match="a width of 40 is no multiple of 16"):
        latent.empty_film_latent(wan.denoiser, FRAMES, 40, 32)
    with pytest.raises(InputError, match="the denoiser draws pictures"):
        latent.empty_film_latent(sd.denoiser)
    with pytest.raises(InputError, match="wan draws films, not pictures"):
        latent.empty_latent(wan.denoiser)
    with pytest.raises(InputError, match="wan draws films, not pictures"):
        vae.vae_decode(blank, wan.autoencoder, run=run)
    with pytest.raises(InputError, match="wan draws films, not pictures"):
        motion.video_temporal(wan.denoiser, "tiny-motion", run=run)
    with pytest.raises(InputError, match="in the space ltx"):
        motion.decode_video(latent.empty_film_latent(ltx.denoiser, FRAMES, 64, 64), wan.autoencoder, run=run)
    with pytest.raises(InputError, match="cannot follow a model that predicts flow"):
        sampling.sample(wan.denoiser, guided, blank, "ddim", run=run)
    with pytest.raises(InputError, match="PAG"):
        sampling.sample(wan.denoiser, guiders.pag(guided), blank, steps=1, run=run)
    with pytest.raises(InputError, match="one seed"):
        sampling.sample(wan.denoiser, guided, blank, steps=1, seeds=(1, 2), run=run)
    with pytest.raises(InputError, match="the conditioning is 20 wide"):
        sampling.sample(wan.denoiser, _narrowed(guided), blank, steps=1, run=run)


def _narrowed(guided: Guidance) -> Guidance:
    assert isinstance(guided.rule, CFG)
    prompt = guided.rule.positive
    narrow = {name: getattr(prompt, name)[..., :20] for name in ("sequence", "empty_sequence")}
    narrowed: Guidance = guidance.cfg(replace(prompt, **narrow))
    return narrowed


def _told(folder: Path, name: str, value: Any) -> None:
    index = folder / "model_index.json"
    index.write_text(json.dumps({**json.loads(index.read_text()), name: value}))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: shutil.rmtree(folder / "transformer"), "it has no folder unet, and no transformer"),
        (lambda folder: shutil.rmtree(folder / "scheduler"), "scheduler/scheduler_config.json is missing"),
        (lambda folder: shutil.rmtree(folder / "vae"), "cannot read vae/config.json"),
        (lambda folder: shutil.rmtree(folder / "text_encoder"), "cannot read text_encoder/config.json"),
        (lambda folder: shutil.rmtree(folder / "tokenizer"), "tokenizer/tokenizer.json is missing"),
        (
            lambda folder: _told(folder, "_class_name", "WanImageToVideoPipeline"),
            "WanImageToVideoPipeline is not known",
        ),
        (lambda folder: _told(folder, "_class_name", "LTXPipeline"), "transformer is of WanTransformer3DModel, not of"),
        (lambda folder: _told(folder, "boundary_ratio", 0.9), "Wan 2.2 with two transformers"),
        (
            lambda folder: next((folder / "transformer").glob("*.safetensors")).unlink(),
            "transformer/diffusion_pytorch_model.safetensors is missing",
        ),
    ],
)
def test_a_folder_that_is_not_whole_is_refused(
    spoil: Callable[[Path], Any], message: str, wan_folder: Path, root: Path, run: Run
) -> None:
    folder = root / "spoilt-wan"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(wan_folder, folder)
    spoil(folder)
    with pytest.raises(InputError, match=message):
        load.checkpoint(folder.name, run=run)


def test_every_file_of_a_folder_is_named(wan_folder: Path, ltx_folder: Path) -> None:
    for folder in (wan_folder, ltx_folder):
        assert {path for path in folder.rglob("*") if path.is_file()} == set(paths(folder))
