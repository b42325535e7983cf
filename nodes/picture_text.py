"""Put pictures into words: what one shows, and answers to questions about it, by BLIP."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import language_facts
from nodes.handles import Precision
from nodes.picture_reader import NODES, PictureReader, Reader, Reads, describe_reader, reader_files
from nodes.sources import EMBEDDED
from nodes.telling import Teller, aloud, drawing
from nodes.values import Image
from nodes.widgets import ModelName, Prompt, Seed, TokenCount, TopK, TopP, Warmth
from nodes.writing import Draw

_LIBS = ("torch", "transformers", "tokenizers", "torchvision")


def _files_of(source: str, files: Files) -> Iterable[Path]:
    return reader_files(source, files).values()


@node(
    "LoadPictureReader",
    title="Load picture reader",
    category="model",
    lane="io",
    reads=_files_of,
    describe=language_facts.of_picture_reader,
)
def load_picture_reader(source: ModelName = EMBEDDED, precision: Precision = "auto", *, run: Run) -> PictureReader:
    """Open a model that puts pictures into words, without loading its weights yet.

    `source` is `bauklotz`, which comes with the program and knows pictures of its world only; or the name of a folder
    below a models folder, in transformers' layout: a BLIP that captions or one that answers questions, with
    config.json, .safetensors weights, its tokenizer and preprocessor_config.json.
    """
    return describe_reader(source, precision, run.files)


@node(
    "CaptionImage",
    title="Caption image",
    category="language",
    lane="gpu",
    libs=_LIBS,
    describe=language_facts.of_caption,
)
def caption_image(
    image: Image,
    reader: PictureReader,
    text: Prompt = "",
    tokens: TokenCount = 30,
    temperature: Warmth = 0.0,
    top_k: TopK = 0,
    top_p: TopP = 1.0,
    seed: Seed = 0,
    *,
    run: Run,
) -> str:
    """Say what a picture shows; `text` is how the caption is to begin.

    It is one picture; a list of them, such as SplitBatch gives or the frames of a clip, is captioned one by one.
    `temperature` 0 always takes the likeliest token.
    """
    model = _loaded(reader, "caption", run)
    draw = drawing(temperature, top_k, top_p, seed)
    return _written(model, model.captioner(image), text, draw, tokens, run)


@node("AskImage", title="Ask image", category="language", lane="gpu", libs=_LIBS, describe=language_facts.of_answer)
def ask_image(
    image: Image,
    reader: PictureReader,
    question: Prompt = "what is in the picture?",
    tokens: TokenCount = 10,
    temperature: Warmth = 0.0,
    top_k: TopK = 0,
    top_p: TopP = 1.0,
    seed: Seed = 0,
    *,
    run: Run,
) -> str:
    """Answer a question about a picture; a list of pictures, or of questions, is answered one by one."""
    model = _loaded(reader, "answer", run)
    if not question.strip():
        raise InputError("there is no question", hint="write one")
    draw = drawing(temperature, top_k, top_p, seed)
    return _written(model, model.answerer(image, question), "", draw, tokens, run)


def _loaded(reader: PictureReader, wanted: Reads, run: Run) -> Reader:
    if reader.kind != wanted and not (wanted == "caption" and reader.asks):
        raise InputError(
            f"this model was trained to write {reader.kind}s, not {wanted}s", hint=f"wire it to {NODES[reader.kind]}"
        )
    found: Reader = run.load(reader)
    return found


def _written(reader: Reader, teller: Teller, text: str, draw: Draw, tokens: int, run: Run) -> str:
    start = reader.start(text)
    after = aloud(run, lambda found: reader.text([*start[0].tolist(), *found]))
    found = teller.tokens(start, draw, reader.room(start, tokens), after)
    return reader.text([*start[0].tolist(), *found])
