"""Take values apart that hold other values: steering and attention, as trees of plain fields, with tensors beside.

Guarantees
1. `decode(encode(value))` equals the value: fields, dtypes, shapes and bits.
2. Only the classes listed here are ever made; a name that is not among them is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from engine.codec import Blob, Stored, ValueType
from engine.spec import Json
from nodes import attention_values as attention
from nodes import handles, values
from nodes import sound_values as sounds
from nodes.tensors import blob, tensor

_CLASSES: Mapping[str, type] = {
    each.__name__: each
    for each in (
        values.Conditioning, values.Guidance, values.CFG, values.APG, values.ZeroStar, values.Perturbed,
        values.Weakened, values.Dual, values.Switched, values.Words, values.Span, attention.Reweight, attention.Follow,
        attention.Confine, attention.AttentionEdit, attention.Attention, attention.AttentionLayer,
        attention.AttentionMaps, attention.WordReach, values.Control, values.Image, values.PicturePrompt,
        handles.ControlModel, handles.IPAdapterModel, sounds.SoundPrompt,
    )
}  # fmt: skip


def tree_type(python: type, measure: Callable[[Any], int]) -> ValueType:
    """Make the codec of one of these classes."""

    def encode(value: Any) -> Stored:
        tensors: dict[str, Blob] = {}
        return Stored(python.__name__, _apart(value, "", tensors), tensors)

    def decode(stored: Stored) -> Any:
        return _together(stored.fields, stored.tensors)

    return ValueType(python.__name__, python, encode, decode, measure)


def _apart(value: Any, path: str, tensors: dict[str, Blob]) -> Json:
    if type(value).__name__ in _CLASSES:
        named = {each.name: getattr(value, each.name) for each in fields(value)}
        inner = {name: _apart(each, f"{path}.{name}".lstrip("."), tensors) for name, each in named.items()}
        return {"is": type(value).__name__, **inner}
    if isinstance(value, tuple):
        return [_apart(each, f"{path}.{number}", tensors) for number, each in enumerate(value)]
    if hasattr(value, "element_size"):
        tensors[path] = blob(value)
        return {"tensor": path}
    return value


def _together(json: Json, tensors: Mapping[str, Blob]) -> Any:
    if isinstance(json, list):
        return tuple(_together(each, tensors) for each in json)
    if not isinstance(json, dict):
        return json
    if "tensor" in json and "is" not in json:
        return tensor(tensors[json["tensor"]])
    inner = {name: _together(each, tensors) for name, each in json.items() if name != "is"}
    return _CLASSES[json["is"]](**inner)
