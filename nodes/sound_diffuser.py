"""Open a model that denoises sounds, in diffusers' layout: what reads the prompt, the denoiser, and what plays.

Guarantees
1. Nothing is downloaded, and weights are read from .safetensors files alone.
2. Each of the three is loaded only where it is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.codec import canonical
from engine.errors import InputError
from nodes.checkpoints import TOKENIZER_FILES, read_json, weight_files
from nodes.families.family import predicted
from nodes.handles import Named, Precision, Prediction, named, weight
from nodes.sources import locate_reader

if TYPE_CHECKING:
    from engine.files import Files
    from engine.spec import Json
    from nodes.families.sounds import SoundFamily

_SCHEDULE = "scheduler/scheduler_config.json"


@dataclass(frozen=True, slots=True)
class SoundReader:
    """What reads a prompt: text encoders, and what brings their vectors together. It gives vectors `width` wide.

    `longest` is how many seconds it can be asked for.
    """

    family: str
    part: Named
    width: int
    longest: float
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Any:
        """Give the modules with their tokenizers."""
        return _family(self.family).open_reader(self, files, device)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


@dataclass(frozen=True, slots=True)
class SoundDenoiser:
    """The network that takes noise away from a sound's latent, and the schedule that it was trained with.

    A latent has `channels`, `rows` (0: as many as are asked for) and `columns`; a row is `coarse` frames of `frame`
    seconds each.
    """

    family: str
    part: Named
    schedule: str
    prediction: Prediction
    space: str
    width: int
    channels: int
    rows: int
    columns: int
    frame: float
    coarse: int
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Any:
        """Give the diffusers module, in eval mode."""
        return _family(self.family).open_denoiser(self, files, device)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


@dataclass(frozen=True, slots=True)
class SoundDecoder:
    """What makes a sound of a latent, with `rate` samples a second."""

    family: str
    part: Named
    space: str
    rate: int
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Any:
        """Give the modules, in eval mode."""
        return _family(self.family).open_decoder(self, files, device)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


class Diffuser(NamedTuple):
    """The parts of a model that denoises sounds."""

    reader: SoundReader
    denoiser: SoundDenoiser
    decoder: SoundDecoder


class Sizes(NamedTuple):
    """What the configs of such a model say about what it reads and makes."""

    width: int
    longest: float
    channels: int
    rows: int
    columns: int
    frame: float
    coarse: int
    rate: int
    space: str


Configs = Mapping[str, Mapping[str, "Json"]]


def diffuser_files(source: str, files: Files) -> Mapping[str, Path]:
    """Name every file of such a model by its name below the model's folder."""
    root = locate_reader(source, "sound-diffusion", files)
    known = _known(root)
    found = {_SCHEDULE: root / _SCHEDULE}
    for name in known.words:
        words = {each: root / name / each for each in TOKENIZER_FILES if (root / name / each).is_file()}
        if not words.keys() - {"tokenizer_config.json"}:
            raise InputError(f"{name}/tokenizer.json is missing", hint="the folder is not whole")
        found |= {f"{name}/{each}": path for each, path in words.items()}
    for name in known.networks:
        part = {"config.json": root / name / "config.json", **weight_files(root / name)}
        found |= {f"{name}/{each}": path for each, path in part.items()}
    return found


def sizes_of(source: str, files: Files) -> tuple[str, Sizes]:
    """Name the family of such a model, and read from its configs what it reads and makes."""
    found = diffuser_files(source, files)
    known = _known(locate_reader(source, "sound-diffusion", files))
    return known.name, known.sizes(_configs(found))


def describe_diffuser(source: str, precision: Precision, files: Files) -> Diffuser:
    """Make the handles of such a model from its configs."""
    found = diffuser_files(source, files)
    name, sizes = sizes_of(source, files)
    known, schedule = _family(name), read_json(found[_SCHEDULE])

    def part(*names: str) -> Named:
        return named({path: each for path, each in found.items() if path.split("/")[0] in names}, files)

    return Diffuser(
        SoundReader(name, part(*known.words, *known.reading), sizes.width, sizes.longest, precision),
        SoundDenoiser(
            name,
            part(known.denoising),
            schedule=canonical(dict(schedule)).decode(),
            prediction=predicted(schedule),
            space=sizes.space,
            width=sizes.width,
            channels=sizes.channels,
            rows=sizes.rows,
            columns=sizes.columns,
            frame=sizes.frame,
            coarse=sizes.coarse,
            precision=precision,
        ),
        SoundDecoder(name, part(*known.playing), sizes.space, sizes.rate, precision),
    )


def _configs(found: Mapping[str, Path]) -> Configs:
    return {path.split("/")[0]: read_json(each) for path, each in found.items() if path.endswith("/config.json")}


def _known(root: Path) -> SoundFamily:
    from nodes.families.sounds import SOUND_FAMILIES

    for each in SOUND_FAMILIES:
        config = root / each.denoising / "config.json"
        if config.is_file() and read_json(config).get("_class_name") == each.denoiser:
            return each
    names = ", ".join(each.name for each in SOUND_FAMILIES)
    raise InputError(f"{root.name} is no model that denoises sounds", hint=f"give a folder of one of these: {names}")


def _family(name: str) -> SoundFamily:
    from nodes.families.sounds import sound_family

    return sound_family(name)
