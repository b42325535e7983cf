"""A failure blocks only its descendants; a node may raise anything, and the run goes on without it."""

import threading
from typing import Any

import pytest

from engine import Cancelled, InputError, NodeFailed, node
from engine.events import Event, RunFinished
from tests.engine.toys import Bench, bench, chain, document, state_events


def raising(error: BaseException) -> Bench:
    @node("Raise")
    def fail(a: int = 0) -> int:
        """Raise."""
        raise error

    return bench().with_nodes(fail)


WITH_A_FAILURE: dict[str, Any] = {
    "n": {"type": "Number", "params": {"value": 1}},
    "bad": {"type": "Raise", "inputs": {"a": "n.number"}},
    "after": {"type": "Add", "inputs": {"a": "bad.number"}},
    "later": {"type": "Add", "inputs": {"a": "after.number", "b": "n.number"}},
    "beside": {"type": "Add", "inputs": {"a": "n.number"}},
    "further": {"type": "Slow", "inputs": {"a": "beside.number"}},
}


def test_a_failure_blocks_only_its_descendants_and_independent_branches_finish() -> None:
    result = raising(ValueError("no")).engine().run(document(WITH_A_FAILURE))
    assert (result.status, result.nodes.failed, sorted(result.nodes.blocked), sorted(result.nodes.ran)) == (
        "failed",
        ["bad"],
        ["after", "later"],
        ["beside", "further", "n"],
    )


def test_what_was_computed_beside_a_failure_stays_computed() -> None:
    engine = raising(ValueError("no")).engine()
    engine.run(document(WITH_A_FAILURE))
    again = engine.run(document(WITH_A_FAILURE))
    assert (sorted(again.nodes.cached), again.nodes.ran) == (["beside", "further", "n"], [])


class UnspeakableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("not even this")


class Rude(BaseException):
    pass


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("a\n  b"), "ValueError: a b"),
        (ValueError(), "ValueError: no reason given"),
        (SystemExit(3), "SystemExit: 3"),
        (KeyboardInterrupt(), "KeyboardInterrupt: no reason given"),
        (RecursionError("too deep"), "RecursionError: too deep"),
        (MemoryError(), "MemoryError: no reason given"),
        (GeneratorExit(), "GeneratorExit: no reason given"),
        (StopIteration(1), "StopIteration: 1"),
        (Rude("!"), "Rude: !"),
        (UnspeakableError(), "UnspeakableError: no reason given"),
        (NodeFailed("x"), "NodeFailed: x"),
        (Cancelled(), "Cancelled: no reason given"),
        (ValueError("x" * 5_000), "ValueError: " + "x" * 1_988),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_whatever_a_node_raises_fails_that_node_and_nothing_else(error: BaseException, message: str) -> None:
    engine = raising(error).engine()
    result = engine.run(document(WITH_A_FAILURE))
    (failure,) = result.failures
    assert (failure.node, failure.message, failure.blame) == ("bad", message, "node")
    assert "in fail" in failure.trace
    assert (result.status, sorted(result.nodes.ran)) == ("failed", ["beside", "further", "n"])
    assert engine.run(chain(5)).status == "done"


def test_an_input_error_blames_the_input_and_shows_no_traceback() -> None:
    result = raising(InputError("the file is torn", hint="send it again")).engine().run(document(WITH_A_FAILURE))
    (failure,) = result.failures
    assert (failure.message, failure.blame, failure.trace) == ("the file is torn; send it again", "input", "")


def test_endless_recursion_in_a_node_fails_that_node() -> None:
    @node("Raise")
    def deep(a: int = 0) -> int:
        """Recurse for ever."""
        return deep(a + 1) + 1  # type: ignore[no-any-return]

    (failure,) = bench().with_nodes(deep).engine().run(document(WITH_A_FAILURE)).failures
    assert failure.message.startswith("RecursionError: ")


def test_two_failures_are_both_told_and_a_node_below_both_is_blocked_once() -> None:
    events: list[Event] = []
    result = (
        bench()
        .engine()
        .run(
            document(
                {
                    "f": {"type": "Fail", "params": {"a": 1}},
                    "g": {"type": "Fail", "params": {"a": 2}},
                    "t": {"type": "Total", "inputs": {"numbers": ["f.number", "g.number"]}},
                }
            ),
            on_event=events.append,
        )
    )
    assert (sorted(result.nodes.failed), result.nodes.blocked) == (["f", "g"], ["t"])
    assert [event.type for event in state_events(events)].count("node_blocked") == 1


