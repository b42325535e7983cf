"""Open a causal language model of transformers' layout: config.json, .safetensors weights, its own tokenizer.

Guarantees
1. Nothing is downloaded, and no code that lies in the folder is run.
2. Weights are read from .safetensors files alone.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from nodes.checkpoints import TOKENIZER_FILES, read_json, weight_files
from nodes.families.filling import precision as dtype_of
from nodes.handles import Named, Precision, named, weight
from nodes.opening import opened, opened_beside
from nodes.sources import locate_reader
from nodes.telling import Teller, ends_of

if TYPE_CHECKING:
    from jaxtyping import Int
    from torch import Tensor

    from engine.files import Files

_CONFIG = "config.json"
_GENERATION = "generation_config.json"
_TEMPLATE = "chat_template.jinja"
_WORDS = (*TOKENIZER_FILES, "tokenizer.model", "vocab.txt", _TEMPLATE)


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A language model: which files, computed in which precision."""

    part: Named
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Language:
        """Give the model with its tokenizer, ready to use."""
        from transformers import AutoModelForCausalLM, AutoTokenizer

        with files.view(dict(self.part)) as folder:
            model = opened(AutoModelForCausalLM, folder)
            tokenizer = opened_beside(AutoTokenizer, folder)
        return Language(model.to(device, dtype_of(self.precision, device)), tokenizer)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A causal model of transformers with its own tokenizer."""

    model: Any
    tokenizer: Any

    @property
    def teller(self) -> Teller:
        """What goes on with text."""
        model = self.model
        return Teller(model, ends_of(model.generation_config.eos_token_id, model.config.eos_token_id))

    @property
    def length(self) -> int | None:
        """How many tokens the model reads, where its config says so."""
        found: int | None = getattr(self.model.config, "max_position_embeddings", None)
        return found

    def read(self, text: str) -> Int[Tensor, "1 count"]:
        """Give the tokens of a text, open at its end; of none, the one that texts begin with."""
        import torch

        ends = self.teller.ends
        ids = self.tokenizer(text)["input_ids"] or [self.tokenizer.bos_token_id or ends[0]]
        while len(ids) > 1 and ids[-1] in ends:  # some tokenizers put an end to every text
            ids = ids[:-1]
        return torch.tensor([self._known(ids)])

    def read_chat(self, asked: str) -> Int[Tensor, "1 count"]:
        """Give the tokens of what somebody asks in a chat, up to where the answer begins."""
        import torch

        said = [{"role": "user", "content": asked}]
        text = self.tokenizer.apply_chat_template(said, tokenize=False, add_generation_prompt=True)
        return torch.tensor([self._known(self.tokenizer(text, add_special_tokens=False)["input_ids"])])

    def text(self, ids: Sequence[int]) -> str:
        """Give what tokens say, without those that only mark."""
        found: str = self.tokenizer.decode(ids, skip_special_tokens=True)
        return found

    def text_of(self, token: int) -> str:
        """Give what one token says, with the space before it, or the mark that it is."""
        found: str = self.tokenizer.decode([token])
        return found

    def room(self, ids: Int[Tensor, "1 count"], asked: int) -> int:
        """Say how many more tokens may be written."""
        left = asked if self.length is None else self.length - ids.shape[1]
        if left < 1:
            raise InputError(
                f"the text has {ids.shape[1]} tokens, the model reads {self.length}", hint="give a shorter text"
            )
        return min(asked, left)

    def _known(self, ids: list[int]) -> list[int]:
        known = self.model.get_input_embeddings().num_embeddings
        if max(ids) >= known:
            raise InputError(
                f"the tokenizer knows more tokens than the model, which knows {known}",
                hint="take the tokenizer that the model was trained with",
            )
        return ids


def language_files(source: str, files: Files, *more: str, part: str = "language") -> Mapping[str, Path]:
    """Name every file of a model with a tokenizer, and those named besides, by the name transformers looks for."""
    folder = locate_reader(source, part, files)
    if not (folder / _CONFIG).is_file():
        raise InputError(f"{folder.name} has no {_CONFIG}", hint="give a folder in transformers' layout")
    words = {name: folder / name for name in _WORDS if (folder / name).is_file()}
    if not words.keys() - {"tokenizer_config.json", _TEMPLATE}:
        raise InputError(f"{folder.name}/tokenizer.json is missing", hint="the folder is not whole")
    found = {_CONFIG: folder / _CONFIG, **words, **weight_files(folder)}
    for name in more:
        if not (folder / name).is_file():
            raise InputError(f"{folder.name}/{name} is missing", hint="the folder is not whole")
    generation = (_GENERATION,) if (folder / _GENERATION).is_file() else ()
    return found | {name: folder / name for name in (*more, *generation)}


def chats(found: Mapping[str, Path]) -> bool:
    """Say whether a tokenizer knows how a chat is written."""
    if _TEMPLATE in found:
        return True
    config = found.get("tokenizer_config.json")
    return config is not None and bool(read_json(config).get("chat_template"))


def architecture(found: Mapping[str, Path]) -> str:
    """Give the class that a config says its weights are of; empty where it does not say."""
    names = read_json(found[_CONFIG]).get("architectures") or [""]
    return str(names[0])


def describe_language(source: str, precision: Precision, files: Files) -> LanguageModel:
    """Make the handle of a language model from its files."""
    found = language_files(source, files)
    if not is_causal(architecture(found)):
        raise InputError(f"{source} is of {architecture(found)}, which does not go on with text", hint="take another")
    return LanguageModel(named(found, files), precision)


def is_causal(name: str) -> bool:
    """Say whether a class of transformers goes on with text; one that is not named may."""
    return not name or name.endswith(("ForCausalLM", "LMHeadModel"))
