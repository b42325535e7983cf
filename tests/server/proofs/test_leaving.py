"""A server that is told to stop answers everybody, also those whose answer it cannot wait for."""

import signal
import threading
import time
from pathlib import Path

import httpx

from tests.server.http.orders import graph
from tests.server.http.shape import refused
from tests.server.served import serving


def test_a_request_that_the_end_cuts_short_is_told_to_come_again(tmp_path: Path) -> None:
    told: list[httpx.Response] = []
    # Without a catalog no clerk is ever ready, and what needs one waits for longer than the server does.
    with serving(tmp_path, catalog="tests.server.nothing:CATALOG") as server:

        def save() -> None:
            with server.client() as client:
                told.append(client.post("/api/v1/graphs", json={"document": graph()}))

        saving = threading.Thread(target=save)
        saving.start()
        time.sleep(0.5)
        assert server.stop(signal.SIGTERM) == 0
        saving.join(10)
    assert refused(told[0]) == (503, "unavailable")
    assert int(told[0].headers["Retry-After"]) > 0
