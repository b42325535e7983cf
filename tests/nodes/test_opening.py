"""Opening models: in several threads at once, beside other people's modules, and from old files."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.files import Files
from engine.residency import Residency
from engine.run import Run
from nodes import load
from nodes.load import Loaded
from tests.nodes import original_keys, tiny


def weights(opened: Any) -> list[torch.Tensor]:
    modules = opened if isinstance(opened, tuple) else (opened,)
    return [tensor for module in modules for tensor in (*module.parameters(), *module.buffers())]


def test_models_opened_in_several_threads_at_once_are_whole(sd: Loaded, vq: Loaded, run: Run, files: Files) -> None:
    handles = [each for model in (sd, vq) for each in (model.text_encoder, model.denoiser, model.autoencoder)]
    alone = [weights(run.load(handle)) for handle in handles]
    with ThreadPoolExecutor(12) as threads:
        places = [Residency(files) for _ in range(3)]
        opening = [[threads.submit(place.load, handle) for handle in handles] for place in places]
        mine = [torch.nn.Linear(8, 8) for _ in range(200)]  # somebody else builds a module meanwhile
        for opened in opening:
            for one, reference in zip(opened, alone, strict=True):
                assert all(map(torch.equal, weights(one.result()), reference))
    assert not any(module.weight.is_meta for module in mine)


def test_opening_a_model_draws_no_random_number(sd: Loaded, files: Files) -> None:
    torch.manual_seed(1)
    before = torch.get_rng_state()
    Residency(files).load(sd.denoiser)
    assert torch.equal(torch.get_rng_state(), before)


def test_opened_modules_are_in_eval_mode_and_need_no_gradient(sd: Loaded, run: Run) -> None:
    for handle in (sd.denoiser, sd.autoencoder):
        module = run.load(handle)
        assert not module.training
        assert not any(parameter.requires_grad for parameter in module.parameters())


def test_old_names_in_the_attention_of_an_autoencoder_load(sd_folder: Path, sd: Loaded, root: Path, run: Run) -> None:
    folder = root / "old-vae"
    shutil.copytree(sd_folder, folder)
    path = folder / "vae" / "diffusion_pytorch_model.safetensors"
    old = {}
    for name, weight in load_file(path).items():
        for new, before in {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}.items():
            name = name.replace(f"attentions.0.{new}.", f"attentions.0.{before}.")
        old[name] = weight
    assert any("proj_attn" in name for name in old)
    save_file(old, path, {"format": "pt"})
    opened, reference = (run.load(load.checkpoint(name, run=run).autoencoder) for name in (folder.name, sd_folder.name))
    assert all(map(torch.equal, weights(opened), weights(reference)))


@pytest.mark.parametrize("name", ["tiny-sd", "single.safetensors"])
def test_the_footprint_is_what_a_model_takes(name: str, sd: Loaded, root: Path, files: Files, run: Run) -> None:
    net = tiny.unet(norm_num_groups=32, cross_attention_dim=64)
    original_keys.save(
        root / "single.safetensors",
        original_keys.unet(net),
        original_keys.vae(tiny.vae(block_out_channels=(32, 64), norm_num_groups=32)),
        original_keys.clip(
            tiny.text_encoder(49408, width=64, heads=1, layers=1, length=77), "cond_stage_model.transformer."
        ),
    )
    model = load.checkpoint(name, run=run)
    for handle in (model.text_encoder, model.denoiser, model.autoencoder):
        taken = sum(tensor.numel() * 4 for tensor in weights(run.load(handle)) if tensor.is_floating_point())
        assert handle.footprint(files) == taken
    assert model.tokenizer.footprint(files) > 0
