"""A film equals AnimateDiffPipeline's bit for bit; windows, ends and loops keep what they promise."""

import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import PIL.Image as Pillow
import pytest
import torch
from safetensors.torch import save_file

from engine.errors import InputError
from engine.run import Run
from models.frame_words import FILE, FrameWords, Reader
from nodes import guiders, latent, motion, sampling, vae
from nodes.families.in_time import InTime, lifted, windows
from nodes.handles import Denoiser, Motion
from nodes.load import Loaded
from nodes.values import Image, Video
from tests.nodes import tiny
from tests.parity.conftest import Guide
from tests.parity.test_stable_diffusion import NEGATIVE, PROMPT, generator


@pytest.fixture(scope="session")
def folder(root: Path) -> Path:
    return tiny.motion_adapter(root)


@pytest.fixture
def moving(sd: Loaded, folder: Path, run: Run) -> Denoiser:
    """A denoiser of four frames."""
    denoiser: Denoiser = motion.video_temporal(sd.denoiser, folder.name, 4, overlap=2, run=run)
    return denoiser


def film(sd: Loaded, denoiser: Denoiser, run: Run, guidance: Any, start: Any = None, **options: Any) -> Video:
    """The graph: latent, sampler, decoder."""
    blank = start or latent.empty_latent(denoiser)
    drawn = sampling.sample(denoiser, guidance, blank, steps=3, seed=3, run=run, **options).latent
    made: Video = motion.decode_video(drawn, sd.autoencoder, window=16, run=run)
    return made


def theirs(sd_parts: dict[str, Any], folder: Path, *, lora: Path | None = None, **options: Any) -> torch.Tensor:
    from diffusers import AnimateDiffPipeline, MotionAdapter

    adapter = MotionAdapter.from_pretrained(folder)
    pipeline = AnimateDiffPipeline(**sd_parts, motion_adapter=adapter)
    if lora is not None:
        pipeline.load_lora_weights(lora.parent, weight_name=lora.name)
    pipeline.unet.eval()
    pipeline.set_progress_bar_config(disable=True)
    return pipeline(  # type: ignore[no-any-return]
        PROMPT,
        num_frames=4,
        height=16,
        width=16,
        num_inference_steps=3,
        negative_prompt=NEGATIVE,
        generator=generator(3),
        output_type="pt",
        **options,
    ).frames[0]


@pytest.mark.parametrize("scale", [7.5, 1.0])
def test_a_film_equals_the_pipeline(
    scale: float, sd: Loaded, sd_parts: dict[str, Any], moving: Denoiser, folder: Path, run: Run, guide: Guide
) -> None:
    ours = film(sd, moving, run, guide(sd, PROMPT, NEGATIVE, scale)).frames
    assert torch.equal(ours, theirs(sd_parts, folder, guidance_scale=scale))
    assert (ours[0] - ours[-1]).abs().max() > 1e-3


def test_a_lora_that_lies_beside_the_adapter_is_taken(
    sd: Loaded, sd_parts: dict[str, Any], folder: Path, root: Path, run: Run, guide: Guide
) -> None:
    whole, lora = root / "tiny-motion-words", tiny.lora(root)
    shutil.copytree(folder, whole)
    shutil.copy(lora, whole / "pytorch_lora_weights.safetensors")
    denoiser = motion.video_temporal(sd.denoiser, whole.name, 4, overlap=2, run=run)
    ours = film(sd, denoiser, run, guide(sd, PROMPT, NEGATIVE, 7.5)).frames
    assert torch.equal(ours, theirs(sd_parts, folder, lora=lora, guidance_scale=7.5))
    assert not torch.equal(ours, theirs(sd_parts, folder, guidance_scale=7.5))


def test_a_frame_sees_the_others(moving: Denoiser, run: Run) -> None:
    x = torch.randn(4, 4, 8, 8, generator=generator(1))
    other = torch.cat([x[:3], x[:1]])
    assert (predict(moving, run, x)[0] - predict(moving, run, other)[0]).abs().max() > 1e-4


