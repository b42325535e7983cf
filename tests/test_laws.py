"""The laws of ARCHITECTURE.md that this release keeps, each as a test of the same words.

The folders beside this one test each law in depth; here it is said once, on toy nodes.
"""

import json
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from engine import Cache, Cancel, Engine, Result, Run, catalog, node
from engine.events import Event, Preview, Progress, RunFinished
from graphs import Graph

CALLS: list[str] = []


@node()
def double(number: int) -> int:
    """Double a number."""
    CALLS.append("double")
    return 2 * number


@node()
def sign(number: int) -> int:
    """Say whether a number is positive, zero or negative."""
    CALLS.append("sign")
    return (number > 0) - (number < 0)


@node()
def shout(number: int, word: str = "ho") -> str:
    """Repeat a word."""
    CALLS.append("shout")
    return word * number


@node()
def spoil(number: int) -> int:
    """Fail."""
    raise ValueError(f"{number} is not to my taste")


@node()
def doze(seconds: float, *, run: Run) -> float:
    """Wait, and listen."""
    for step in range(int(seconds * 100)):
        run.progress(step, int(seconds * 100))
        time.sleep(0.01)
    return seconds


TOYS = catalog([double, sign, shout, spoil, doze])


@pytest.fixture(autouse=True)
def nobody_called_yet() -> None:
    CALLS.clear()


def three(number: int = 3) -> Graph:
    """Double, then sign, then shout."""
    g = Graph.build("Three")
    doubled = g.add("Double", id="double", number=number)
    positive = g.add("Sign", id="sign", number=doubled.number)
    g.output("cry", g.add("Shout", id="shout", number=positive.number).text)
    return g.graph()


def fresh(folder: Path | None = None) -> Engine:
    return Engine(TOYS, cache=Cache(folder))


def test_one_document_what_is_saved_is_what_every_face_runs(tmp_path: Path) -> None:
    document = {
        "format": "promptograph/1",
        "nodes": {"join": {"type": "JoinText", "version": 1, "params": {"texts": ["one", "two"]}}},
        "outputs": {"text": "join.text"},
    }
    from nodes import CATALOG

    Graph.load(document).save(tmp_path / "graph.json")
    library = Engine(CATALOG).run(Graph.load(tmp_path / "graph.json"))
    command = [sys.executable, "-m", "cli", "run", str(tmp_path / "graph.json"), "--json", "--out", str(tmp_path)]
    last = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    assert json.loads(last)["outputs"]["text"]["digest"] == library.outputs.ref("text")


def test_same_inputs_same_answer_computed_once(tmp_path: Path) -> None:
    engine = fresh(tmp_path)
    answers = [engine.run(three()).outputs["cry"], engine.run(three()).outputs["cry"]]
    engine.close()
    answers.append(fresh(tmp_path).run(three()).outputs["cry"])
    assert answers == ["ho", "ho", "ho"]
    assert CALLS == ["double", "sign", "shout"]


def test_keys_see_everything_that_matters_and_nothing_else() -> None:
    engine = fresh()
    engine.run(three())
    g = Graph.build("Other name")
    doubled = g.add("Double", id="other_id", title="Other title", number=3)
    g.output("other", doubled.number)
    assert engine.run(g.graph()).nodes.cached == ["other_id"]
    assert engine.run(three(4)).nodes.ran == ["double", "sign"]


def test_early_cutoff_the_same_content_again_reruns_nothing_below() -> None:
    engine = fresh()
    engine.run(three(3))
    result = engine.run(three(5))
    assert (result.nodes.ran, result.nodes.cached) == (["double", "sign"], ["shout"])


def test_a_reader_sees_a_whole_value_or_none_even_if_it_was_damaged(tmp_path: Path) -> None:
    engine = fresh(tmp_path)
    engine.run(three(), {"shout.word": "long " * 2000}, targets=["shout.text"])
    engine.close()
    for file in (tmp_path / "values").rglob("*.safetensors"):
        file.write_bytes(file.read_bytes()[:-1])
    again = fresh(tmp_path).run(three(), {"shout.word": "long " * 2000}, targets=["shout.text"])
    assert again.outputs["shout.text"] == "long " * 2000


