"""What our nodes say of texts and pictures equals open_clip, bit for bit, one picture and one text at a time.

open_clip is not batch-invariant (components.md, 2), so that a batch of it may differ from ours in the last bits.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import open_clip
import pytest
import torch
from torch import Tensor

from engine import Run
from nodes import clip, pixels
from nodes.clip_model import CLIPModel
from nodes.values import Embedding, Image
from tests.nodes import tiny_readers

TEXTS = ["a red circle", "a large blue star on  red", "left of", ""]
TEMPLATES = ["a photo of a {}", "{} on red", "a {}"]


class Theirs(NamedTuple):
    """The same model, opened by open_clip itself."""

    model: Any
    prepare: Any
    tokenizer: Any

    def picture(self, image: Image, row: int) -> Tensor:
        pillow = list(pixels.pictures(image))[row]
        return self.prepare(pillow)[None]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return tiny_readers.clip(root)


@pytest.fixture(scope="module")
def theirs(folder: Path) -> Theirs:
    name = f"local-dir:{folder}"
    model, _, prepare = open_clip.create_model_and_transforms(name)
    return Theirs(model.eval(), prepare, open_clip.get_tokenizer(name))


@pytest.fixture(scope="module")
def ours(folder: Path, run: Run) -> CLIPModel:
    handle: CLIPModel = clip.load_clip(folder.name, run=run)
    return handle


@pytest.fixture(scope="module")
def image() -> Image:
    """Pictures that have to be resized and cut."""
    return Image(torch.rand(4, 3, 40, 56, generator=torch.Generator().manual_seed(1)))


@pytest.fixture(scope="module")
def both(ours: CLIPModel, image: Image, run: Run) -> Sequence[Embedding]:
    return clip.embed_image(image, ours, run=run), clip.embed_texts(TEXTS, ours, run=run)


def test_embeddings_equal_open_clips(both: Sequence[Embedding], theirs: Theirs, image: Image) -> None:
    with torch.inference_mode():
        for row in range(4):
            seen = theirs.model.encode_image(theirs.picture(image, row), normalize=True)
            read = theirs.model.encode_text(theirs.tokenizer([TEXTS[row]]), normalize=True)
            assert torch.equal(both[0].vectors[row : row + 1], seen)
            assert torch.equal(both[1].vectors[row : row + 1], read)


def test_logits_equal_open_clips(ours: CLIPModel, theirs: Theirs, image: Image, run: Run) -> None:
    one = Image(image.pixels[2:3])
    said = clip.similarity(clip.embed_image(one, ours, run=run), clip.embed_texts(TEXTS[1:2], ours, run=run))
    with torch.inference_mode():
        logits, _ = theirs.model.get_logits(theirs.picture(image, 2), theirs.tokenizer(TEXTS[1:2]))
    assert torch.equal(said.logits.matrix, logits)


def test_probabilities_go_both_ways(both: Sequence[Embedding], theirs: Theirs) -> None:
    said = clip.similarity(*both)
    with torch.inference_mode():
        logits = theirs.model.logit_scale.exp() * both[0].vectors @ both[1].vectors.T
    assert torch.equal(said.logits.matrix, logits)
    assert torch.equal(said.text_given_picture.matrix, logits.softmax(1))
    assert torch.equal(said.picture_given_text.matrix, logits.softmax(0))
    assert float((said.cosine.matrix * both[1].scale - logits).abs().max()) < 1e-5


def test_the_loss_equals_open_clips(both: Sequence[Embedding], theirs: Theirs) -> None:
    with torch.inference_mode():
        loss = open_clip.ClipLoss()(both[0].vectors, both[1].vectors, theirs.model.logit_scale.exp())
    assert clip.contrastive_loss(*both) == float(loss)


def test_zero_shot_weights_equal_open_clips(ours: CLIPModel, theirs: Theirs, run: Run) -> None:
    classes = ["circle", "square", "star", "red star", *(f"blue {number}" for number in range(9))]
    made = clip.zero_shot_classifier(ours, classes, TEMPLATES, run=run)
    weights = open_clip.build_zero_shot_classifier(theirs.model, theirs.tokenizer, classes, TEMPLATES)
    assert torch.equal(made.vectors.T, weights)
    assert made.names == tuple(classes)


def test_zero_shot_answers_equal_open_clips(
    both: Sequence[Embedding], ours: CLIPModel, theirs: Theirs, run: Run
) -> None:
    classes = ["circle", "square", "star"]
    made = clip.zero_shot_classifier(ours, classes, TEMPLATES, run=run)
    weights = open_clip.build_zero_shot_classifier(theirs.model, theirs.tokenizer, classes, TEMPLATES)
    with torch.inference_mode():
        expected = (theirs.model.logit_scale.exp() * both[0].vectors @ weights).softmax(1)
    found = clip.classify_images(both[0], made)
    # the same numbers, but the weights lie the other way round in memory: other kernels, other last bits
    torch.testing.assert_close(found.probabilities.matrix, expected, atol=1e-6, rtol=1e-5)
    assert found.answers == [classes[int(best)] for best in expected.argmax(1)]
