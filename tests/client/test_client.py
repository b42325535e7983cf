"""The client against a real server: runs, values, files, sweeps and sockets; with and without async."""

import asyncio
import json
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from client import BlockingClient, Client, Followed, RefusedError
from client.following import NodePreview
from client.schema import NodeFinished, Progress, RunFinished, Snapshot
from graphs import Graph
from tests.server.served import Served, serving
from tests.server.socket.watching import close_code


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served")) as server:
        yield server


def steps(count: int, seconds: float = 0.0) -> Graph:
    """Give a chain of steps that each count up."""
    building = Graph.build("Steps")
    last: Any = 0
    for _ in range(count):
        last = building.add("Step", a=last, seconds=seconds).number
    building.output("number", last)
    return building.graph()


def numbers(messages: list[Followed]) -> list[int]:
    """Give the numbers of state events."""
    return [message.n for message in messages if not isinstance(message, Progress | NodePreview | Snapshot)]


def client_of(served: Served, **more: Any) -> Client:
    return Client(served.url, token=served.token, **more)


def test_a_run_is_submitted_followed_and_its_value_read(served: Served) -> None:
    async def use() -> None:
        async with client_of(served) as client:
            run = await client.submit(steps(3))
            messages = [message async for message in client.follow(run.id)]
            assert numbers(messages) == list(range(len(messages)))
            assert sum(isinstance(message, NodeFinished) for message in messages) in (0, 3)
            assert isinstance(messages[-1], RunFinished)
            ended = await client.wait(run.id)
            assert (ended.status, list(ended.outputs or {})) == ("done", ["number"])
            link = (ended.outputs or {})["number"].link
            assert (await client.value(run.id, link, form="json")).data == b"3\n"
            assert (await client.summary(run.id, link)).summaries[0]["value"] == 3
            assert [message async for message in client.follow(run.id, after=ended.last)] == []
            assert (await client.graph_of(run.id)).nodes.keys() == steps(3).nodes.keys()
            assert run.id in [each.id for each in (await client.runs(status="done")).runs]

    asyncio.run(use())


def test_a_graph_is_saved_changed_and_looked_at_before_it_runs(served: Served) -> None:
    async def use() -> None:
        async with client_of(served) as client:
            first = await client.save(steps(1))
            second = await client.update(first.id, steps(2), revision=first.revision)
            assert (second.revision, second.document) == (2, json.loads(steps(2).dumps()))
            with pytest.raises(RefusedError) as refused:
                await client.update(first.id, steps(3), revision=first.revision)
            assert refused.value.status == 412
            assert (await client.saved(first.id)).revision == 2
            assert await client.check(steps(2)) == []
            (problem,) = await client.check({"format": "promptograph/1", "nodes": {"a": {"type": "Nothing"}}})
            assert problem.node == "a"
            plan = await client.plan(steps(2))
            assert len(plan["nodes"]) == 2

    asyncio.run(use())


def test_progress_and_previews_of_a_worker_reach_who_wants_them_and_not_too_often(served: Served) -> None:
    building = Graph.build("Restless")
    building.output("steps", building.add("Restless", id="restless", steps=30_000).number)

    async def use() -> None:
        async with client_of(served) as client:
            await client.pause()
            run = await client.submit(building.graph())
            begun = time.monotonic()
            messages: list[Followed] = []
            async for message in client.follow(run.id, previews=True):
                if not messages:
                    await client.resume()  # now that somebody watches
                messages.append(message)
            most = 5 + 20 * (time.monotonic() - begun)
        assert {message.node for message in messages if isinstance(message, NodePreview)} == {"restless"}
        assert 0 < sum(isinstance(message, NodePreview) for message in messages) <= most
        assert 0 < sum(isinstance(message, Progress) for message in messages) <= most
        assert isinstance(messages[-1], RunFinished)

    asyncio.run(use())


