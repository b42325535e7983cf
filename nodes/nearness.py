"""Find what lies near in a space of embeddings: compare, search, rank, and let neighbours vote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

from engine.errors import InputError
from engine.node import node
from nodes import facts
from nodes.values import Embedding, Image, Scores, Table
from nodes.widgets import slider

if TYPE_CHECKING:
    from torch import Tensor

Count = Annotated[int, slider(1, 1000)]
Temperature = Annotated[float, slider(0.01, 10, 0.01)]


def check_space(one: Embedding, other: Embedding) -> None:
    """See that two embeddings can be compared."""
    if one.space != other.space:
        raise InputError(
            f"one embedding is of the space {one.space}, the other of {other.space}", hint="embed both by one model"
        )


def numbered(embedding: Embedding, kind: str) -> tuple[str, ...]:
    """Name each vector, by its number where it has no name."""
    return tuple(name or f"{kind} {number}" for number, name in enumerate(embedding.names, 1))


def seen_by(embedding: Embedding) -> str:
    """Name the kind of network that embedded: CLIP, CLAP or DINO, which the name of its space begins with."""
    return embedding.space.split("-")[0].upper()


def cosines(one: Embedding, other: Embedding) -> Tensor:
    """Compare each vector with each of the others: [one, other]."""
    from torch.nn.functional import normalize

    check_space(one, other)
    return normalize(one.vectors, dim=1) @ normalize(other.vectors, dim=1).T


def own_mean(matrix: Tensor) -> float:
    """Average the scores of things and their own partners, or all where there are not as many of both."""
    own = matrix.diagonal() if matrix.shape[0] == matrix.shape[1] else matrix
    return float(own.mean())


@node("JoinEmbeddings", category="embedding", libs=("torch",), describe=facts.of_joined)
def join_embeddings(embeddings: Sequence[Embedding], names: Sequence[str] = ()) -> Embedding:
    """Put embeddings of one space together: an index to search in. `names` say what they are of, if given."""
    import torch

    if not embeddings:
        raise InputError("there is no embedding to join", hint="wire one at least")
    for each in embeddings[1:]:
        check_space(embeddings[0], each)
    vectors = torch.cat([each.vectors for each in embeddings])
    if names and len(names) != len(vectors):
        raise InputError(f"there are {len(names)} names for {len(vectors)} vectors", hint="give one for each, or none")
    own = tuple(name for each in embeddings for name in each.names)
    return Embedding(vectors, embeddings[0].space, tuple(names) or own, embeddings[0].scale)


@node("CosineSimilarity", category="embedding", libs=("torch",), describe=facts.SameSpace("first", "second"))
def cosine_similarity(first: Embedding, second: Embedding) -> Scores:
    """Compare each vector with each of another embedding: 1 is the same direction, 0 has nothing in common."""
    import torch

    with torch.inference_mode():
        return Scores(cosines(first, second), numbered(first, "item"), numbered(second, "item"))


class Found(NamedTuple):
    numbers: list[int]
    names: list[str]
    table: Table


@node("Search", category="embedding", libs=("torch",), describe=facts.SameSpace("index", "query"))
def search(index: Embedding, query: Embedding, count: Count = 4) -> Found:
    """Find what is nearest to a query, best first: a text finds pictures, a picture finds texts or pictures like it.

    `numbers` count from 0 in the index. `probability` is that of each item against the whole index, where the model
    was trained to choose, as CLIP was.
    """
    import torch

    if len(query.vectors) != 1:
        raise InputError(
            f"{len(query.vectors)} queries are asked at once", hint="ask one; a list of them runs for each"
        )
    with torch.inference_mode():
        near = cosines(query, index)[0]
        chances = (index.scale * near).softmax(0)
        order = near.argsort(descending=True, stable=True)[:count].tolist()
    names = numbered(index, "item")
    rows = tuple((rank, names[k], float(near[k]), float(chances[k])) for rank, k in enumerate(order, 1))
    table = Table(("rank", "name", "cosine", "probability"), rows)
    return Found(order, [names[k] for k in order], table)


class Kept(NamedTuple):
    image: Image
    numbers: list[int]
    table: Table


@node("KeepBest", category="embedding", libs=("torch",))
def keep_best(image: Image, scores: Scores, count: Count = 1) -> Kept:
    """Keep the pictures of a batch that score best, best first; with several columns, their mean counts."""
    import torch

    if len(image.pixels) != len(scores.rows):
        raise InputError(
            f"{len(scores.rows)} rows of scores do not fit {len(image.pixels)} pictures", hint="score this batch"
        )
    with torch.inference_mode():
        means = scores.matrix.mean(1)
        order = means.argsort(descending=True, stable=True)[:count].tolist()
        best = Image(image.pixels[order])
    rows = tuple((rank, scores.rows[k], float(means[k])) for rank, k in enumerate(order, 1))
    return Kept(best, order, Table(("rank", "picture", "score"), rows))


@node("NeighbourVote", category="embedding", libs=("torch",), describe=facts.SameSpace("known", "asked"))
def neighbour_vote(
    known: Embedding, labels: Sequence[str], asked: Embedding, count: Count = 20, temperature: Temperature = 0.07
) -> list[str]:
    """Answer by the labels of the nearest that are known, each with a vote of exp(cosine / temperature).

    This is how DINO is judged (k-NN, Wu et al. 2018, Caron et al. 2021): nothing is trained.
    """
    import torch

    if len(labels) != len(known.vectors):
        raise InputError(f"{len(labels)} labels do not fit {len(known.vectors)} vectors", hint="give one for each")
    values = sorted(set(labels))
    with torch.inference_mode():
        closeness, rows = cosines(asked, known).topk(min(count, len(labels)), dim=1)
        truth = torch.tensor([values.index(label) for label in labels])
        votes = torch.zeros(len(closeness), len(values))
        votes.scatter_add_(1, truth[rows], (closeness / temperature).exp())
        return [values[int(best)] for best in votes.argmax(1)]


class Judged(NamedTuple):
    share: float
    table: Table


@node("Accuracy", category="embedding")
def accuracy(answers: Sequence[str], expected: Sequence[str]) -> Judged:
    """Give the share of answers that are right, and how each expected answer fared."""
    if not answers or len(answers) != len(expected):
        raise InputError(f"{len(answers)} answers, {len(expected)} expected", hint="give as many of both, one at least")
    pairs = list(zip(answers, expected, strict=True))
    given = {value: [answer for answer, right in pairs if right == value] for value in sorted(set(expected))}
    rows = tuple(_fared(value, each) for value, each in given.items())
    return Judged(sum(answer == right for answer, right in pairs) / len(pairs), Table(_FARED, rows))


_FARED = ("expected", "asked", "right", "most often taken for")


def _fared(value: str, answers: Sequence[str]) -> tuple[str, int, int, str]:
    wrong = [answer for answer in answers if answer != value]
    most = max(sorted(set(wrong)), key=wrong.count, default="")
    return value, len(answers), len(answers) - len(wrong), most
