"""Say what nodes give from what they are given, without opening a model, so that wires that do not fit are refused.

Facts are what configs and headers say: of a text encoder its width, of a denoiser the width it reads and its latent
space. A node's description takes the facts of the inputs that it names, None where they are not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.describing import Facts, Unfit
from engine.files import Files
from engine.spec import Json

_CODEBOOK = ("space", "entries")  # what must be alike of two codebooks
Known = Facts | None
Given = Mapping[str, Facts]


def of_checkpoint(source: str | None, files: Files) -> Given:
    """Read the facts of a checkpoint that is here; one that would have to be downloaded is not known yet."""
    from nodes.sources import locate

    if not source or source.startswith("hub:"):
        return {}
    found = locate(source, files)
    facts = _of_folder(found) if found.is_dir() else _of_file(found)
    named = {**facts, "model": source}
    return dict.fromkeys(("tokenizer", "text_encoder", "denoiser", "autoencoder"), named)


def of_tokenizer(tokenizer: Known) -> Given:
    return {"tokens": tokenizer or {}, "words": tokenizer or {}}


def of_text_encoder(tokens: Known, encoder: Known) -> Given:
    if tokens and encoder and tokens["encoders"] != encoder["encoders"]:
        raise Unfit(
            "tokens",
            f"they are for {tokens['encoders']} text encoder(s), {encoder['model']} has {encoder['encoders']}",
            hint=f"make them with a Tokenizer of {encoder['model']}",
        )
    return {"conditioning": {} if encoder is None else _some(encoder, "width", "model")}


def of_guidance(positive: Known, negative: Known) -> Given:
    return {"guidance": _alike({"positive": positive, "negative": negative})}


def of_changed_guidance(guidance: Known) -> Given:
    return {"guidance": guidance or {}}


def of_dual(guidance: Known, second: Known) -> Given:
    return {"guidance": _alike({"guidance": guidance, "second": second})}


def of_switch(before: Known, after: Known) -> Given:
    return {"guidance": _alike({"before": before, "after": after})}


def of_two_prompts(first: Known, second: Known) -> Given:
    return {"conditioning": _alike({"first": first, "second": second})}


def of_prompts(conditionings: Sequence[Known]) -> Given:
    known = [each for each in conditionings if each]
    for each in known[1:]:
        _alike({"first": known[0], "conditionings": each})
    return {"conditioning": known[0] if known else {}}


def of_adapter(denoiser: Known) -> Given:
    return {"denoiser": denoiser or {}}


def of_ip_adapter(source: str | None, clip: Known, files: Files) -> Given:
    """Read which vectors an IP-Adapter reads, and for denoisers of which width it was made."""
    from nodes.families.header import shapes
    from nodes.families.pictured import kind_of, widths
    from nodes.ip_adapter import adapter_file

    if not source:
        return {}
    file = adapter_file(source, files)
    kind = kind_of(shapes(file), file.name)
    reads, width = widths(shapes(file), kind)
    if clip and kind != "plain":
        raise Unfit(
            "clip", f"{source} is of the kind {kind} and reads patches", hint="leave it out and give an image encoder"
        )
    if clip and clip["embeds"] != reads:
        raise Unfit(
            "clip",
            f"{clip['model']} embeds in {clip['embeds']}, {source} reads {reads}",
            hint="wire a Load CLIP of the model that the adapter was trained with",
        )
    return {"picture_prompt": {"model": source, "width": width}}


def of_empty_latent(denoiser: Known) -> Given:
    return {"latent": {} if denoiser is None else _some(denoiser, "space", "model")}


def of_sampler(denoiser: Known, guidance: Known, latent: Known, pictures: Sequence[Known] = ()) -> Given:
    _check_denoiser(denoiser, guidance, latent)
    for each in pictures:
        if denoiser and each and each["width"] != denoiser["reads"]:
            raise Unfit(
                "pictures",
                f"{each['model']} is made for a denoiser that reads {each['width']}, that of {denoiser['model']} reads "
                f"{denoiser['reads']}",
                hint=f"take an IP-Adapter made for {denoiser['model']}",
            )
    return {"latent": {} if denoiser is None else _some(denoiser, "space", "model")}


def of_difference(denoiser: Known, guidance: Known, latent: Known) -> Given:
    given = of_sampler(denoiser, guidance, latent)["latent"]
    return dict.fromkeys(("with_prompt", "without_prompt", "difference"), given)


def of_encode(autoencoder: Known) -> Given:
    given = {} if autoencoder is None else _some(autoencoder, "space", "model")
    return {"latent": given, "gaussian": given}


def of_draw(gaussian: Known) -> Given:
    return {"latent": gaussian or {}}


def of_decode(latent: Known, autoencoder: Known) -> Given:
    if latent and autoencoder and latent.get("space") != autoencoder["space"]:
        raise Unfit(
            "latent",
            f"it is in the latent space {latent.get('space')} of {latent.get('model')}, "
            f"{autoencoder['model']} reads {autoencoder['space']}",
            hint=f"decode it with the autoencoder of {latent.get('model')}",
        )
    return {}


def of_vqgan_encode(autoencoder: Known) -> Given:
    _check_codebook(autoencoder, "VAEEncode")
    given = {} if autoencoder is None else _some(autoencoder, "space", "entries", "model")
    return {"latent": given, "codes": given}


def of_clip(source: str | None, files: Files) -> Given:
    """Read how wide the vectors of a CLIP are."""
    from nodes.checkpoints import read_json
    from nodes.clip_model import CONFIG, clip_files

    if not source:
        return {}
    config = read_json(clip_files(source, files)[CONFIG])
    return {"clip_model": {"model": source, "embeds": config["model_cfg"].get("embed_dim")}}


def of_embedding(clip: Known) -> Given:
    return {"embedding": clip or {}}


def of_joined(embeddings: Sequence[Known]) -> Given:
    known = [each for each in embeddings if each]
    for each in known[1:]:
        _check_embedding("embeddings", each, known[0])
    return {"embedding": known[0] if known else {}}


def of_compared(images: Known, texts: Known) -> Given:
    _check_embedding("texts", texts, images)
    return {}


def of_distance(real: Known, made: Known) -> Given:
    _check_embedding("made", made, real)
    return {}


def of_pictures(pictures: Known, references: Known) -> Given:
    _check_embedding("references", references, pictures)
    return {}


def of_vqgan_clip(autoencoder: Known, clip: Known, prompts: Known, image_prompt: Known, latent: Known) -> Given:
    if autoencoder and autoencoder.get("kind") == "kl":
        raise Unfit(
            "autoencoder",
            f"that of {autoencoder['model']} has no codebook",
            hint="take a model with a VQGAN, such as bauklotz",
        )
    _check_embedding("prompts", prompts, clip)
    _check_embedding("image_prompt", image_prompt, clip)
    of_decode(latent, autoencoder)
    return {"codes": {} if autoencoder is None else _some(autoencoder, "space", "entries", "model")}


def of_image_transformer(source: str | None, files: Files) -> Given:
    """Read what an image transformer reads, and in which codebook it writes."""
    from nodes.image_transformer import read_layout, transformer_files

    if not source:
        return {}
    told = read_layout(transformer_files(source, files))
    known = {"model": source, "reads": told["width"], "space": told["space"], "entries": told["codes"]}
    return {"image_transformer": known}


def of_token_sampler(transformer: Known, guidance: Known, autoencoder: Known, start: Known) -> Given:
    if transformer and guidance and guidance.get("width") not in (None, transformer["reads"]):
        raise Unfit(
            "guidance",
            f"its prompt is {guidance['width']} wide, from {guidance['model']}; the transformer of "
            f"{transformer['model']} reads {transformer['reads']}",
            hint="encode the prompt with the text encoder that the transformer was trained with",
        )
    _check_codebook(autoencoder, "a model with a VQGAN, such as bauklotz")
    for port, codes in (("autoencoder", autoencoder), ("start", start)):
        _check_codes(port, codes, transformer)
    return {"codes": {} if transformer is None else _some(transformer, "space", "entries", "model")}


def of_lookup(codes: Known, autoencoder: Known) -> Given:
    _check_codebook(autoencoder, "a model with a VQGAN, such as bauklotz")
    _check_codes("codes", codes, autoencoder)
    return {"latent": {} if autoencoder is None else _some(autoencoder, "space", "model")}


def of_vqgan_decode(latent: Known, autoencoder: Known) -> Given:
    _check_codebook(autoencoder, "VAEDecode")
    return of_decode(latent, autoencoder)


def _check_denoiser(denoiser: Known, guidance: Known, latent: Known) -> None:
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


def _check_codebook(autoencoder: Known, other: str) -> None:
    if autoencoder and autoencoder.get("kind") == "kl":
        raise Unfit("autoencoder", f"that of {autoencoder['model']} has no codebook", hint=f"use {other}")


def _check_codes(port: str, codes: Known, other: Known) -> None:
    """See that codes, or what makes them, are of the codebook that the other one knows."""
    if codes and other and [codes.get(name) for name in _CODEBOOK] != [other.get(name) for name in _CODEBOOK]:
        raise Unfit(
            port,
            f"its codes are {codes.get('entries')} of {codes.get('space')}, from {codes['model']}; {other['model']} "
            f"knows {other.get('entries')} of {other.get('space')}",
            hint="take the VQGAN that the codes are made for on both sides",
        )


def _check_embedding(port: str, embedding: Known, other: Known) -> None:
    if embedding and other and embedding.get("embeds") != other.get("embeds"):
        raise Unfit(
            port,
            f"it is {embedding['embeds']} wide, from {embedding['model']}; {other['model']} embeds in "
            f"{other['embeds']}",
            hint=f"embed it with {other['model']}",
        )


def _alike(prompts: Mapping[str, Known]) -> Facts:
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


def _some(facts: Facts, *names: str) -> Facts:
    return {name: facts[name] for name in names}


def _of_folder(root: Path) -> dict[str, Json]:
    from nodes.checkpoints import read_folder
    from nodes.describe import kind_of, known_family

    folder = read_folder(root)
    vae = folder.autoencoder.config
    channels, factor = int(vae.get("latent_channels", 4)), 2 ** (len(vae.get("block_out_channels", (1,))) - 1)
    known = known_family(folder)
    return {
        "family": known.name,
        "encoders": len(folder.text_encoders),
        "width": sum(int(each.config.get("hidden_size", 0)) for each in folder.text_encoders),
        "reads": folder.denoiser.config.get("cross_attention_dim"),
        "space": known.space_of(channels, factor),
        "kind": kind_of(folder),
        "entries": vae.get("num_vq_embeddings"),
    }


def _of_file(file: Path) -> dict[str, Json]:
    from nodes.single_file import facts_of

    return facts_of(file)
