"""Draw from a CLIP image embedding, as the decoder of DALL-E 2 does (Ramesh et al., arXiv 2204.06125)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import embedding_facts
from nodes.belonging import check_made_for, check_width
from nodes.handles import Precision
from nodes.sources import EMBEDDED
from nodes.unclip_model import UnclipModel, describe_unclip, unclip_files
from nodes.values import Conditioning, Embedding
from nodes.widgets import ModelName


def _files_of(source: str, files: Files) -> Iterable[Path]:
    return unclip_files(source, files).values()


@node(
    "LoadUnCLIP",
    title="Load unCLIP",
    category="unclip",
    lane="io",
    reads=_files_of,
    describe=embedding_facts.of_load_unclip,
)
def load_unclip(source: ModelName = EMBEDDED, precision: Precision = "auto", *, run: Run) -> UnclipModel:
    """Open what lets a denoiser draw from CLIP image embeddings, without loading its weights yet.

    `source` is `bauklotz`, which comes with the program and is for its denoiser, or the name of a folder below a models
    folder: config.json and weights of diffusers' IPAdapterPlusImageProjection, with the prompt of no picture beside.
    """
    return describe_unclip(source, precision, run.files)


@node(
    "UnCLIPConditioning",
    title="unCLIP conditioning",
    category="unclip",
    lane="gpu",
    libs=("torch", "diffusers"),
    describe=embedding_facts.of_unclip,
)
def unclip_conditioning(embedding: Embedding, unclip: UnclipModel, *, run: Run) -> Conditioning:
    """Make a prompt of an image embedding: wired to CFG and a Sampler, it draws pictures that CLIP sees alike.

    The embedding is of a picture, which gives variations of it; of a prior, which gives pictures of a text; or anything
    between. Several embeddings are a batch: one for each picture of a latent with as many.
    """
    check_made_for(unclip.space, embedding.space, "the embedding")
    check_width(unclip.width, embedding)
    model = run.load(unclip)
    nothing = model.nothing.float().cpu()
    vectors = embedding.vectors.float()
    return Conditioning(model.prompts(vectors), vectors, nothing, vectors.new_zeros(1, vectors.shape[1]))