def test_first_and_last_frame_are_kept(sd: Loaded, moving: Denoiser, run: Run, guide: Guide) -> None:
    pictures = torch.rand(2, 1, 3, 16, 16, generator=generator(2))
    first, last = (vae.vae_encode(Image(each), sd.autoencoder, run=run).latent for each in pictures)
    start = motion.clip_latent(moving, first, last)
    drawn = sampling.sample(moving, guide(sd, PROMPT, NEGATIVE), start, steps=3, run=run).latent.tensor
    assert torch.equal(drawn[0], first.tensor[0])
    assert torch.equal(drawn[-1], last.tensor[0])
    assert (drawn[1] - start.tensor[1]).abs().max() > 1e-2


def test_a_given_frame_is_seen_without_noise_where_the_adapter_was_trained_so(
    sd: Loaded, folder: Path, root: Path, run: Run, guide: Guide
) -> None:
    words = FrameWords(Reader(width=32, kinds=2), frames=3, tokens=20, width=32).state_dict()
    picture = vae.vae_encode(Image(torch.rand(1, 3, 16, 16, generator=generator(2))), sd.autoencoder, run=run).latent
    seen = {}
    for name, said in {"tiny-noisy": None, "tiny-clean": {"given": "clean"}}.items():
        shutil.copytree(folder, root / name)
        save_file(words, root / name / FILE, metadata=said)
        denoiser = motion.video_temporal(sd.denoiser, name, 4, overlap=2, run=run)
        net = run.load(denoiser).net
        asked: list[torch.Tensor] = []
        hook = net.conv_in.register_forward_pre_hook(lambda _, x, asked=asked: asked.append(x[0][0].clone()))
        start = motion.clip_latent(denoiser, picture)
        drawn = sampling.sample(denoiser, guide(sd, PROMPT, NEGATIVE), start, steps=3, run=run).latent.tensor
        hook.remove()
        assert torch.equal(drawn[0], picture.tensor[0])
        seen[name] = [torch.equal(each, picture.tensor[0]) for each in asked]
    assert seen == {"tiny-noisy": [False] * 3, "tiny-clean": [True] * 3}


def test_every_frame_is_in_a_window_of_the_right_length() -> None:
    for frames, length, overlap in [(3, 8, 4), (8, 8, 4), (9, 8, 4), (30, 8, 3), (200, 16, 4)]:
        for loop in (False, True):
            found = windows(Motion((), frames, length, overlap, loop))
            assert {frame for window in found for frame in window} == set(range(frames))
            assert {len(window) for window in found} == {min(frames, length)}
    assert windows(Motion((), 10, 8, 4)) == (tuple(range(8)), tuple(range(2, 10)))
    assert windows(Motion((), 6, 4, 1, loop=True)) == ((0, 1, 2, 3), (3, 4, 5, 0))


