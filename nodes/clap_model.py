"""Open a CLAP of transformers' layout: config.json, .safetensors weights, how sounds are heard, and a tokenizer.

Guarantees
1. Nothing is downloaded, and no code that lies in the folder is run.
2. A sound or a text is embedded alone, so that its vector does not depend on its company.
3. Which part is heard of a sound that is too long depends on the seed alone, as the library chooses it with that seed.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from nodes.checkpoints import read_json
from nodes.families.filling import precision as dtype_of
from nodes.handles import Named, Precision, named, weight
from nodes.language_model import language_files
from nodes.opening import opened, opened_beside
from nodes.tensors import like

if TYPE_CHECKING:
    import numpy
    from jaxtyping import Float
    from torch import Tensor

    from engine.files import Files
    from nodes.values import Audio

_CONFIG = "config.json"
_HEARING = "preprocessor_config.json"


@dataclass(frozen=True, slots=True)
class CLAPModel:
    """A CLAP: which files, in which precision, the name of its space, and how many samples a second it hears."""

    part: Named
    space: str
    rate: int
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Clap:
        """Give the model, ready to use."""
        from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

        with files.view(dict(self.part)) as folder:
            model = opened(ClapModel, folder)
            tokenizer = opened_beside(AutoTokenizer, folder)
            extractor = opened_beside(ClapFeatureExtractor, folder)
        return Clap(model.to(device, dtype_of(self.precision, device)), tokenizer, extractor)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


@dataclass(frozen=True, slots=True, eq=False)
class Clap:
    """A CLAP of transformers, with its tokenizer and its own way to hear."""

    model: Any
    tokenizer: Any
    extractor: Any

    @property
    def text_scale(self) -> float:
        """What cosines are multiplied with before a text is chosen for a sound."""
        return float(self.model.logit_scale_a.exp())

    @property
    def sound_scale(self) -> float:
        """What cosines are multiplied with before a sound is chosen for a text."""
        return float(self.model.logit_scale_t.exp())

    def embed_sounds(self, audio: Audio, seed: int) -> Float[Tensor, "batch width"]:
        """Give unit vectors of sounds of one channel, at the rate that the model hears."""
        import torch

        with torch.inference_mode():
            vectors = [self._hear(each[0].numpy(), seed + row) for row, each in enumerate(audio.samples)]
            return torch.cat(vectors).float().cpu()

    def _hear(self, samples: numpy.ndarray, seed: int) -> Tensor:
        import torch

        features, longer = self._spectrograms(samples, seed)
        given = torch.as_tensor(features)[None].to(like(self.model))
        told = torch.tensor([[longer]], device=given.device)
        vector: Tensor = self.model.get_audio_features(input_features=given, is_longer=told).pooler_output
        return vector

    def _spectrograms(self, samples: numpy.ndarray, seed: int) -> tuple[numpy.ndarray, bool]:
        """Give one spectrogram, or the four that a model reads that fuses a whole sound with parts of it."""
        hearing = self.extractor
        fuses, too_long = hearing.truncation == "fusion", len(samples) > hearing.nb_max_samples
        if too_long and not fuses:
            samples = _part(samples, hearing.nb_max_samples, seed)
        elif too_long:
            whole = hearing._np_extract_fbank_features(samples, hearing.mel_filters)
            if len(whole) > hearing.nb_max_samples // hearing.hop_length + 1:
                return _fused(whole, hearing.nb_max_samples // hearing.hop_length + 1, seed), True
        heard = hearing(samples, sampling_rate=hearing.sampling_rate)
        return heard["input_features"][0], bool(heard["is_longer"][0][0])

    def embed_texts(self, texts: Sequence[str]) -> Float[Tensor, "count width"]:
        """Give unit vectors; a text that is longer than the model reads is cut."""
        import torch

        with torch.inference_mode():
            return torch.cat([self._read(text) for text in texts]).float().cpu()

    def _read(self, text: str) -> Tensor:
        bounded = self.tokenizer.model_max_length < 10**6
        tokens = self.tokenizer([text], return_tensors="pt", truncation=bounded).to(like(self.model).device)
        given = {name: tokens[name] for name in ("input_ids", "attention_mask")}
        vector: Tensor = self.model.get_text_features(**given).pooler_output
        return vector


def _part(samples: numpy.ndarray, length: int, seed: int) -> numpy.ndarray:
    """Give a part of a sound, where chance says."""
    import numpy

    start = numpy.random.RandomState(seed).randint(0, len(samples) - length + 1)
    return samples[start : start + length]


def _fused(whole: numpy.ndarray, frames: int, seed: int) -> numpy.ndarray:
    """Give a spectrogram [frames, mels] shrunk as a whole, and a part of each third of it (Wu et al. 2022, 2.3)."""
    import numpy
    import torch

    chance = numpy.random.RandomState(seed)
    thirds = numpy.array_split(numpy.arange(len(whole) - frames + 1), 3)
    starts = [chance.choice(third if len(third) else [0]) for third in thirds]
    shrunk = torch.nn.functional.interpolate(torch.tensor(whole)[None, None], [frames, whole.shape[1]], mode="bilinear")
    return numpy.stack([shrunk[0, 0].numpy(), *(whole[start : start + frames] for start in starts)])


def clap_files(source: str, files: Files) -> Mapping[str, Path]:
    """Name every file of a CLAP by the name that transformers looks for."""
    found = language_files(source, files, _HEARING, part="clap")
    kind = str(read_json(found[_CONFIG]).get("model_type"))[:40]
    if kind != "clap":
        raise InputError(f"a model of the type {kind!r} is no CLAP", hint="give a CLAP folder in transformers' layout")
    return found


def width_of(found: Mapping[str, Path]) -> int:
    """Read how wide the vectors of a CLAP are."""
    return int(read_json(found[_CONFIG]).get("projection_dim", 512))


def describe_clap(source: str, precision: Precision, files: Files) -> CLAPModel:
    """Make the handle of a CLAP from its configs and the header of its weights."""
    found = clap_files(source, files)
    part = named(found, files)
    weights = next(digest for name, digest in part if name.endswith(".safetensors"))
    rate = int(read_json(found[_HEARING]).get("sampling_rate", 48_000))
    return CLAPModel(part, f"clap-{weights[:12]}", rate, precision)
