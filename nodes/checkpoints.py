"""Read what a checkpoint is from its configs and headers: no weights, no torch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from engine.spec import Json
from nodes.families.header import shapes

TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.json",
    "merges.txt",
    "special_tokens_map.json",
    "added_tokens.json",
    "spiece.model",
)
_DENOISERS = ("unet", "transformer")
_AUTOENCODERS = ("vae", "vqvae")
_WEIGHTS = ("diffusion_pytorch_model", "model")
_LARGEST = 10_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a checkpoint: its config, and its files by the name that the libraries look for."""

    name: str
    config: Mapping[str, Json]
    files: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Folder:
    """A checkpoint in diffusers layout."""

    tokenizers: tuple[Part, ...]
    text_encoders: tuple[Part, ...]
    denoiser: Part
    autoencoder: Part
    index: Mapping[str, Json]
    schedule: Mapping[str, Json] | None
    own: Mapping[str, Json]  # promptograph.json: what our own models say about themselves
    configs: tuple[Path, ...]  # of the whole: index, schedule, own

    def paths(self) -> Iterator[Path]:
        """Give every file that is read from it."""
        for part in (*self.tokenizers, *self.text_encoders, self.denoiser, self.autoencoder):
            yield from part.files.values()
        yield from self.configs


def read_folder(root: Path) -> Folder:
    """Read a folder in diffusers layout, or say which file is missing."""
    denoiser = next((name for name in _DENOISERS if (root / name).is_dir()), None)
    if denoiser is None:
        raise InputError(
            f"{root.name} is not a checkpoint this version knows: it has no folder unet, and no transformer",
            hint="give a Stable Diffusion, Wan or LTX folder in diffusers layout, or a .safetensors file",
        )
    whole = {name: root / name for name in ("model_index.json", "promptograph.json")}
    whole["scheduler"] = root / "scheduler" / "scheduler_config.json"
    read = {name: read_json(path) for name, path in whole.items() if path.is_file()}
    return Folder(
        tokenizers=tuple(_tokenizer(root / name) for name in _numbered(root, "tokenizer")),
        text_encoders=tuple(_weighty(root / name) for name in _numbered(root, "text_encoder")),
        denoiser=_weighty(root / denoiser),
        autoencoder=_weighty(next((root / name for name in _AUTOENCODERS if (root / name).is_dir()), root / "vae")),
        index=read.get("model_index.json", {}),
        schedule=read.get("scheduler"),
        own=read.get("promptograph.json", {}),
        configs=tuple(whole[name] for name in read),
    )


def read_part(folder: Path) -> Part:
    """Read a folder that holds one network: its config and its weights."""
    if not folder.is_dir():
        raise InputError(f"{folder.name} is no folder", hint="give a folder in diffusers layout")
    return _weighty(folder)


def read_json(path: Path) -> Mapping[str, Json]:
    """Read a config."""
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError("too large")
        read = json.loads(path.read_bytes())
        if not isinstance(read, dict):
            raise ValueError("not an object")
    except OSError as error:
        raise InputError(f"cannot read {_shown(path)}: {error.strerror}", hint="the checkpoint is not whole") from error
    except ValueError as error:
        raise InputError(f"{_shown(path)} is not a config: {error}", hint="download it again") from error
    return read


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _numbered(root: Path, name: str) -> tuple[str, ...]:
    found = tuple(each for each in (name, f"{name}_2") if (root / each).is_dir())
    return found or (name,)


def _tokenizer(folder: Path) -> Part:
    files = {name: folder / name for name in TOKENIZER_FILES if (folder / name).is_file()}
    if not ({"tokenizer.json", "spiece.model"} & files.keys() or {"vocab.json", "merges.txt"} <= files.keys()):
        raise InputError(f"{folder.name}/tokenizer.json is missing", hint="the checkpoint is not whole")
    config = read_json(files["tokenizer_config.json"]) if "tokenizer_config.json" in files else {}
    return Part(folder.name, config, files)


def _weighty(folder: Path) -> Part:
    config = folder / "config.json"
    return Part(folder.name, read_json(config), {"config.json": config, **weight_files(folder)})


def weight_files(folder: Path) -> dict[str, Path]:
    """Find the weights of one network: whole or in shards, full precision before half."""
    for variant in ("", ".fp16"):
        for stem in _WEIGHTS:
            index = folder / f"{stem}.safetensors.index{variant}.json"
            if index.is_file():
                shards = sorted(set(read_json(index).get("weight_map", {}).values()))
                return {f"{stem}.safetensors.index.json": index, **{name: _shard(folder, name) for name in shards}}
            whole = folder / f"{stem}{variant}.safetensors"
            if whole.is_file():
                return {f"{stem}.safetensors": _checked(whole)}
    for pickle in sorted((*folder.glob("*.bin"), *folder.glob("*.ckpt"), *folder.glob("*.pt"))):
        raise InputError(
            f"{_shown(pickle)} is a pickle: opening it could run code",
            hint="use a checkpoint with .safetensors weights",
        )
    wanted = "diffusion_pytorch_model" if folder.name in (*_DENOISERS, *_AUTOENCODERS) else "model"
    raise InputError(f"{folder.name}/{wanted}.safetensors is missing", hint="the folder has no weights")


def _shard(folder: Path, name: str) -> Path:
    if Path(name).name != name or not (folder / name).is_file():
        raise InputError(f"{folder.name}/{name[:80]} is missing", hint="the checkpoint is not whole")
    return _checked(folder / name)


def _checked(path: Path) -> Path:
    """See that a file of weights is what its name says."""
    shapes(path)
    return path
