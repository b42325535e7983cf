"""Tokens and words: chunks, truncation, spans, and what early cutoff rests on."""

import sys
from pathlib import Path
from subprocess import run as start

import pytest

from engine.digest import digest_of
from engine.errors import InputError
from engine.run import Run
from nodes import CATALOG, guidance, text
from nodes.chunks import Token, cut
from nodes.load import Loaded
from nodes.text import Tokenized
from nodes.values import Tokens
from tests.nodes.tiny import LENGTH


def tokenized(model: Loaded, prompt: str, run: Run, chunks: int = 3) -> Tokenized:
    made: Tokenized = text.tokenize(model.tokenizer, prompt, chunks, run=run)
    return made


def digest(tokens: Tokens) -> str:
    return digest_of(CATALOG.codecs.encode(tokens))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a red circle", "a  red circle"),
        ("a red circle", "  a red\n circle "),
        ("a red circle", "A Red circle"),
        ("a (red:1.5) circle", "a (red:1.5)  circle"),
        ("(red)(blue)", "(red) (blue)"),
    ],
)
def test_blanks_change_the_words_and_not_the_tokens(one: str, other: str, sd: Loaded, run: Run) -> None:
    first, second = tokenized(sd, one, run), tokenized(sd, other, run)
    assert digest(first.tokens) == digest(second.tokens)
    assert first.words != second.words


def test_another_word_or_weight_changes_the_tokens(sd: Loaded, run: Run) -> None:
    prompts = ("a red circle", "a blue circle", "a (red:1.5) circle", "a (red:1.4) circle", "a red")
    assert len({digest(tokenized(sd, prompt, run).tokens) for prompt in prompts}) == len(prompts)


def test_spans_say_where_each_token_stands(sd: Loaded, run: Run) -> None:
    prompt = "a  (red:1.5) circle on \\(blue"
    words = tokenized(sd, prompt, run).words
    assert [(span.text, span.weight) for span in words.spans] == [
        ("a", 1.0),
        ("red", 1.5),
        ("circle", 1.0),
        ("on", 1.0),
        ("(", 1.0),
        ("blue", 1.0),
    ]
    assert all(prompt[span.start : span.end] == span.text for span in words.spans)
    assert [(span.chunk, span.position) for span in words.spans] == [(0, at) for at in range(1, 7)]


def test_a_long_prompt_is_cut_into_chunks_of_the_model_s_length(sd: Loaded, run: Run) -> None:
    (only,) = tokenized(sd, "red star " * 15, run).tokens.sets
    assert [len(chunk) for chunk in only.ids] == [LENGTH, LENGTH]
    assert {len(chunk) for rows in (only.weights, only.mask, only.parts) for chunk in rows} == {LENGTH}
    assert sum(map(sum, only.mask)) == 30 + 2 * 2


def test_what_does_not_fit_is_told(sd: Loaded, run: Run) -> None:
    prompt = "red star " * 9 + "left of blue"
    cut_off = tokenized(sd, prompt, run, chunks=1)
    assert cut_off.words.truncated == "left of blue"
    assert len(cut_off.words.spans) == LENGTH - 2
    assert tokenized(sd, prompt, run, chunks=2).words.truncated == ""


def test_an_empty_prompt_has_no_words(sd: Loaded, run: Run) -> None:
    made = tokenized(sd, "", run)
    assert made.words.spans == ()
    assert made.tokens.sets[0].ids == (made.tokens.sets[0].empty,)


def test_a_chunk_ends_after_a_sentence_else_a_phrase_else_a_word() -> None:
    def texts(tokens: str, length: int, chunks: int) -> list[str]:
        made, _ = cut([Token(0, each, 0, 1.0, 0, 1) for each in tokens.split()], length, chunks)
        return [" ".join(token.text for token in chunk) for chunk in made]

    assert texts("a</w> .</w> b</w> ,</w> c</w> d</w>", 5, 9) == ["a</w> .</w>", "b</w> ,</w> c</w> d</w>"]
    assert texts("a</w> ,</w> b</w> c</w> d</w> e</w>", 4, 9) == ["a</w> ,</w>", "b</w> c</w> d</w> e</w>"]
    assert texts("a</w> b</w> c d e</w>", 4, 9) == ["a</w> b</w>", "c d e</w>"]
    assert texts("a b c d e", 3, 9) == ["a b c", "d e"]
    assert texts("a</w> .</w> b</w> c</w>", 3, 1) == ["a</w> .</w> b</w>"]
    assert texts("", 3, 4) == [""]


def test_prompts_of_two_encoders_cannot_be_set_against_each_other(sd: Loaded, run: Run) -> None:
    from dataclasses import replace

    tokens = tokenized(sd, "red star " * 15, run).tokens
    long = text.encode(tokens, sd.text_encoder, run=run)
    odd = replace(long, sequence=long.sequence[:, :7])
    with pytest.raises(InputError, match="cannot be set against"):
        guidance.cfg(long, odd)


def test_tokenizing_needs_no_tensor_library(sd_folder: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from engine.files import Files
from engine.run import Run
from nodes import load, text
root = Path({str(sd_folder.parent)!r})
run = Run(files=Files(root / "none", roots=(root,)))
model = load.checkpoint("tiny-sd", run=run)
text.tokenize(model.tokenizer, "a red circle", run=run)
print([name for name in ("torch", "diffusers") if name in sys.modules])
"""
    said = start([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
