"""Waiting for a run: it ends with the run, the time, the server or the client, and takes no room from others."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.http.orders import graph, submitted
from tests.server.served import Served, serving

RUNS = "/api/v1/runs"


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Served]:
    """Give a server that answers two requests at a time, and holds runs back."""
    with serving(tmp_path, environment={"PROMPTOGRAPH_REQUESTS": "2"}) as server, server.client() as client:
        assert client.post("/api/v1/queue/pause").status_code == 200
        yield server


def waiting(server: Served, run: str) -> tuple[threading.Thread, list[httpx.Response]]:
    """Wait for a run in another thread."""
    answers: list[httpx.Response] = []

    def wait() -> None:
        with server.client() as client:
            answers.append(client.get(f"{RUNS}/{run}", params={"wait": 20}))

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.3)
    return thread, answers


def test_who_waits_learns_at_once_that_the_run_has_ended(narrow: Served) -> None:
    with narrow.client() as client:
        run = submitted(client, graph())["id"]
        thread, answers = waiting(narrow, run)
        began = time.monotonic()
        client.post(f"{RUNS}/{run}/cancel")
        thread.join(10)
    assert time.monotonic() - began < 1
    assert answers[0].json()["status"] == "cancelled"


def test_who_waits_takes_no_room_from_who_asks(narrow: Served) -> None:
    with narrow.client() as client:
        run = submitted(client, graph())["id"]
        thread, _ = waiting(narrow, run)
        began = time.monotonic()
        assert client.get(f"{RUNS}/{run}", params={"wait": 20}).json()["status"] == "queued"
        assert time.monotonic() - began < 1
        client.post(f"{RUNS}/{run}/cancel")
        thread.join(10)


def test_who_leaves_waits_no_more(narrow: Served) -> None:
    with narrow.client() as client:
        run = submitted(client, graph())["id"]
        with narrow.client() as leaving, pytest.raises(httpx.ReadTimeout):
            leaving.get(f"{RUNS}/{run}", params={"wait": 20}, timeout=0.5)
        time.sleep(0.2)
        began = time.monotonic()
        client.get(f"{RUNS}/{run}", params={"wait": 0.5})
        assert time.monotonic() - began > 0.4  # there was room to wait
