"""Events tell a run in order, with numbers that have no holes; progress and previews carry none."""

import threading
import time
from dataclasses import asdict, fields
from typing import Any

import pytest

from engine import Run, node
from engine import events as happenings
from engine.events import Event
from tests.engine.toys import Bench, bench, chain, document, fan, state_events, story

MIXED: dict[str, Any] = {
    "n": {"type": "Numbers", "params": {"count": 5}},
    "a": {"type": "Add", "inputs": {"a": "n.numbers"}},
    "f": {"type": "FailAt", "inputs": {"a": "a.number"}, "params": {"at": 3}},
    "t": {"type": "Total", "inputs": {"numbers": "f.number"}},
    "p": {"type": "Patient", "params": {"steps": 3}},
    "c": {"type": "Choose", "params": {"which": "a"}, "inputs": {"a": "p.number"}},
}


def test_state_events_are_numbered_from_zero_without_holes_and_end_with_run_finished() -> None:
    engine = bench().engine()
    for _ in range(2):
        events: list[Event] = []
        engine.run(document(MIXED), on_event=events.append)
        states = state_events(events)
        assert [event.n for event in states] == list(range(len(states)))
        assert (states[0].type, states[-1].type, events[-1]) == ("run_started", "run_finished", states[-1])
        assert [event.type for event in states].count("run_finished") == 1
        assert len({event.run for event in events}) == 1
        assert [event.at for event in events] == sorted(event.at for event in events)


def test_each_run_has_a_name_of_its_own() -> None:
    engine = bench().engine()
    events: list[Event] = []
    for _ in range(3):
        engine.run(chain(2), on_event=events.append)
    assert len({event.run for event in events}) == 3


def test_every_node_starts_before_it_ends_and_ends_once() -> None:
    events: list[Event] = []
    bench().engine().run(document(MIXED), on_event=events.append)
    for name in MIXED:
        told = [kind for kind, about in story(events) if about == name]
        ends = [kind for kind in told if kind in ("node_cached", "node_finished", "node_failed", "node_blocked")]
        assert len(ends) == 1
        assert (told[-1] if name != "f" else ends[0]) == ends[0]
        assert told[0] == ("node_blocked" if name == "t" else "node_started")


def test_a_producer_ends_before_its_consumer_starts() -> None:
    events: list[Event] = []
    bench().engine().run(fan(30), on_event=events.append)
    order = story(events)
    for at in range(1, 30):
        assert order.index(("node_finished", "n0")) < order.index(("node_started", f"n{at}"))
        assert order.index(("node_finished", f"n{at}")) < order.index(("node_started", "sum"))


def test_the_first_event_counts_the_nodes_that_are_asked_for() -> None:
    events: list[Event] = []
    bench().engine().run(chain(5), targets=["n2.number"], on_event=events.append)
    assert isinstance(events[0], happenings.RunStarted)
    assert events[0].nodes == 3


def test_events_come_in_the_thread_that_runs() -> None:
    threads: set[threading.Thread] = set()
    bench().engine().run(document(MIXED), on_event=lambda event: threads.add(threading.current_thread()))
    assert threads == {threading.current_thread()}


def test_events_can_be_written_as_plain_data() -> None:
    events: list[Event] = []
    bench().engine().run(document(MIXED), on_event=events.append)
    kinds = {asdict(event)["type"] for event in events}
    assert kinds == {
        "run_started", "node_started", "item_finished", "node_finished", "node_failed", "node_blocked", "progress",
        "run_finished",
    }  # fmt: skip


def test_the_last_event_agrees_with_the_result() -> None:
    events: list[Event] = []
    result = bench().engine().run(document(MIXED), on_event=events.append)
    last = events[-1]
    assert isinstance(last, happenings.RunFinished)
    assert (last.status, last.ran, last.cached, last.failed, last.blocked, last.seconds) == (
        result.status,
        result.nodes.ran,
        result.nodes.cached,
        result.nodes.failed,
        result.nodes.blocked,
        result.seconds,
    )


