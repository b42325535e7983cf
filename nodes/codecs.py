"""Take every value of `nodes.values` and every handle apart, and put it together again, bit for bit.

Guarantees
1. `decode(encode(value))` equals the value: fields, dtypes, shapes and bits.
2. Encoding neither copies nor changes a tensor that lies on the CPU.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from engine.codec import Stored, ValueType
from engine.spec import Json
from nodes.attention_values import Attention, AttentionEdit, AttentionMaps, WordReach
from nodes.audio_model import AudioModel
from nodes.clap_model import CLAPModel
from nodes.clip_model import CLIPModel
from nodes.dino_model import DINOModel
from nodes.handles import Autoencoder, Denoiser, Motion, TextEncoderModel, TokenizerModel
from nodes.image_transformer import ImageTransformer
from nodes.language_model import LanguageModel
from nodes.picture_reader import PictureReader
from nodes.prior_model import PriorModel
from nodes.sound_diffuser import SoundDecoder, SoundDenoiser, SoundReader
from nodes.sound_values import SoundPrompt
from nodes.tensors import blob, size, tensor
from nodes.trees import tree_type
from nodes.unclip_model import UnclipModel
from nodes.values import (
    Audio,
    Codes,
    Conditioning,
    Control,
    Defaults,
    Embedding,
    Features,
    Gaussian,
    Guidance,
    Image,
    Inpaint,
    Latent,
    Mask,
    PatchAttention,
    PicturePrompt,
    Scaling,
    Scores,
    Span,
    Table,
    Tokens,
    TokenSet,
    Video,
    Words,
)

T = TypeVar("T")


def _type(
    python: type[T], encode: Callable[[T], Stored], decode: Callable[[Stored], T], *, handle: bool = False
) -> ValueType:
    return ValueType(python.__name__, python, encode, decode, _bytes, handle)


def _bytes(value: Any) -> int:
    """Count the bytes of a value's tensors, in the values inside it too."""
    if hasattr(value, "element_size"):
        return size(value) - size()
    if hasattr(value, "__dataclass_fields__"):
        return 64 + sum(_bytes(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, tuple):
        return 64 + sum(map(_bytes, value))
    return 64 + (len(value) if isinstance(value, str) else 0)


def _tuples(value: Json) -> Any:
    """Give JSON lists as tuples, all the way down."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _lists(value: Any) -> Json:
    return [_lists(each) for each in value] if isinstance(value, tuple) else value


def _row(value: Any) -> dict[str, Json]:
    """Give the fields of a value that holds only plain things and tuples of them."""
    return {field.name: _lists(getattr(value, field.name)) for field in fields(value)}


def _plain(python: type[T], *, handle: bool = False) -> ValueType:
    """Make the codec of a value whose fields are plain things and tuples of them."""

    def encode(value: T) -> Stored:
        return Stored(python.__name__, _row(value))

    def decode(stored: Stored) -> T:
        return python(**{name: _tuples(value) for name, value in stored.fields.items()})

    return ValueType(python.__name__, python, encode, decode, _bytes, handle)


def _encode_tokens(tokens: Tokens) -> Stored:
    return Stored("Tokens", {"sets": [_row(each) for each in tokens.sets]})


def _decode_tokens(stored: Stored) -> Tokens:
    sets = ({name: _tuples(value) for name, value in each.items()} for each in stored.fields["sets"])
    return Tokens(tuple(TokenSet(**each) for each in sets))


def _encode_words(words: Words) -> Stored:
    spans = [_row(span) for span in words.spans]
    return Stored("Words", {"text": words.text, "spans": spans, "truncated": words.truncated})


def _decode_words(stored: Stored) -> Words:
    spans = tuple(Span(**span) for span in stored.fields["spans"])
    return Words(stored.fields["text"], spans, stored.fields["truncated"])


def _encode_conditioning(value: Conditioning) -> Stored:
    named = {
        "sequence": value.sequence,
        "pooled": value.pooled,
        "empty_sequence": value.empty_sequence,
        "empty_pooled": value.empty_pooled,
    }
    tensors = {name: blob(each) for name, each in named.items()}
    return Stored("Conditioning", {"zero_empty": value.zero_empty}, tensors)


def _decode_conditioning(stored: Stored) -> Conditioning:
    tensors = {name: tensor(each) for name, each in stored.tensors.items()}
    return Conditioning(**tensors, zero_empty=stored.fields["zero_empty"])


def _encode_gaussian(value: Gaussian) -> Stored:
    fields = {"space": value.space, "scaling": _row(value.scaling)}
    return Stored("Gaussian", fields, {"mean": blob(value.mean), "spread": blob(value.spread)})


def _decode_gaussian(stored: Stored) -> Gaussian:
    mean, spread = tensor(stored.tensors["mean"]), tensor(stored.tensors["spread"])
    return Gaussian(mean, spread, stored.fields["space"], _scaling(stored.fields["scaling"]))


def _scaling(fields: Json) -> Scaling:
    return Scaling(**{name: _tuples(value) for name, value in fields.items()})


def _encode_latent(value: Latent) -> Stored:
    inner = None if value.gaussian is None else _encode_gaussian(value.gaussian)
    fields = {"space": value.space, "blank": value.blank, "gaussian": inner and inner.fields}
    tensors = {"tensor": blob(value.tensor), **(inner.tensors if inner else {})}
    if value.inpaint is not None:
        around = _encode_latent(value.inpaint.around)
        fields["inpaint"] = around.fields
        tensors |= {"mask": blob(value.inpaint.mask)}
        tensors |= {f"around.{name}": each for name, each in around.tensors.items()}
    fields |= {} if value.fps is None else {"fps": value.fps}
    return Stored("Latent", fields, tensors)


def _decode_latent(stored: Stored) -> Latent:
    inner, masked = stored.fields["gaussian"], stored.fields.get("inpaint")
    gaussian = inner and _decode_gaussian(Stored("Gaussian", inner, stored.tensors))
    inpaint = None
    if masked is not None:
        rest = {name.removeprefix("around."): each for name, each in stored.tensors.items() if "around." in name}
        inpaint = Inpaint(tensor(stored.tensors["mask"]), _decode_latent(Stored("Latent", masked, rest)))
    plain = stored.fields
    drawn = tensor(stored.tensors["tensor"])
    return Latent(drawn, plain["space"], plain["blank"], gaussian, inpaint, plain.get("fps"))


def _encode_denoiser(value: Denoiser) -> Stored:
    return Stored("Denoiser", {**_row(value), "motion": None if value.motion is None else _row(value.motion)})


def _decode_denoiser(stored: Stored) -> Denoiser:
    rest = {name: _tuples(each) for name, each in stored.fields.items() if name != "motion"}
    motion = stored.fields.get("motion")
    moving = motion and Motion(**{name: _tuples(each) for name, each in motion.items()})
    return Denoiser(**rest, motion=moving)


def _encode_autoencoder(value: Autoencoder) -> Stored:
    return Stored("Autoencoder", {**_row(value), "scaling": _row(value.scaling)})


def _decode_autoencoder(stored: Stored) -> Autoencoder:
    rest = {name: _tuples(each) for name, each in stored.fields.items() if name != "scaling"}
    return Autoencoder(**rest, scaling=_scaling(stored.fields["scaling"]))


def _encode_codes(value: Codes) -> Stored:
    return Stored("Codes", {"space": value.space}, {"indices": blob(value.indices)})


def _decode_codes(stored: Stored) -> Codes:
    return Codes(tensor(stored.tensors["indices"]), stored.fields["space"])


def _with_tensor(python: type[T], name: str) -> ValueType:
    """Make the codec of a value that is one tensor, and plain things beside it."""

    def encode(value: T) -> Stored:
        plain = {key: each for key, each in _row(value).items() if key != name}
        return Stored(python.__name__, plain, {name: blob(getattr(value, name))})

    def decode(stored: Stored) -> T:
        plain = {key: _tuples(each) for key, each in stored.fields.items()}
        return python(**plain, **{name: tensor(stored.tensors[name])})

    return _type(python, encode, decode)


def _pixels(python: type[Image] | type[Mask]) -> ValueType:
    def encode(value: Image | Mask) -> Stored:
        return Stored(python.__name__, {}, {"pixels": blob(value.pixels)})

    def decode(stored: Stored) -> Image | Mask:
        return python(tensor(stored.tensors["pixels"]))

    return ValueType(python.__name__, python, encode, decode, _bytes)


def _encode_audio(value: Audio) -> Stored:
    """Say how long and how loud it is too, for those who only read the summary."""
    samples = value.samples
    peak = float(samples.abs().max()) if samples.numel() else 0.0
    told = {"rate": value.rate, "seconds": samples.shape[-1] / value.rate, "peak": peak}
    return Stored("Audio", told, {"samples": blob(samples)})


def _decode_audio(stored: Stored) -> Audio:
    return Audio(tensor(stored.tensors["samples"]), stored.fields["rate"])


CODECS = (
    _type(Tokens, _encode_tokens, _decode_tokens),
    _type(Words, _encode_words, _decode_words),
    _type(Conditioning, _encode_conditioning, _decode_conditioning),
    tree_type(Guidance, _bytes),
    tree_type(Attention, _bytes),
    tree_type(AttentionEdit, _bytes),
    tree_type(AttentionMaps, _bytes),
    tree_type(WordReach, _bytes),
    tree_type(Control, _bytes),
    tree_type(PicturePrompt, _bytes),
    tree_type(SoundPrompt, _bytes),
    _type(Gaussian, _encode_gaussian, _decode_gaussian),
    _type(Latent, _encode_latent, _decode_latent),
    _type(Codes, _encode_codes, _decode_codes),
    _pixels(Image),
    _pixels(Mask),
    _with_tensor(Video, "frames"),
    _type(Audio, _encode_audio, _decode_audio),
    _with_tensor(Embedding, "vectors"),
    _with_tensor(Features, "patches"),
    _with_tensor(PatchAttention, "maps"),
    _with_tensor(Scores, "matrix"),
    _plain(Table),
    _plain(Defaults),
    _plain(TokenizerModel, handle=True),
    _plain(TextEncoderModel, handle=True),
    _type(Denoiser, _encode_denoiser, _decode_denoiser, handle=True),
    _type(Autoencoder, _encode_autoencoder, _decode_autoencoder, handle=True),
    _plain(CLIPModel, handle=True),
    _plain(CLAPModel, handle=True),
    _plain(DINOModel, handle=True),
    _plain(ImageTransformer, handle=True),
    _plain(AudioModel, handle=True),
    _plain(SoundReader, handle=True),
    _plain(SoundDenoiser, handle=True),
    _plain(SoundDecoder, handle=True),
    _plain(PriorModel, handle=True),
    _plain(UnclipModel, handle=True),
    _plain(LanguageModel, handle=True),
    _plain(PictureReader, handle=True),
)
