"""Embed texts and pictures in one space, and ask what fits what: CLIP (Radford et al. 2021), by open_clip."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import facts
from nodes.clip_model import CLIPModel, clip_files, describe_clip
from nodes.handles import Precision
from nodes.nearness import check_space, numbered, own_mean
from nodes.sources import EMBEDDED
from nodes.tables import measure
from nodes.values import Embedding, Image, Scores, Table
from nodes.widgets import ModelName, number

_LIBS = ("torch", "open_clip_torch", "timm", "torchvision")
Weight = Annotated[float, number(0, 1000)]


def _files_of(source: str, files: Files) -> Iterable[Path]:
    return clip_files(source, files).values()


@node("LoadCLIP", title="Load CLIP", lane="io", reads=_files_of, describe=facts.of_clip)
def load_clip(source: ModelName = EMBEDDED, precision: Precision = "auto", *, run: Run) -> CLIPModel:
    """Open a CLIP, which embeds texts and pictures in one space, without loading its weights yet.

    `source` is `bauklotz`, which comes with the program; the name of a folder below a models folder in open_clip's
    layout: open_clip_config.json, open_clip_model.safetensors and, where the config asks for one, a tokenizer; or
    `hub:org/name`.
    """
    return describe_clip(source, precision, run.files)


@node("CLIPTextEmbedding", title="CLIP text embedding", lane="gpu", libs=_LIBS, describe=facts.of_embedding)
def embed_texts(texts: Sequence[str], clip: CLIPModel, *, run: Run) -> Embedding:
    """Embed texts, each as one vector of length 1 in the space that pictures are embedded in too.

    A text that is longer than the model reads is cut: at 48 tokens by the embedded model, at 77 by most.
    """
    if not texts:
        raise InputError("there is no text to embed", hint="give one text at least")
    model = run.load(clip)
    return Embedding(model.embed_texts(texts), clip.space, tuple(texts), model.scale)


@node("CLIPImageEmbedding", title="CLIP image embedding", lane="gpu", libs=_LIBS, describe=facts.of_embedding)
def embed_image(image: Image, clip: CLIPModel, *, run: Run) -> Embedding:
    """Embed pictures, each as one vector of length 1 in the space that texts are embedded in too."""
    model = run.load(clip)
    return Embedding(model.embed_pictures(image), clip.space, ("",) * len(image.pixels), model.scale)


class Similarity(NamedTuple):
    cosine: Scores
    logits: Scores
    text_given_picture: Scores
    picture_given_text: Scores
    mean: float
    table: Table


@node(
    "CLIPSimilarity", title="CLIP similarity", revision=2, libs=("torch",), describe=facts.SameSpace("images", "texts")
)
def similarity(images: Embedding, texts: Embedding) -> Similarity:
    """Compare each picture with each text: pictures are rows, texts are columns.

    `logits` are the cosines times the model's own scale. Softmax makes them probabilities both ways:
    `text_given_picture` sums to 1 over the texts, `picture_given_text` over the pictures. `mean` is that of the cosines
    of pictures and their own texts, if there are as many of both; or else of all.
    """
    import torch

    check_space(images, texts)
    rows, columns = numbered(images, "picture"), numbered(texts, "text")
    with torch.inference_mode():
        scaled = texts.scale * images.vectors @ texts.vectors.T  # in open_clip's order: the bits depend on it
        matrices = (images.vectors @ texts.vectors.T, scaled, scaled.softmax(1), scaled.softmax(0))
        mean = own_mean(matrices[0])
    cosine, logits, by_text, by_picture = (Scores(matrix, rows, columns) for matrix in matrices)
    table = measure("CLIP similarity", mean, "higher", _pairs(images, texts))
    return Similarity(cosine, logits, by_text, by_picture, mean, table)


class Scored(NamedTuple):
    scores: Scores
    mean: float
    table: Table


@node("CLIPScore", title="CLIP score", revision=2, libs=("torch",), describe=facts.SameSpace("images", "texts"))
def clip_score(images: Embedding, texts: Embedding, weight: Weight = 100.0) -> Scored:
    """Score how well each picture shows each text: `weight` times the cosine, 0 where it is negative.

    The weight is 100 in torchmetrics and 2.5 in the paper (Hessel et al. 2021). `mean` is over pictures and their own
    texts, the first with the first and so on, if there are as many of both; or else over all.
    """
    import torch

    check_space(images, texts)
    with torch.inference_mode():
        matrix = weight * (images.vectors @ texts.vectors.T).clamp(min=0)
        mean = own_mean(matrix)
    table = measure("CLIPScore", mean, "higher", _pairs(images, texts))
    return Scored(Scores(matrix, numbered(images, "picture"), numbered(texts, "text")), mean, table)


def _pairs(images: Embedding, texts: Embedding) -> str:
    return f"{len(images.vectors)} pictures, {len(texts.vectors)} texts, {texts.space}"


@node("ContrastiveLoss", title="Contrastive loss", libs=("torch",), describe=facts.SameSpace("images", "texts"))
def contrastive_loss(images: Embedding, texts: Embedding) -> float:
    """Give the loss that CLIP is trained by: how surprising it is that each picture goes with its own text.

    The first picture belongs to the first text and so on. 0 is perfect; the logarithm of their number is guessing.
    """
    import torch

    check_space(images, texts)
    if len(images.vectors) != len(texts.vectors):
        counts = f"{len(images.vectors)} pictures and {len(texts.vectors)} texts"
        raise InputError(f"there are {counts}", hint="give as many texts as pictures, in the same order")
    with torch.inference_mode():
        by_image = texts.scale * images.vectors @ texts.vectors.T
        by_text = texts.scale * texts.vectors @ images.vectors.T
        right = torch.arange(len(by_image))
        loss = torch.nn.functional.cross_entropy
        return float((loss(by_image, right) + loss(by_text, right)) / 2)


@node("ZeroShotClassifier", title="Zero-shot classifier", lane="gpu", libs=_LIBS, describe=facts.of_embedding)
def zero_shot_classifier(
    clip: CLIPModel, classes: Sequence[str], templates: Sequence[str] = ("a photo of a {}",), *, run: Run
) -> Embedding:
    """Make a classifier out of words: each class name is said in each template, where `{}` stands, and averaged."""
    if not classes or not templates:
        raise InputError("there is no class or no template", hint="give one of each at least")
    if lacking := [template for template in templates if "{}" not in template]:
        raise InputError(f"the template {lacking[0][:60]!r} has no {{}}", hint="write {} where the class name goes")
    model = run.load(clip)
    weights = model.embed_classes(classes, templates)
    return Embedding(weights.T.contiguous(), clip.space, tuple(classes), model.scale)


class Classified(NamedTuple):
    answers: list[str]
    probabilities: Scores
    table: Table


@node("ClassifyImages", title="Classify images", libs=("torch",), describe=facts.SameSpace("images", "classes"))
def classify_images(images: Embedding, classes: Embedding) -> Classified:
    """Say of each picture which class it shows, by a classifier made of words; no example was ever seen."""
    import torch

    check_space(images, classes)
    with torch.inference_mode():
        probabilities = (classes.scale * images.vectors @ classes.vectors.T).softmax(1)
        sure, chosen = probabilities.max(1)
    answers = [classes.names[int(each)] for each in chosen]
    names = numbered(images, "picture")
    rows = tuple((name, answer, float(one)) for name, answer, one in zip(names, answers, sure, strict=True))
    table = Table(("picture", "class", "probability"), rows)
    return Classified(answers, Scores(probabilities, names, classes.names), table)
