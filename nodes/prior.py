"""Go from a text to what CLIP would see in a picture of it: the prior of DALL-E 2 (Ramesh et al., arXiv 2204.06125)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import embedding_facts
from nodes.belonging import check_made_for
from nodes.clip_model import Clip, CLIPModel
from nodes.handles import Precision
from nodes.noise import Noise
from nodes.prior_model import PriorModel, TextStates, describe_prior, prior_files
from nodes.sources import EMBEDDED
from nodes.values import Embedding
from nodes.widgets import ModelName, Prompt, Scale, Seed, slider

_LIBS = ("torch", "diffusers", "open_clip_torch")
Steps = Annotated[int, slider(2, 1000)]


def _files_of(source: str, files: Files) -> Iterable[Path]:
    return prior_files(source, files).values()


@node(
    "LoadPrior",
    title="Load prior",
    category="unclip",
    lane="io",
    reads=_files_of,
    describe=embedding_facts.of_load_prior,
)
def load_prior(source: ModelName = EMBEDDED, precision: Precision = "auto", *, run: Run) -> PriorModel:
    """Open a prior, which goes from a text to a CLIP image embedding, without loading its weights yet.

    `source` is `bauklotz`, which comes with the program, or the name of a folder below a models folder in diffusers
    layout: the prior of Kandinsky 2, with its folders prior and scheduler. A file promptograph.json may say which CLIP
    it was made for.
    """
    return describe_prior(source, precision, run.files)


@node("Prior", category="unclip", lane="gpu", libs=_LIBS, describe=embedding_facts.of_prior)
def prior(
    prior: PriorModel,
    clip: CLIPModel,
    text: Prompt = "",
    negative: Prompt = "",
    scale: Scale = 2.0,
    steps: Steps = 20,
    seed: Seed = 0,
    seeds: Sequence[Seed] = (),
    *,
    run: Run,
) -> Embedding:
    """Guess what CLIP would see in a picture of a text: an image embedding, drawn step by step from noise.

    A text fits many pictures, so every seed gives another embedding; with `seeds`, there is one for each. `scale` leads
    away from the negative text (the empty one, if none is given); at 1 or less only the text counts. `clip` is the CLIP
    that the prior was made for.
    """
    import torch

    check_made_for(prior.space, clip.space, "the CLIP")
    model, net = run.load(clip), run.load(prior)
    count = len(seeds) or 1
    with torch.inference_mode():
        read = [_repeated(_read(model, each, prior), count) for each in (text, negative)]
        drawn = net.draw(*read, Noise.of(seed, seeds), scale=scale, steps=steps, progress=run.progress)
        if prior.unit:
            drawn = torch.nn.functional.normalize(drawn, dim=1)
    return Embedding(drawn, clip.space, (text,) * count, model.scale)


def _read(clip: Clip, text: str, prior: PriorModel) -> TextStates:
    """Read a text, and see that the prior reads as many tokens as wide."""
    read = TextStates(*clip.read_text(text))
    told = (read.states.shape[1], read.states.shape[2], read.embedding.shape[1])
    if told != (prior.length, prior.width, prior.width):
        raise InputError(
            f"this CLIP reads {told[0]} tokens of width {told[1]} and embeds in {told[2]}; the prior wants "
            f"{prior.length} of {prior.width}",
            hint="wire the CLIP that the prior was made for: LoadCLIP with its source",
        )
    return read


def _repeated(read: TextStates, count: int) -> TextStates:
    return TextStates(*(each.repeat_interleave(count, 0) for each in read))
