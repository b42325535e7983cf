"""Open a MusicGen of transformers' layout: a text encoder, a decoder that writes codes, and the codec that plays them.

The folder holds config.json, model.safetensors and a tokenizer, as `save_pretrained` writes them.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from nodes.checkpoints import TOKENIZER_FILES, read_json, weight_files
from nodes.families.filling import precision as dtype_of
from nodes.handles import Named, Precision, named, weight
from nodes.opening import opened, opened_beside
from nodes.sources import locate_reader
from nodes.tensors import like

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

    from engine.files import Files
    from engine.spec import Json

_CONFIG = "config.json"
_MORE = ("generation_config.json", *TOKENIZER_FILES)


@dataclass(frozen=True, slots=True)
class AudioModel:
    """A model that writes sounds after texts: which files, in which precision, and what its codes are.

    It reads vectors that are `width` wide, and writes `books` codes for each frame of `hop` samples, `rate` a second;
    it hears `window` frames at once.
    """

    part: Named
    width: int
    books: int
    channels: int
    hop: int
    rate: int
    window: int
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Composer:
        """Give the model and its tokenizer, ready to use."""
        from transformers import AutoTokenizer, MusicgenForConditionalGeneration

        with files.view(dict(self.part)) as folder:
            model = opened(MusicgenForConditionalGeneration, folder).to(device, dtype_of(self.precision, device))
            tokenizer = opened_beside(AutoTokenizer, folder)
        return Composer(self, model, tokenizer)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


@dataclass(frozen=True, slots=True, eq=False)
class Composer:
    """A MusicGen of transformers, with its tokenizer."""

    handle: AudioModel
    model: Any
    tokenizer: Any

    def read(self, text: str) -> Float[Tensor, "1 tokens width"]:
        """Give the text encoder's vectors, one for each token."""
        import torch

        with torch.inference_mode():
            tokens = self.tokenizer([text], return_tensors="pt", truncation=self.tokenizer.model_max_length < 10**6)
            given = {name: tokens[name].to(self.model.device) for name in ("input_ids", "attention_mask")}
            states: Tensor = self.model.text_encoder(**given).last_hidden_state
            return states.float().cpu()

    def hear(self, samples: Float[Tensor, "batch 1 samples"]) -> Int[Tensor, "batch books frames"]:
        """Give the codes of sounds."""
        codes: Tensor = self.model.audio_encoder.encode(samples.to(like(self.model))).audio_codes
        if len(codes) != 1 or codes.shape[2] != self.handle.books:
            raise InputError(
                f"the codec gives {codes.shape[2]} codes in {len(codes)} pieces, the decoder writes "
                f"{self.handle.books} in one",
                hint="this model cannot go on with a sound",
            )
        return codes[0]

    def play(self, codes: Int[Tensor, "batch books frames"]) -> Float[Tensor, "batch channels samples"]:
        """Give the sounds of codes; those of a stereo model take turns, left and right."""
        import torch

        sides = self.handle.channels
        decoder = self.model.audio_encoder
        played = [decoder.decode(codes[None, :, side::sides], [None]).audio_values for side in range(sides)]
        return torch.cat(played, dim=1).float().cpu()


def audio_files(source: str, files: Files) -> Mapping[str, Path]:
    """Name every file of such a model by the name that transformers looks for."""
    folder = locate_reader(source, "sound", files)
    if not (folder / _CONFIG).is_file():
        raise InputError(f"{folder.name}/{_CONFIG} is missing", hint="give a MusicGen folder in transformers' layout")
    more = {name: folder / name for name in _MORE if (folder / name).is_file()}
    return {_CONFIG: folder / _CONFIG, **more, **weight_files(folder)}


def read_sizes(found: Mapping[str, Path]) -> Mapping[str, int]:
    """Read what a model reads and writes, from its config."""
    config = read_json(found[_CONFIG])
    if config.get("model_type") != "musicgen":
        kind = str(config.get("model_type"))[:40]
        raise InputError(f"a model of the type {kind!r} is no MusicGen", hint="give a MusicGen folder")
    text, decoder, codec = (_part(config, name) for name in ("text_encoder", "decoder", "audio_encoder"))
    hop = 1
    for ratio in codec.get("upsampling_ratios", (8, 5, 4, 2)):
        hop *= int(ratio)
    books, channels = int(decoder.get("num_codebooks", 4)), int(decoder.get("audio_channels", 1))
    return {
        "width": int(text.get("d_model", text.get("hidden_size", 0))),
        "books": books,
        "channels": channels,
        "hop": hop,
        "rate": int(codec.get("sampling_rate", 24_000)),
        "window": int(decoder.get("max_position_embeddings", 2048)) - books // channels,
    }


def _part(config: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    part = config.get(name)
    if not isinstance(part, dict):
        raise InputError(f"the config has no {name}", hint="the folder is not whole")
    return part


def describe_audio(source: str, precision: Precision, files: Files) -> AudioModel:
    """Make the handle of such a model from its config."""
    found = audio_files(source, files)
    return AudioModel(named(found, files), **read_sizes(found), precision=precision)
