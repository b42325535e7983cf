"""Search, votes, and what they refuse."""

from pathlib import Path
from typing import Any

import pytest
import torch

from engine import Cache, Engine, Files, Run
from engine.codec import Blob, Stored, pack
from engine.errors import InputError
from engine.events import NodeFinished
from engine.node import NodeFunction
from graphs import Graph
from nodes import CATALOG, nearness, views
from nodes.batches import image_grid, join_lists, pick, split_batch, stack_images
from nodes.clip import classify_images, clip_score, contrastive_loss, similarity
from nodes.index_file import load_index
from nodes.values import Embedding, Image, Scores
from nodes.world import scenes
from tests.nodes import tiny_readers


def embedded(
    *vectors: tuple[float, ...], names: tuple[str, ...] = (), scale: float = 1.0, space: str = "s"
) -> Embedding:
    return Embedding(torch.tensor(vectors), space, names or ("",) * len(vectors), scale)


LONE = Stored(
    "Embedding", {"space": "s", "names": ["a", "b"], "scale": 1.0}, {"vectors": Blob("F32", (1, 1), bytes(4))}
)
INDEX = embedded((1.0, 0.0), (0.0, 1.0), (0.6, 0.8), names=("right", "", "between"), scale=10.0)


def test_a_search_gives_the_nearest_first() -> None:
    found = nearness.search(INDEX, embedded((0.0, 2.0)), 2)
    assert found.numbers == [1, 2]
    assert found.names == ["item 2", "between"]
    assert found.table.columns == ("rank", "name", "cosine", "probability")
    assert [row[:2] for row in found.table.rows] == [(1, "item 2"), (2, "between")]
    assert [row[2] for row in found.table.rows] == pytest.approx([1.0, 0.8])
    chances = torch.tensor([0.0, 10.0, 8.0]).softmax(0)
    assert [row[3] for row in found.table.rows] == pytest.approx([float(chances[1]), float(chances[2])])


def test_what_is_equally_near_stays_in_order() -> None:
    index = embedded(*[(1.0, 0.0)] * 5)
    assert nearness.search(index, embedded((1.0, 0.0)), 5).numbers == [0, 1, 2, 3, 4]


def test_other_spaces_and_many_queries_are_refused() -> None:
    other = embedded((1.0, 0.0), space="t")
    calls: list[tuple[NodeFunction, tuple[Any, ...]]] = [
        (nearness.search, (INDEX, other)),
        (nearness.cosine_similarity, (INDEX, other)),
        (nearness.join_embeddings, ([INDEX, other],)),
        (nearness.neighbour_vote, (INDEX, ["a", "b", "c"], other)),
        (similarity, (INDEX, other)),
        (clip_score, (INDEX, other)),
        (contrastive_loss, (INDEX, other)),
        (classify_images, (INDEX, other)),
    ]
    for node, inputs in calls:
        with pytest.raises(InputError, match="space"):
            node(*inputs)
    with pytest.raises(InputError, match="2 queries"):
        nearness.search(INDEX, embedded((1.0, 0.0), (0.0, 1.0)))
    with pytest.raises(InputError, match="2 labels do not fit 3"):
        nearness.neighbour_vote(INDEX, ["a", "b"], INDEX)


def test_joined_embeddings_keep_their_names_unless_others_are_given() -> None:
    two = embedded((2.0, 0.0), (0.0, 3.0), scale=10.0)
    joined = nearness.join_embeddings([INDEX, two])
    assert joined.names == ("right", "", "between", "", "")
    assert torch.equal(joined.vectors, torch.cat([INDEX.vectors, two.vectors]))
    assert joined.scale == 10.0
    assert nearness.join_embeddings([two], ["a", "b"]).names == ("a", "b")
    with pytest.raises(InputError, match="1 names for 2"):
        nearness.join_embeddings([two], ["a"])


def test_an_index_is_saved_as_a_file_and_brought_back_whole(files: Files, tmp_path: Path) -> None:
    written = CATALOG.codecs.kind(INDEX).encode(INDEX)
    (file,) = views.files(written)
    assert file.suffix == ".safetensors"
    (tmp_path / "index.safetensors").write_bytes(file.data)
    again = load_index(files.bring(tmp_path / "index.safetensors"), run=Run(files=files))
    assert torch.equal(again.vectors, INDEX.vectors)
    assert (again.space, again.names, again.scale) == (INDEX.space, INDEX.names, INDEX.scale)
    assert nearness.search(again, embedded((0.0, 2.0)), 1).numbers == [1]


@pytest.mark.parametrize("other", [b"", b"PK" + bytes(90), pack(Stored("Embedding", {"space": "s"}, {})), pack(LONE)])
def test_what_is_no_index_is_refused(other: bytes, files: Files, tmp_path: Path) -> None:
    (tmp_path / "other.safetensors").write_bytes(other)
    with pytest.raises(InputError, match=r"the asset is no index|has 2 names for other vectors"):
        load_index(files.bring(tmp_path / "other.safetensors"), run=Run(files=files))


def test_the_score_is_a_weighted_cosine_and_never_negative() -> None:
    images = embedded((1.0, 0.0), (0.0, -1.0))
    texts = embedded((0.6, 0.8), (0.0, 1.0), names=("both", "up"))
    found = clip_score(images, texts, 2.5)
    torch.testing.assert_close(found.scores.matrix, torch.tensor([[1.5, 0.0], [0.0, 0.0]]))
    assert (found.scores.rows, found.scores.columns) == (("picture 1", "picture 2"), ("both", "up"))
    assert found.mean == pytest.approx(0.75)
    assert clip_score(embedded((1.0, 0.0)), texts).mean == pytest.approx(30.0)


