"""Opening checkpoints: what they hold, and one clear sentence for each that cannot be opened."""

import json
import pickle
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from engine.errors import InputError
from engine.files import Files
from engine.run import Run
from nodes import load
from nodes.describe import paths
from nodes.load import Loaded
from nodes.values import Defaults


@pytest.fixture
def copied(sd_folder: Path, root: Path, request: pytest.FixtureRequest) -> Path:
    """A checkpoint of the test's own, to spoil."""
    folder = root / f"copy-{abs(hash(request.node.name))}"
    shutil.copytree(sd_folder, folder)
    return folder


def test_a_folder_gives_handles_and_defaults_without_a_tensor(sd: Loaded) -> None:
    assert sd.denoiser.prediction == "epsilon"
    assert (sd.denoiser.channels, sd.denoiser.factor, sd.denoiser.size) == (4, 2, (8, 8))
    assert sd.autoencoder.kind == "kl"
    assert sd.defaults == Defaults(20, 7.5, 0.0, 16, 16)
    assert json.loads(sd.denoiser.schedule)["beta_schedule"] == "scaled_linear"
    assert len({sd.denoiser, sd.autoencoder, sd.text_encoder, sd.tokenizer}) == 4  # they hash


def test_a_vqgan_folder_is_known(vq: Loaded) -> None:
    assert vq.autoencoder.kind == "vq"
    assert vq.denoiser.prediction == "v_prediction"


def test_the_embedded_model_opens_by_its_name(run: Run) -> None:
    model = load.checkpoint(run=run)
    assert model.denoiser.family == "bauklotz"
    assert model.denoiser.space == "bauklotz"
    assert model.defaults == Defaults(20, 3.0, 0.0, 64, 64)


def test_a_handle_does_not_know_where_its_files_lie(copied: Path, sd: Loaded, run: Run) -> None:
    assert load.checkpoint(copied.name, run=run) == sd


def test_a_changed_weight_is_another_handle(copied: Path, sd: Loaded, run: Run) -> None:
    weights = copied / "unet" / "diffusion_pytorch_model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    changed = load.checkpoint(copied.name, run=run)
    assert changed.denoiser != sd.denoiser
    assert changed.autoencoder == sd.autoencoder


def test_every_file_that_is_opened_is_named(copied: Path, files: Files) -> None:
    named = set(paths(copied))
    assert {path for path in copied.rglob("*") if path.is_file()} == named


def test_half_precision_weights_compute_in_float32_on_a_cpu(copied: Path, sd: Loaded, run: Run, files: Files) -> None:
    unet = run.load(sd.denoiser)
    from diffusers import UNet2DConditionModel

    half = UNet2DConditionModel.from_pretrained(copied / "unet").half()
    half.save_pretrained(copied / "unet")
    opened = Run(files=files).load(load.checkpoint(copied.name, run=run).denoiser)
    assert opened.dtype == torch.float32
    assert torch.equal(opened.conv_in.weight, unet.conv_in.weight.half().float())
    asked = load.checkpoint(copied.name, "bfloat16", run=run).denoiser
    assert Run(files=files).load(asked).dtype == torch.bfloat16


def test_old_key_layouts_of_the_text_encoder_load(copied: Path, sd: Loaded, run: Run) -> None:
    from safetensors.torch import load_file, save_file

    path = copied / "text_encoder" / "model.safetensors"
    flat = load_file(path)
    assert not any(name.startswith("text_model.") for name in flat)
    save_file({f"text_model.{name}": weight for name, weight in flat.items()}, path, {"format": "pt"})
    old = run.load(load.checkpoint(copied.name, run=run).text_encoder)[0].state_dict()
    new = run.load(sd.text_encoder)[0].state_dict()
    assert old.keys() == new.keys()
    assert all(torch.equal(old[name], new[name]) for name in new)


