"""Make a picture of the editor small: a PNG on standard input becomes the WebP that is named.

python web/scripts/shrink.py web/pictures/dark.webp < shot.png
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

SMALL = 48_000
MOST = 120_000


def shrunk(png: bytes) -> bytes:
    """Give all of it without loss where that is small, else with a little loss."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    exact = saved(picture, lossless=True, quality=100)
    return exact if len(exact) <= SMALL else saved(picture, quality=84)


def saved(picture: Image.Image, *, quality: int, lossless: bool = False) -> bytes:
    """Give the bytes of a WebP."""
    kept = BytesIO()
    picture.save(kept, "WEBP", lossless=lossless, quality=quality, method=6)
    return kept.getvalue()


def main() -> None:
    """Shrink one picture, and refuse one that stays large."""
    small = shrunk(sys.stdin.buffer.read())
    if len(small) > MOST:
        raise SystemExit(f"{sys.argv[1]}: {len(small)} bytes, more than {MOST}")
    Path(sys.argv[1]).write_bytes(small)


if __name__ == "__main__":
    main()
