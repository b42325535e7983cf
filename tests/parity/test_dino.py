"""What our nodes see equals transformers, bit for bit: class vector, patches and attention of every kind of DINO."""

from pathlib import Path

import pytest
import torch
from transformers import AutoImageProcessor, AutoModel

from engine import Run
from nodes import dino, pixels
from nodes.values import Image
from tests.nodes import tiny_readers


@pytest.fixture(scope="module")
def image() -> Image:
    return Image(torch.rand(2, 3, 48, 40, generator=torch.Generator().manual_seed(2)))


@pytest.mark.parametrize("kind", tiny_readers.DINOS)
def test_what_is_seen_equals_transformers(kind: str, root: Path, run: Run, image: Image) -> None:
    folder = tiny_readers.dino(root, kind)
    seen = dino.encode(image, dino.load_dino(folder.name, run=run), run=run)
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    processor = AutoImageProcessor.from_pretrained(folder)
    registers = getattr(model.config, "num_register_tokens", 0)
    for row, picture in enumerate(pixels.pictures(image)):
        with torch.inference_mode():
            ready = processor(images=[picture], return_tensors="pt")
            given = model(**ready, output_attentions=seen.attention is not None)
        states = given.last_hidden_state
        assert torch.equal(seen.embedding.vectors[row], states[0, 0])
        patches = states[0, 1 + registers :].reshape(seen.features.patches.shape[1:])
        assert torch.equal(seen.features.patches[row], patches)
        assert seen.features.patches.shape[1] * seen.features.patch == 64
        if seen.attention is not None:
            maps = given.attentions[-1][0, :, 0, 1 + registers :].reshape(seen.attention.maps.shape[1:])
            assert torch.equal(seen.attention.maps[row], maps)
    assert (seen.attention is None) == (kind == "dinov3_convnext")


def test_half_precision_is_asked_for(root: Path, run: Run) -> None:
    folder = tiny_readers.dino(root)
    handle = dino.load_dino(folder.name, "bfloat16", run=run)
    assert next(run.load(handle).model.parameters()).dtype == torch.bfloat16


def test_neighbours_vote_as_in_the_evaluation() -> None:
    from models.bauklotz.neighbours import nearest, vote
    from nodes.nearness import accuracy, neighbour_vote
    from nodes.values import Embedding

    generator = torch.Generator().manual_seed(3)
    known, asked = (torch.randn(count, 6, generator=generator) for count in (60, 40))
    truth, right = (torch.randint(0, 3, (count,), generator=generator) for count in (60, 40))
    share = vote(nearest(known, asked), truth, right, count=5)
    words = ["a", "b", "c"]
    bank, question = (Embedding(each, "s", ("",) * len(each)) for each in (known, asked))
    answers = neighbour_vote(bank, [words[k] for k in truth], question, 5)
    found = accuracy(answers, [words[k] for k in right])
    assert found.share == pytest.approx(share)
    assert 0.1 < share < 0.9
