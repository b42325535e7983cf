"""Binary frames of the websocket: a header of 20 bytes in network order, then a picture, words in UTF-8, or a sound.

    magic u16 0x5047 ("PG") | version u8 | kind u8 (1: preview) | format u8 | 0 u8 |
    item u16 (0xFFFF: none) | node u32 (place in `nodes` of Subscribed) | run u32 (its number) | seq u32

Formats: 1 jpeg, 2 webp, 3 png, 4 text, 5 wav. Of two previews of a node the one with the higher `seq` is newer. Readers
skip versions, kinds and formats that they do not know. A WAV holds the latest of a sound; how many samples come before
it stands in its `bext` part. `tests/server/socket/frames.json` holds examples for readers in any language.
"""

import struct
from dataclasses import dataclass
from typing import Literal, get_args

MAGIC = 0x5047
VERSION = 1
PREVIEW = 1
NO_ITEM = 0xFFFF
HEADER = struct.Struct("!HBBBBHIII")

MediaType = Literal["image/jpeg", "image/webp", "image/png", "text/plain", "audio/wav"]
_FORMATS: dict[str, int] = {media_type: number for number, media_type in enumerate(get_args(MediaType), start=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A picture of what a node is at, its words, or its sound."""

    run: int
    node: int
    item: int | None
    seq: int
    media_type: str
    image: bytes

    def packed(self) -> bytes:
        """Give the frame; an item beyond what the header holds is left out."""
        item = NO_ITEM if self.item is None or self.item >= NO_ITEM else self.item
        format_ = _FORMATS[self.media_type]
        run, seq = self.run & 0xFFFFFFFF, self.seq & 0xFFFFFFFF
        return HEADER.pack(MAGIC, VERSION, PREVIEW, format_, 0, item, self.node, run, seq) + self.image


def known(media_type: str) -> bool:
    """Say whether previews of this type can be sent."""
    return media_type in _FORMATS
