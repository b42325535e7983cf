"""What a node finds around it, and what becomes of what it prints, says and shows."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from engine import Cache
from server.hub import Hub
from server.processes.confine import environment
from tests.server.processes.stage import Stage, stage, until
from tests.server.toys import CATALOG, calls

pytestmark = pytest.mark.anyio


async def value(at_work: Stage, run: Any, name: str) -> Any:
    """Read a public output from the cache folder, as the clerk does."""
    cache = Cache(at_work.terms.cache)
    (digest,) = run.outputs[name].digests
    try:
        return cache.value(digest, CATALOG.codecs)
    finally:
        cache.close()


async def test_a_node_finds_a_clean_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTOGRAPH_TOKEN", "secret")
    monkeypatch.setenv("HF_TOKEN", "secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    async with stage(tmp_path, worker_memory=1 << 30) as at_work:
        await at_work.idle()
        document = {"outputs": {"found": "a.text"}}
        run = await at_work.run({"a": {"type": "Surroundings"}}, document=document)
        found = json.loads(await value(at_work, run, "found"))
    assert "secret" not in found["environment"].values()
    assert (found["core"], found["oom"], found["group"], found["torch"]) == (0, 1000, True, False)
    assert found["mask"] == 0o077
    assert 1 << 30 < found["memory"] < 3 << 30
    assert found["open"] < 20


def test_the_environment_of_a_child_has_no_secret() -> None:
    ours = {"PATH": "/bin", "HF_TOKEN": "x", "PROMPTOGRAPH_TOKEN": "x", "LC_ALL": "C", "DATABASE_URL": "x", "HOME": "/"}
    assert {name for name in environment(ours) if name in ours} == {"PATH", "LC_ALL", "HOME"}


async def test_what_a_node_prints_goes_to_the_log_with_its_run(
    at_work: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    run = await at_work.run({"a": {"type": "Shout", "params": {"text": "hel\x1blo"}}})
    await until(lambda: "and to stderr" in caplog.text)
    printed = [record for record in caplog.records if record.name == "promptograph.worker"]
    said = {record.getMessage() for record in printed}
    assert {"hel\\x1blo 0", "hel\\x1blo 2", "hel\\x1blo from below", "and to stderr"} <= said
    assert {record.__dict__["run"] for record in printed} <= {run.id, None}


async def test_what_a_node_prints_is_bounded(at_work: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    run = await at_work.run({"a": {"type": "Shout", "params": {"lines": 20_000, "text": "x" * 100}}})
    assert run.status == "done"
    await until(lambda: "and to stderr" in caplog.text or "more lines were printed" in caplog.text)
    await asyncio.sleep(0.3)
    assert 100 < len(caplog.records) < 600


async def test_what_has_no_place_in_json_harms_nobody(at_work: Stage) -> None:
    run = await at_work.run({"a": {"type": "Odd"}})
    assert run.fault is not None
    assert (run.status, run.fault.code, run.fault.node) == ("failed", "node_failed", "a")
    assert "character" in run.fault.message
    assert (await at_work.run({"a": {"type": "Odd", "params": {"kind": "number"}}})).status == "done"


async def test_a_run_that_is_not_legal_is_refused_with_the_node(at_work: Stage) -> None:
    run = await at_work.run({"a": {"type": "NoSuchNode"}})
    assert run.fault is not None
    assert (run.status, run.fault.code, run.fault.node) == ("failed", "refused", "a")
    run = await at_work.run({"a": {"type": "AssetSize", "params": {"asset": f"asset:{'0' * 64}"}}})
    assert run.fault is not None
    assert (run.status, run.fault.code, run.fault.node) == ("failed", "node_failed", "a")


async def test_inputs_targets_and_assets_reach_the_nodes(at_work: Stage) -> None:
    digest = "ab" * 32
    assets = at_work.terms.data / "assets"
    assets.mkdir(parents=True)
    (assets / digest).write_bytes(b"twelve bytes")
    nodes = {"a": {"type": "AssetSize", "params": {"asset": f"asset:{digest}"}}, "b": {"type": "Fail"}}
    run = await at_work.run(nodes, targets=("a.number",))
    assert run.status == "done"
    assert await value(at_work, run, "a.number") == 12
    document = {"inputs": {"value": {"to": ["a.value"]}}, "outputs": {"it": "a.number"}}
    run = await at_work.run({"a": {"type": "Number"}}, document=document, inputs={"value": 41})
    assert await value(at_work, run, "it") == 41


async def test_lists_and_failures_are_told_as_they_are(at_work: Stage) -> None:
    nodes = {
        "list": {"type": "Numbers"},
        "each": {"type": "Step", "params": {"seconds": 0.0}, "inputs": {"a": "list.numbers"}},
        "bad": {"type": "Fail"},
        "below": {"type": "Step", "inputs": {"a": "bad.number"}},
    }
    run = await at_work.run(nodes, document={"outputs": {"all": "each.number", "lost": "below.number"}})
    assert run.fault is not None
    assert run.counts is not None
    assert (run.status, run.fault.node) == ("failed", "bad")
    assert run.counts.model_dump() == {"ran": 2, "cached": 0, "failed": 1, "blocked": 1}
    assert set(run.outputs) == {"all"}
    assert (run.outputs["all"].many, run.outputs["all"].type, len(run.outputs["all"].digests)) == (True, "int", 3)
    story = await at_work.story(run)
    assert story.count(("item_finished", "each")) == 3
    assert ("node_blocked", "below") in story


async def test_progress_reaches_who_watches_and_previews_begin_when_somebody_does(
    at_work: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    told: list[tuple[str, int]] = []
    seen: list[bytes] = []
    monkeypatch.setattr(at_work.hub, "progress", lambda run, message: told.append((message["node"], message["step"])))
    monkeypatch.setattr(at_work.hub, "preview", lambda run, node, item, image, kind: seen.append(image))
    run = await at_work.submit({"a": {"type": "Patient", "params": {"steps": 60, "log": str(log)}}})
    await until(lambda: len(calls(log)) > 10)
    assert seen == []
    wake = asyncio.Event()
    at_work.hub.watch(run.id, wake, previews=True)
    await until(lambda: len(seen) > 2)
    at_work.hub.leave(run.id, wake)
    await at_work.ended(run)
    assert seen[0] >= b"picture 10"
    assert seen[-1] < b"picture 50"
    assert told[-1] == ("a", 60)
    assert [step for _, step in told] == sorted(step for _, step in told)


async def test_a_node_that_tells_without_end_is_coalesced(at_work: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(Hub, "progress", lambda self, run, message: told.append(message["step"]))
    run = await at_work.run({"a": {"type": "Restless"}})
    assert run.status == "done"
    assert len(told) < 200


async def test_the_state_of_workers_is_known(at_work: Stage) -> None:
    await at_work.run({"a": {"type": "Number"}, "b": {"type": "Step"}})
    await at_work.run({"a": {"type": "Number"}, "b": {"type": "Step"}})
    await until(lambda: at_work.crew.members()[0].found == {"ran": 2, "memory": 2})
    (member,) = at_work.crew.members()
    assert (member.device, member.state, member.run) == ("cpu", "idle", None)
    assert member.pid is not None
    await until(lambda: at_work.crew.members()[0].memory > 10 << 20)
