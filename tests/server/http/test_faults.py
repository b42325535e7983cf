"""Every exception becomes an answer that says what to do, and nothing about the machine."""

import errno
import time
from pathlib import Path

import pytest

from graphs import GraphError
from server.database.errors import (
    AlreadyOpen,
    BadCursor,
    Conflict,
    KeyReused,
    NotFound,
    QueueFull,
    Stale,
    TooLarge,
    Unavailable,
)
from server.errors import GLIMPSE
from server.faults import error_of
from server.records import Run, SavedGraph

SECRET = "/home/someone/secret.sqlite"
GRAPH = SavedGraph(id="g", name="x", revision=3, created=0, saved=0, document={})
RUN = Run(
    id="r", number=1, status="done", name="x", priority=0, inputs={}, targets=(), attempt=1, last=0, created=time.time()
)


@pytest.mark.parametrize(
    ("error", "status", "code", "again"),
    [
        (NotFound("run", "r_1"), 404, "not_found", None),
        (Conflict("changed", GRAPH), 412, "changed", None),
        (Conflict("the run is done", RUN), 409, "conflict", None),
        (KeyReused(), 409, "key_reused", None),
        (QueueFull(20_000, 20_000), 429, "queue_full", "5"),
        (TooLarge("too many cells"), 422, "too_large", None),
        (BadCursor("x"), 422, "bad_request", None),
        (Stale("r_1"), 503, "unavailable", "1"),
        (AlreadyOpen(SECRET), 503, "unavailable", "1"),
        (Unavailable("the database is locked"), 503, "unavailable", "1"),
        (Unavailable("full", full=True), 507, "disk_full", "30"),
        (OSError(errno.ENOSPC, "No space left", SECRET), 507, "disk_full", "30"),
        (OSError(errno.EDQUOT, "Quota", SECRET), 507, "disk_full", "30"),
        (PermissionError(errno.EACCES, "denied", SECRET), 503, "unavailable", "1"),
        (TimeoutError(SECRET), 503, "unavailable", "1"),
        (GraphError("a is wrong", node="a", port="b"), 422, "bad_graph", None),
        (RuntimeError(SECRET), 500, "internal", None),
        (ZeroDivisionError(), 500, "internal", None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_fault_has_its_answer(error: Exception, status: int, code: str, again: str | None) -> None:
    answer = error_of(error).response()
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, again)
    assert f'"code": "{code}"'.encode() in bytes(answer.body)
    assert SECRET.encode() not in bytes(answer.body)
    assert str(Path(SECRET).parent).encode() not in bytes(answer.body)


def test_an_answer_holds_a_glimpse_of_what_was_sent_and_no_more() -> None:
    body = bytes(error_of(GraphError("x" * 10**6, node="y" * 10**6, hint="z" * 10**6)).response().body)
    assert len(body) < 40 * GLIMPSE


def test_a_half_of_a_character_does_not_break_an_answer() -> None:
    assert b"error" in bytes(error_of(GraphError("half \ud83d")).response().body)
