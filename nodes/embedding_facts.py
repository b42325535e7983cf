"""Say what nodes give that make embeddings and draw from them, so that those of another model are refused."""

from __future__ import annotations

from pathlib import Path

from engine.describing import Facts, Unfit
from engine.files import Files
from nodes.facts import Given
from nodes.fits import Known, check_embedding

_UNTOLD = "the CLIP that it was made for"


def of_load_prior(source: str | None, files: Files) -> Given:
    """Read how wide the embeddings of a prior are, and which CLIP it was made for."""
    from nodes.belonging import belonging
    from nodes.prior_model import read_net
    from nodes.sources import locate_reader

    if not source or source.startswith("hub:"):
        return {}
    folder = locate_reader(source, "prior", files)
    told, width = belonging(folder), read_net(folder).config.get("embedding_dim", 768)
    return {"prior_model": {"model": source, "embeds": width, "clip": told.clip or _UNTOLD, "space": told.space}}


def of_prior(prior: Known, clip: Known, files: Files) -> Given:
    if prior and clip:
        _check_clip("clip", clip, prior, files, hint=f"wire a LoadCLIP of {prior['clip']}")
    return {"embedding": clip or {}}


def of_load_unclip(source: str | None, files: Files) -> Given:
    """Read what embeddings it reads, and how wide the prompts are that it makes."""
    from nodes.belonging import belonging
    from nodes.sources import locate_reader
    from nodes.unclip_model import read_unclip

    if not source or source.startswith("hub:"):
        return {}
    folder = locate_reader(source, "unclip", files)
    told, config = belonging(folder), read_unclip(folder)
    made_for = {"clip": told.clip or _UNTOLD, "space": told.space}
    return {
        "unclip_model": {"model": source, "embeds": config["embed_dims"], "width": config["output_dims"], **made_for}
    }


def of_unclip(embedding: Known, unclip: Known, files: Files) -> Given:
    if embedding and unclip:
        hint = f"embed it with a CLIPImageEmbedding of {unclip['clip']}"
        _check_clip("embedding", embedding, unclip, files, hint=hint)
    return {"conditioning": {"width": unclip["width"], "model": unclip["model"]} if unclip else {}}


def of_between(first: Known, second: Known, files: Files) -> Given:
    check_embedding("second", second, first, files)
    return {"embeddings": first or second or {}}


def _check_clip(port: str, given: Facts, model: Facts, files: Files, *, hint: str) -> None:
    """See that something is of the CLIP that a model was made for: its kind and width, and, if told, its weights."""
    if given["kind"] != "CLIP" or given["embeds"] != model["embeds"]:
        raise Unfit(
            port,
            f"the {given['kind']} of {given['model']} embeds in {given['embeds']}, {model['model']} is made for a CLIP "
            f"that embeds in {model['embeds']}",
            hint=hint,
        )
    if model["space"] and model["space"] != f"clip-{files.digest(Path(given['file']))[:12]}":
        raise Unfit(
            port,
            f"the CLIP of {given['model']} has another space than the one that {model['model']} was made for",
            hint=hint,
        )
