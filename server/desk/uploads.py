"""Look at a file that somebody sent: what it is, and whether it is whole; decoded once, here and nowhere else.

Guarantees
1. The type comes from the bytes, and only what is on the list has one.
2. A file that cannot be decoded within the limits is refused, whatever its decoder trips over.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import BinaryIO

from server.desk.answer import Answer, Question, RefusedError
from server.desk.films import watch
from server.desk.media import HEAD, Found, UnfitError, media_type
from server.desk.pictures import look_at_picture
from server.desk.sounds import listen_to

_LOOKS: Mapping[str, Callable[[BinaryIO, str], Found]] = {"image": look_at_picture, "audio": listen_to, "video": watch}

log = logging.getLogger("promptograph.clerk")


def inspect(question: Question) -> Answer:
    """Give type and size of the file at a path of ours."""
    descriptor = os.open(question.text("path"), os.O_RDONLY | os.O_NOFOLLOW)
    with open(descriptor, "rb") as file:
        kind = media_type(file.read(HEAD))
        if kind is None:
            raise RefusedError.because(
                "unknown_type",
                "this is no file of a type that can be used",
                hint="send PNG, JPEG, WebP, GIF, WAV, FLAC, MP3, OGG, MP4 or WebM",
            )
        file.seek(0)
        found = _found(file, kind)
    return Answer({"media_type": kind, **asdict(found)})


def _found(file: BinaryIO, kind: str) -> Found:
    try:
        return _LOOKS[kind.partition("/")[0]](file, kind)
    except UnfitError as error:
        raise RefusedError.because("unfit_file", str(error), hint="see /api/v1/limits") from None
    except MemoryError:
        raise
    except Exception as error:  # decoders raise whatever they trip over
        log.info("a %s could not be decoded: %s", kind, type(error).__name__)
        message = f"this begins as {kind}, but it cannot be decoded"
        raise RefusedError.because("damaged_file", message, hint="save it again with another program") from None
