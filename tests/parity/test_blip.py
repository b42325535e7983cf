"""What a BLIP says of a picture, and answers, equals transformers' own `generate`, token for token."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import torch

from engine import Run
from engine.errors import InputError
from nodes import picture_text
from nodes.pixels import pictures
from nodes.telling import drawing
from nodes.values import Image
from tests.nodes import tiny_blip

DRAWS: tuple[dict[str, Any], ...] = ({}, {"temperature": 0.8, "top_k": 9}, {"temperature": 1.0, "top_p": 0.7})
TEXTS = {"caption": ("", "a red circle"), "answer": ("a blue star", "red")}
Ids = list[int]


@pytest.fixture(scope="module")
def images() -> tuple[Image, Image]:
    one, other = (torch.rand(1, 3, 24, 20, generator=torch.Generator().manual_seed(seed)) for seed in (3, 4))
    return Image(one), Image(other * 0.2)


@pytest.fixture(scope="module")
def image(images: tuple[Image, Image]) -> Image:
    return images[0]


@pytest.fixture
def generate(root: Path) -> Callable[..., Ids]:
    """Let the library write, by its own processor and its own `generate`."""
    import transformers

    opened = {}
    for kind, name in tiny_blip.CLASSES.items():
        folder = tiny_blip.blip(root, kind)
        parts = (transformers.AutoImageProcessor, transformers.AutoTokenizer)
        processor = transformers.BlipProcessor(*(part.from_pretrained(folder) for part in parts))
        opened[kind] = (processor, getattr(transformers, name).from_pretrained(folder).eval())

    def written(kind: str, image: Image, text: str, draw: dict[str, Any]) -> Ids:
        processor, model = opened[kind]
        given = processor(images=next(pictures(image)), **({"text": text} if text else {}), return_tensors="pt")
        torch.manual_seed(4)
        options = {"do_sample": True, "top_k": 0} | draw if draw else {"do_sample": False}
        found: Ids = model.generate(**given, max_new_tokens=12, **options)[0].tolist()
        return found

    return written


@pytest.mark.parametrize("kind", tiny_blip.CLASSES)
def test_what_is_written_is_generate(
    root: Path, run: Run, images: tuple[Image, Image], generate: Callable[..., Ids], kind: str
) -> None:
    reader = picture_text.load_picture_reader(tiny_blip.blip(root, kind).name, run=run)
    node = {"caption": picture_text.caption_image, "answer": picture_text.ask_image}[kind]
    model = run.load(reader)
    every = {}
    for (which, image), text, draw in product(enumerate(images), TEXTS[kind], DRAWS):
        ids = generate(kind, image, text, draw)
        every[which, text, str(draw)] = ids[-8:]
        drawn = drawing(draw.get("temperature", 0.0), draw.get("top_k", 0), draw.get("top_p", 1.0), 4)
        teller = model.captioner(image) if kind == "caption" else model.answerer(image, text)
        start = model.start(text if kind == "caption" else "")
        found = teller.tokens(start, drawn, 12, lambda *_: None)
        assert [*start[0].tolist(), *found] == ids
        assert node(image, reader, text, tokens=12, seed=4, run=run, **draw) == model.text(ids)
    # what is written depends on the picture, on the text and on how it is drawn
    for draw in DRAWS[1:]:
        assert len({tuple(every[which, text, str(draw)]) for which in (0, 1) for text in TEXTS[kind]}) > 2


def test_what_does_not_fit_is_refused(root: Path, run: Run, image: Image) -> None:
    captions = picture_text.load_picture_reader(tiny_blip.blip(root).name, run=run)
    answers = picture_text.load_picture_reader(tiny_blip.blip(root, "answer").name, run=run)
    with pytest.raises(InputError, match="trained to write captions, not answers"):
        picture_text.ask_image(image, captions, run=run)
    with pytest.raises(InputError, match="trained to write answers, not captions"):
        picture_text.caption_image(image, answers, run=run)
    with pytest.raises(InputError, match="there is no question"):
        picture_text.ask_image(image, answers, " ", run=run)
    with pytest.raises(InputError, match="2 pictures in one batch"):
        picture_text.caption_image(Image(image.pixels.repeat(2, 1, 1, 1)), captions, run=run)
    with pytest.raises(InputError, match="the model reads 32"):
        picture_text.caption_image(image, captions, "red " * 40, run=run)
