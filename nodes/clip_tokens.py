"""Read a prompt as CLIP's tokenizers do: weighted, and cut into chunks of the model's length."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from nodes.chunks import Token, cut
from nodes.values import Span, Tokens, TokenSet, Words
from nodes.weights import Part, parts


def read_prompt(tokenizers: Sequence[Any], text: str, chunks: int) -> tuple[Tokens, Words]:
    """Give the tokens of a prompt, a set for each tokenizer, and where they stand in the text."""
    read = [_read(each, parts(text)) for each in tokenizers]
    fitted = [cut(tokens, _room(each), chunks) for each, tokens in zip(tokenizers, read, strict=True)]
    longest = max(len(made) for made, _ in fitted)
    sets = tuple(_token_set(each, made, longest) for each, (made, _) in zip(tokenizers, fitted, strict=True))
    (made, kept), first = fitted[0], read[0]
    truncated = text[first[kept].start :] if kept < len(first) else ""
    return Tokens(sets), Words(text, _spans(made, text), truncated)


def _read(tokenizer: Any, prompt: Sequence[Part]) -> list[Token]:
    """Tokenize each part on its own; parts are numbered by those that hold a token."""
    tokens: list[Token] = []
    number = -1
    for part in prompt:
        read = tokenizer(part.text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        number += bool(read["input_ids"])
        texts = tokenizer.convert_ids_to_tokens(read["input_ids"])
        for id_, text, (start, end) in zip(read["input_ids"], texts, read["offset_mapping"], strict=True):
            place = part.places[start : max(end, start + 1)] or part.places[-1:]
            tokens.append(Token(id_, text, number, part.weight, place[0], place[-1] + 1))
    return tokens


def _room(tokenizer: Any) -> int:
    length: int = tokenizer.model_max_length
    return length - 2


def _token_set(tokenizer: Any, chunks: Sequence[Sequence[Token]], count: int) -> TokenSet:
    filled = [chunk for chunk, _ in zip_longest(chunks, range(count), fillvalue=())]
    first, last, pad = tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id
    padding = [tokenizer.model_max_length - 2 - len(chunk) for chunk in filled]
    padded = list(zip(filled, padding, strict=True))
    return TokenSet(
        ids=tuple((first, *(token.id for token in chunk), last, *(pad,) * rest) for chunk, rest in padded),
        weights=tuple((1.0, *(token.weight for token in chunk), 1.0, *(1.0,) * rest) for chunk, rest in padded),
        mask=tuple((1,) * (len(chunk) + 2) + (0,) * rest for chunk, rest in padded),
        parts=tuple((-1, *(token.part for token in chunk), -1, *(-1,) * rest) for chunk, rest in padded),
        empty=(first, last) + (pad,) * (tokenizer.model_max_length - 2),
    )


def _spans(chunks: Sequence[Sequence[Token]], text: str) -> tuple[Span, ...]:
    return tuple(
        Span(number, position + 1, token.start, token.end, text[token.start : token.end], token.weight)
        for number, chunk in enumerate(chunks)
        for position, token in enumerate(chunk)
    )