def test_an_old_tokenizer_folder_gives_the_same_ids(copied: Path, root: Path, sd: Loaded, run: Run) -> None:
    from nodes import text

    shutil.rmtree(copied / "tokenizer")
    shutil.copytree(root / "words", copied / "tokenizer")
    settings = {"model_max_length": 20, "pad_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
    (copied / "tokenizer" / "tokenizer_config.json").write_text(json.dumps(settings))
    old = load.checkpoint(copied.name, run=run).tokenizer
    ids = [text.tokenize(each, "a large red circle", run=run).tokens for each in (old, sd.tokenizer)]
    assert ids[0] == ids[1]


def test_sharded_weights_load(copied: Path, sd: Loaded, run: Run) -> None:
    unet = run.load(sd.denoiser)
    (copied / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    unet.save_pretrained(copied / "unet", max_shard_size="500KB")
    assert len(list((copied / "unet").glob("*.safetensors"))) > 1
    sharded = run.load(load.checkpoint(copied.name, run=run).denoiser)
    assert torch.equal(sharded.conv_in.weight, unet.conv_in.weight)


def _pickled(path: Path) -> None:
    path.write_bytes(pickle.dumps({"weights": [1.0] * 1000}, protocol=4))


def _zipped(path: Path) -> None:
    torch.save({"weights": torch.ones(10)}, path)


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _cut_in_the_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def _garbage(path: Path) -> None:
    path.write_bytes(b"not a model" * 100)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _huge_header(path: Path) -> None:
    path.write_bytes(struct.pack("<Q", 2**62) + b"{}")


def _lying_header(path: Path) -> None:
    header = json.dumps({"w": {"dtype": "F32", "shape": "big", "data_offsets": [0, 4]}}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + b"1234")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (Path.unlink, r"unet/diffusion_pytorch_model.safetensors is missing"),
        (_pickled, r"is a pickle, not safetensors: opening it could run code"),
        (_zipped, r"is a pickle, not safetensors: opening it could run code"),
        (_cut_short, r"is cut short: 100 bytes are missing"),
        (_cut_in_the_header, r"is not a safetensors file"),
        (_garbage, r"is not a safetensors file"),
        (_empty, r"is not a safetensors file"),
        (_huge_header, r"is not a safetensors file"),
        (_lying_header, r"is not a safetensors file"),
    ],
)
def test_spoilt_weights_are_refused(
    spoil: Callable[[Path], None], message: str, copied: Path, root: Path, run: Run
) -> None:
    weights = copied / "unet" / "diffusion_pytorch_model.safetensors"
    spoil(weights)
    with pytest.raises(InputError, match=message):
        load.checkpoint(copied.name, run=run)
    if weights.exists():
        single = root / f"{copied.name}.safetensors"
        shutil.move(weights, single)
        with pytest.raises(InputError, match=message):
            load.checkpoint(single.name, run=run)


def _without_unet(folder: Path) -> None:
    shutil.rmtree(folder / "unet")


def _with_a_pickle(folder: Path) -> None:
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))


def _of_another_kind(folder: Path) -> None:
    config = folder / "unet" / "config.json"
    config.write_text(config.read_text().replace("UNet2DConditionModel", "FluxTransformer2DModel"))


def _with_a_broken_config(folder: Path) -> None:
    (folder / "unet" / "config.json").write_text("{")


def _without_a_config(folder: Path) -> None:
    (folder / "vae" / "config.json").unlink()


def _without_words(folder: Path) -> None:
    (folder / "tokenizer" / "tokenizer.json").unlink()


def _for_editing(folder: Path) -> None:
    config = folder / "unet" / "config.json"
    config.write_text(config.read_text().replace('"in_channels": 4', '"in_channels": 8'))


def _with_shards_elsewhere(folder: Path) -> None:
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.unlink()
    index = {"weight_map": {"conv_in.weight": "../vae/diffusion_pytorch_model.safetensors"}}
    weights.with_suffix(".safetensors.index.json").write_text(json.dumps(index))


def _predicting_flow(folder: Path) -> None:
    config = folder / "scheduler" / "scheduler_config.json"
    config.write_text(config.read_text().replace("epsilon", "flow_prediction"))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_without_unet, "has no folder unet"),
        (_with_a_pickle, r"unet/diffusion_pytorch_model.bin is a pickle"),
        (_of_another_kind, "FluxTransformer2DModel with AutoencoderKL is not known here"),
        (_with_a_broken_config, "unet/config.json is not a config"),
        (_without_a_config, "cannot read vae/config.json"),
        (_without_words, "tokenizer/tokenizer.json is missing"),
        (_for_editing, "takes 8 channels, a latent has 4: it is made for editing"),
        (_with_shards_elsewhere, "diffusion_pytorch_model.safetensors is missing"),
        (_predicting_flow, "predicts 'flow_prediction' is not known here"),
    ],
)
def test_a_spoilt_folder_is_refused(spoil: Callable[[Path], None], message: str, copied: Path, run: Run) -> None:
    spoil(copied)
    with pytest.raises(InputError, match=message):
        load.checkpoint(copied.name, run=run)


def test_a_ckpt_is_refused_with_the_reason(root: Path, run: Run) -> None:
    _zipped(root / "old.ckpt")
    with pytest.raises(InputError, match="may be a pickle: opening it could run code"):
        load.checkpoint("old.ckpt", run=run)


@pytest.mark.parametrize("source", ["", "../secret", "/etc", "no-such-model", "hub:", "hub:../x"])
def test_a_name_that_leads_nowhere_is_refused(source: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(InputError):
        load.checkpoint(source, run=run)


def test_weights_that_do_not_fit_their_config_are_refused(copied: Path, run: Run) -> None:
    config = copied / "unet" / "config.json"
    config.write_text(config.read_text().replace('"cross_attention_dim": 32', '"cross_attention_dim": 48'))
    with pytest.raises(InputError, match="the weights do not fit UNet2DConditionModel"):
        run.load(load.checkpoint(copied.name, run=run).denoiser)


def test_a_hub_id_is_taken_from_the_local_cache(
    sd_folder: Path, sd: Loaded, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = tmp_path / "models--someone--tiny"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("0" * 40)
    shutil.copytree(sd_folder, repository / "snapshots" / ("0" * 40))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert load.checkpoint("hub:someone/tiny", run=run) == sd
    with pytest.raises(InputError, match="someone/other is not in the local cache and cannot be downloaded"):
        load.checkpoint("hub:someone/other", run=run)
