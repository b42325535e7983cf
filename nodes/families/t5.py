"""Read prompts with T5 and UMT5, as the pipelines for films do: one chunk of a fixed length, the rest is zeros.

Guarantees
1. Vectors of padding are zeros, and those of tokens never are: what reads them can tell which is which.
2. A prompt without weights is encoded exactly as the model does it.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Literal

from engine.errors import InputError, in_a_line
from nodes.families.filling import filled
from nodes.families.parts import config_of, weights_of
from nodes.handles import Named, Precision
from nodes.values import Span, TokenSet, Words
from nodes.weighing import weigh
from nodes.weights import parts

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from engine.files import Files

Kind = Literal["T5", "UMT5"]


def open_tokenizer(part: Named, files: Files) -> Any:
    """Give the transformers tokenizer."""
    from transformers import T5Tokenizer

    with files.view(dict(part)) as folder:
        try:
            return T5Tokenizer.from_pretrained(folder)
        except (OSError, ValueError, TypeError, KeyError, ImportError) as error:
            raise InputError(
                f"transformers cannot open the tokenizer: {in_a_line(error)}",
                hint="take a folder with a tokenizer.json; a spiece.model alone needs sentencepiece and protobuf",
            ) from error


def open_encoder(part: Named, kind: Kind, asked: Precision, files: Files, device: str) -> Any:
    """Give the transformers module; words have one embedding, however often the file names it."""
    import transformers

    read = dict(config_of(part, files))
    config = getattr(transformers, f"{kind}Config").from_dict(read)
    model = getattr(transformers, f"{kind}EncoderModel")
    weights = weights_of(part, files)
    known = [weights[name] for name in ("shared.weight", "encoder.embed_tokens.weight") if name in weights]
    both = dict.fromkeys(("shared.weight", "encoder.embed_tokens.weight"), known[0]) if known else {}
    opened = filled(lambda: model(config), weights | both, asked, device)
    opened.encoder.embed_tokens.weight = opened.shared.weight
    return opened


def read_prompt(tokenizer: Any, text: str, length: int) -> tuple[TokenSet, Words]:
    """Turn a prompt into one chunk of so many tokens; brackets weigh words, as for every other model."""
    pieces = parts(text)
    plain, places = "".join(piece.text for piece in pieces), [at for piece in pieces for at in piece.places]
    starts = [0, *accumulate(len(piece.text) for piece in pieces)][:-1]
    made = _padded(tokenizer, plain, length)
    whole = tokenizer(plain, add_special_tokens=False, return_offsets_mapping=True, verbose=False).offset_mapping
    kept = whole[: sum(made.attention_mask) - 1]  # the last one ends the text
    of = [bisect_right(starts, start) - 1 for start, _ in kept]
    spans = tuple(
        Span(0, at, places[start], places[max(start, end - 1)] + 1, plain[start:end], pieces[of[at]].weight)
        for at, (start, end) in enumerate(kept)
    )
    rest = length - len(kept)
    tokens = TokenSet(
        ids=(tuple(made.input_ids),),
        weights=((*(pieces[piece].weight for piece in of), *(1.0,) * rest),),
        mask=(tuple(made.attention_mask),),
        parts=((*of, *(-1,) * rest),),
        empty=tuple(_padded(tokenizer, "", length).input_ids),
    )
    truncated = text[places[whole[len(kept)][0]] :] if len(kept) < len(whole) else ""
    return tokens, Words(text, spans, truncated)


def _padded(tokenizer: Any, text: str, length: int) -> Any:
    return tokenizer(text, padding="max_length", max_length=length, truncation=True, verbose=False)


def encode(
    encoder: Any, tokens: TokenSet, skip: int, *, masked: bool
) -> tuple[Float[Tensor, "1 length width"], Float[Tensor, "1 length width"]]:
    """Give the vectors of a prompt and those of no text; with `masked`, tokens do not see the padding.

    `skip` leaves out so many of the last layers.
    """
    (ids,), (mask,) = tokens.ids, tokens.mask

    def read(ids: Sequence[int], mask: Sequence[int], seen: Sequence[int]) -> Tensor:
        import torch

        row, real, allowed = (torch.tensor([each], device=encoder.device) for each in (ids, mask, seen))
        attended = real * allowed if masked else None if all(seen) else allowed
        found = encoder(row, attention_mask=attended, output_hidden_states=skip > 0)
        states = found.last_hidden_state
        if skip:
            states = encoder.encoder.final_layer_norm(found.hidden_states[-(skip + 1)])
        return torch.where(real[..., None] > 0, states, torch.zeros_like(states))

    everything = [1] * len(ids)
    nothing = [1] + [0] * (len(ids) - 1)  # of no text only the end is read
    empty = read(tokens.empty, nothing, everything)
    plain = read(ids, mask, everything)
    return weigh(tokens, [plain], empty, read=lambda ids, seen: read(ids, mask, seen)), empty


def pooled(sequence: Float[Tensor, "1 length width"]) -> Float[Tensor, "1 width"]:
    """Give the mean of the tokens' vectors: the models give none for the whole text."""
    real = present(sequence)[..., None]
    return (sequence * real).sum(1) / real.sum(1).clamp_min(1)


def present(sequence: Float[Tensor, "batch length width"]) -> Tensor:
    """Say where there is a token, and where padding."""
    return (sequence != 0).any(-1)
