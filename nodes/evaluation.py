"""Measure pictures: how far from real ones, how like to others, how diverse. Every measure ends in a table's row."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from engine.errors import InputError
from engine.node import node
from nodes import facts
from nodes.distances import effective_number, frechet, kernel_distance, mean_distance
from nodes.nearness import check_space, cosines, numbered, own_mean, seen_by
from nodes.tables import MEASURE, measure
from nodes.values import Embedding, Scores, Table
from nodes.widgets import Seed, number

Gamma = Annotated[float | None, number(0, 1000)]  # None is 1 / width, as in the paper
Subsets = Annotated[int, number(0, 1000)]
Size = Annotated[int, number(2, 100_000)]


class Distance(NamedTuple):
    distance: float
    table: Table


@node("FID", category="evaluation", libs=("numpy",), describe=facts.SameSpace("real", "made"))
def fid(real: Embedding, made: Embedding) -> Distance:
    """Say how far pictures lie from real ones, as a feature network sees both: 0 is the same distribution.

    This is the Fréchet distance (Heusel et al. 2017) on the features of whichever network embedded the pictures.
    Figures of different networks or of different numbers of pictures cannot be compared, and none with a published FID,
    which is Inception's. It is biased: fewer pictures give a higher figure, even of real against real. So each side
    needs more pictures than the network has features, and several times as many for a figure that stays put.
    """
    check_space(real, made)
    width = real.vectors.shape[1]
    _enough(real, made, width + 1, f"the covariance of {width} features cannot be told from fewer", "take KID")
    found = frechet(real.vectors.numpy(), made.vectors.numpy())
    return Distance(found, measure("FID", found, "lower", _sides(real, made)))


class KernelDistance(NamedTuple):
    distance: float
    deviation: float
    table: Table


@node("KID", category="evaluation", libs=("numpy",), describe=facts.SameSpace("real", "made"))
def kid(
    real: Embedding, made: Embedding, subsets: Subsets = 100, subset: Size = 20, gamma: Gamma = None, seed: Seed = 0
) -> KernelDistance:
    """Say how far pictures lie from real ones without FID's bias: about 0, or a little below, is the same distribution.

    This is the kernel distance (Bińkowski et al. 2018) with the cube of `gamma` times the product plus 1 as its kernel;
    `gamma` is 1 / features if it is left out, which suits features of any size but not vectors of length 1, such as
    CLIP's: give these 1. `distance` counts every pair of pictures. `deviation` is that of as many random subsets as
    asked, each of `subset` pictures: what a reader of papers expects, there 100 of 1,000. Few pictures are not biased,
    but the figure scatters: compare it with the deviation.
    """
    import numpy as np

    check_space(real, made)
    if subsets:
        _enough(real, made, subset, f"a subset has {subset}", "smaller subsets")
    _enough(real, made, 2, "there is no pair to compare", "another measure")
    x, y = real.vectors.numpy(), made.vectors.numpy()
    scale = 1 / x.shape[1] if gamma is None else gamma
    rng = np.random.default_rng(seed)
    drawn = [
        kernel_distance(
            x[rng.choice(len(x), subset, replace=False)], y[rng.choice(len(y), subset, replace=False)], gamma=scale
        )
        for _ in range(subsets)
    ]
    found, spread = kernel_distance(x, y, gamma=scale), float(np.std(drawn)) if drawn else 0.0
    said = f"; ±{spread:.2g} over {subsets} subsets of {subset}" if drawn else ""
    return KernelDistance(found, spread, measure("KID", found, "lower", _sides(real, made) + said))


class Alike(NamedTuple):
    scores: Scores
    mean: float
    table: Table


@node(
    "ImageSimilarity",
    title="Image similarity (DINO, CLIP)",
    category="evaluation",
    libs=("torch",),
    describe=facts.SameSpace("pictures", "references"),
)
def image_similarity(pictures: Embedding, references: Embedding) -> Alike:
    """Say how like pictures are to references, as the network sees both that embedded them: DINO, or CLIP (CLIP-I).

    `mean` is over the cosines of pictures and their own references, the first with the first and so on, if there are as
    many of both; or else over all.
    """
    import torch

    with torch.inference_mode():
        matrix = cosines(pictures, references)
        mean = own_mean(matrix)
    name = f"{seen_by(pictures)} similarity"
    scores = Scores(matrix, numbered(pictures, "picture"), numbered(references, "reference"))
    return Alike(scores, mean, measure(name, mean, "higher", _sides(references, pictures, "references")))


class Spread(NamedTuple):
    distance: float
    number: float
    table: Table


@node("Diversity", category="evaluation", libs=("numpy",))
def diversity(pictures: Embedding) -> Spread:
    """Say how different pictures are from one another, as the network sees them that embedded them.

    `distance` is the mean cosine distance of two pictures: 0 where all are alike. `number` is the Vendi score (Friedman
    and Dieng 2023): so many wholly different pictures would be as diverse; at most their number, 1 where all are alike.
    """
    if len(pictures.vectors) < 2:
        raise InputError("one picture alone has no diversity", hint="give two at least")
    features = pictures.vectors.numpy()
    apart, effective = mean_distance(features), effective_number(features)
    made_of = f"{len(features)} pictures, {pictures.space}"
    rows = [("diversity", apart), ("effective pictures (Vendi)", effective)]
    return Spread(apart, effective, Table(MEASURE, tuple((name, value, "higher", made_of) for name, value in rows)))


def _enough(real: Embedding, made: Embedding, least: int, why: str, otherwise: str) -> None:
    for side, each in (("real", real), ("made", made)):
        if len(each.vectors) < least:
            raise InputError(
                f"{len(each.vectors)} pictures are too few on the side `{side}`: {why}",
                hint=f"give {least} at least, or {otherwise}",
            )


def _sides(real: Embedding, made: Embedding, others: str = "real ones") -> str:
    return f"{len(made.vectors)} pictures, {len(real.vectors)} {others}, {made.space}"