def test_what_is_refused_says_why(served: Served) -> None:
    async def use() -> None:
        async with client_of(served) as client:
            with pytest.raises(RefusedError, match="Nix") as refused:
                await client.submit({"format": "promptograph/1", "nodes": {"a": {"type": "Nix", "version": 1}}})
            assert (refused.value.status, refused.value.problems[0].node) == (422, "a")
            with pytest.raises(RefusedError) as missing:
                await client.run("r_" + "0" * 22)
            assert missing.value.status == 404
            with pytest.raises(RefusedError, match="no such run"):
                async for _ in client.follow("r_" + "0" * 22):
                    pass
        async with Client(served.url, token="wrong" * 10) as stranger:
            with pytest.raises(RefusedError) as unknown:
                await stranger.queue()
            assert (unknown.value.status, unknown.value.code) == (401, "no_token")
            with pytest.raises(RefusedError) as closed:
                async for _ in stranger.follow("r_" + "0" * 22):
                    pass
            assert closed.value.status == 401

    asyncio.run(use())


def test_a_run_is_cancelled_and_run_again(served: Served) -> None:
    async def use() -> None:
        async with client_of(served) as client:
            run = await client.submit(steps(1, seconds=20.125))
            cancelled = await client.cancel(run.id)
            assert cancelled.status == "cancelled"
            again = await client.retry(run.id)
            assert again.retry_of == run.id
            assert await client.cancel_all() >= 1

    asyncio.run(use())


def test_files_are_brought_and_sweeps_run(served: Served, tmp_path: Path) -> None:
    Image.new("RGB", (4, 3), "blue").save(tmp_path / "blue.png")

    async def use() -> None:
        async with client_of(served) as client:
            name = await client.upload((tmp_path / "blue.png").read_bytes(), name="Blau ü.png")
            assert name.startswith("asset:")
            swept = Graph.build("Swept")
            step = swept.add("Step")
            swept.input("a", step.a)
            swept.output("number", step.number)
            sweep = await client.sweep(swept.graph(), [{"a": [1, 2, 3]}])
            assert sweep.cells == 3
            cells = (await client.results(sweep.id)).runs
            assert [cell.inputs for cell in cells] == [{"a": 1}, {"a": 2}, {"a": 3}]
            assert [(await client.wait(cell.id)).status for cell in cells] == ["done"] * 3

    asyncio.run(use())


def test_scripts_need_no_async(served: Served) -> None:
    with BlockingClient(served.url, token=served.token) as client:
        run = client.submit(steps(2))
        assert isinstance(list(client.follow(run.id))[-1], RunFinished)
        for _ in client.follow(run.id):
            break  # whoever looks away early leaves nothing behind
        assert client.wait(run.id).status == "done"
        assert client.cancel(run.id).status == "done"
        assert client.run(run.id).id == run.id


def test_a_submission_while_the_server_is_away_is_one_run(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        port = first.port
        first.stop(signal.SIGKILL)
        found: list[str] = []

        def submit() -> None:
            with BlockingClient(first.url, token=first.token, patience=60) as client:
                found.append(client.submit(steps(1), key="once").id)
                found.append(client.submit(steps(1), key="once").id)

        submitting = threading.Thread(target=submit)
        submitting.start()
        time.sleep(1)
        with serving(tmp_path, "--port", str(port)):
            submitting.join(60)
            with BlockingClient(first.url, token=first.token) as client:
                client.wait(found[0])
    assert len(set(found)) == 1
    assert len(found) == 2


def test_a_socket_needs_the_token_and_the_origin_of_this_server(served: Served) -> None:
    url = f"ws://127.0.0.1:{served.port}/api/v1/ws"

    async def code(address: str, origin: str | None) -> int | None:
        try:
            async with connect(address, origin=origin, proxy=None) as socket:  # type: ignore[arg-type]
                return await close_code(socket)
        except InvalidStatus as refused:
            return refused.response.status_code

    async def use() -> list[int | None]:
        token = f"{url}?token={served.token}"
        asked = [(url, served.url), (f"{url}?token=x", served.url), (token, "http://evil.example"), (token, None)]
        return [await code(address, origin) for address, origin in asked]

    assert asyncio.run(use()) == [4401, 4401, 403, 403]
    assert served.token not in served.log


def test_a_socket_of_the_real_server_outlives_the_deadlines_of_requests(served: Served) -> None:
    """The deadline for the head of a request is ten seconds; a socket that only listens for longer stays."""

    async def use() -> list[int]:
        async with client_of(served) as client:
            run = await client.submit(steps(1, seconds=11.5))
            messages = [message async for message in client.follow(run.id)]
            assert isinstance(messages[-1], RunFinished)
            assert messages[-1].status == "done"
            return numbers(messages)

    found = asyncio.run(use())
    assert found == list(range(len(found)))
