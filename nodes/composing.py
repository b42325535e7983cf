"""Write the codes of a sound frame by frame, as MusicGen does (Copet et al., arXiv 2306.05284), by transformers' parts.

Each codebook is one step behind the one before it: a frame is whole once the last of its codes is written. A sound
that is longer than the model hears at once is written in windows, each of which goes on from the end of the last.

Guarantees
1. For one sound that fits into a window the codes are those of the library's own `generate` with the same seed.
2. What a sound draws depends on its own seed alone, not on the others that are written beside it.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from nodes.audio_model import Composer
from nodes.steering import acts
from nodes.tensors import like
from nodes.values import CFG
from nodes.writing import Draw

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor


@dataclass(slots=True, eq=False)
class Tape:
    """Sounds of any length that are being written; `kept` are the codes of those that are gone on with."""

    composer: Composer
    rule: CFG
    draw: Draw
    prompts: Float[Tensor, "asked tokens width"]
    kept: Int[Tensor, "batch books frames"]
    _score: Score | None = field(init=False, default=None)

    def write(self, frames: int, after: Callable[[int], None]) -> None:
        """Write until there are so many frames; `after` is told how many there are after each step."""
        first, window = self.kept.shape[2], self.composer.handle.window
        while (had := self.kept.shape[2]) < frames:
            done = 0 if frames <= window else max(0, had - window // 2)
            self._write(done, min(window, frames - done), after, Span(had - first, frames - first))

    def _write(self, done: int, frames: int, after: Callable[[int], None], span: Span) -> None:
        """Write one window, behind the `done` frames that it does not hear."""
        had = self.kept.shape[2]
        self._score = Score(self.composer, self.rule, self.draw, self.prompts, self.kept[..., done:])
        self._score.write(frames, lambda count: after(max(had, done + count)), span)
        self.kept, self._score = self.codes(), None

    def codes(self, start: int = 0) -> Int[Tensor, "batch books frames"]:
        """Give the codes of the frames that are whole, from one on."""
        import torch

        if self._score is None:
            return self.kept[..., start:]
        done = self.kept.shape[2] - self._score.kept.shape[2]
        return torch.cat([self.kept[..., :done], self._score.codes().cpu()], dim=2)[..., start:]


class Span(NamedTuple):
    """Where a window is in what is to be written: how many frames are written before it, and how many there will be."""

    before: int
    frames: int


@dataclass(slots=True, eq=False)
class Score:
    """Sounds that are being written: what they follow, their codes so far, and what the model remembers of both.

    `prompts` are those that steer; where guidance acts, those that it leads away from lie behind them in the batch.
    """

    composer: Composer
    rule: CFG
    draw: Draw
    prompts: Float[Tensor, "asked tokens width"]
    kept: Int[Tensor, "batch books frames"]  # of the sound that is gone on with
    ids: Int[Tensor, "rows steps"] = field(init=False)  # a row for each codebook of each sound
    memory: Any = field(init=False, default=None)  # the library's cache of keys and values

    @property
    def lag(self) -> int:
        """How many steps the last codebook is behind the first one."""
        return self.composer.handle.books // self.composer.handle.channels - 1

    @property
    def frames(self) -> int:
        """How many frames are whole."""
        return max(0, self.ids.shape[1] - 1 - self.lag)

    def write(self, frames: int, after: Callable[[int], None], span: Span) -> None:
        """Write until there are so many frames; `after` is told how many there are after each step."""
        import torch

        processors, pattern = self.draw.processors(), self._begin(frames)
        taken, first, total = self.ids, self.ids.shape[1], pattern.shape[1]
        for step in range(first, total):
            scores = processors(self.ids, self._expected(taken, span.before + step - first, span.frames + self.lag))
            drawn = self.draw.tokens(scores)[:, None].to(self.ids.device)
            ids = torch.cat([self.ids, drawn], dim=1)
            self.ids = self.composer.model.decoder.apply_delay_pattern_mask(ids, pattern)
            taken = self.ids[:, -1:]
            after(self.frames)

    def codes(self) -> Int[Tensor, "batch books frames"]:
        """Give the codes of the frames that are whole."""
        import torch

        handle = self.composer.handle
        rows = self.ids.reshape(-1, handle.books, self.ids.shape[1])
        behind = [1 + book // handle.channels for book in range(handle.books)]
        count = self.frames
        return torch.stack([rows[:, book, late : late + count] for book, late in enumerate(behind)], dim=1)

    def _begin(self, frames: int) -> Int[Tensor, "rows total"]:
        """Lay out what is given, and say which places are to be written (-1) and which only pad."""
        import torch

        decoder, told = self.composer.model.decoder, self.composer.model.generation_config
        begin = told.decoder_start_token_id if told.decoder_start_token_id is not None else told.bos_token_id
        rows = self.kept.flatten(0, 1).to(self.composer.model.device)
        given = torch.cat([rows.new_full((len(rows), 1), begin), rows], dim=1)
        pattern: Tensor
        self.ids, pattern = decoder.build_delay_pattern_mask(given, begin, max_length=frames + 1 + self.lag)
        return pattern

    def _expected(self, taken: Tensor, step: int, steps: int) -> Float[Tensor, "rows codes"]:
        """Give the scores of the next code of each row, guided (Ho & Salimans, arXiv 2207.12598, on logits)."""
        from transformers.modeling_outputs import BaseModelOutput

        model, rows = self.composer.model, len(taken)
        asked = len(self.prompts) * self.composer.handle.books // rows
        states = self.prompts.to(like(model))
        answer = model(
            encoder_outputs=BaseModelOutput(last_hidden_state=states),
            attention_mask=(self.prompts != 0).any(-1).long().to(model.device),  # what is all zeros is not there
            decoder_input_ids=taken.repeat(asked, 1),
            past_key_values=self.memory,
            use_cache=True,
        )
        self.memory = answer.past_key_values
        logits: Tensor = answer.logits[:, -1].float()
        if asked == 1:
            return logits
        cond, uncond = logits.chunk(2)
        return uncond + (cond - uncond) * self.rule.scale if acts(self.rule, step, steps) else cond
