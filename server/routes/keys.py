"""The Idempotency-Key of a submission: it may be sent again when the answer was lost."""

import hashlib
from typing import Annotated

from fastapi import Header
from starlette.requests import Request

from server.database import Key
from server.limits import LIMITS

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=LIMITS.key,
        pattern=r"^[\x21-\x7e]+$",
        description="Text of your own; the same text with the same body makes nothing twice.",
    ),
]


async def key_of(value: str | None, asking: Request) -> Key | None:
    """Join a key with the digest of the request that it came with."""
    if value is None:
        return None
    request = f"{asking.method} {asking.url.path}\n".encode() + await asking.body()
    return Key(value, hashlib.sha256(request).hexdigest())
