"""Know the families of models that denoise sounds, and what each of them must answer."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from nodes.families.audioldm2 import AudioLDM2
from nodes.families.stable_audio import StableAudio

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from engine.files import Files
    from engine.spec import Json
    from nodes.sound_diffuser import Sizes, SoundDecoder, SoundDenoiser, SoundReader
    from nodes.sound_values import SoundPrompt


class SoundFamily(Protocol):
    """One family: which folders it has, and how each of its parts works."""

    @property
    def name(self) -> str: ...

    @property
    def words(self) -> tuple[str, ...]:
        """The folders of its tokenizers."""

    @property
    def reading(self) -> tuple[str, ...]:
        """The folders of the networks that read a prompt."""

    @property
    def denoising(self) -> str:
        """The folder of the denoiser, which is of the class `denoiser`."""

    @property
    def denoiser(self) -> str: ...

    @property
    def playing(self) -> tuple[str, ...]:
        """The folders of the networks that make a sound of a latent."""

    @property
    def networks(self) -> tuple[str, ...]: ...

    @property
    def own_sampler(self) -> bool:
        """Whether it can only be sampled by the sampler that it was trained with."""

    def sizes(self, configs: Mapping[str, Mapping[str, Json]]) -> Sizes: ...

    def open_reader(self, handle: SoundReader, files: Files, device: str) -> Any: ...

    def open_denoiser(self, handle: SoundDenoiser, files: Files, device: str) -> Any: ...

    def open_decoder(self, handle: SoundDecoder, files: Files, device: str) -> Any: ...

    def ask(
        self, net: Any, x: Float[Tensor, "asked channels rows columns"], t: Tensor, prompt: SoundPrompt
    ) -> Float[Tensor, "asked channels rows columns"]:
        """Run the denoiser once; there is a row of the prompt for each latent."""


SOUND_FAMILIES: tuple[SoundFamily, ...] = (StableAudio(), AudioLDM2())


def sound_family(name: str) -> SoundFamily:
    """Give a family by its name, as handles spell it."""
    return next(each for each in SOUND_FAMILIES if each.name == name)
