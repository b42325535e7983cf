"""Say what nodes give from what they are given, without opening a model, so that wires that do not fit are refused.

Facts are what configs and headers say: of a text encoder its width, of a denoiser the width it reads and its latent
space. A node's description takes the facts of the inputs that it names, None where they are not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, Signature
from pathlib import Path

from engine.describing import Facts, Unfit
from engine.files import Files
from engine.spec import Json
from nodes.fits import (
    Known,
    alike,
    check_codebook,
    check_codes,
    check_denoiser,
    check_embedding,
    check_made_for,
    check_space,
    check_words,
    some,
)

Given = Mapping[str, Facts]
_VOCABULARY = 49408  # of CLIP, where a config leaves it out


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
    check_words("tokens", tokens, encoder)
    return {"conditioning": {} if encoder is None else some(encoder, "width", "model")}


def of_guidance(positive: Known, negative: Known) -> Given:
    return {"guidance": alike({"positive": positive, "negative": negative})}


def of_changed_guidance(guidance: Known) -> Given:
    return {"guidance": guidance or {}}


def of_dual(guidance: Known, second: Known) -> Given:
    return {"guidance": alike({"guidance": guidance, "second": second})}


def of_switch(before: Known, after: Known) -> Given:
    return {"guidance": alike({"before": before, "after": after})}


def of_two_prompts(first: Known, second: Known) -> Given:
    return {"conditioning": alike({"first": first, "second": second})}


def of_prompts(conditionings: Sequence[Known]) -> Given:
    known = [each for each in conditionings if each]
    for each in known[1:]:
        alike({"first": known[0], "conditionings": each})
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
    return {"latent": {} if denoiser is None else some(denoiser, "space", "model")}


def of_sampler(
    denoiser: Known,
    guidance: Known,
    latent: Known,
    attention: Known = None,
    controls: Sequence[Known] = (),
    pictures: Sequence[Known] = (),
) -> Given:
    check_denoiser(denoiser, guidance, latent)
    check_words("attention", attention, denoiser)
    for each in controls:
        check_made_for("controls", each, denoiser, "a ControlNet")
    for each in pictures:
        check_made_for("pictures", each, denoiser, "an IP-Adapter")
    if denoiser is None:
        return {}
    return {"latent": some(denoiser, "space", "model"), "attention": some(denoiser, "vocabulary", "model")}


def of_difference(denoiser: Known, guidance: Known, latent: Known) -> Given:
    given = of_sampler(denoiser, guidance, latent).get("latent", {})
    return dict.fromkeys(("with_prompt", "without_prompt", "difference"), given)


def of_encode(autoencoder: Known) -> Given:
    given = {} if autoencoder is None else some(autoencoder, "space", "model")
    return {"latent": given, "gaussian": given}


def of_draw(gaussian: Known) -> Given:
    return {"latent": gaussian or {}}


def of_decode(latent: Known, autoencoder: Known) -> Given:
    check_space("latent", latent, autoencoder)
    return {}


def of_vqgan_encode(autoencoder: Known) -> Given:
    check_codebook(autoencoder, "VAEEncode")
    given = {} if autoencoder is None else some(autoencoder, "space", "entries", "model")
    return {"latent": given, "codes": given}


def of_cross_attention(denoiser: Known, words: Known, edits: Sequence[Known]) -> Given:
    check_words("words", words, denoiser)
    for each in edits:
        check_words("edits", each, words or denoiser)
    return {"attention": words or {}}


def of_word_edit(words: Known) -> Given:
    return {"attention_edit": words or {}}


def of_follow(attention: Known, words: Known) -> Given:
    check_words("words", words, attention)
    return {"attention_edit": words or {}}


def of_reach(tokens: Known, words: Known, encoder: Known) -> Given:
    of_text_encoder(tokens, encoder)
    check_words("words", words, encoder)
    return {"word_reach": {} if encoder is None else some(encoder, "vocabulary", "model")}


def of_heat(attention: Known, reach: Known) -> Given:
    check_words("reach", reach, attention)
    return {}


def of_control(source: str | None, files: Files) -> Given:
    """Read for denoisers of which width a ControlNet was made."""
    from nodes.checkpoints import read_part

    if not source:
        return {}
    width = read_part(files.source(source)).config.get("cross_attention_dim")
    return {"control": {"model": source, "width": width}}


def of_clip(source: str | None, files: Files) -> Given:
    """Read how wide the vectors of a CLIP are; one that would have to be downloaded is not known yet."""
    from nodes.checkpoints import read_json
    from nodes.clip_model import CONFIG, clip_files

    if not source or source.startswith("hub:"):
        return {}
    found = clip_files(source, files)
    embeds = read_json(found[CONFIG])["model_cfg"].get("embed_dim")
    return {"clip_model": {"model": source, "kind": "CLIP", "embeds": embeds, "file": weights_in(found)}}


def of_dino(source: str | None, files: Files) -> Given:
    """Read how wide the vectors of a DINO are."""
    from nodes.checkpoints import read_json
    from nodes.dino_model import dino_files

    if not source or source.startswith("hub:"):
        return {}
    found = dino_files(source, files)
    config = read_json(found["config.json"])
    embeds = config.get("hidden_size") or config["hidden_sizes"][-1]  # the last one is that of a ConvNeXt
    return {"dino_model": {"model": source, "kind": "DINO", "embeds": embeds, "file": weights_in(found)}}


def of_embedding(clip: Known) -> Given:
    return {"embedding": clip or {}}


def of_seen(dino: Known) -> Given:
    return {"embedding": dino or {}, "features": dino or {}}


def of_joined(embeddings: Sequence[Known], files: Files) -> Given:
    known = [each for each in embeddings if each]
    for each in known[1:]:
        check_embedding("embeddings", each, known[0], files)
    return {"embedding": known[0] if known else {}}


@dataclass(frozen=True, slots=True)
class SameSpace:
    """Describes a node that compares embeddings: those wired to one port are to be of the space of another's."""

    first: str
    second: str

    @property
    def __signature__(self) -> Signature:
        """Ask for the facts of both ports."""
        return Signature([Parameter(name, Parameter.KEYWORD_ONLY) for name in (self.first, self.second, "files")])

    def __call__(self, *, files: Files, **embeddings: Known) -> Given:
        check_embedding(self.second, embeddings[self.second], embeddings[self.first], files)
        return {}


