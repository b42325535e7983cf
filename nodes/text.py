"""Turn a prompt into tokens, and tokens into what the denoiser is steered by."""

from typing import NamedTuple

from engine.node import node
from engine.run import Run
from nodes import facts
from nodes.handles import TextEncoderModel, TokenizerModel
from nodes.values import Conditioning, Tokens, Words
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
    from nodes.families import family

    return Tokenized(*family(tokenizer.family).read_prompt(run.load(tokenizer), text, chunks))


@node("TextEncoder", lane="gpu", libs=("torch", "transformers"), describe=facts.of_text_encoder)
def encode(tokens: Tokens, encoder: TextEncoderModel, skip: Skip = 0, *, run: Run) -> Conditioning:
    """Turn tokens into a sequence of vectors, one for each token, and one pooled steering vector.

    `skip` leaves out so many of the encoder's last layers. Weights are applied as compel does it: away from the empty
    prompt for more, towards the prompt without the words for less.
    """
    from nodes.families import family

    return family(encoder.family).encode(run.load(encoder), tokens, skip, zero_empty=encoder.zero_empty)
