"""A Promptograph server, from Python."""

import json
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from pydantic import JsonValue

from client.address import Address
from client.calls import Calls
from client.following import FINAL, Followed, Following
from client.schema import Page, ProblemShape, Queue, Results, Run, SavedGraph, Sweep, ValueSummary
from graphs import Graph

PATIENCE = 60.0
LOOK = 30.0  # seconds that one question after the end of a run takes at most
Inputs = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class File:
    """A file as the server gives it."""

    data: bytes
    media_type: str
    name: str


class Client:
    """Asks one server; use it with `async with`. Without `token` the environment and this machine's server are asked.

    While the server is away, looking and submitting are tried again for `patience` seconds; a submission that is sent
    twice is one run.
    """

    def __init__(self, url: str, *, token: str | None = None, patience: float = PATIENCE) -> None:
        self.address = Address.of(url, token=token)
        self._patience = patience
        self._calls = Calls(self.address, patience=patience)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._calls.close()

    async def look(self) -> None:
        """See whether a server answers there now, without patience. Raises UnreachableError."""
        await self._calls.once("GET", "health")

    # Runs

    async def submit(
        self,
        graph: "Graph | Mapping[str, Any] | str",
        inputs: Inputs | None = None,
        *,
        targets: Sequence[str] = (),
        priority: int = 0,
        key: str | None = None,
    ) -> Run:
        """Put a run into the queue: of a graph, of its document, or of a name in the library."""
        body = {**_question(graph, inputs, targets), "priority": priority}
        answer = await self._calls.again("POST", "runs", json=body, headers=_key(key))
        return Run.model_validate_json(answer.content)

    async def run(self, id: str) -> Run:
        """Give a run as it stands."""
        return Run.model_validate_json((await self._calls.get(f"runs/{quote(id, safe='')}")).content)

    async def runs(
        self, *, status: str | None = None, sweep: str | None = None, before: str | None = None, limit: int = 50
    ) -> Page:
        """Give a page of runs, the newest first."""
        params = {"status": status, "sweep": sweep, "before": before, "limit": limit}
        return Page.model_validate_json((await self._calls.get("runs", params=params)).content)

    async def graph_of(self, id: str) -> Graph:
        """Give the graph that a run was made from, with nothing set."""
        return Graph.load((await self._calls.get(f"runs/{quote(id, safe='')}/graph")).content)

    async def wait(self, id: str) -> Run:
        """Give a run once it has ended."""
        while True:
            answer = await self._calls.get(f"runs/{quote(id, safe='')}", params={"wait": LOOK}, wait=LOOK)
            run = Run.model_validate_json(answer.content)
            if run.status in FINAL:
                return run

    async def follow(self, id: str, *, after: int = -1, previews: bool = False) -> AsyncGenerator[Followed, None]:
        """Give what happens in a run after an event, over all cuts, until it has ended."""
        if after >= 0 and (run := await self.run(id)).status in FINAL and after >= run.last:
            return
        following = Following(self.address, id, after=after, previews=previews, patience=self._patience)
        async with aclosing(following.messages()) as messages:
            async for message in messages:
                yield message

    async def cancel(self, id: str) -> Run:
        """End a run; one that has ended stays as it is."""
        return Run.model_validate_json((await self._calls.again("POST", f"runs/{quote(id, safe='')}/cancel")).content)

    async def retry(self, id: str, *, key: str | None = None) -> Run:
        """Run the same once more."""
        answer = await self._calls.again("POST", f"runs/{quote(id, safe='')}/retry", headers=_key(key))
        return Run.model_validate_json(answer.content)

    # Values and files

    async def summary(self, id: str, link: str) -> ValueSummary:
        """Sum up a value of a run, such as `decode.image`; of a list, each item."""
        path = f"runs/{quote(id, safe='')}/values/{quote(link)}"
        return ValueSummary.model_validate_json((await self._calls.get(path)).content)

    async def value(self, id: str, link: str, *, form: str, item: int | None = None) -> File:
        """Give a value of a run, such as `decode.image`, in a form: png, wav, mp4, txt, json or safetensors."""
        path = f"runs/{quote(id, safe='')}/values/{quote(link)}"
        answer = await self._calls.get(path, params={"as": form, "item": item})
        return File(answer.content, answer.headers.get("content-type", ""), f"{link}.{form}")

    async def picture(self, id: str) -> bytes:
        """Give the first picture that a run made, or a card with its name, as a PNG that carries its graph."""
        return (await self._calls.again("POST", "export", json={"as": "png", "run": id})).content

    async def upload(self, data: bytes, *, name: str, media_type: str = "application/octet-stream") -> str:
        """Bring a file; give the words by which graphs name it."""
        headers = {"Content-Type": media_type, "X-Filename": quote(name)}
        answer = await self._calls.again("POST", "assets", content=data, headers=headers)
        return f"asset:{answer.json()['digest']}"

    # The queue

    async def queue(self) -> Queue:
        """Give the runs that are next."""
        return Queue.model_validate_json((await self._calls.get("queue")).content)

    async def pause(self) -> Queue:
        """Hold back the runs that wait."""
        return Queue.model_validate_json((await self._calls.again("POST", "queue/pause")).content)

    async def resume(self) -> Queue:
        """Let the queue go on."""
        return Queue.model_validate_json((await self._calls.again("POST", "queue/resume")).content)

    async def cancel_all(self) -> int:
        """End all runs that wait or run; say how many there were."""
        return int((await self._calls.again("POST", "queue/cancel")).json()["cancelled"])

    # Sweeps

    async def sweep(
        self,
        graph: "Graph | Mapping[str, Any] | str",
        axes: Sequence[Mapping[str, Sequence[JsonValue]]],
        inputs: Inputs | None = None,
        *,
        key: str | None = None,
    ) -> Sweep:
        """Run a graph once for each combination: inputs on one axis change together."""
        body = {"graph": _chosen(graph), "inputs": inputs or {}, "axes": [{"values": dict(axis)} for axis in axes]}
        answer = await self._calls.again("POST", "sweeps", json=body, headers=_key(key))
        return Sweep.model_validate_json(answer.content)

    async def results(self, sweep: str, *, after: int | None = None) -> Results:
        """Give cells of a sweep in order."""
        answer = await self._calls.get(f"sweeps/{quote(sweep, safe='')}/results", params={"after": after})
        return Results.model_validate_json(answer.content)

    # Graphs

    async def save(self, graph: Graph, *, name: str | None = None) -> SavedGraph:
        """Keep a graph as a new one."""
        body = {"document": json.loads(graph.dumps()), "name": name}
        return SavedGraph.model_validate_json((await self._calls.once("POST", "graphs", json=body)).content)

    async def update(self, id: str, graph: Graph, *, revision: int, name: str | None = None) -> SavedGraph:
        """Save the next revision of a graph. Raises RefusedError (412) if `revision` is not the latest any more."""
        body = {"document": json.loads(graph.dumps()), "name": name}
        headers = {"If-Match": f'"{revision}"'}
        answer = await self._calls.once("PUT", f"graphs/{quote(id, safe='')}", json=body, headers=headers)
        return SavedGraph.model_validate_json(answer.content)

    async def check(
        self, graph: "Graph | Mapping[str, Any] | str", inputs: Inputs | None = None, *, targets: Sequence[str] = ()
    ) -> Sequence[ProblemShape]:
        """List what keeps a graph from being run; nothing, if it can."""
        listed = (await self._calls.again("POST", "check", json=_question(graph, inputs, targets))).json()["problems"]
        return [ProblemShape.model_validate(problem) for problem in listed]

    async def plan(
        self, graph: "Graph | Mapping[str, Any] | str", inputs: Inputs | None = None, *, targets: Sequence[str] = ()
    ) -> Mapping[str, Any]:
        """Say what a run would compute, what is there already (`nodes`), and for how long (`seconds`)."""
        answer = await self._calls.again("POST", "plan", json=_question(graph, inputs, targets))
        found: Mapping[str, Any] = answer.json()
        return found

    async def saved(self, id: str) -> SavedGraph:
        """Give a saved graph."""
        return SavedGraph.model_validate_json((await self._calls.get(f"graphs/{quote(id, safe='')}")).content)

    async def catalog(self) -> Mapping[str, Any]:
        """Give the node types of the server."""
        found: Mapping[str, Any] = (await self._calls.get("nodes")).json()
        return found


def _question(
    graph: "Graph | Mapping[str, Any] | str", inputs: Inputs | None, targets: Sequence[str]
) -> dict[str, Any]:
    return {"graph": _chosen(graph), "inputs": inputs or {}, "targets": list(targets)}


def _chosen(graph: "Graph | Mapping[str, Any] | str") -> Mapping[str, Any]:
    match graph:
        case str():
            return {"library": graph}
        case Graph():
            found: Mapping[str, Any] = json.loads(graph.dumps())
            return found
        case _:
            return graph


def _key(key: str | None) -> Mapping[str, str]:
    """A key of the request's own: sent twice, it is carried out once."""
    return {"Idempotency-Key": key or secrets.token_urlsafe(16)}
