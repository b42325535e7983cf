"""Turn values into stored form (JSON fields and raw tensors) and back.

The engine knows no tensor library: a codec hands it `Blob`s. Codecs are explicit, one for each value type of a catalog.
"""

import json
import math
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import safetensors

from engine.errors import SpecError
from engine.spec import Json

# safetensors' two spellings of a dtype: in the header, and as its serializer takes it
DTYPES: Mapping[str, str] = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16",
    "I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8",
    "U64": "uint64", "U32": "uint32", "U16": "uint16", "U8": "uint8", "BOOL": "bool",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Blob:
    """A tensor as raw little-endian bytes, contiguous in row-major order; `dtype` as in safetensors (`F32`)."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes | bytearray | memoryview

    def __post_init__(self) -> None:
        if self.dtype not in DTYPES:
            raise ValueError(f"{self.dtype} is not a dtype that can be stored")


@dataclass(frozen=True, slots=True)
class Stored:
    """A value taken apart: its type, its plain fields, its tensors."""

    type: str
    fields: Json
    tensors: Mapping[str, Blob] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return (
            64
            + len(canonical(self.fields))
            + sum(len(memoryview(blob.data).cast("B")) for blob in self.tensors.values())
        )


@dataclass(frozen=True, slots=True)
class ValueType:
    """A type of value that ports may name: its Python class and its codec.

    `size` is in bytes; it must not move a tensor. `handle` marks small values that residency opens as something heavy.
    """

    name: str
    python: type
    encode: Callable[[Any], Stored]
    decode: Callable[[Stored], Any]
    size: Callable[[Any], int]
    handle: bool = False


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: Json) -> bytes:
    """Write JSON so that equal values, and only those, have equal bytes: 1, 1.0 and true differ."""
    return _CANONICAL.encode(value).encode()


def pack(stored: Stored) -> bytes:
    """Write a stored value as one safetensors file, its type and fields in the metadata."""
    metadata = {
        "promptograph": canonical([stored.type, stored.fields]).decode()
    }  # one key: the library shuffles several
    if not stored.tensors:
        return bytes(safetensors.serialize({}, metadata))
    import numpy

    arrays = {name: numpy.frombuffer(blob.data, numpy.uint8) for name, blob in stored.tensors.items()}
    specs = {
        name: safetensors.TensorSpec(
            dtype=DTYPES[blob.dtype],
            shape=list(blob.shape),
            data_ptr=arrays[name].ctypes.data,
            data_len=arrays[name].nbytes,
        )
        for name, blob in stored.tensors.items()
    }
    return bytes(safetensors.serialize(specs, metadata))


def unpack(data: bytes) -> Stored:
    """Read what `pack` wrote; any damage to the frame is a ValueError."""
    try:
        (length,) = struct.unpack_from("<Q", data)
        kind, fields = json.loads(json.loads(data[8 : 8 + length].decode())["__metadata__"]["promptograph"])
        tensors = {
            name: Blob(tensor["dtype"], tuple(tensor["shape"]), tensor["data"])
            for name, tensor in safetensors.deserialize(data)  # type: ignore[no-untyped-call]
        }
        return Stored(kind, fields, tensors)
    except (struct.error, KeyError, TypeError, OverflowError, safetensors.SafetensorError) as error:
        raise ValueError(f"not a stored value: {error}") from error


def _json_type(name: str, python: type) -> ValueType:
    def encode(value: Json) -> Stored:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{value} is not a number that can be kept")
        return Stored(name, value)

    return ValueType(name, python, encode, lambda stored: stored.fields, lambda value: 64 + len(str(value)))


JSON_VALUES = tuple(
    _json_type(name, python)
    for name, python in (("int", int), ("float", float), ("str", str), ("bool", bool), ("None", type(None)))
)


class Codecs:
    """The value types of a catalog, found by name or by the class of a value."""

    def __init__(self, values: Iterable[ValueType]) -> None:
        self._by_name = {kind.name: kind for kind in values}
        self._by_class = {kind.python: kind for kind in self._by_name.values()}

    def kind(self, value: Any) -> ValueType:
        found = self._by_class.get(type(value))
        if found is None:
            raise SpecError(f"{type(value).__name__} is not a value type; list it in catalog(values=...)")
        return found

    def encode(self, value: Any) -> Stored:
        return self.kind(value).encode(value)

    def decode(self, stored: Stored) -> Any:
        kind = self._by_name.get(stored.type)
        if kind is None:
            raise SpecError(f"{stored.type} is not a value type; is a pack missing?")
        return kind.decode(stored)

    def size(self, value: Any) -> int:
        return self.kind(value).size(value)

    def handle(self, value: Any) -> bool:
        return self.kind(value).handle


@dataclass(frozen=True, slots=True)
class Held:
    """A value in hand, live or in stored form; it is turned from one into the other when somebody reads it."""

    live: Any = None
    packed: Stored | None = None

    def stored(self, codecs: Codecs) -> Stored:
        return codecs.encode(self.live) if self.packed is None else self.packed

    def value(self, codecs: Codecs) -> Any:
        return self.live if self.packed is None else codecs.decode(self.packed)