def of_vqgan_clip(
    autoencoder: Known, clip: Known, prompts: Known, image_prompt: Known, latent: Known, files: Files
) -> Given:
    check_codebook(autoencoder, "a model with a VQGAN, such as bauklotz")
    check_embedding("prompts", prompts, clip, files)
    check_embedding("image_prompt", image_prompt, clip, files)
    of_decode(latent, autoencoder)
    return {"codes": {} if autoencoder is None else some(autoencoder, "space", "entries", "model")}


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
    check_codebook(autoencoder, "a model with a VQGAN, such as bauklotz")
    for port, codes in (("autoencoder", autoencoder), ("start", start)):
        check_codes(port, codes, transformer)
    return {"codes": {} if transformer is None else some(transformer, "space", "entries", "model")}


def of_lookup(codes: Known, autoencoder: Known) -> Given:
    check_codebook(autoencoder, "a model with a VQGAN, such as bauklotz")
    check_codes("codes", codes, autoencoder)
    return {"latent": {} if autoencoder is None else some(autoencoder, "space", "model")}


def of_vqgan_decode(latent: Known, autoencoder: Known) -> Given:
    check_codebook(autoencoder, "VAEDecode")
    return of_decode(latent, autoencoder)


def weights_in(found: Mapping[str, Path]) -> str:
    """Name the file that tells a model from all others."""
    return str(next(path for name, path in sorted(found.items()) if name.endswith(".safetensors")))


def _of_folder(root: Path) -> dict[str, Json]:
    from nodes.checkpoints import read_folder
    from nodes.describe import kind_of, known_family

    folder = read_folder(root)
    known = known_family(folder)
    sizes = known.sizes(folder.denoiser.config, folder.autoencoder.config)
    return {
        "family": known.name,
        "encoders": len(folder.text_encoders),
        "vocabulary": [int(each.config.get("vocab_size", _VOCABULARY)) for each in folder.text_encoders],
        "width": sum(int(_width(each.config)) for each in folder.text_encoders),
        "reads": sizes.reads,
        "space": known.space_of(sizes.channels, sizes.factor),
        "kind": kind_of(folder),
        "entries": folder.autoencoder.config.get("num_vq_embeddings"),
        "films": sizes.frame_factor > 0,
    }


def _width(encoder: Mapping[str, Json]) -> Json:
    return encoder.get("hidden_size", encoder.get("d_model", 0))


def _of_file(file: Path) -> dict[str, Json]:
    from nodes.single_file import facts_of

    return facts_of(file)
