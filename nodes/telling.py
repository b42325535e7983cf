"""Write words one after another with a model of transformers.

Guarantees
1. Greedy, the tokens are those of the library's own `generate`; drawn, those of it with the same seed.
2. Writing ends after a token that the model ends with, or after as many as were asked for.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from nodes.writing import Draw

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

    from engine.run import Run


class Word(NamedTuple):
    """A token that was written, and how likely each token was before it was drawn."""

    token: int
    chances: Float[Tensor, " tokens"]


@dataclass(frozen=True, slots=True, eq=False)
class Teller:
    """A model that goes on with text; `ends` are the tokens that it stops after.

    `always` is what the model is given at every step beside the tokens: what it sees in a picture, say.
    """

    model: Any
    ends: Sequence[int]
    always: Mapping[str, Any] = field(default_factory=dict)

    def words(self, start: Int[Tensor, "1 count"], draw: Draw, most: int) -> Iterator[Word]:
        """Write up to `most` tokens after those given, the one that ends included."""
        import torch

        processors, memory, written, taken = draw.processors(), None, start, start
        kept = {"logits_to_keep": 1} if self.model._supports_logits_to_keep() else {}
        for _ in range(most):
            answer = self.model(
                input_ids=taken.to(self.model.device), past_key_values=memory, use_cache=True, **kept, **self.always
            )
            memory = answer.past_key_values
            scores = processors(written, answer.logits[:, -1].float().cpu())
            taken = draw.tokens(scores)[:, None]
            written = torch.cat([written, taken], dim=1)
            yield Word(int(taken), scores[0].softmax(-1))
            if int(taken) in self.ends:
                return

    def tokens(
        self, start: Int[Tensor, "1 count"], draw: Draw, most: int, after: Callable[[Sequence[int], int], None]
    ) -> list[int]:
        """Write up to `most` tokens; `after` is told those that are there, of how many."""
        import torch

        found: list[int] = []
        with torch.inference_mode():
            for word in self.words(start, draw, most):
                found.append(word.token)
                after(found, most)
        return found


def aloud(run: Run, say: Callable[[Sequence[int]], str]) -> Callable[[Sequence[int], int], None]:
    """Tell a run how far the words are and, where somebody watches, what they say so far."""

    def after(found: Sequence[int], most: int) -> None:
        run.progress(len(found), most)
        if run.previews:
            run.preview(say(found).encode(), "text/plain")

    return after


def drawing(temperature: float, top_k: int, top_p: float, seed: int) -> Draw:
    """Say how to draw the tokens of one text."""
    import torch

    return Draw(temperature, top_k, top_p, [torch.Generator("cpu").manual_seed(seed)])


def ends_of(*said: Any) -> tuple[int, ...]:
    """Give the ends that the first config which names any says: one, several, or none."""
    for each in said:
        if each is not None:
            return tuple(each) if isinstance(each, list | tuple) else (int(each),)
    return ()
