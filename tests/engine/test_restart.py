"""A run survives kill -9: what was finished is found, and what was saved halfway is gone on from."""

import json
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine import Blob, Cache, Cancel, Run, node
from engine.events import Event
from graphs import Graph
from tests.engine import processes
from tests.engine.toys import Bench, bench, document


def _saved(folder: Path, graph: Graph) -> Path:
    path = folder / "graph.json"
    graph.save(path)
    return path


def slow_chain(length: int) -> Graph:
    nodes: dict[str, Any] = {"n0": {"type": "Number", "params": {"value": 1}}}
    for at in range(1, length):
        nodes[f"s{at}"] = {"type": "Slow", "inputs": {"a": f"n{at - 1}.number"}, "params": {"seconds": 0.05}}
        nodes[f"n{at}"] = {"type": "Add", "inputs": {"a": f"s{at}.number"}}
    return document(nodes, outputs={"last": f"n{length - 1}.number"})


def test_a_run_that_was_killed_continues_from_its_last_finished_node(tmp_path: Path) -> None:
    cache, graph = tmp_path / "cache", _saved(tmp_path, slow_chain(15))
    killed = processes.start("run", cache, graph)
    assert killed.stdout is not None
    finished: list[str] = []
    for line in killed.stdout:
        kind, name = json.loads(line)
        if kind == "node_finished":
            finished.append(name)
        if name == "s8" and kind == "node_started":
            break
    killed.kill()
    killed.communicate()
    slow = [name for name in finished if name.startswith("s")]
    assert slow == [f"s{at}" for at in range(1, 8)]

    *events, answer = processes.finish(processes.start("run", cache, graph))
    cached = [name for kind, name in events if kind == "node_cached"]
    assert (answer["status"], answer["outputs"]) == ("done", {"last": 15})
    assert set(slow) <= set(cached)
    assert answer["counts"]["Slow"] == 14 - 7


def test_what_one_process_ran_another_finds(tmp_path: Path) -> None:
    cache, graph = tmp_path / "cache", _saved(tmp_path, slow_chain(3))
    assert processes.finish(processes.start("run", cache, graph))[-1]["counts"] == {"Number": 1, "Slow": 2, "Add": 2}
    tools = bench()
    engine = tools.engine(cache=Cache(cache))
    assert (engine.run(Graph.load(graph)).outputs["last"], tools.tally.calls) == (3, [])
    engine.close()


def test_two_processes_may_run_the_same_graph_at_the_same_time(tmp_path: Path) -> None:
    cache, graph = tmp_path / "cache", _saved(tmp_path, slow_chain(6))
    both = [processes.start("run", cache, graph) for _ in range(2)]
    assert [processes.finish(one)[-1]["outputs"] for one in both] == [{"last": 6}] * 2


@pytest.mark.full
@pytest.mark.timeout(900)
def test_a_run_that_is_killed_again_and_again_is_done_in_the_end(tmp_path: Path) -> None:
    cache, graph = tmp_path / "cache", _saved(tmp_path, slow_chain(120))
    for _ in range(100):
        process = processes.start("run", cache, graph)
        time.sleep(1.5)
        process.kill()
        output, _ = process.communicate()
        if '"status": "done"' in output:
            break
    answer = processes.finish(processes.start("run", cache, graph))[-1]
    assert (answer["outputs"], answer["counts"]) == ({"last": 120}, {})


# Halfway


def _number(state: Mapping[str, Blob] | None) -> int:
    return 0 if state is None else int(struct.unpack("<q", bytes(state["step"].data))[0])


def _stepping(fails_at: int | None = None) -> Bench:
    tools = bench()

    @node()
    def steps(total: int, seed: int = 0, *, run: Run) -> int:
        """Take steps, saving after each."""
        begin = _number(run.saved())
        for step in range(begin, total):
            if step == fails_at:
                raise ValueError("torn off")
            tools.tally.note("step", seed, step)
            if run.checkpoint_every and (step + 1) % run.checkpoint_every == 0:
                run.save({"step": Blob("I64", (), struct.pack("<q", step + 1))})
            run.progress(step + 1, total)
        return total

    return tools.with_nodes(steps)


def stepping(total: int = 6, seed: int = 0) -> Graph:
    return document({"s": {"type": "Steps", "params": {"total": total, "seed": seed}}}, outputs={"out": "s.number"})


def taken(tools: Bench) -> list[int]:
    return [arguments[1] for name, arguments in tools.tally.calls if name == "step"]