def predict(denoiser: Denoiser, run: Run, x: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        text = torch.ones(len(x), 20, 32)
        return run.load(denoiser)(x, torch.tensor(500), encoder_hidden_states=text)[0]  # type: ignore[no-any-return]


def test_a_loop_has_no_seam(sd: Loaded, folder: Path, run: Run) -> None:
    x = torch.randn(6, 4, 8, 8, generator=generator(1))
    for loop in (True, False):
        denoiser = motion.video_temporal(sd.denoiser, folder.name, 6, 4, 2, loop, run=run)
        turned = predict(denoiser, run, x.roll(2, 0)).roll(-2, 0)
        assert torch.allclose(turned, predict(denoiser, run, x), atol=1e-4) == loop


def test_windows_agree_with_the_denoiser_where_only_one_sees_a_frame(sd: Loaded, folder: Path, run: Run) -> None:
    x = torch.randn(6, 4, 8, 8, generator=generator(1))
    long = motion.video_temporal(sd.denoiser, folder.name, 6, 4, 2, run=run)
    short = motion.video_temporal(sd.denoiser, folder.name, 4, 4, 2, run=run)
    torch.testing.assert_close(predict(long, run, x)[:2], predict(short, run, x[:4])[:2], atol=1e-5, rtol=1e-4)
    assert (predict(long, run, x)[3] - predict(short, run, x[:4])[3]).abs().max() > 1e-4


def test_words_of_frames_are_told_to_each_of_them_however_long_the_film_is(
    sd: Loaded, folder: Path, root: Path, run: Run
) -> None:
    whole = root / "tiny-motion-frames"
    shutil.copytree(folder, whole)
    words = FrameWords(Reader(width=32, kinds=2), frames=3, tokens=20, width=32)
    torch.nn.init.normal_(words.write.weight, std=0.1, generator=generator(7))
    save_file(words.state_dict(), whole / FILE)
    x = torch.randn(6, 4, 8, 8, generator=generator(1))
    told = words(torch.ones(1, 5, 20, 32))[0].detach()
    torch.testing.assert_close(told[::2], words(torch.ones(1, 3, 20, 32))[0].detach())
    denoiser = motion.video_temporal(sd.denoiser, whole.name, 6, 4, 2, run=run)
    plain = motion.video_temporal(sd.denoiser, folder.name, 6, 4, 2, run=run)
    found = predict(denoiser, run, x)
    with torch.inference_mode():
        six = words(torch.ones(1, 6, 20, 32))[0]
        same = run.load(plain)(x, torch.tensor(500), encoder_hidden_states=six)[0]
    torch.testing.assert_close(found, same)
    assert (found - predict(plain, run, x)).abs().max() > 1e-3


def test_a_denoiser_that_pools_its_text_still_reads_it_in_time() -> None:
    """UNetMotionModel knows no such embedding; without motion, every frame is what the plain denoiser says."""
    from diffusers import MotionAdapter

    net = tiny.unet(addition_embed_type="text", addition_embed_type_num_heads=4)
    adapter = MotionAdapter(
        block_out_channels=(32, 64), motion_layers_per_block=1, motion_num_attention_heads=4, motion_norm_num_groups=16
    )
    for name, weight in adapter.named_parameters():
        if "proj_out" in name:
            torch.nn.init.zeros_(weight)
    x, text = torch.randn(3, 4, 8, 8), torch.randn(1, 20, 32).expand(3, -1, -1)
    with torch.inference_mode():
        plain = net(x, torch.tensor(500), encoder_hidden_states=text).sample
        timed = InTime(lifted(net, adapter), Motion((), 3, 8, 4))(x, torch.tensor(500), encoder_hidden_states=text)[0]
    torch.testing.assert_close(timed, plain, atol=1e-5, rtol=1e-4)


def test_what_does_not_fit_is_refused(sd: Loaded, moving: Denoiser, folder: Path, run: Run, guide: Guide) -> None:
    guided = guide(sd, PROMPT, NEGATIVE)
    with pytest.raises(InputError, match="5 frames"):
        sampling.sample(moving, guided, latent.empty_latent(sd.denoiser, batch=5), steps=1, run=run)
    with pytest.raises(InputError, match="one seed"):
        sampling.sample(moving, guided, latent.empty_latent(moving), steps=1, seeds=(1, 2), run=run)
    with pytest.raises(InputError, match="PAG"):
        sampling.sample(moving, guiders.pag(guided), latent.empty_latent(moving), steps=1, run=run)
    with pytest.raises(InputError, match="8 frames at once"):
        motion.video_temporal(sd.denoiser, folder.name, 16, 12, run=run)
    with pytest.raises(InputError, match="no motion adapter"):
        motion.video_temporal(sd.denoiser, "tiny-sd/unet", run=run)
    with pytest.raises(InputError, match="draws pictures"):
        motion.clip_latent(sd.denoiser, latent.empty_latent(sd.denoiser))


def test_all_frames_are_seen_while_they_are_drawn_and_decoded(
    sd: Loaded, moving: Denoiser, run: Run, guide: Guide
) -> None:
    seen: list[tuple[int, int]] = []

    def look(image: bytes, media_type: str) -> None:
        with Pillow.open(BytesIO(image)) as picture:
            seen.append(picture.size)

    watched = Run(files=run.files, on_preview=look)
    start = latent.empty_latent(moving)
    drawn = sampling.sample(moving, guide(sd, PROMPT, NEGATIVE), start, steps=3, run=watched).latent
    assert seen == [(128, 32)] * 3
    motion.decode_video(drawn, sd.autoencoder, window=3, run=watched)
    assert seen[3:] == [(96, 32), (128, 32)]
