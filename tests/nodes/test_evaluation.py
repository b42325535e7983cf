"""Measures of pictures: figures that are known by hand or from torchmetrics, and what is refused."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.errors import InputError
from engine.files import Files
from engine.node import NodeFunction
from engine.run import Run
from nodes import sources
from nodes.attributes import attribute_accuracy
from nodes.clip import clip_score, similarity
from nodes.distances import effective_number, frechet, kernel_distance, mean_distance
from nodes.evaluation import diversity, fid, image_similarity, kid
from nodes.tables import MEASURE, join_tables, scores_table
from nodes.values import Embedding, Image, Scores, Table
from nodes.world import Drawn, scenes


def cloud(seed: int, count: int = 100, *, scale: float = 1.0, shift: float = 0.0) -> torch.Tensor:
    return torch.randn(count, 16, generator=torch.Generator().manual_seed(seed)) * scale + shift


def embedded(vectors: torch.Tensor, space: str = "dino-1") -> Embedding:
    return Embedding(vectors, space, ("",) * len(vectors))


TORCHMETRICS_FID, TORCHMETRICS_KID = 4.604120185462911, 0.29303870416384203
REAL, MADE = embedded(cloud(0)), embedded(cloud(1, scale=1.3, shift=0.2))


def test_the_figures_are_those_of_torchmetrics() -> None:
    """They were computed by torchmetrics 1.9.0 on these features; tests/parity asks it again where it is installed."""
    assert fid(REAL, MADE).distance == pytest.approx(TORCHMETRICS_FID, abs=1e-6)
    assert kid(REAL, MADE).distance == pytest.approx(TORCHMETRICS_KID, abs=1e-9)


def test_two_normal_clouds_are_as_far_apart_as_the_formula_says() -> None:
    real = torch.tensor([[-1.0, 0.0], [1.0, 0.0], [0.0, -1.0], [0.0, 1.0]]).double()
    assert frechet(real.numpy(), (3 * real + 2).numpy()) == pytest.approx(8 + 2 * (2 / 3) * (3 - 1) ** 2)
    assert frechet(real.numpy(), real.numpy()) == pytest.approx(0, abs=1e-12)


def test_kid_counts_every_pair_once_also_of_sets_of_two_sizes() -> None:
    x, y = cloud(2, 5).double(), cloud(3, 7).double()

    def kernel(one: torch.Tensor, other: torch.Tensor) -> float:
        return (float(one @ other) / 16 + 1) ** 3

    own = [
        sum(kernel(a, b) for i, a in enumerate(z) for k, b in enumerate(z) if i != k) / (len(z) * (len(z) - 1))
        for z in (x, y)
    ]
    across = sum(kernel(a, b) for a in x for b in y) / 35
    assert kernel_distance(x.numpy(), y.numpy(), gamma=1 / 16) == pytest.approx(sum(own) - 2 * across)


def test_fid_is_biased_and_kid_is_not() -> None:
    few, many = ([(cloud(2 * seed, count), cloud(2 * seed + 1, count)) for seed in range(20)] for count in (24, 400))
    bias = [sum(frechet(a.numpy(), b.numpy()) for a, b in pairs) / 20 for pairs in (few, many)]
    assert bias[0] > 5 * bias[1] > 0
    found = [kernel_distance(a.numpy(), b.numpy(), gamma=1 / 16) for a, b in few]
    assert abs(sum(found) / 20) < 0.1
    assert min(found) < 0 < max(found)


def test_the_deviation_of_kid_comes_from_the_seed() -> None:
    first, again, other = (kid(REAL, MADE, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.deviation != other.deviation
    assert first.distance == other.distance
    assert kid(REAL, MADE, subsets=0).deviation == 0
    assert "100 subsets of 20" in str(first.table.rows[0][3])


def test_diversity_is_nothing_where_all_are_alike_and_all_where_none_are() -> None:
    alike, apart = torch.ones(4, 16), torch.eye(16)
    assert diversity(embedded(alike))[:2] == pytest.approx((0, 1), abs=1e-9)
    assert diversity(embedded(5 * apart))[:2] == pytest.approx((1, 16))
    assert mean_distance(torch.cat([apart[:1], -apart[:1]]).numpy()) == pytest.approx(2)
    assert effective_number(torch.cat([apart[:2], apart[:2]]).numpy()) == pytest.approx(2)


def test_pictures_are_compared_with_their_own_references() -> None:
    axes = embedded(torch.eye(3, 16))
    turned = embedded(torch.eye(3, 16)[[1, 0, 2]])
    found = image_similarity(axes, turned)
    assert found.mean == pytest.approx(1 / 3)
    assert found.scores.columns == ("reference 1", "reference 2", "reference 3")
    assert image_similarity(axes, embedded(torch.eye(2, 16))).mean == pytest.approx(2 / 6)
    assert found.table.rows[0][0] == "DINO similarity"
    assert image_similarity(embedded(axes.vectors, "clip-1"), embedded(axes.vectors, "clip-1")).table.rows == (
        ("CLIP similarity", pytest.approx(1), "higher", "3 pictures, 3 references, clip-1"),
    )


def test_every_measure_ends_in_a_row_of_one_kind_of_table() -> None:
    texts = embedded(cloud(4, 3), "clip-1")
    found = [
        fid(REAL, MADE),
        kid(REAL, MADE),
        diversity(MADE),
        image_similarity(REAL, MADE),
        clip_score(texts, texts),
        similarity(texts, texts),
        counted(drawn()),
    ]
    joined = join_tables([each.table for each in found])
    assert joined.columns == MEASURE
    assert [(row[0], row[2]) for row in joined.rows] == [
        ("FID", "lower"),
        ("KID", "lower"),
        ("diversity", "higher"),
        ("effective pictures (Vendi)", "higher"),
        ("DINO similarity", "higher"),
        ("CLIPScore", "higher"),
        ("CLIP similarity", "higher"),
        ("attribute accuracy", "higher"),
    ]
    own = (similarity(texts, texts).mean, clip_score(texts, texts).mean)
    assert [row[1] for row in joined.rows[5:7]] == [own[1], own[0]]
    named = join_tables([found[0].table, found[2].table], ["drawn", "real"])
    assert named.columns == ("of", *MEASURE)
    assert [row[:2] for row in named.rows] == [
        ("drawn", "FID"),
        ("real", "diversity"),
        ("real", "effective pictures (Vendi)"),
    ]


def test_scores_stand_side_by_side() -> None:
    one = Scores(torch.tensor([[0.25, 0.5], [0.75, 1.0]]), ("a", "b"), ("x", "y"))
    other = Scores(torch.tensor([[2.0], [3.0]]), ("c", "d"), ("z",))
    assert scores_table([one, other]) == Table(("of", "x", "y", "z"), (("a", 0.25, 0.5, 2.0), ("b", 0.75, 1.0, 3.0)))
    named = scores_table([other], ["CLIP"], ["first", "second"])
    assert named == Table(("of", "CLIP"), (("first", 2.0), ("second", 3.0)))


SHORT = Scores(torch.tensor([[1.0]]), ("a",), ("x",))
LONG = Scores(torch.tensor([[1.0], [2.0]]), ("a", "b"), ("x",))


@pytest.mark.parametrize(
    ("node", "inputs", "said"),
    [
        (fid, (REAL, embedded(cloud(1, 16))), "16 pictures are too few on the side `made`: the covariance of 16"),
        (fid, (embedded(cloud(1, 12)), MADE), "12 pictures are too few on the side `real`"),
        (kid, (REAL, embedded(cloud(1, 19))), "19 pictures are too few on the side `made`: a subset has 20"),
        (kid, (embedded(cloud(1, 1)), MADE, 0), "1 pictures are too few on the side `real`: there is no pair"),
        (fid, (REAL, embedded(cloud(1), "clip-1")), "space"),
        (kid, (REAL, embedded(cloud(1), "clip-1")), "space"),
        (image_similarity, (REAL, embedded(cloud(1), "clip-1")), "space"),
        (diversity, (embedded(cloud(1, 1)),), "one picture alone"),
        (join_tables, ([],), "no table"),
        (join_tables, ([Table(("a",), ()), Table(("b",), ())],), "columns"),
        (join_tables, ([Table(("a",), ())], ["x", "y"]), "2 names for 1 tables"),
        (scores_table, ([],), "no scores"),
        (scores_table, ([SHORT], ["x", "y"]), "2 names for 1 columns"),
        (scores_table, ([LONG], [], ["a"]), "1 names for 2 rows"),
        (scores_table, ([SHORT, LONG],), "different numbers"),
    ],
)
def test_what_cannot_be_measured_is_refused(node: NodeFunction, inputs: tuple[Any, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        node(*inputs)


def drawn(pairs: float = 0.5) -> Drawn:
    found: Drawn = scenes(40, 3, pairs)
    return found


def counted(given: Drawn, image: Image | None = None) -> Any:
    return attribute_accuracy(given.image if image is None else image, given.truth, run=Run(files=Files.default()))


def test_the_checker_reads_in_real_scenes_what_they_show() -> None:
    found = counted(drawn())
    shares = {row[0]: row for row in found.by_attribute.rows}
    assert found.share > 0.98
    assert set(shares) == {
        "background", "light", "style", "shape", "colour", "size", "position", "relation", "binding", "count"
    }  # fmt: skip
    assert shares["position"][1] + shares["relation"][1] == 40
    assert shares["shape"][1] == 40 + shares["relation"][1]
    assert shares["binding"][3] > 0.9
    assert shares["count"][3] > 0.85


def test_pictures_that_show_something_else_are_counted_as_wrong() -> None:
    asked = drawn()
    shuffled = Image(asked.image.pixels.roll(1, 0))
    assert counted(asked, shuffled).share < 0.5
    dark = counted(asked, Image(asked.image.pixels * 0.2))
    assert {row[0]: row for row in dark.by_attribute.rows}["light"][3] < 0.75


def test_only_what_is_asked_is_counted() -> None:
    found = counted(drawn(pairs=0))
    assert not {"relation", "binding"} & {row[0] for row in found.by_attribute.rows}


def test_other_pictures_and_other_tables_are_refused() -> None:
    given = drawn()
    wrong: list[tuple[Callable[[], Any], str]] = [
        (lambda: counted(given, Image(given.image.pixels[:3])), "40 scenes do not fit 3 pictures"),
        (lambda: counted(given, Image(torch.rand(40, 3, 32, 32))), "64 x 64"),
        (lambda: counted(given._replace(truth=Table(("a",), ()))), "no column 'arrangement'"),
    ]
    for call, said in wrong:
        with pytest.raises(InputError, match=said):
            call()


def test_an_installed_package_has_no_checker_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel leaves models/bauklotz/checker out (pyproject.toml)."""
    shutil.copytree(Path(__file__).parents[2] / "models/bauklotz/dino", tmp_path / "dino")
    monkeypatch.setattr(sources, "_embedded", lambda part: tmp_path / part)
    with pytest.raises(InputError, match="for evaluation only") as told:
        counted(drawn())
    assert "clone" in str(told.value)