def _halfway(folder: Path) -> list[Path]:
    return list((folder / "halfway").iterdir())


def test_an_action_goes_on_from_what_it_saved_before_it_was_interrupted(cache_folder: Path) -> None:
    first = _stepping(fails_at=4)
    engine = first.engine(cache=Cache(cache_folder))
    assert engine.run(stepping(), checkpoint_every=1).status == "failed"
    engine.close()
    assert len(_halfway(cache_folder)) == 1

    second = _stepping()
    engine = second.engine(cache=Cache(cache_folder))
    result = engine.run(stepping(), checkpoint_every=1)
    assert (result.outputs["out"], taken(first), taken(second)) == (6, [0, 1, 2, 3], [4, 5])
    assert _halfway(cache_folder) == []
    engine.close()


def test_another_action_does_not_see_what_was_saved(cache_folder: Path) -> None:
    first, second = _stepping(fails_at=4), _stepping()
    engine = first.engine(cache=Cache(cache_folder))
    engine.run(stepping(), checkpoint_every=1)
    engine.close()
    engine = second.engine(cache=Cache(cache_folder))
    engine.run(stepping(seed=1), checkpoint_every=1)
    assert taken(second) == [0, 1, 2, 3, 4, 5]
    assert len(_halfway(cache_folder)) == 1
    engine.close()


def test_a_damaged_halfway_state_is_not_gone_on_from(cache_folder: Path) -> None:
    first, second = _stepping(fails_at=4), _stepping()
    engine = first.engine(cache=Cache(cache_folder))
    engine.run(stepping(), checkpoint_every=1)
    engine.close()
    (path,) = _halfway(cache_folder)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    engine = second.engine(cache=Cache(cache_folder))
    assert engine.run(stepping(), checkpoint_every=1).outputs["out"] == 6
    assert taken(second) == [0, 1, 2, 3, 4, 5]
    engine.close()


def test_nodes_save_only_when_they_are_asked_to(cache_folder: Path) -> None:
    tools = _stepping(fails_at=4)
    engine = tools.engine(cache=Cache(cache_folder))
    engine.run(stepping())
    assert _halfway(cache_folder) == []
    engine.run(stepping(), checkpoint_every=3)
    assert len(_halfway(cache_folder)) == 1
    engine.close()


def test_a_cancelled_action_goes_on_from_what_it_saved(cache_folder: Path) -> None:
    tools = _stepping()
    engine = tools.engine(cache=Cache(cache_folder))
    cancel = Cancel()

    def tell(event: Event) -> None:
        if event.type == "progress" and event.step == 3:
            cancel.set()

    engine.run(stepping(2_000), on_event=tell, cancel=cancel, checkpoint_every=1)
    before = len(taken(tools))
    assert 3 <= before < 2_000
    assert engine.run(stepping(2_000), checkpoint_every=100).outputs["out"] == 2_000
    assert taken(tools) == list(range(2_000))
    engine.close()


def test_without_a_cache_folder_nothing_is_saved_and_nodes_run_all_the_same() -> None:
    tools = _stepping(fails_at=4)
    engine = tools.engine()
    engine.run(stepping(), checkpoint_every=1)
    engine.run(stepping(), checkpoint_every=1)
    assert taken(tools) == [0, 1, 2, 3] * 2


def test_a_process_that_is_killed_between_two_steps_goes_on_from_the_last(tmp_path: Path) -> None:
    script = tmp_path / "steps.py"
    script.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "from engine import Cache\n"
        "from tests.engine.test_restart import _stepping, stepping, taken\n"
        "tools = _stepping()\n"
        "engine = tools.engine(cache=Cache(Path(sys.argv[1])))\n"
        "engine.run(stepping(400), checkpoint_every=1, on_event=lambda event: print(event.type, flush=True))\n"
        "print('taken', *taken(tools)[:1])\n"
    )
    command = [sys.executable, str(script), str(tmp_path / "cache")]
    options: dict[str, Any] = {
        "cwd": processes.ROOT, "env": {"PYTHONPATH": str(processes.ROOT)}, "stdout": subprocess.PIPE, "text": True,
    }  # fmt: skip
    with subprocess.Popen(command, **options) as killed:
        assert killed.stdout is not None
        for line in killed.stdout:
            if line == "progress\n":
                break
        time.sleep(0.1)
        killed.kill()
    with subprocess.Popen(command, **options) as again:
        output, _ = again.communicate()
    first = int(output.split("taken ")[1])
    assert 0 < first < 400
