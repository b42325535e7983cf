"""What clerks promise as processes: no torch, no secrets, no end of one is the end of the others."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from server.clerks import Clerks
from server.errors import ApiError
from tests.server.clerk.conftest import Hire

ROOT = Path(__file__).parents[3]
HOSTILE = "tests.server.clerk.toys:HOSTILE"


def graph(type_: str, **params: Any) -> dict[str, Any]:
    out = {"Slow": "number", "Deadly": "text", "Add": "number"}[type_]
    return {
        "format": "promptograph/1",
        "nodes": {"n": {"type": type_, "version": 2 if type_ == "Add" else 1, "params": params}},
        "outputs": {"out": f"n.{out}"},
    }


def run(hire: Hire, test: Callable[[Clerks], Awaitable[Any]], **rest: Any) -> Any:
    async def running() -> Any:
        async with hire(**{"catalog": HOSTILE, **rest}) as clerks:
            return await test(clerks)

    return asyncio.run(running())


def reason(plan: dict[str, Any]) -> str:
    return str(plan["nodes"][0]["reason"])


def test_a_clerk_never_imports_torch(hire: Hire) -> None:
    async def asked(clerks: Clerks) -> Any:
        return await clerks.plan(graph("Deadly", way="torch"))

    assert "import of torch halted" in reason(run(hire, asked, count=1))


def test_the_modules_of_a_clerk_load_neither_torch_nor_the_server() -> None:
    code = (
        "import sys, server.clerk, server.desk.desk, server.desk.documents, server.desk.values, server.desk.models;"
        "import server.desk.kinds, nodes; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert {"torch", "diffusers", "transformers", "fastapi", "starlette", "sqlalchemy"} & set(loaded.split()) == set()


@pytest.mark.parametrize("way", ["segfault", "exit"])
def test_a_clerk_that_ends_is_replaced_and_only_its_question_gets_no_answer(hire: Hire, way: str) -> None:
    async def asked(clerks: Clerks) -> Any:
        await clerks.catalog()
        with pytest.raises(ApiError) as lost:
            await clerks.plan(graph("Deadly", way=way))
        return lost.value, await clerks.check(graph("Add", a=1))

    lost, problems = run(hire, asked, count=1)
    assert (lost.status_code, lost.shape.code) == (422, "too_heavy")
    assert problems == []


def test_who_asked_a_clerk_that_somebody_killed_is_told_to_ask_again(hire: Hire) -> None:
    async def asked(clerks: Clerks) -> Any:
        await clerks.catalog()
        asking = asyncio.create_task(clerks.plan(graph("Slow", seconds=60.0)))
        await asyncio.sleep(0.3)
        os.kill(clerks.pids[0], signal.SIGKILL)
        with pytest.raises(ApiError) as lost:
            await asking
        return lost.value, await clerks.check(graph("Add", a=1))

    lost, problems = run(hire, asked, count=1)
    assert (lost.status_code, lost.shape.code) == (503, "unavailable")
    assert problems == []


def test_a_clerk_that_is_late_is_killed_and_replaced(hire: Hire) -> None:
    async def asked(clerks: Clerks) -> Any:
        await clerks.catalog()
        before, start = clerks.pids, time.monotonic()
        with pytest.raises(ApiError) as late:
            await clerks.plan(graph("Slow", seconds=60.0))
        took = time.monotonic() - start
        assert await clerks.check(graph("Add", a=1)) == []
        return late.value, took, before, clerks.pids

    late, took, before, after = run(hire, asked, count=1, deadline=0.5)
    assert late.status_code == 422
    assert took < 3.0
    assert set(before) & set(after) == set()
    with pytest.raises(ProcessLookupError):
        os.kill(before[0], 0)


def test_memory_is_bounded(hire: Hire) -> None:
    async def asked(clerks: Clerks) -> Any:
        return await clerks.plan(graph("Deadly", way="memory")), clerks.pids

    plan, _ = run(hire, asked, count=1, memory=2**29)
    assert "MemoryError" in reason(plan)


def test_a_clerk_knows_no_secret(hire: Hire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTOGRAPH_TOKEN", "very-secret")

    async def asked(clerks: Clerks) -> Any:
        return await clerks.plan(graph("Deadly", way="secret"))

    assert "very-secret" not in str(run(hire, asked, count=1))


def test_what_breaks_in_a_node_is_told_without_a_path(hire: Hire) -> None:
    async def asked(clerks: Clerks) -> Any:
        return await clerks.plan(graph("Deadly", way="odd"))

    assert reason(run(hire, asked, count=1)).endswith("cannot read <a file of the server>")


def test_heavy_questions_never_take_the_last_clerk(hire: Hire) -> None:
    async def asked(clerks: Clerks) -> Any:
        await clerks.catalog()
        slow = [asyncio.create_task(clerks.plan(graph("Slow", seconds=3.0))) for _ in range(3)]
        await asyncio.sleep(1.5)  # until both clerks are there
        start = time.monotonic()
        await clerks.check(graph("Add", a=1))
        took = time.monotonic() - start
        for task in slow:
            task.cancel()
        return took

    assert run(hire, asked, count=2) < 1.0


async def ready(clerks: Clerks) -> None:
    while True:
        with contextlib.suppress(ApiError):
            await clerks.catalog()
            return


def test_the_line_is_bounded_and_nobody_stands_in_it_for_ever(hire: Hire) -> None:
    async def asked(clerks: Clerks) -> Any:
        await ready(clerks)
        plans = [asyncio.create_task(clerks.check(graph("Add", a=1))) for _ in range(2)]
        slow = asyncio.create_task(clerks.plan(graph("Slow", seconds=2.0)))
        await asyncio.gather(*plans)
        await asyncio.sleep(0.1)
        start = time.monotonic()
        answers = await asyncio.gather(*(clerks.check(graph("Add", a=1)) for _ in range(6)), return_exceptions=True)
        took = time.monotonic() - start
        await slow
        return answers, took

    answers, took = run(hire, asked, count=1, line=4, patience=0.5)
    assert [(error.status_code, error.shape.code) for error in answers] == [(503, "unavailable")] * 6
    assert took < 1.5


def test_an_asker_who_leaves_does_not_spoil_the_answer_of_the_next(hire: Hire) -> None:
    async def asked(clerks: Clerks) -> Any:
        await clerks.catalog()
        left = asyncio.create_task(clerks.plan(graph("Slow", seconds=0.5)))
        await asyncio.sleep(0.1)
        left.cancel()
        return await clerks.flat_nodes(graph("Add", a=1))

    assert run(hire, asked, count=1) == ["n"]


def test_clerks_end_with_the_server(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path; from server.clerks import Clerks, Place\n"
        "async def main():\n"
        f"    clerks = Clerks(Place(data=Path({str(tmp_path)!r}), cache=Path({str(tmp_path)!r})), count=1)\n"
        "    clerks.start(); await clerks.catalog(); print(*clerks.pids, flush=True); await asyncio.sleep(60)\n"
        "asyncio.run(main())"
    )
    server = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with server:
        assert server.stdout is not None
        pid = int(server.stdout.readline())
        server.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while _alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_stopping_ends_every_clerk(hire: Hire) -> None:
    async def asked(clerks: Clerks) -> Any:
        await clerks.catalog()
        asyncio.get_running_loop().create_task(clerks.plan(graph("Slow", seconds=30.0)))
        await asyncio.sleep(0.2)
        return clerks.pids

    start = time.monotonic()
    pids = run(hire, asked, count=1)
    assert time.monotonic() - start < 10
    assert not any(_alive(pid) for pid in pids)