def test_the_best_of_a_batch_are_kept_in_order() -> None:
    image = Image(torch.arange(4.0).reshape(4, 1, 1, 1).expand(4, 3, 2, 2) / 4)
    scores = Scores(torch.tensor([[1.0, 3.0], [9.0, 1.0], [0.0, 0.0], [4.0, 4.0]]), ("a", "b", "c", "d"), ("x", "y"))
    kept = nearness.keep_best(image, scores, 2)
    assert kept.numbers == [1, 3]
    assert torch.equal(kept.image.pixels, image.pixels[[1, 3]])
    assert kept.table.rows == ((1, "b", 5.0), (2, "d", 4.0))
    with pytest.raises(InputError, match="4 rows"):
        nearness.keep_best(Image(image.pixels[:3]), scores)


def test_near_neighbours_outvote_many_far_ones() -> None:
    known = embedded((1.0, 0.1), (0.0, 1.0), (-0.1, 1.0), (0.1, 1.0))
    answers = nearness.neighbour_vote(known, ["near", "far", "far", "far"], embedded((1.0, 0.0)), 4)
    assert answers == ["near"]
    assert nearness.neighbour_vote(known, ["near", "far", "far", "far"], embedded((1.0, 0.0)), 4, 10.0) == ["far"]


def test_accuracy_tells_how_each_answer_fared() -> None:
    found = nearness.accuracy(["a", "b", "a", "c"], ["a", "b", "b", "b"])
    assert found.share == 0.5
    assert found.table.rows == (("a", 1, 1, ""), ("b", 3, 1, "a"))


def test_classes_and_probabilities_belong_together() -> None:
    found = classify_images(
        embedded((1.0, 0.0), (0.0, 1.0)), embedded((0.0, 1.0), (1.0, 0.0), names=("up", "right"), scale=5.0)
    )
    assert found.answers == ["right", "up"]
    assert found.table.rows[0][:2] == ("picture 1", "right")
    torch.testing.assert_close(found.probabilities.matrix.sum(1), torch.ones(2))


def test_a_batch_is_split_stacked_picked_and_laid_out() -> None:
    image = Image(torch.rand(5, 3, 8, 8))
    parts = split_batch(image)
    assert torch.equal(stack_images(parts).pixels, image.pixels)
    chosen = pick(join_lists(parts[:2], parts[2:]), [4, 0])
    assert torch.equal(chosen[0].pixels, image.pixels[4:])
    grid = image_grid(parts, 2, 8)
    assert grid.pixels.shape == (1, 3, 28, 18)
    assert torch.equal(grid.pixels[..., 10:18, 10:18], image.pixels[3:4])
    assert image_grid(parts).pixels.shape == (1, 3, 130, 196)
    with pytest.raises(InputError, match="no number 5"):
        pick(parts, [5])
    with pytest.raises(InputError, match="2 sizes"):
        stack_images([image, Image(torch.rand(1, 3, 8, 9))])


def test_scenes_are_what_their_labels_say() -> None:
    for attribute in ("shape", "colour", "background", "light", "style", "size"):
        drawn = scenes(12, 3, 0.0, attribute)
        for caption, label in zip(drawn.captions, drawn.labels, strict=True):
            assert said(caption, label), (caption, label)
    assert torch.equal(scenes(4, 1).image.pixels, scenes(4, 1).image.pixels)
    assert not torch.equal(scenes(4, 1).image.pixels, scenes(4, 2).image.pixels)
    assert not torch.equal(scenes(4, 1).image.pixels, scenes(4, 1, part="training").image.pixels)


SAID = {
    "circle": ("disc", "round"), "ring": ("hoop", "donut"), "cross": ("plus",), "small": ("little", "tiny"),
    "large": ("big",), "bright": ("day", "light", "lit", "sun"), "dark": ("night",), "purple": ("violet",),
    "flat": ("plain", "solid"), "outlined": ("outline", "border"), "striped": ("stripe",),
}  # fmt: skip


def said(caption: str, label: str) -> bool:
    return any(word in caption for word in (label, *SAID.get(label, ())))


def test_one_more_picture_is_one_more_embedding(root: Path, files: Files) -> None:
    """Embeddings are kept one by one, so that an album that grows is not embedded again."""
    tiny_readers.clip(root)
    g = Graph.build("Album")
    parts = g.add("SplitBatch", image=g.add("Scenes", count=4).image)
    some = g.add("Pick", id="some", items=parts.images, numbers=[0, 1])
    clip = g.add("LoadCLIP", source="tiny-clip")
    each = g.add("CLIPImageEmbedding", id="each", image=some.values, clip=clip.clip_model)
    g.output("index", g.add("JoinEmbeddings", embeddings=each.embedding).embedding)
    engine = Engine(CATALOG, cache=Cache(), files=files)

    def counts(numbers: list[int]) -> tuple[int, int, int]:
        told: list[NodeFinished] = []
        result = engine.run(
            g.graph(),
            {"some.numbers": numbers},
            on_event=lambda event: told.append(event) if isinstance(event, NodeFinished) else None,
        )
        assert result.status == "done", result.failures
        (one,) = (event for event in told if event.node == "each")
        return one.ran, one.cached, len(result.outputs["index"].vectors)

    assert counts([0, 1]) == (2, 0, 2)
    assert counts([3, 0, 1]) == (1, 2, 3)
    engine.close()
