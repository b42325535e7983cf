"""Clients that submit, save, bring files and follow runs all the while, and write down what a server acknowledged."""

import io
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from blake3 import blake3
from PIL import Image

from client.blocking import BlockingClient
from client.following import StateEvent
from client.schema import Snapshot
from server.database.graphs import REVISIONS
from tests.server.http.orders import graph

RUNS, GRAPHS, ASSETS = "/api/v1/runs", "/api/v1/graphs", "/api/v1/assets"
AGAIN = frozenset({429, 503, 507})
PATIENCE = 600.0
"""Seconds: a client may knock at the wrong moments only, where a server is killed all the time."""
CHAIN = graph(
    {
        "first": {"type": "Step", "params": {"seconds": 0.01}},
        "second": {"type": "Step", "params": {"seconds": 0.02}, "inputs": {"a": "first.number"}},
    },
    inputs={"a": {"to": ["first.a"]}},
    outputs={"sum": "second.number"},
)


class Load:
    """What clients do at the same time, whether the server is there or not; `faults` holds what must not be."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token
        self.orders: dict[str, dict[str, Any]] = {}  # what was sent, by key
        self.runs: dict[str, str] = {}  # the runs that were acknowledged, by key
        self.revisions: dict[tuple[str, int], str] = {}  # the names of what was acknowledged
        self.assets: dict[str, bytes] = {}
        self.followed = 0
        self.faults: list[str] = []
        self._over = threading.Event()
        self._making = threading.Lock()
        self._shared: list[str] = []  # graphs that all writers change
        works = [*[self._submit] * 2, *[self._save] * 3, self._bring, self._follow]
        self._threads = [threading.Thread(target=self._keep_on, args=(work,)) for work in works]

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Keep the clients at it."""
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self.finish()

    def finish(self) -> None:
        """Begin nothing more, and bring to its end what is begun."""
        self._over.set()
        for thread in self._threads:
            thread.join(90)
        assert not any(thread.is_alive() for thread in self._threads)

    def client(self) -> httpx.Client:
        """Give a client that has the token."""
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=30)

    @property
    def acknowledged(self) -> int:
        return len(self.runs) + len(self.revisions) + len(self.assets)

    def submit(self, client: httpx.Client, key: str) -> httpx.Response:
        """Send an order, or send it again."""
        return self._until_answered(lambda: client.post(RUNS, json=self.orders[key], headers={"Idempotency-Key": key}))

    def _keep_on(self, work: Callable[[httpx.Client], float]) -> None:
        with self.client() as client:
            while not self._over.is_set():
                try:
                    time.sleep(random.uniform(0, work(client)))
                except Exception as error:
                    self.faults.append(f"{type(error).__name__}: {error}")
                    return

    def _submit(self, client: httpx.Client) -> float:
        key = secrets.token_hex(8)
        self.orders[key] = {"graph": CHAIN, "inputs": {"a": secrets.randbits(40)}}
        answer = self.submit(client, key)
        assert answer.status_code in (200, 201), answer.text  # 200: it was kept, and its acknowledgement lost
        self.runs[key] = answer.json()["id"]
        return 0.2

    def _graph(self, client: httpx.Client) -> str:
        """Give one of two graphs."""
        with self._making:
            while len(self._shared) < 2:
                saved = self._until_answered(lambda: client.post(GRAPHS, json=document("new")))
                assert saved.status_code == 201, saved.text
                self._shared.append(saved.json()["id"])
                self.revisions[saved.json()["id"], 1] = "new"
        return random.choice(self._shared)

    def _save(self, client: httpx.Client) -> float:
        """Save once what others save as well; what was not answered may have been kept or not."""
        id = self._graph(client)
        revision = self._until_answered(lambda: client.get(f"{GRAPHS}/{id}")).json()["revision"]
        name = secrets.token_hex(8)
        try:
            headers = {"If-Match": f'"{revision}"'}
            answer = client.put(f"{GRAPHS}/{id}", json=document(name), headers=headers)
        except httpx.HTTPError:
            return 0.1
        if answer.status_code == 200:
            assert (id, revision + 1) not in self.revisions, "two writers have won"
            self.revisions[id, revision + 1] = name
            self._retire(id, revision + 1)
        else:
            assert answer.status_code in AGAIN | {412}, answer.text
            assert answer.status_code != 412 or answer.json()["error"]["current"]["revision"] > revision, answer.text
        return 0.05

    def _retire(self, id: str, revision: int) -> None:
        """Take another graph before the oldest revisions of this one are forgotten."""
        with self._making:
            if revision > REVISIONS // 2 and id in self._shared:
                self._shared.remove(id)

    def _bring(self, client: httpx.Client) -> float:
        content = picture()
        answer = self._until_answered(lambda: client.post(ASSETS, content=content))
        assert answer.status_code in (200, 201), answer.text
        assert answer.json()["digest"] == blake3(content).hexdigest()
        self.assets[answer.json()["digest"]] = content
        return 0.2

    def _follow(self, client: httpx.Client) -> float:
        """Follow the latest run over the websocket, over all cuts, to its end."""
        if not self.runs:
            return 0.1
        last = -1
        with BlockingClient(self.url, token=self.token, patience=PATIENCE) as following:
            for message in following.follow(list(self.runs.values())[-1]):
                if isinstance(message, Snapshot):
                    assert message.n >= last, "a snapshot of the past"
                    last = message.n
                elif isinstance(message, StateEvent):
                    assert message.n == last + 1, f"event {message.n} came after {last}"
                    last = message.n
        self.followed += 1
        return 0.1

    def _until_answered(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Ask until there is an answer that is no `come again`."""
        deadline = time.monotonic() + 60
        while True:
            try:
                answer = ask()
                if answer.status_code not in AGAIN:
                    return answer
                assert int(answer.headers["Retry-After"]) > 0
            except httpx.HTTPError:
                pass
            assert time.monotonic() < deadline, "the server does not come back"
            time.sleep(0.05)


def document(name: str) -> dict[str, Any]:
    """Give a graph to save that holds its name twice, so that a torn one would show."""
    return {"document": graph({"first": {"type": "Step", "params": {"name": name}}}), "name": name}


def picture() -> bytes:
    """Make a small picture that there has never been."""
    file = io.BytesIO()
    Image.frombytes("RGB", (32, 32), secrets.token_bytes(3 * 32 * 32)).save(file, "PNG")
    return file.getvalue()
