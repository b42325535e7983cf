"""Read the binary frames of the websocket; `tests/server/socket/frames.json` holds examples."""

import struct
from dataclasses import dataclass

HEADER = struct.Struct("!HBBBBHIII")
MAGIC, VERSION, KIND, NO_ITEM = 0x5047, 1, 1, 0xFFFF
_FORMATS = {1: "image/jpeg", 2: "image/webp", 3: "image/png", 4: "text/plain", 5: "audio/wav"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A picture of what a node is at, its words, or its sound; of two of a kind the higher `seq` is newer."""

    run: int
    node: int
    item: int | None
    seq: int
    media_type: str
    image: bytes


def read_preview(frame: bytes) -> Preview | None:
    """Read a frame; None for one that this version does not know."""
    if len(frame) < HEADER.size:
        return None
    magic, version, kind, format_, _, item, node, run, seq = HEADER.unpack_from(frame)
    if (magic, version, kind) != (MAGIC, VERSION, KIND) or format_ not in _FORMATS:
        return None
    return Preview(
        run=run,
        node=node,
        item=None if item == NO_ITEM else item,
        seq=seq,
        media_type=_FORMATS[format_],
        image=frame[HEADER.size :],
    )