def test_a_node_that_uses_a_failed_one_twice_is_blocked_once() -> None:
    nodes = {"f": {"type": "Fail"}, "a": {"type": "Add", "inputs": {"a": "f.number", "b": "f.number"}}}
    events: list[Event] = []
    bench().engine().run(document(nodes), on_event=events.append)
    assert [event.type for event in state_events(events)].count("node_blocked") == 1


def test_a_diamond_below_a_failure_is_blocked_once_and_names_who_blocks_it() -> None:
    nodes: dict[str, Any] = {"f": {"type": "Fail"}, "n": {"type": "Number"}}
    for at in range(50):
        nodes[f"a{at}"] = {"type": "Add", "inputs": {"a": "f.number", "b": "n.number"}}
        nodes[f"b{at}"] = {"type": "Add", "inputs": {"a": f"a{at}.number", "b": f"a{(at + 1) % 50}.number"}}
    events: list[Event] = []
    result = bench().engine().run(document(nodes), on_event=events.append)
    blocked = [event for event in state_events(events) if event.type == "node_blocked"]
    assert (len(blocked), len(result.nodes.blocked)) == (100, 100)
    assert {event.by for event in blocked if event.node.startswith("a")} == {"f"}
    assert all(event.by.startswith("a") for event in blocked if event.node.startswith("b"))


def test_ten_thousand_nodes_below_a_failure_are_blocked_without_recursion() -> None:
    graph = chain(10_000)
    first = graph.nodes["n0"].model_copy(update={"type": "Fail", "params": {}})
    result = bench().engine().run(graph.model_copy(update={"nodes": {**graph.nodes, "n0": first}}))
    assert (result.status, len(result.nodes.blocked)) == ("failed", 9_999)


@pytest.mark.parametrize("error", [ValueError("mine"), KeyboardInterrupt(), SystemExit(1)], ids=repr)
@pytest.mark.parametrize("at", [0, 1, 3])
def test_an_on_event_that_raises_ends_the_run_with_its_error_and_leaves_the_engine_usable(
    error: BaseException, at: int
) -> None:
    tools = bench()
    engine = tools.engine()
    seen: list[Event] = []

    def tell(event: Event) -> None:
        seen.append(event)
        if len(seen) == at + 1:
            raise error

    with pytest.raises(type(error)) as caught:
        engine.run(chain(5), on_event=tell)
    assert caught.value is error
    assert len(seen) == at + 1
    assert engine.run(chain(5)).outputs["last"] == 4


def test_what_waits_in_line_is_not_called_after_an_on_event_that_raised() -> None:
    tools = bench()
    engine = tools.engine()
    nodes = {f"s{at}": {"type": "Slow", "params": {"a": at, "seconds": 0.05}} for at in range(40)}

    def tell(event: Event) -> None:
        if event.type == "node_finished":
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        engine.run(document(nodes), on_event=tell)
    assert engine.run(document({"n": {"type": "Number"}})).status == "done"
    assert tools.tally.counts["Slow"] < 10


def test_the_last_event_says_failed_and_lists_every_node_once() -> None:
    events: list[Event] = []
    raising(ValueError("no")).engine().run(document(WITH_A_FAILURE), on_event=events.append)
    finished = events[-1]
    assert isinstance(finished, RunFinished)
    assert finished.status == "failed"
    listed = [*finished.ran, *finished.cached, *finished.failed, *finished.blocked]
    assert sorted(listed) == sorted(WITH_A_FAILURE)


def test_a_node_that_starts_threads_that_fail_does_not_harm_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", seen.append)

    @node("Raise")
    def spawn(a: int = 0) -> int:
        """Start a thread that fails."""
        thread = threading.Thread(target=lambda: 1 // 0)
        thread.start()
        thread.join()
        return a

    result = bench().with_nodes(spawn).engine().run(document(WITH_A_FAILURE))
    assert (result.status, len(seen)) == ("done", 1)
