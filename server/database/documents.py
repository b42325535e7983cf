"""Graph documents as text, each kept once by its digest for as long as a run or a revision has it."""

import json

from blake3 import blake3
from pydantic import JsonValue
from sqlalchemy import Connection, delete, exists, insert, select

from server.database.tables import document, revision, run


def canonical(value: dict[str, JsonValue]) -> str:
    """Write a document so that equal documents have equal text."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def keep(connection: Connection, text: str) -> str:
    """Keep a document and give its digest."""
    digest = blake3(text.encode()).hexdigest()
    if not connection.scalar(select(exists().where(document.c.digest == digest))):
        connection.execute(insert(document).values(digest=digest, text=text))
    return digest


def drop_unused(connection: Connection, digests: set[str]) -> None:
    """Forget those of these documents that nothing has any more."""
    connection.execute(
        delete(document).where(
            document.c.digest.in_(digests),
            ~exists().where(run.c.document == document.c.digest),
            ~exists().where(revision.c.document == document.c.digest),
        )
    )
