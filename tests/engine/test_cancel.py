"""Cancel means now: it is told at once, the work stops, and what was done is kept."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from engine import Cache, Cancel, NodeFailed, Run, node
from engine import events as happenings
from engine.events import Event
from tests.engine.toys import Bench, bench, chain, document, state_events, wait_until

TOLD = 0.25  # seconds until a cancellation must be reported
STOPPED = 2.0  # seconds until the work must have stopped
BUSY = 1.0  # seconds that a busy machine may add


def _deaf(release: threading.Event) -> Bench:
    @node(lane="io")
    def deaf(a: int = 0) -> int:
        """Listen to nobody."""
        release.wait(20)
        return a

    return bench().with_nodes(deaf)


class Watch:
    """Cancels a run when a node has started, and measures."""

    def __init__(self, after: str = "node_started", delay: float = 0.0) -> None:
        self.cancel = Cancel()
        self.events: list[Event] = []
        self.asked = self.told = 0.0
        self._after = after
        self._delay = delay

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if event.type == self._after and not self.asked:
            self.asked = float("inf")
            threading.Timer(self._delay, self._set).start()
        if event.type == "run_finished":
            self.told = time.monotonic()

    def _set(self) -> None:
        self.asked = time.monotonic()
        self.cancel.set()


PATIENT = document({"p": {"type": "Patient", "params": {"steps": 2_000}}}, outputs={"steps": "p.number"})


def test_a_cancellation_is_reported_at_once_and_a_node_that_listens_stops() -> None:
    watch = Watch()
    result = bench().engine().run(PATIENT, on_event=watch, cancel=watch.cancel)
    returned = time.monotonic()
    assert result.status == "cancelled"
    assert watch.told - watch.asked < TOLD + BUSY
    assert returned - watch.asked < STOPPED + BUSY
    assert [event.type for event in state_events(watch.events)] == ["run_started", "node_started", "run_finished"]
    last = watch.events[-1]
    assert isinstance(last, happenings.RunFinished)
    assert (last.status, last.ran, last.failed, last.blocked) == ("cancelled", [], [], [])
    with pytest.raises(NodeFailed, match=r"p\.number was not made: p did not run"):
        result.outputs["steps"]


def test_the_work_has_stopped_when_run_returns() -> None:
    steps: list[int] = []

    @node(lane="io")
    def count(total: int, *, run: Run) -> int:
        """Count."""
        for step in range(total):
            run.progress(step, total)
            steps.append(step)
            time.sleep(0.01)
        return total

    watch = Watch()
    graph = document({"c": {"type": "Count", "params": {"total": 2_000}}})
    bench().with_nodes(count).engine().run(graph, on_event=watch, cancel=watch.cancel)
    before = len(steps)
    time.sleep(0.1)
    assert len(steps) == before < 2_000


def test_a_node_that_never_listens_does_not_hold_the_run_longer_than_the_grace() -> None:
    release = threading.Event()
    watch = Watch()
    engine = _deaf(release).engine(grace=0.3)
    result = engine.run(document({"d": {"type": "Deaf"}}), on_event=watch, cancel=watch.cancel)
    returned = time.monotonic()
    assert result.status == "cancelled"
    assert watch.told - watch.asked < TOLD + BUSY
    assert 0.25 < returned - watch.asked < 0.3 + BUSY
    release.set()


def test_an_engine_whose_node_did_not_listen_can_be_used_on() -> None:
    release = threading.Event()
    watch = Watch()
    engine = _deaf(release).engine(grace=0.05)
    engine.run(document({"d": {"type": "Deaf"}}), on_event=watch, cancel=watch.cancel)
    assert engine.run(chain(5)).status == "done"
    release.set()
    graph = document({"d": {"type": "Deaf"}}, outputs={"out": "d.number"})
    assert engine.run(graph).outputs["out"] == 0


def test_what_a_node_that_did_not_listen_made_in_the_end_is_kept() -> None:
    release = threading.Event()
    watch = Watch()
    engine = _deaf(release).engine(grace=0.05)
    engine.run(document({"d": {"type": "Deaf"}}), on_event=watch, cancel=watch.cancel)
    release.set()
    wait_until(lambda: [one.status for one in engine.plan(document({"d": {"type": "Deaf"}})).nodes] == ["cached"])
    assert engine.run(document({"d": {"type": "Deaf"}})).nodes.cached == ["d"]


def test_nothing_is_told_after_the_run_has_finished() -> None:
    watch = Watch()
    nodes = {f"p{at}": {"type": "Patient", "params": {"steps": 50 + at}} for at in range(6)}
    nodes |= {f"s{at}": {"type": "Slow", "params": {"a": at, "seconds": 0.3}} for at in range(2)}
    bench().engine().run(document(nodes), on_event=watch, cancel=watch.cancel)
    told = len(watch.events)
    time.sleep(0.3)
    assert (len(watch.events), watch.events[-1].type) == (told, "run_finished")


def test_calls_that_wait_in_line_are_not_made_any_more() -> None:
    tools = bench()
    watch = Watch(delay=0.05)
    nodes = {f"s{at}": {"type": "Slow", "params": {"a": at, "seconds": 0.1}} for at in range(40)}
    engine = tools.engine()
    assert engine.run(document(nodes), on_event=watch, cancel=watch.cancel).status == "cancelled"
    called = tools.tally.counts["Slow"]
    time.sleep(0.5)
    assert tools.tally.counts["Slow"] == called < 20


def test_what_was_done_before_a_cancellation_is_kept(cache_folder: Path) -> None:
    tools = bench()
    graph = document(
        {
            "a": {"type": "Blob", "params": {"seconds": 0.03}},
            "l": {"type": "Length", "inputs": {"blob": "a.bytes"}},
            "p": {"type": "Patient", "params": {"steps": 2_000}},
        }
    )

    def after_length(event: Event) -> None:
        watch(event)
        if isinstance(event, happenings.NodeFinished) and event.node == "l":
            watch.cancel.set()

    watch = Watch(after="never")
    engine = tools.engine(cache=Cache(cache_folder))
    result = engine.run(graph, on_event=after_length, cancel=watch.cancel)
    assert (result.status, result.nodes.ran) == ("cancelled", ["a", "l"])
    engine.close()
    again = tools.engine(cache=Cache(cache_folder))
    assert again.run(graph, targets=["l.number"]).nodes.cached == ["a", "l"]
    again.close()


def test_a_run_that_is_cancelled_before_it_begins_calls_nothing() -> None:
    tools = bench()
    cancel = Cancel()
    cancel.set()
    events: list[Event] = []
    result = tools.engine().run(chain(5), on_event=events.append, cancel=cancel)
    assert (result.status, tools.tally.calls) == ("cancelled", [])
    assert [event.type for event in events] == ["run_started", "run_finished"]


def test_a_cancellation_from_within_on_event_ends_the_run() -> None:
    tools = bench()
    cancel = Cancel()

    def tell(event: Event) -> None:
        if isinstance(event, happenings.NodeFinished) and event.node == "n2":
            cancel.set()

    result = tools.engine().run(chain(50), on_event=tell, cancel=cancel)
    assert (result.status, result.nodes.ran[:3]) == ("cancelled", ["n0", "n1", "n2"])
    assert len(result.nodes.ran) < 6


def test_cancelling_one_run_leaves_the_others_alone() -> None:
    engine = bench().engine(grace=1)
    watch = Watch(delay=0.05)
    results: list[Any] = []
    other = document({"q": {"type": "Patient", "params": {"steps": 60}}})
    thread = threading.Thread(target=lambda: results.append(engine.run(other)))
    thread.start()
    assert engine.run(PATIENT, on_event=watch, cancel=watch.cancel).status == "cancelled"
    thread.join()
    assert results[0].status == "done"


def test_a_run_that_was_cancelled_can_be_run_again_with_a_new_switch() -> None:
    tools = bench()
    engine = tools.engine()
    watch = Watch()
    graph = document({"p": {"type": "Patient", "params": {"steps": 50}}}, outputs={"steps": "p.number"})
    assert engine.run(graph, on_event=watch, cancel=watch.cancel).status == "cancelled"
    assert engine.run(graph).outputs["steps"] == 50


def test_a_switch_that_is_set_late_or_twice_does_no_harm() -> None:
    cancel = Cancel()
    engine = bench().engine()
    assert engine.run(chain(3), cancel=cancel).status == "done"
    cancel.set()
    cancel.set()
    assert engine.run(chain(3), cancel=cancel).status == "cancelled"


def test_a_run_that_waits_for_what_another_computes_can_be_cancelled() -> None:
    release = threading.Event()
    tools = _deaf(release)
    engine = tools.engine(grace=0.05)
    graph = document({"d": {"type": "Deaf"}})
    other = threading.Thread(target=lambda: engine.run(graph))
    other.start()
    time.sleep(0.1)
    watch = Watch(after="run_started", delay=0.1)
    result = engine.run(graph, on_event=watch, cancel=watch.cancel)
    assert (result.status, watch.told - watch.asked < TOLD + BUSY) == ("cancelled", True)
    release.set()
    other.join()


def test_a_model_that_takes_long_to_load_does_not_hold_up_a_cancellation() -> None:
    @node(lane="gpu")
    def load(*, run: Run) -> int:
        """Load something slow."""
        time.sleep(1.5)
        run.check()
        raise AssertionError("it must have left")

    watch = Watch(delay=0.05)
    result = (
        bench().with_nodes(load).engine().run(document({"l": {"type": "Load"}}), on_event=watch, cancel=watch.cancel)
    )
    assert (result.status, result.failures) == ("cancelled", [])
    assert watch.told - watch.asked < TOLD + BUSY
