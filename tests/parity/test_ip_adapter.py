"""An IP-Adapter equals StableDiffusionPipeline.load_ip_adapter bit for bit; at strength 0 it changes no bit."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image as Pillow
from safetensors.torch import load_file, save_file

from engine.errors import InputError
from engine.run import Run
from nodes import attention, clip, control, guiders, ip_adapter
from nodes.load import Loaded
from nodes.pixels import pictures
from nodes.values import Guidance, Image, PicturePrompt
from tests.nodes import tiny, tiny_readers
from tests.parity.conftest import Guide
from tests.parity.test_attention import words_of
from tests.parity.test_stable_diffusion import NEGATIVE, PROMPT, draw, generator

pytestmark = pytest.mark.filterwarnings("ignore:Already found a `peft_config`:UserWarning")

KINDS = ("plain", "plus", "full")
SHOWN = [Image(torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(8))) for size in ((40, 48), (33, 20))]
Shown = Callable[..., PicturePrompt]


@pytest.fixture(scope="session")
def folders(root: Path, sd_folder: Path) -> Mapping[str, Path]:
    return {kind: tiny.ip_adapter(root, kind) for kind in KINDS}


@pytest.fixture
def shown(folders: Mapping[str, Path], run: Run) -> Shown:
    def make(kind: str = "plain", count: int = 1, **options: Any) -> PicturePrompt:
        given: PicturePrompt = ip_adapter.ip_adapter(folders[kind].name, SHOWN[:count], run=run, **options)
        return given

    return make


def drawn(sd: Loaded, run: Run, guidance: Guidance, *prompts: PicturePrompt, **options: Any) -> torch.Tensor:
    return draw(sd, run, guidance, pictures=prompts, **({"steps": 4, "seed": 3} | options))


def pillows(count: int) -> list[Pillow.Image]:
    return [each for image in SHOWN[:count] for each in pictures(image)]


def pipeline_of(sd_folder: Path, *folders: Path) -> Any:
    from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    none: dict[str, Any] = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    made = StableDiffusionPipeline(
        tokenizer=CLIPTokenizer.from_pretrained(sd_folder / "tokenizer"),
        text_encoder=CLIPTextModel.from_pretrained(sd_folder / "text_encoder").eval(),
        unet=UNet2DConditionModel.from_pretrained(sd_folder / "unet").eval(),
        vae=AutoencoderKL.from_pretrained(sd_folder / "vae").eval(),
        scheduler=DDIMScheduler.from_pretrained(sd_folder / "scheduler"),
        **none,
    )
    made.set_progress_bar_config(disable=True)
    files = [next(each.glob("*.safetensors")).name for each in folders]
    made.load_ip_adapter([str(each) for each in folders], subfolder="", weight_name=files)
    return made


def theirs(made: Any, images: Any, scale: Any = 1.0, **options: Any) -> torch.Tensor:
    made.set_ip_adapter_scale(scale)
    settings = {"negative_prompt": NEGATIVE, "num_inference_steps": 4, "generator": generator(3)} | options
    return made(PROMPT, ip_adapter_image=images, output_type="pt", **settings).images  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 2])
def test_it_equals_the_pipeline(
    kind: str,
    count: int,
    sd: Loaded,
    sd_folder: Path,
    run: Run,
    guide: Guide,
    shown: Shown,
    folders: Mapping[str, Path],
) -> None:
    ours = drawn(sd, run, guide(sd, PROMPT, NEGATIVE), shown(kind, count, strength=0.7))
    made = pipeline_of(sd_folder, folders[kind])
    assert torch.equal(ours, theirs(made, [pillows(count)], 0.7))
    assert (ours - drawn(sd, run, guide(sd, PROMPT, NEGATIVE))).abs().max() > 1e-3


def test_without_guidance_it_equals_the_pipeline(
    sd: Loaded, sd_folder: Path, run: Run, guide: Guide, shown: Shown, folders: Mapping[str, Path]
) -> None:
    ours = drawn(sd, run, guide(sd, PROMPT, None, 1.0), shown())
    made = pipeline_of(sd_folder, folders["plain"])
    assert torch.equal(ours, theirs(made, [pillows(1)], negative_prompt=None, guidance_scale=1.0))


def test_two_adapters_with_strengths_of_their_own_for_each_layer_equal_the_pipeline(
    sd: Loaded, sd_folder: Path, run: Run, guide: Guide, shown: Shown, folders: Mapping[str, Path]
) -> None:
    down, up = shown(strength=0.5, layers=["down_blocks.0"]), shown("plus", 2, strength=0.8, layers=["up_blocks"])
    ours = drawn(sd, run, guide(sd, PROMPT, NEGATIVE), down, up)
    made = pipeline_of(sd_folder, folders["plain"], folders["plus"])
    scales = [{"down": {"block_0": 0.5}}, {"up": {"block_1": 0.8}}]
    assert torch.equal(ours, theirs(made, [pillows(1), pillows(2)], scales))
    assert not torch.equal(ours, drawn(sd, run, guide(sd, PROMPT, NEGATIVE), shown(strength=0.5), up))


def test_between_two_steps_it_equals_the_pipeline_with_the_scale_set_on_the_way(
    sd: Loaded, sd_folder: Path, run: Run, guide: Guide, shown: Shown, folders: Mapping[str, Path]
) -> None:
    ours = drawn(sd, run, guide(sd, PROMPT, NEGATIVE), shown(start=0.25, stop=0.75))
    made = pipeline_of(sd_folder, folders["plain"])

    def next_step(made: Any, step: int, _: Any, kept: dict[str, Any]) -> dict[str, Any]:
        made.set_ip_adapter_scale(1.0 if step + 1 in (1, 2) else 0.0)
        return kept

    assert torch.equal(ours, theirs(made, [pillows(1)], 0.0, callback_on_step_end=next_step))


def test_strength_zero_changes_no_bit_and_the_denoiser_stays_as_it_was(
    sd: Loaded, run: Run, guide: Guide, shown: Shown
) -> None:
    plain = drawn(sd, run, guide(sd, PROMPT, NEGATIVE))
    assert torch.equal(drawn(sd, run, guide(sd, PROMPT, NEGATIVE), shown(strength=0.0)), plain)
    drawn(sd, run, guide(sd, PROMPT, NEGATIVE), shown())
    assert torch.equal(drawn(sd, run, guide(sd, PROMPT, NEGATIVE)), plain)
    assert run.load(sd.denoiser).config.encoder_hid_dim_type is None


def test_with_a_lora_and_a_controlnet_beside_it_all_three_act(
    sd: Loaded, root: Path, run: Run, guide: Guide, shown: Shown
) -> None:
    from nodes import adapters

    styled = sd._replace(denoiser=adapters.lora(sd.denoiser, tiny.lora(root).name, run=run))
    held = control.controlnet(tiny.controlnet(root).name, Image(torch.rand(1, 3, 16, 16)), run=run)
    steered, picture = guide(sd, PROMPT, NEGATIVE), shown("plus")
    every = drawn(styled, run, steered, picture, controls=[held])
    for less in (
        drawn(sd, run, steered, picture, controls=[held]),
        drawn(styled, run, steered, picture),
        drawn(styled, run, steered, controls=[held]),
    ):
        assert (every - less).abs().max() > 1e-3


@pytest.mark.parametrize("kind", ["PAG", "SLG", "AutoGuidance"])
def test_a_disturbed_denoiser_is_shown_the_pictures_too(
    kind: str, sd: Loaded, run: Run, guide: Guide, shown: Shown
) -> None:
    change: Any = {"PAG": guiders.pag, "SLG": guiders.slg, "AutoGuidance": guiders.auto_guidance}[kind]
    steered = change(guide(sd, PROMPT, NEGATIVE), level="down")
    assert torch.equal(drawn(sd, run, steered, shown(strength=0.0)), drawn(sd, run, steered))
    assert (drawn(sd, run, steered, shown()) - drawn(sd, run, steered)).abs().max() > 1e-3


def test_watching_it_changes_no_bit_and_edits_leave_the_pictures_alone(
    sd: Loaded, run: Run, guide: Guide, shown: Shown
) -> None:
    words, steered = words_of(sd, PROMPT, run), guide(sd, PROMPT, NEGATIVE)
    plan = attention.cross_attention(sd.denoiser, words)
    plain = drawn(sd, run, steered, shown())
    assert torch.equal(drawn(sd, run, steered, shown(), attention=plan), plain)
    same = attention.cross_attention(sd.denoiser, words, [attention.reweight_word(words, "red", 1.0)])
    edited = drawn(sd, run, steered, shown(), attention=same)
    torch.testing.assert_close(edited, plain, atol=2e-4, rtol=0)  # another way to compute the same attention
    more = attention.cross_attention(sd.denoiser, words, [attention.reweight_word(words, "red", 3.0)])
    assert (drawn(sd, run, steered, shown(), attention=more) - plain).abs().max() > 1e-3


def test_a_plain_one_may_see_by_the_clip_it_was_trained_with(
    sd: Loaded, root: Path, run: Run, guide: Guide, shown: Shown
) -> None:
    import open_clip

    folder = tiny_readers.clip(root, "eyes")
    narrow = tiny.ip_adapter(root, seed=10, projected=16)
    eyes = clip.load_clip(folder.name, run=run)
    prompt = ip_adapter.ip_adapter(narrow.name, SHOWN, eyes, run=run)
    model, _, prepare = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    with torch.inference_mode():
        seen = [model.eval().encode_image(prepare(each)[None]) for each in pillows(2)]
    assert torch.equal(prompt.vectors, torch.cat(seen))
    assert not prompt.without.any()
    assert drawn(sd, run, guide(sd, PROMPT, NEGATIVE), prompt).isfinite().all()
    with pytest.raises(InputError, match=r"vectors 16 wide, plain\.safetensors reads 24"):
        shown(clip=eyes)
    with pytest.raises(InputError, match="of the kind plus reads patches"):
        shown("plus", clip=eyes)


def test_what_is_none_is_refused(
    sd: Loaded, sd_folder: Path, root: Path, run: Run, guide: Guide, folders: Mapping[str, Path]
) -> None:
    def given(source: str, **options: Any) -> PicturePrompt:
        made: PicturePrompt = ip_adapter.ip_adapter(source, SHOWN[:1], run=run, **options)
        return made

    plain = folders["plain"]
    encoder = f"{plain.name}/image_encoder"
    with pytest.raises(InputError, match=r"model\.safetensors is no IP-Adapter"):
        given(f"{encoder}/model.safetensors", encoder=encoder)
    (root / "pickled").mkdir()
    (root / "pickled" / "ip-adapter.bin").write_bytes(b"PK")
    for source in ("pickled", "pickled/ip-adapter.bin"):
        with pytest.raises(InputError, match="pickle: opening it could run code"):
            given(source)
    faces = load_file(plain / "plain.safetensors")
    faces["image_proj.proj.0.weight"] = faces.pop("image_proj.proj.weight")
    save_file(faces, root / "pickled" / "faces.safetensors")
    with pytest.raises(InputError, match=r"faces\.safetensors reads faces by a recogniser of its own"):
        given("pickled/faces.safetensors", encoder=encoder)
    save_file(load_file(plain / "plain.safetensors"), root / "pickled" / "more.safetensors")
    with pytest.raises(InputError, match=r"holds 2 files of weights; name one of faces\.safetensors, more\.safeten"):
        given("pickled")
    with pytest.raises(InputError, match="no folder image_encoder beside pickled/more"):
        given("pickled/more.safetensors")
    given("pickled/more.safetensors", encoder=encoder)
    with pytest.raises(
        InputError, match=r"no layer that looks at pictures is named 'middle'; there are down_blocks\.0"
    ):
        drawn(sd, run, guide(sd, PROMPT, None), given(plain.name, layers=["middle"]), steps=1)
    wide = tiny.ip_adapter(root, reads=48, seed=11)
    with pytest.raises(InputError, match=r"the IP-Adapter does not fit the denoiser: .*; take one made for this model"):
        drawn(sd, run, guide(sd, PROMPT, None), given(wide.name), steps=1)
    with pytest.raises(InputError, match="there is no picture to resemble"):
        ip_adapter.ip_adapter(plain.name, [], run=run)
