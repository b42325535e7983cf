"""Turn a prompt into tokens, and tokens into what the denoiser is steered by."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from engine.node import node
from engine.run import Run
from nodes import facts
from nodes.chunks import Token, cut
from nodes.handles import TextEncoderModel, TokenizerModel
from nodes.values import Conditioning, Span, Tokens, TokenSet, Words
from nodes.weights import Part, parts
from nodes.widgets import Chunks, Prompt, Skip


class Tokenized(NamedTuple):
    tokens: Tokens
    words: Words


@node("Tokenizer", libs=("transformers", "tokenizers"), describe=facts.of_tokenizer)
def tokenize(tokenizer: TokenizerModel, text: Prompt = "", chunks: Chunks = 3, *, run: Run) -> Tokenized:
    """Turn a prompt into tokens.

    Words in round brackets weigh more, in square brackets less: `(red)` is 1.1 times, `[red]` a 1.1th, `(red:1.5)` as
    much as is written; brackets nest, and `\\(` is a bracket to read. A prompt longer than the model reads is cut into
    `chunks`, after a sentence where possible; what does not fit into the last one is left out and told in `words`.
    """
    tokenizers = run.load(tokenizer)
    read = [_read(each, parts(text)) for each in tokenizers]
    fitted = [cut(tokens, _room(each), chunks) for each, tokens in zip(tokenizers, read, strict=True)]
    longest = max(len(made) for made, _ in fitted)
    sets = tuple(_token_set(each, made, longest) for each, (made, _) in zip(tokenizers, fitted, strict=True))
    (made, kept), first = fitted[0], read[0]
    truncated = text[first[kept].start :] if kept < len(first) else ""
    return Tokenized(Tokens(sets), Words(text, _spans(made, text), truncated))


@node("TextEncoder", lane="gpu", libs=("torch", "transformers"), describe=facts.of_text_encoder)
def encode(tokens: Tokens, encoder: TextEncoderModel, skip: Skip = 0, *, run: Run) -> Conditioning:
    """Turn tokens into a sequence of vectors, one for each token, and one pooled steering vector.

    `skip` leaves out so many of the encoder's last layers. Weights are applied as compel does it: away from the empty
    prompt for more, towards the prompt without the words for less.
    """
    from nodes.families import family

    return family(encoder.family).encode(run.load(encoder), tokens, skip, zero_empty=encoder.zero_empty)


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
