"""Write tokens one after another with a causal language model of transformers, under classifier-free guidance.

Guarantees
1. Without guidance, and for one picture, the tokens are those of the library's own `generate` with the same seed.
2. What a picture draws depends on its own seed alone, not on the others that are written beside it.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nodes.image_transformer import Writer
from nodes.steering import acts
from nodes.values import CFG

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Generator, Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """How tokens are drawn: by the library's own processors, and from a generator for each picture or sound."""

    temperature: float
    top_k: int
    top_p: float
    generators: Sequence[Generator]

    def processors(self) -> Any:
        """Give what the library does to scores before it draws, in its order."""
        from transformers import LogitsProcessorList, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

        made: list[Any] = []
        if self.temperature not in (0, 1):
            made.append(TemperatureLogitsWarper(self.temperature))
        if self.top_k:
            made.append(TopKLogitsWarper(self.top_k))
        if self.top_p < 1:
            made.append(TopPLogitsWarper(self.top_p))
        return LogitsProcessorList(made)

    def tokens(self, scores: Float[Tensor, "rows tokens"]) -> Int[Tensor, " rows"]:
        """Draw one token for each row; each generator draws for as many rows as any other, in their order."""
        import torch

        if self.temperature == 0:
            return scores.argmax(-1).cpu()
        pairs = zip(scores.softmax(-1).cpu().chunk(len(self.generators)), self.generators, strict=True)
        return torch.cat([torch.multinomial(chances, 1, generator=each) for chances, each in pairs])[:, 0]


@dataclass(slots=True, eq=False)
class Page:
    """Pictures that are being written: their prompts, the tokens so far, and what the model remembers of both.

    `prompts` are those that steer; where guidance acts, those that it leads away from lie before them in the batch.
    """

    writer: Writer
    rule: CFG
    draw: Draw
    prompts: Float[Tensor, "asked prompt hidden"]
    tokens: Int[Tensor, "batch count"]
    likelihood: Float[Tensor, " batch"] = field(init=False)
    memory: Any = field(init=False, default=None)  # the library's cache of keys and values

    def __post_init__(self) -> None:
        import torch

        self.likelihood = torch.zeros(len(self.tokens))

    def write(self, total: int, after: Callable[[int], None]) -> None:
        """Write until there are `total` tokens; `after` is told how many there are after each one."""
        import torch

        processors, first = self.draw.processors(), self.tokens.shape[1]
        taken = torch.cat([self.prompts, self._embedded(self.tokens)], dim=1)
        for place in range(first, total):
            expected = self._expected(taken, place, total)
            drawn = self.draw.tokens(processors(self.tokens, expected))
            self.likelihood += expected.log_softmax(-1).cpu().gather(1, drawn[:, None])[:, 0]
            self.tokens = torch.cat([self.tokens, drawn[:, None]], dim=1)
            taken = self._embedded(drawn[:, None])
            after(place + 1)

    def _expected(self, taken: Tensor, place: int, total: int) -> Float[Tensor, "batch tokens"]:
        """Give the scores of the next token (Ho & Salimans, arXiv 2207.12598, on logits)."""
        answer = self.writer.model(inputs_embeds=taken, past_key_values=self.memory, use_cache=True, logits_to_keep=1)
        self.memory = answer.past_key_values
        logits: Tensor = answer.logits[:, -1].float()
        if len(logits) == len(self.tokens):
            return logits
        uncond, cond = logits.chunk(2)
        return uncond + self.rule.scale * (cond - uncond) if acts(self.rule, place, total) else cond

    def _embedded(self, tokens: Int[Tensor, "batch count"]) -> Float[Tensor, "asked count hidden"]:
        embedded = self.writer.embed(tokens)
        return embedded.repeat(len(self.prompts) // len(tokens), 1, 1)
