"""Checkpoints that are one file with the original keys open as the very networks that were written."""

from pathlib import Path
from typing import Any

import pytest
import torch

from engine.errors import InputError
from engine.files import Files
from engine.run import Run
from nodes import load, text
from nodes.load import Loaded
from tests.nodes import original_keys, tiny

WORDS = 49408


@pytest.fixture(scope="module")
def net() -> Any:
    return tiny.unet(norm_num_groups=32, cross_attention_dim=64)


@pytest.fixture(scope="module")
def linear_net() -> Any:
    return tiny.unet(norm_num_groups=32, cross_attention_dim=64, use_linear_projection=True, attention_head_dim=[1, 1])


@pytest.fixture(scope="module")
def vae() -> Any:
    return tiny.vae(block_out_channels=(32, 64), norm_num_groups=32, scaling_factor=0.18215)


def encoder(layers: int, *, projected: bool = False, act: str = "quick_gelu") -> Any:
    return tiny.text_encoder(
        WORDS, width=64, heads=1, layers=layers, length=77, projected=projected, hidden_act=act, projection_dim=16
    )


def opened(run: Run, name: str, **options: Any) -> tuple[Loaded, Any, Any, Any]:
    model: Loaded = load.checkpoint(name, run=run, **options)
    return model, run.load(model.text_encoder), run.load(model.denoiser), run.load(model.autoencoder)


def same(ours: Any, theirs: Any) -> bool:
    """Compare two modules, weight by weight."""
    mine, other = ours.state_dict(), theirs.state_dict()
    return mine.keys() == other.keys() and all(torch.equal(mine[name], other[name]) for name in other)


def predicts_the_same(ours: Any, theirs: Any, **extras: Any) -> bool:
    x, context = torch.randn(1, 4, 8, 8), torch.randn(1, 7, theirs.config.cross_attention_dim)
    with torch.inference_mode():
        mine, other = (each(x, 500, context, **extras).sample for each in (ours, theirs))
    return torch.equal(mine, other)


def reads_the_same(ours: Any, theirs: Any) -> bool:
    ids = torch.tensor([[WORDS - 2, 320, 736, WORDS - 1, *[0] * 73]])
    with torch.inference_mode():
        mine, other = (each(ids, output_hidden_states=True) for each in (ours, theirs))
    return all(map(torch.equal, mine.hidden_states, other.hidden_states)) and torch.equal(mine[1], other[1])


def decodes_the_same(ours: Any, theirs: Any) -> bool:
    z = torch.randn(1, 4, 4, 4)
    with torch.inference_mode():
        return torch.equal(ours.decode(z).sample, theirs.decode(z).sample)


def test_stable_diffusion_1_opens(root: Path, run: Run, net: Any, vae: Any) -> None:
    words = encoder(2)
    original_keys.save(
        root / "one.safetensors",
        original_keys.unet(net),
        original_keys.vae(vae),
        original_keys.clip(words, "cond_stage_model.transformer."),
    )
    model, encoders, unet, autoencoder = opened(run, "one.safetensors")
    assert same(encoders[0], words)
    assert same(unet, net)
    assert same(autoencoder, vae)
    assert decodes_the_same(autoencoder, vae)
    assert reads_the_same(encoders[0], words)
    assert predicts_the_same(unet, net)
    assert model.denoiser.prediction == "epsilon"


def test_stable_diffusion_2_opens_without_its_last_text_layer(root: Path, run: Run, linear_net: Any, vae: Any) -> None:
    words, longer = encoder(2, act="gelu"), encoder(3, act="gelu")
    longer.load_state_dict(words.state_dict(), strict=False)
    original_keys.save(
        root / "two.safetensors",
        original_keys.unet(linear_net),
        original_keys.vae(vae),
        original_keys.open_clip(longer, "cond_stage_model.model."),
    )
    model, encoders, unet, _ = opened(run, "two.safetensors")
    assert same(encoders[0], words)
    assert reads_the_same(encoders[0], words)
    assert predicts_the_same(unet, linear_net)
    assert text.tokenize(model.tokenizer, "a", 1, run=run).tokens.sets[0].ids[0][-1] == 0  # OpenCLIP pads with "!"
    assert model.denoiser.prediction == "v_prediction"
    assert load.checkpoint("two.safetensors", prediction="epsilon", run=run).denoiser.prediction == "epsilon"


def test_stable_diffusion_xl_opens(root: Path, run: Run, vae: Any) -> None:
    first, second = encoder(3), encoder(3, projected=True, act="gelu")
    net = tiny.unet(
        norm_num_groups=32,
        cross_attention_dim=128,
        use_linear_projection=True,
        attention_head_dim=[1, 1],
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=[1, 2],
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=16 + 6 * 8,
    )
    original_keys.save(
        root / "xl.safetensors",
        original_keys.unet(net),
        original_keys.vae(vae),
        original_keys.clip(first, "conditioner.embedders.0.transformer."),
        original_keys.open_clip(second, "conditioner.embedders.1.model."),
    )
    _, encoders, unet, _ = opened(run, "xl.safetensors")
    assert same(encoders[0], first)
    assert same(encoders[1], second)
    assert reads_the_same(encoders[0], first)
    assert reads_the_same(encoders[1], second)
    extras = {"text_embeds": torch.randn(1, 16), "time_ids": torch.tensor([[16.0, 16, 0, 0, 16, 16]])}
    assert predicts_the_same(unet, net, added_cond_kwargs=extras)


def test_its_tokenizer_is_clip_s(root: Path, run: Run, net: Any, vae: Any) -> None:
    original_keys.save(
        root / "words.safetensors",
        original_keys.unet(net),
        original_keys.vae(vae),
        original_keys.clip(encoder(1), "cond_stage_model.transformer."),
    )
    model = load.checkpoint("words.safetensors", run=run)
    ids = text.tokenize(model.tokenizer, "a photo of an astronaut riding a horse", 1, run=run).tokens.sets[0].ids[0]
    assert ids[:10] == (49406, 320, 1125, 539, 550, 18376, 6765, 320, 4558, 49407)
    assert len(ids) == 77


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (("unet", "clip"), "has no autoencoder"),
        (("vae", "clip"), "has no denoiser"),
        (("unet", "vae"), "holds no text encoder that is known here"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(
    keys: tuple[str, ...], message: str, root: Path, run: Run, net: Any, vae: Any
) -> None:
    parts = {
        "unet": original_keys.unet(net),
        "vae": original_keys.vae(vae),
        "clip": original_keys.clip(encoder(1), "cond_stage_model.transformer."),
    }
    name = f"{'-'.join(keys)}.safetensors"
    original_keys.save(root / name, *(parts[key] for key in keys))
    with pytest.raises(InputError, match=message):
        load.checkpoint(name, run=run)


def test_its_name_is_not_in_the_handles(root: Path, files: Files, run: Run, net: Any, vae: Any) -> None:
    words = original_keys.clip(encoder(1), "cond_stage_model.transformer.")
    for name in ("this", "that"):
        original_keys.save(root / f"{name}.safetensors", original_keys.unet(net), original_keys.vae(vae), words)
    assert load.checkpoint("this.safetensors", run=run) == load.checkpoint("that.safetensors", run=run)
