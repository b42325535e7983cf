"""kill -9 of server, worker or both, at any moment under load: nothing that was acknowledged is lost or torn."""

import random
import secrets
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from server.limits import LIMITS
from tests.server.processes.stage import soon
from tests.server.proofs.ledger import check
from tests.server.proofs.load import ASSETS, Load, picture
from tests.server.proofs.processes import below, kill, wait_for_the_end
from tests.server.served import Served, serving


@pytest.mark.parametrize("kills", [3, pytest.param(200, marks=[pytest.mark.full, pytest.mark.timeout(7200)])])
def test_killed_at_any_moment_a_server_has_all_that_it_acknowledged(tmp_path: Path, kills: int) -> None:
    chance = random.Random(kills)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    flags = ("--port", str(port), "--token", secrets.token_hex(20))
    load = Load(f"http://127.0.0.1:{port}", flags[-1])
    strikes = (["server", "worker", "both"] * kills)[:kills]
    chance.shuffle(strikes)
    starts: list[float] = []
    with load.going_on():
        while strikes:
            with serving(tmp_path, *flags) as server:
                starts.append(min(server.seconds, server.computed))
                strikes = _struck(server, load, strikes, chance)
        with serving(tmp_path, *flags), load.client() as client:
            load.finish()
            assert not load.faults, load.faults
            ended = check(load, client)
    print(f"{load.acknowledged} acknowledged, {load.followed} followed, {ended}; {max(starts)} s", file=sys.stderr)
    assert ended["done"] > 0.9 * len(load.runs)
    assert load.acknowledged > 4 * kills
    assert load.followed
    assert max(starts) < 3


def _struck(server: Served, load: Load, strikes: list[str], chance: random.Random) -> list[str]:
    """Kill workers until the server is killed too; give what is left to do."""
    while strikes:
        if chance.random() < 0.9:  # else it may be killed while it starts
            _wait_for_more(load)
        time.sleep(chance.uniform(0.0, 0.7))
        kind, *strikes = strikes
        there = below(server.process.pid)
        match kind:
            case "worker":
                kill(chance.sample(there, min(1, len(there))))  # a worker, the zygote or a clerk
                continue
            case "server":
                kill([server.process.pid])
            case _:
                kill([server.process.pid, *there])
        server.process.wait()
        wait_for_the_end(there, soon(10))
        break
    return strikes


def _wait_for_more(load: Load) -> None:
    """Let the clients get on: on a busy machine it takes a while until the first of them has an answer."""
    before, deadline = load.acknowledged, time.monotonic() + soon(30)
    while load.acknowledged < before + 5:
        assert not load.faults, load.faults
        assert time.monotonic() < deadline, "nothing is acknowledged any more"
        time.sleep(0.01)


def test_files_that_a_killed_server_was_receiving_take_no_room_from_the_next(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        incoming = server.data / "assets" / "incoming"
        half = (b"POST /api/v1/assets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n", b"\r\nhalf a file")
        head = half[0] + f"Authorization: Bearer {server.token}\r\n".encode() + half[1]
        sending = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(LIMITS.uploads)]
        for connection in sending:
            connection.sendall(head)
        deadline = time.monotonic() + 20
        while len(list(incoming.glob("*"))) < LIMITS.uploads:
            assert time.monotonic() < deadline, "nothing is received"
            time.sleep(0.01)
        server.stop(signal.SIGKILL)
        for connection in sending:
            connection.close()
    assert len(list(incoming.glob("*"))) == LIMITS.uploads
    with serving(tmp_path) as server, server.client() as client:
        assert client.post(ASSETS, content=picture()).status_code == 201
    assert list(incoming.glob("*")) == []
