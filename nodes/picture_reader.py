"""Open a BLIP of transformers' layout: one that says what a picture shows, or one that answers questions about it.

Guarantees
1. Nothing is downloaded, and no code that lies in the folder is run.
2. What is written equals the library's own `generate`.
3. A picture is rounded to eight bits first, and prepared as the folder's own processor says.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from engine.errors import InputError, in_a_line
from nodes.checkpoints import read_json
from nodes.families.filling import LOADING
from nodes.families.filling import precision as dtype_of
from nodes.handles import Named, Precision, named, weight
from nodes.language_model import architecture, language_files
from nodes.opening import opened, opened_beside
from nodes.pixels import pictures
from nodes.telling import Teller
from nodes.tensors import like

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

    from engine.files import Files
    from nodes.values import Image

Reads = Literal["caption", "answer"]
KINDS: Final[Mapping[str, Reads]] = {
    "BlipForConditionalGeneration": "caption",
    "BlipForQuestionAnswering": "answer",
}
NODES: Final[Mapping[str, str]] = {"caption": "CaptionImage", "answer": "AskImage"}
_PROCESSOR = "preprocessor_config.json"
_LAYOUT = "promptograph.json"


@dataclass(frozen=True, slots=True)
class PictureReader:
    """A model that reads pictures: which files, what it was trained to write, computed in which precision.

    One that answers may have been trained to describe as well: `asks` is the question whose answer is a caption.
    """

    part: Named
    kind: Reads
    asks: str = ""
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Reader:
        """Give the model, ready to use."""
        import transformers

        name = next(name for name, kind in KINDS.items() if kind == self.kind)
        with files.view(dict(self.part)) as folder:
            own = _LAYOUT in dict(self.part)
            model = _with_tower(folder) if own else opened(getattr(transformers, name), folder)
            words = opened_beside(transformers.AutoTokenizer, folder)
            processor = opened_beside(transformers.AutoImageProcessor, folder)
        return Reader(model.to(device, dtype_of(self.precision, device)), words, processor, self.asks)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """A BLIP (Li et al., arXiv 2201.12086) with its own tokenizer and its own way to prepare pictures."""

    model: Any
    tokenizer: Any
    processor: Any
    asks: str = ""

    def captioner(self, image: Image) -> Teller:
        """Give what says what a picture shows."""
        return self.answerer(image, self.asks) if self.asks else self._teller(self._seen(image))

    def answerer(self, image: Image, question: str) -> Teller:
        """Give what answers a question, which is read beside the picture."""
        import torch

        seen = self._seen(image)
        with torch.inference_mode():
            ids = torch.tensor([self._ids(question)], device=seen.device)
            asked = self.model.text_encoder(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                encoder_hidden_states=seen,
                encoder_attention_mask=_ones(seen),
            )
        return self._teller(asked.last_hidden_state)

    def start(self, text: str = "") -> Int[Tensor, "1 count"]:
        """Give the tokens that a text begins with: the model's own mark, and words to go on with."""
        import torch

        return torch.tensor([[self._words.bos_token_id, *(self._ids(text)[1:-1] if text else ())]])

    def text(self, ids: Sequence[int]) -> str:
        """Give what tokens say, without those that only mark."""
        found: str = self.tokenizer.decode(ids, skip_special_tokens=True)
        return found.strip()

    def room(self, ids: Int[Tensor, "1 count"], asked: int) -> int:
        """Say how many more tokens may be written."""
        length = self._words.max_position_embeddings
        if ids.shape[1] >= length:
            raise InputError(f"the text has {ids.shape[1]} tokens, the model reads {length}", hint="give a shorter one")
        return min(asked, int(length) - ids.shape[1])

    @property
    def _words(self) -> Any:
        return self.model.config.text_config

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer(text)["input_ids"]
        if len(ids) > self._words.max_position_embeddings:
            raise InputError(
                f"the text has {len(ids)} tokens, the model reads {self._words.max_position_embeddings}",
                hint="give a shorter one",
            )
        if max(ids) >= self._words.vocab_size:
            raise InputError(
                f"the tokenizer knows more tokens than the model, which knows {self._words.vocab_size}",
                hint="take the tokenizer that the model was trained with",
            )
        return ids

    def _seen(self, image: Image) -> Float[Tensor, "1 patches width"]:
        import torch

        if len(image.pixels) != 1:
            raise InputError(
                f"there are {len(image.pixels)} pictures in one batch",
                hint="put a SplitBatch before it: each is then read by itself",
            )
        model = self.model
        with torch.inference_mode():
            ready = self.processor(images=list(pictures(image)), return_tensors="pt")["pixel_values"]
            seen: Tensor = model.vision_model(pixel_values=ready.to(like(model)))[0]
        return seen

    def _teller(self, seen: Tensor) -> Teller:
        always = {"encoder_hidden_states": seen, "encoder_attention_mask": _ones(seen), "is_decoder": True}
        return Teller(self.model.text_decoder, (self._words.sep_token_id,), always)


def reader_files(source: str, files: Files) -> Mapping[str, Path]:
    """Name every file of a model that reads pictures by the name that transformers looks for."""
    found = language_files(source, files, _PROCESSOR, part="pictures")
    layout = found[_PROCESSOR].parent / _LAYOUT
    return {**found, _LAYOUT: layout} if layout.is_file() else found


def kind_of(found: Mapping[str, Path]) -> Reads:
    """Say what a model was trained to write about a picture."""
    name = architecture(found)
    if name not in KINDS:
        raise InputError(
            f"a model of {name[:60] or 'no named class'} is not known to read pictures",
            hint=f"known are {', '.join(KINDS)}",
        )
    return KINDS[name]


def asks_of(found: Mapping[str, Path]) -> str:
    """Give the question that a model which answers takes for a caption, if it knows one."""
    return str(read_json(found[_LAYOUT]).get("asks", "")) if _LAYOUT in found else ""


def describe_reader(source: str, precision: Precision, files: Files) -> PictureReader:
    """Make the handle of a model that reads pictures from its files."""
    found = reader_files(source, files)
    return PictureReader(named(found, files), kind_of(found), asks_of(found), precision)


def _with_tower(folder: Path) -> Any:
    """Open a network whose picture tower is not the library's."""
    from models.bauklotz.reader import TOWER, open_reader

    if read_json(folder / _LAYOUT).get("tower") != TOWER:
        raise InputError(f"{_LAYOUT} names a tower that is not known here", hint=f"known is {TOWER}")
    with LOADING:
        try:
            return open_reader(folder).requires_grad_(False)
        except (OSError, RuntimeError, ValueError, TypeError, KeyError, AttributeError) as error:
            said = f"this model cannot be opened: {in_a_line(error)}"
            raise InputError(said, hint="the folder is not whole") from error


def _ones(states: Tensor) -> Tensor:
    import torch

    return torch.ones(states.shape[:-1], dtype=torch.long, device=states.device)
