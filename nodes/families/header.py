"""Read the header of a .safetensors file, and say what is wrong with a file that is none.

Guarantees
1. Only the header is read, and never more than 100 MB of it.
2. A pickle under a false name, a truncated file and garbage are each an InputError that says which.
"""

import json
import struct
from collections.abc import Mapping
from pathlib import Path

from engine.errors import InputError
from engine.spec import Json

_MOST = 100_000_000

Shape = tuple[int, ...]


def shapes(path: Path) -> Mapping[str, Shape]:
    """Give the shape of each tensor in the file."""
    header = _header(path)
    return {name: tuple(entry["shape"]) for name, entry in header.items() if name != "__metadata__"}


def _header(path: Path) -> Mapping[str, Json]:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            (length,) = struct.unpack("<Q", start) if len(start) == 8 else (0,)
            text = file.read(length) if length <= min(_MOST, size) else b""
    except OSError as error:
        raise InputError(
            f"cannot read {path.name}: {error.strerror}", hint="check the path and its permissions"
        ) from error
    if start[:1] == b"\x80" or start[:2] == b"PK":
        raise InputError(
            f"{path.name} is a pickle, not safetensors: opening it could run code",
            hint="convert it to safetensors where you trust it",
        )
    return _parsed(path, text, size - 8 - length)


def _parsed(path: Path, text: bytes, data: int) -> Mapping[str, Json]:
    try:
        header: Mapping[str, Json] = json.loads(text)
        end = max((entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"), default=0)
        if not all(isinstance(entry["shape"], list) for name, entry in header.items() if name != "__metadata__"):
            raise TypeError("a shape is not a list")
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise InputError(f"{path.name} is not a safetensors file", hint="download it again") from error
    if end > data:
        raise InputError(f"{path.name} is cut short: {end - data:,} bytes are missing", hint="download it again")
    return header
