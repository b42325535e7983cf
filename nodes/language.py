"""Go on with text by a language model: what comes next and how likely, a text written on, a prompt written anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import language_facts
from nodes.handles import Precision
from nodes.language_model import Language, LanguageModel, describe_language, language_files
from nodes.sources import EMBEDDED
from nodes.telling import Word, aloud, drawing
from nodes.values import Scores, Table
from nodes.widgets import ModelName, Prompt, Seed, TokenCount, TopK, TopP, Warmth, slider

_LIBS = ("torch", "transformers", "tokenizers")
Few = Annotated[int, slider(1, 64)]
Shown = Annotated[int, slider(1, 100)]
INSTRUCTION = "Write a prompt for a picture, in one sentence, with subject, place, light and style, of this idea: {}"


def _files_of(source: str, files: Files) -> Iterable[Path]:
    return language_files(source, files).values()


@node(
    "LoadLanguageModel",
    title="Load language model",
    category="model",
    lane="io",
    reads=_files_of,
    describe=language_facts.of_language_model,
)
def load_language_model(source: ModelName = EMBEDDED, precision: Precision = "auto", *, run: Run) -> LanguageModel:
    """Open a language model that goes on with text, without loading its weights yet.

    `source` is `bauklotz`, which comes with the program and knows captions of its world only; or the name of a folder
    below a models folder, in transformers' layout: config.json, .safetensors weights and its tokenizer (GPT-2, Llama,
    Qwen, Mistral, and what transformers opens as a causal language model).
    """
    return describe_language(source, precision, run.files)


class Continuations(NamedTuple):
    text: str
    table: Table
    chances: Scores


@node("NextToken", title="Next token", category="language", lane="gpu", libs=_LIBS)
def next_token(
    model: LanguageModel,
    text: Prompt = "",
    steps: Few = 1,
    top: Shown = 10,
    temperature: Warmth = 0.0,
    seed: Seed = 0,
    *,
    run: Run,
) -> Continuations:
    """Show which tokens may come next and how likely each is, step by step.

    `table` has the `top` likeliest of each step, and marks the one that was taken: the likeliest at `temperature` 0,
    else one drawn by the chances, which a high temperature makes more alike. `chances` has a row for each step and a
    column for each token that is among the likeliest of any.
    """
    import torch

    language: Language = run.load(model)
    ids = language.read(text)
    most = language.room(ids, steps)
    words: list[Word] = []
    after = aloud(run, lambda found: language.text([*ids[0].tolist(), *found]))
    with torch.inference_mode():
        for word in language.teller.words(ids, drawing(temperature, 0, 1.0, seed), most):
            words.append(word)
            after([word.token for word in words], most)
    ranked = [word.chances.topk(min(top, len(word.chances))) for word in words]
    rows = tuple(
        (step, language.text_of(token), chance, "taken" if token == words[step - 1].token else "")
        for step, best in enumerate(ranked, 1)
        for chance, token in zip(best.values.tolist(), best.indices.tolist(), strict=True)
    )
    shown = list(dict.fromkeys(token for best in ranked for token in best.indices.tolist()))
    matrix = torch.stack([word.chances[shown] for word in words])
    taken = tuple(f"{step}: {language.text_of(word.token)}" for step, word in enumerate(words, 1))
    chances = Scores(matrix, taken, tuple(map(language.text_of, shown)))
    whole = language.text([*ids[0].tolist(), *(word.token for word in words)])
    return Continuations(whole, Table(("step", "token", "chance", "taken"), rows), chances)


class WrittenText(NamedTuple):
    text: str
    added: str


@node("WriteText", title="Write text", category="language", lane="gpu", libs=_LIBS)
def write_text(
    model: LanguageModel,
    text: Prompt = "",
    tokens: TokenCount = 40,
    temperature: Warmth = 0.0,
    top_k: TopK = 0,
    top_p: TopP = 1.0,
    seed: Seed = 0,
    *,
    run: Run,
) -> WrittenText:
    """Go on with a text, token by token, until the model ends it or there are `tokens` more.

    `temperature` 0 always takes the likeliest token; `top_k` (0 is all) and `top_p` leave unlikely ones out. `text` is
    all of it, `added` what was written.
    """
    language: Language = run.load(model)
    ids = language.read(text)
    draw = drawing(temperature, top_k, top_p, seed)
    after = aloud(run, lambda found: language.text([*ids[0].tolist(), *found]))
    found = language.teller.tokens(ids, draw, language.room(ids, tokens), after)
    return WrittenText(language.text([*ids[0].tolist(), *found]), language.text(found))


@node(
    "PromptWriter",
    title="Prompt writer",
    category="language",
    lane="gpu",
    libs=_LIBS,
    describe=language_facts.of_writer,
)
def prompt_writer(
    model: LanguageModel,
    text: Prompt = "",
    instruction: Prompt = INSTRUCTION,
    chat: Literal["auto", "always", "never"] = "auto",
    tokens: TokenCount = 80,
    temperature: Warmth = 0.7,
    top_k: TopK = 50,
    top_p: TopP = 0.95,
    seed: Seed = 0,
    *,
    run: Run,
) -> str:
    """Let a language model write a prompt from an idea.

    `{}` in the instruction stands for the idea; without it, the idea follows. A model with a chat template is asked in
    its own way of chatting; `chat` may ask for that always or never.
    """
    language: Language = run.load(model)
    templated = bool(language.tokenizer.chat_template)
    if chat == "always" and not templated:
        raise InputError("this model's tokenizer has no chat template", hint="set chat to auto, or take a chat model")
    # not str.format: an instruction comes from a document
    asked = instruction.replace("{}", text) if "{}" in instruction else f"{instruction}\n{text}".strip()
    ids = language.read_chat(asked) if templated and chat != "never" else language.read(asked)
    draw = drawing(temperature, top_k, top_p, seed)
    found = language.teller.tokens(ids, draw, language.room(ids, tokens), aloud(run, language.text))
    return language.text(found).strip()
