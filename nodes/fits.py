"""See whether facts of what is wired fit together; what does not says so, with the mend."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.describing import Facts, Unfit
from engine.files import Files

_CODEBOOK = ("space", "entries")  # what must be alike of two codebooks
_EMBEDDERS: Mapping[str, str] = {
    "CLIP": "CLIPTextEmbedding or a CLIPImageEmbedding",
    "DINO": "DINOEncoder",
    "CLAP": "CLAPTextEmbedding or an AudioEncoder",
}
Known = Facts | None


def check_denoiser(denoiser: Known, guidance: Known, latent: Known) -> None:
    if denoiser and guidance and guidance.get("width") not in (None, denoiser["reads"]):
        raise Unfit(
            "guidance",
            f"its prompt is {guidance['width']} wide, from {guidance['model']}; the denoiser of {denoiser['model']} "
            f"reads {denoiser['reads']}",
            hint=f"encode the prompt with a TextEncoder of {denoiser['model']}",
        )
    if denoiser and latent and latent.get("space") not in (None, denoiser["space"]):
        raise Unfit(
            "latent",
            f"it is in the latent space {latent['space']} of {latent['model']}, the denoiser of {denoiser['model']} "
            f"works in {denoiser['space']}",
            hint=f"put VAEDecode with {latent['model']} and VAEEncode with {denoiser['model']} between them",
        )


def check_space(port: str, drawn: Known, autoencoder: Known) -> None:
    """See that an autoencoder can read a latent or codes."""
    if drawn and autoencoder and drawn.get("space") != autoencoder["space"]:
        raise Unfit(
            port,
            f"it is in the latent space {drawn.get('space')} of {drawn.get('model')}, "
            f"{autoencoder['model']} reads {autoencoder['space']}",
            hint=f"decode it with the autoencoder of {drawn.get('model')}",
        )


def check_codebook(autoencoder: Known, other: str) -> None:
    if autoencoder and autoencoder.get("kind") == "kl":
        raise Unfit("autoencoder", f"that of {autoencoder['model']} has no codebook", hint=f"use {other}")


def check_codes(port: str, codes: Known, other: Known) -> None:
    """See that codes, or what makes them, are of the codebook that the other one knows."""
    if codes and other and [codes.get(name) for name in _CODEBOOK] != [other.get(name) for name in _CODEBOOK]:
        raise Unfit(
            port,
            f"its codes are {codes.get('entries')} of {codes.get('space')}, from {codes['model']}; {other['model']} "
            f"knows {other.get('entries')} of {other.get('space')}",
            hint="take the VQGAN that the codes are made for on both sides",
        )


def check_made_for(port: str, added: Known, denoiser: Known, kind: str) -> None:
    """See that what acts beside a denoiser was made for one of its width."""
    if denoiser and added and added.get("width") not in (None, denoiser["reads"]):
        raise Unfit(
            port,
            f"{added['model']} is made for a denoiser that reads {added['width']}, that of {denoiser['model']} reads "
            f"{denoiser['reads']}",
            hint=f"take {kind} made for {denoiser['model']}",
        )


def check_words(port: str, words: Known, model: Known) -> None:
    """See that a prompt was taken apart by the tokenizer of the model that reads it, or by one like it."""
    if words and model and words.get("vocabulary") != model.get("vocabulary"):
        raise Unfit(
            port,
            f"it is of {words['model']}, whose vocabulary has {_counts(words)} entries; that of {model['model']} has "
            f"{_counts(model)}",
            hint=f"make it with a Tokenizer of {model['model']}",
        )


def check_embedding(port: str, embedding: Known, other: Known, files: Files) -> None:
    """See that two embeddings are of one space: of one width, and by weights that are the same."""
    if not embedding or not other:
        return
    hint = f"embed it with a {_EMBEDDERS[other['kind']]} of {other['model']}"
    if embedding["embeds"] != other["embeds"]:
        raise Unfit(
            port,
            f"it is {embedding['embeds']} wide, from the {embedding['kind']} of {embedding['model']}; the "
            f"{other['kind']} of {other['model']} embeds in {other['embeds']}",
            hint=hint,
        )
    paths = [Path(each["file"]) for each in (embedding, other)]
    if paths[0] != paths[1] and files.digest(paths[0]) != files.digest(paths[1]):
        raise Unfit(
            port,
            f"it is from the {embedding['kind']} of {embedding['model']}, which has another space than the "
            f"{other['kind']} of {other['model']}",
            hint=hint,
        )


def check_reader(reader: Known, wanted: str) -> None:
    """See that a model that reads pictures was trained to write what is asked of it."""
    if reader and reader["writes"] != wanted and not (wanted == "caption" and reader["describes"]):
        from nodes.picture_reader import NODES

        raise Unfit(
            "reader",
            f"{reader['model']} was trained to write {reader['writes']}s, not {wanted}s",
            hint=f"wire it to {NODES[reader['writes']]}, or take a model that writes {wanted}s",
        )


def _counts(facts: Facts) -> str:
    return " and ".join(map(str, facts["vocabulary"]))


def alike(prompts: Mapping[str, Known]) -> Facts:
    """See that prompts are of one width; the last one named is the one that does not fit."""
    known = {port: facts for port, facts in prompts.items() if facts and "width" in facts}
    first: Facts = next(iter(known.values()), {})
    for port, facts in known.items():
        if facts["width"] != first["width"]:
            raise Unfit(
                port,
                f"it is {facts['width']} wide, from {facts['model']}; the other prompt is {first['width']} wide, "
                f"from {first['model']}",
                hint=f"encode both with a TextEncoder of {first['model']}",
            )
    return first


def some(facts: Facts, *names: str) -> Facts:
    return {name: facts[name] for name in names}