def _watched(pure: bool = True) -> Bench:
    @node(pure=pure)
    def paint(steps: int, *, run: Run) -> int:
        """Paint, showing how far it is."""
        for step in range(1, steps + 1):
            time.sleep(0.01)
            run.progress(step, steps)
            if run.previews:
                run.preview(bytes([step]))
                run.preview(b"png", "image/png")
        return steps

    return bench().with_nodes(paint)


PAINT = document({"p": {"type": "Paint", "params": {"steps": 3}}})


def test_progress_tells_step_total_rate_and_seconds_left() -> None:
    events: list[Event] = []
    _watched().engine().run(PAINT, on_event=events.append)
    told = [event for event in events if isinstance(event, happenings.Progress)]
    assert [(event.node, event.item, event.step, event.total) for event in told] == [
        ("p", None, 1, 3),
        ("p", None, 2, 3),
        ("p", None, 3, 3),
    ]
    assert all(event.rate is not None and 0 < event.rate <= 100 for event in told)
    assert [event.left and round(event.left * (event.rate or 0), 6) for event in told] == [2, 1, 0]


def test_progress_comes_between_start_and_end_of_its_node() -> None:
    events: list[Event] = []
    _watched().engine().run(PAINT, on_event=events.append, previews=True)
    kinds = [event.type for event in events]
    assert (kinds[:2], kinds[-2:]) == (["run_started", "node_started"], ["node_finished", "run_finished"])
    assert set(kinds[2:-2]) == {"progress", "preview"}


def test_previews_come_when_they_are_asked_for_and_only_then() -> None:
    engine = _watched(pure=False).engine()
    events: list[Event] = []
    engine.run(PAINT, on_event=events.append)
    assert [event for event in events if isinstance(event, happenings.Preview)] == []
    engine.run(PAINT, on_event=events.append, previews=True)
    told = [event for event in events if isinstance(event, happenings.Preview)]
    assert [(event.node, event.image, event.media_type) for event in told] == [
        ("p", image, kind)
        for step in (1, 2, 3)
        for image, kind in ((bytes([step]), "image/jpeg"), (b"png", "image/png"))
    ]


def test_progress_and_previews_carry_no_number() -> None:
    names = {field.name for kind in (happenings.Progress, happenings.Preview) for field in fields(kind)}
    assert "n" not in names
    assert {"run", "at", "node"} < names


def test_progress_of_a_map_names_the_item() -> None:
    nodes = {
        "n": {"type": "Numbers", "params": {"count": 3, "start": 1}},
        "p": {"type": "Paint", "inputs": {"steps": "n.numbers"}},
    }
    events: list[Event] = []
    _watched().engine().run(document(nodes), on_event=events.append)
    told = [(event.item, event.step) for event in events if isinstance(event, happenings.Progress)]
    assert sorted(told) == [(0, 1), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3)]


def test_progress_before_the_first_step_has_no_rate() -> None:
    events: list[Event] = []
    bench().engine().run(document({"p": {"type": "Patient", "params": {"steps": 2}}}), on_event=events.append)
    first = next(event for event in events if isinstance(event, happenings.Progress))
    assert (first.step, first.rate, first.left) == (0, None, None)


def test_a_slow_listener_slows_nobody_but_itself_and_misses_nothing() -> None:
    events: list[Event] = []

    def slow(event: Event) -> None:
        time.sleep(0.002)
        events.append(event)

    bench().engine().run(fan(50), on_event=slow)
    assert [event.n for event in state_events(events)] == list(range(2 + 2 * 51))


@pytest.mark.parametrize("known", [False, True])
def test_ten_runs_at_the_same_time_each_tell_their_own_story(known: bool) -> None:
    engine = bench().engine()
    if known:
        engine.run(fan(20))
    told: list[list[Event]] = [[] for _ in range(10)]
    threads = [threading.Thread(target=lambda to=to: engine.run(fan(20), on_event=to.append)) for to in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for events in told:
        states = state_events(events)
        assert [event.n for event in states] == list(range(len(states)))
        ends = [event for event in states if event.type in ("node_cached", "node_finished")]
        assert len(ends) == 21