def test_a_failure_blocks_only_its_descendants() -> None:
    g = Graph.build("Mixed")
    bad = g.add("Spoil", id="bad", number=1)
    g.add("Double", id="below", number=bad.number)
    g.add("Double", id="beside", number=1)
    result = fresh().run(g.graph())
    assert (result.nodes.failed, result.nodes.blocked, result.nodes.ran) == (["bad"], ["below"], ["beside"])


def test_a_run_that_was_killed_continues_from_its_last_finished_node(tmp_path: Path) -> None:
    script = textwrap.dedent(
        f"""
        import os, time
        from engine import Cache, Engine, catalog, node
        from graphs import Graph
        @node()
        def slow(number: int) -> int:
            "Take a while."
            print("called", number, flush=True)
            time.sleep(0.05)
            return number + 1
        @node()
        def last(number: int) -> int:
            "Die the first time."
            if not os.path.exists("{tmp_path}/died"):
                open("{tmp_path}/died", "w").close()
                os.kill(os.getpid(), 9)
            return number
        g = Graph.build("Killed")
        first = g.add("Slow", number=1)
        g.output("end", g.add("Last", number=first.number).number)
        print(Engine(catalog([slow, last]), cache=Cache("{tmp_path}/cache")).run(g.graph()).outputs["end"])
        """
    )
    runs = [subprocess.run([sys.executable, "-c", script], capture_output=True, text=True) for _ in range(2)]
    assert [(run.returncode, run.stdout) for run in runs] == [(-9, "called 1\n"), (0, "2\n")]


def test_every_state_event_has_a_number() -> None:
    heard: list[Event] = []
    fresh().run(three(), on_event=heard.append)
    state = [event for event in heard if not isinstance(event, Progress | Preview)]
    assert [event.n for event in state] == list(range(len(state)))
    assert isinstance(state[-1], RunFinished)


def test_cancel_means_now() -> None:
    g = Graph.build("Long")
    g.add("Doze", seconds=30)
    cancel, ended = Cancel(), dict[str, float]()

    def listen(event: Event) -> None:
        if isinstance(event, RunFinished):
            ended["reported"] = time.monotonic()

    def run() -> Result:
        result = fresh().run(g.graph(), cancel=cancel, on_event=listen)
        ended["returned"] = time.monotonic()
        return result

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.3)
    asked = time.monotonic()
    cancel.set()
    thread.join(timeout=10)
    assert ended["reported"] - asked < 0.25
    assert ended["returned"] - asked < 2.0


def test_nothing_needs_the_internet() -> None:
    script = """
        import socket
        def refuse(*arguments): raise AssertionError("the internet was asked for")
        socket.socket.connect = socket.getaddrinfo = refuse
        from engine import Engine
        from graphs import Graph
        from nodes import CATALOG
        g = Graph.build("Offline")
        model = g.add("Checkpoint")
        tokens = g.add("Tokenizer", text="a red circle", tokenizer=model.tokenizer)
        g.output("prompt", g.add("TextEncoder", tokens=tokens.tokens, encoder=model.text_encoder).conditioning)
        assert Engine(CATALOG).run(g.graph()).status == "done"
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True)


def test_what_a_run_hands_out_is_kept_however_quickly_it_was_made(tmp_path: Path) -> None:
    engine = fresh(tmp_path)
    engine.run(three(), {"shout.word": "long " * 2000})
    engine.close()
    again = fresh(tmp_path).run(three(), {"shout.word": "long " * 2000})
    assert (again.nodes.ran, again.outputs["cry"]) == ([], "long " * 2000)


def test_a_value_that_needs_libraries_is_kept_however_quickly_it_was_made(tmp_path: Path) -> None:
    @node(libs=("numpy",))
    def heavy(number: int) -> str:
        """Give a long text."""
        return "long " * 2000 * number

    @node()
    def length(text: str, by: int = 1) -> int:
        """Count its letters."""
        return len(text) * by

    g = Graph.build("Heavy")
    g.output("letters", g.add("Length", id="length", text=g.add("Heavy", id="heavy", number=1).text).number)
    for by, ran in ((1, ["heavy", "length"]), (2, ["length"])):
        engine = Engine(catalog([heavy, length]), cache=Cache(tmp_path))
        assert engine.run(g.graph(), {"length.by": by}).nodes.ran == ran
        engine.close()
