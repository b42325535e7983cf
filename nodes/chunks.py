"""Cut a tokenized prompt into chunks of the model's length, as compel does it.

A chunk ends after the last sentence that fits, else after the last phrase, else after the last word; the last chunk
that is allowed takes what it can hold, as the pipelines do with their only one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_SENTENCE = (".</w>",)
_PHRASE = (".</w>", ",</w>", ";</w>", ":</w>")


@dataclass(frozen=True, slots=True)
class Token:
    """One token of the prompt, with the weight of its part and its place in the text."""

    id: int
    text: str
    part: int
    weight: float
    start: int
    end: int


def cut(tokens: Sequence[Token], length: int, chunks: int) -> tuple[tuple[tuple[Token, ...], ...], int]:
    """Give chunks of at most `length` tokens, at least one and at most `chunks`, and how many tokens they hold."""
    made: list[tuple[Token, ...]] = []
    start = 0
    while not made or (start < len(tokens) and len(made) < chunks):
        last = len(made) == chunks - 1
        taken = length if last else _fitting([token.text for token in tokens[start:]], length)
        made.append(tuple(tokens[start : start + taken]))
        start += len(made[-1])
    return tuple(made), start


def _fitting(texts: Sequence[str], length: int) -> int:
    if len(texts) <= length:
        return length
    heads = texts[:length]
    for ends in (
        [text in _SENTENCE for text in heads],
        [text in _PHRASE for text in heads],
        [text.endswith("</w>") for text in heads],
    ):
        if any(ends):
            return length - ends[::-1].index(True)
    return length
