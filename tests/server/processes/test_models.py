"""The real models in real workers: forked safely, warm, and going on mid-denoising."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest
from pydantic import JsonValue

from engine import Engine
from engine.engine import default_threads
from graphs import Graph
from graphs.save import document
from nodes import CATALOG
from server.database import Submission
from server.records import Run
from tests.server.processes.stage import Stage, stage, until

pytestmark = pytest.mark.anyio


INPUTS: dict[str, JsonValue] = {"prompt": "a small red circle", "steps": 40}


def drawn(inputs: dict[str, JsonValue]) -> object:
    """Give the digest of the picture as the library makes it, in this process and without a cache on disk."""
    engine = Engine(CATALOG, threads=default_threads())
    try:
        return engine.run(Graph.load("text-to-image"), inputs).outputs.ref("image")
    finally:
        engine.close()


async def submitted(at_work: Stage, inputs: dict[str, JsonValue]) -> Run:
    text = json.dumps(document(Graph.load("text-to-image")))
    order = Submission(name="picture", document=text, inputs=inputs, models=("bauklotz",))
    run, _ = await at_work.db.runs.submit(order)
    at_work.dispatcher.submitted()
    return run


async def test_a_killed_worker_s_run_goes_on_mid_denoising_and_gives_the_same_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []
    async with stage(tmp_path, catalog="nodes:CATALOG") as at_work:
        await until(lambda: at_work.crew.warm, 120)
        await at_work.idle()
        monkeypatch.setattr(at_work.hub, "progress", lambda run, message: steps.append(message["step"]))
        run = await submitted(at_work, INPUTS)
        await until(lambda: bool(steps) and steps[-1] >= 22, 60)
        reached = steps[-1]
        os.kill(at_work.pid(), signal.SIGKILL)
        steps.clear()
        run = await at_work.ended(run, 60)
        assert (run.status, run.attempt) == ("done", 2)
        assert reached - 5 <= steps[0] <= 40
        assert steps[-1] == 40
    assert run.outputs["image"].digests == (await asyncio.to_thread(drawn, INPUTS),)
