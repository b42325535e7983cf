"""Read the header of a .safetensors file, and say what is wrong with a file that is none.

Guarantees
1. Only the header is read, and never more than 100 MB of it.
2. A pickle under a false name, a truncated file and garbage are each an InputError that says which.
3. A file that has not changed is not read again: every check of a graph asks for the same few.
"""

import json
import struct
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from engine.errors import InputError
from engine.spec import Json

_MOST = 100_000_000

Shape = tuple[int, ...]


def shapes(path: Path) -> Mapping[str, Shape]:
    """Give the shape of each tensor in the file."""
    try:
        state = path.stat()
        return _shapes(path, state.st_size, state.st_mtime_ns, state.st_ino)
    except OSError as error:
        hint = "check the path and its permissions"
        raise InputError(f"cannot read {path.name}: {error.strerror}", hint=hint) from error


@lru_cache(maxsize=64)
def _shapes(path: Path, size: int, *_changed: int) -> Mapping[str, Shape]:
    header = _header(path, size)
    return MappingProxyType({name: tuple(entry["shape"]) for name, entry in header.items()})


def _header(path: Path, size: int) -> Mapping[str, Json]:
    with path.open("rb") as file:
        start = file.read(8)
        (length,) = struct.unpack("<Q", start) if len(start) == 8 else (0,)
        text = file.read(length) if length <= min(_MOST, size) else b""
    header = _parsed(text)
    if header is None:
        raise _refusal(path, start)
    end = max((entry["data_offsets"][1] for entry in _entries(header).values()), default=0)
    if (missing := end - (size - 8 - length)) > 0:
        raise InputError(f"{path.name} is cut short: {missing:,} bytes are missing", hint="download it again")
    return _entries(header)


def _entries(header: Mapping[str, Json]) -> Mapping[str, Json]:
    return {name: entry for name, entry in header.items() if name != "__metadata__"}


def _parsed(text: bytes) -> Mapping[str, Json] | None:
    """Give the header, if it is one."""
    try:
        header: Mapping[str, Json] = json.loads(text)
        for entry in _entries(header).values():
            start, end = entry["data_offsets"]
            if not (
                isinstance(start, int) and isinstance(end, int) and all(type(side) is int for side in entry["shape"])
            ):
                return None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return header


def _refusal(path: Path, start: bytes) -> InputError:
    if start[:1] == b"\x80" or start[:2] == b"PK":
        return InputError(
            f"{path.name} is a pickle, not safetensors: opening it could run code",
            hint="convert it to safetensors where you trust it",
        )
    return InputError(f"{path.name} is not a safetensors file", hint="download it again")
