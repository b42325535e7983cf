"""Name things by content: values, files and actions.

Guarantees
1. Equal content has one digest, on every machine: type tag, canonical fields, raw tensor bytes with dtype and shape.
2. 1, 1.0 and true differ; the order of fields and of tensors does not matter.
"""

from pathlib import Path

from blake3 import blake3

from engine.codec import Stored, canonical
from engine.spec import Json

Digest = str  # 64 hexadecimal digits


def digest_of(stored: Stored) -> Digest:
    """Digest a value: what it is, never the file it lies in."""
    hasher = blake3(canonical([stored.type, stored.fields]))
    for name in sorted(stored.tensors):
        blob = stored.tensors[name]
        hasher.update(canonical([name, blob.dtype, list(blob.shape)]))
        hasher.update(blob.data)
    return hasher.hexdigest()


def digest_of_json(value: Json) -> Digest:
    """Digest a plain JSON value, such as the parts of an action key."""
    return blake3(canonical(value)).hexdigest()


def digest_of_file(path: Path) -> Digest:
    """Digest the bytes of a file."""
    hasher = blake3()
    hasher.update_mmap(path)
    return hasher.hexdigest()
