"""Before a run: what will be called, for about how long, and why."""

from pathlib import Path
from typing import Any

import pytest

from engine import Cache, Engine, Files, InputError, node
from tests.engine.toys import bench, chain, document


def statuses(engine: Engine, graph: Any, **options: Any) -> dict[str, str]:
    return {planned.node: planned.status for planned in engine.plan(graph, **options).nodes}


def test_with_an_empty_cache_the_first_runs_and_what_follows_may_run() -> None:
    assert statuses(bench().engine(), chain(3)) == {"n0": "run", "n1": "maybe", "n2": "maybe"}


def test_after_a_run_all_is_cached_and_nothing_was_called_for_the_plan() -> None:
    tools = bench()
    engine = tools.engine()
    engine.run(chain(3))
    tools.tally.clear()
    plan = engine.plan(chain(3))
    assert (str(plan), plan.seconds, tools.tally.calls) == ("all 3 nodes are cached", 0.0, [])
    assert {planned.status for planned in plan.nodes} == {"cached"}


def test_a_plan_agrees_with_the_run_that_follows() -> None:
    engine = bench().engine()
    engine.run(chain(4))
    graph = chain(4).set({"n2.b": 7})
    assert statuses(engine, graph) == {"n0": "cached", "n1": "cached", "n2": "run", "n3": "maybe"}
    result = engine.run(graph)
    assert (result.nodes.cached, result.nodes.ran) == (["n0", "n1"], ["n2", "n3"])


def test_a_plan_tells_how_long_such_nodes_took() -> None:
    engine = bench().engine()
    slow = document({"s": {"type": "Slow", "params": {"seconds": 0.1}}})
    assert engine.plan(slow).nodes[0].seconds is None
    engine.run(slow)
    (planned,) = engine.plan(slow.set({"s.a": 3})).nodes
    assert (planned.status, planned.calls) == ("run", 1)
    assert planned.seconds == pytest.approx(0.1, rel=0.5)


def test_a_value_that_was_lost_and_is_needed_is_planned_to_be_made_again() -> None:
    engine = bench().engine()
    nodes: dict[str, Any] = {"b": {"type": "Blob"}, "l": {"type": "Length", "inputs": {"blob": "b.bytes"}}}
    engine.run(document(nodes))
    engine.cache.memory.clear()
    assert statuses(engine, document(nodes), targets=["l.number"]) == {"b": "run", "l": "run"}
    nodes["a"] = {"type": "Add", "params": {"a": 1}}
    engine.run(document({"a": nodes["a"]}))
    assert statuses(engine, document(nodes), targets=["a.number"]) == {"a": "cached"}


def test_a_map_counts_its_calls() -> None:
    engine = bench().engine()
    engine.run(document({"n": {"type": "Numbers", "params": {"count": 5}}}))
    graph = document(
        {"n": {"type": "Numbers", "params": {"count": 5}}, "a": {"type": "Add", "inputs": {"a": "n.numbers"}}}
    )
    planned = {one.node: (one.status, one.calls) for one in engine.plan(graph).nodes}
    assert planned == {"n": ("cached", 0), "a": ("run", 5)}


def test_only_the_branch_that_is_chosen_is_planned() -> None:
    graph = document(
        {
            "x": {"type": "Number"},
            "y": {"type": "Fail"},
            "c": {"type": "Choose", "params": {"which": "a"}, "inputs": {"a": "x.number", "b": "y.number"}},
        },
        outputs={"out": "c.number"},
    )
    assert statuses(bench().engine(), graph) == {"x": "run", "c": "maybe"}


def test_both_branches_may_run_while_the_choice_is_not_known() -> None:
    graph = document(
        {
            "w": {"type": "Letter", "params": {"at": 0}},
            "x": {"type": "Number"},
            "y": {"type": "Fail"},
            "c": {"type": "Choose", "inputs": {"which": "w.text", "a": "x.number", "b": "y.number"}},
        },
        outputs={"out": "c.number"},
    )
    assert statuses(bench().engine(), graph) == {"w": "run", "x": "maybe", "y": "maybe", "c": "maybe"}


def test_a_node_whose_file_is_not_there_is_refused_with_the_reason(tmp_path: Path) -> None:
    @node(reads=lambda name, files: [files.source(name)])
    def read(name: str) -> int:
        """Read a file."""
        return 1

    engine = bench().with_nodes(read).engine(files=Files(tmp_path, roots=[tmp_path]))
    graph = document({"r": {"type": "Read", "params": {"name": "x"}}})
    (planned,) = engine.plan(graph).nodes
    assert (planned.status, planned.reason) == (
        "refused",
        f"no model named 'x'; put it below a models folder ({tmp_path})",
    )
    assert str(engine.why(graph, "r")) == f"r cannot run: {planned.reason}"


def test_a_rule_that_breaks_is_refused_in_a_plan_as_it_fails_in_a_run() -> None:
    @node(reads=lambda a, files: [1 // a])
    def broken(a: int) -> int:
        """Have a rule that breaks."""
        return a

    engine = bench().with_nodes(broken).engine()
    assert statuses(engine, document({"b": {"type": "Broken", "params": {"a": 0}}})) == {"b": "refused"}


def test_a_plan_of_ten_thousand_nodes_needs_no_recursion(cache_folder: Path) -> None:
    engine = bench().engine(cache=Cache(cache_folder))
    plan = engine.plan(chain(10_000))
    assert (len(plan.nodes), plan.nodes[0].status) == (10_000, "run")
    engine.close()


# Why


def test_a_node_that_is_cached_will_not_run() -> None:
    engine = bench().engine()
    engine.run(chain(2))
    assert str(engine.why(chain(2), "n1")) == "n1 will not run: its answer is known"


def test_a_changed_param_is_named_with_both_values() -> None:
    engine = bench().engine()
    engine.run(chain(3))
    answer = engine.why(chain(3).set({"n1.b": 9}), "n1")
    assert [(one.part, one.old, one.new) for one in answer.changed] == [("params.b", 1, 9)]
    assert str(answer) == "n1 will run, because of params.b: 1 -> 9"


def test_a_node_below_a_changed_one_names_it() -> None:
    engine = bench().engine()
    engine.run(chain(4))
    graph = chain(4).set({"n1.b": 9})
    assert str(engine.why(graph, "n3")) == "n3 may run: n1 must run first, and may give something new"


def test_the_nearest_remembered_action_is_compared() -> None:
    engine = bench().engine()
    for value in (1, 2, 3):
        engine.run(document({"a": {"type": "Add", "params": {"a": value, "b": value * 10}}}))
    answer = engine.why(document({"a": {"type": "Add", "params": {"a": 2, "b": 99}}}), "a")
    assert [(one.part, one.old, one.new) for one in answer.changed] == [("params.b", 20, 99)]


def test_a_changed_environment_is_named(cache_folder: Path) -> None:
    @node(libs=("numpy",))
    def probe() -> int:
        """Probe."""
        return 1

    tools = bench().with_nodes(probe)
    graph = document({"p": {"type": "Probe"}})
    engine = tools.engine(cache=Cache(cache_folder), threads=1)
    engine.run(graph)
    engine.close()
    engine = tools.engine(cache=Cache(cache_folder), threads=4)
    assert str(engine.why(graph, "p")) == "p will run, because of environment.threads: 1 -> 4"
    engine.close()


def test_a_node_that_never_ran_or_is_not_pure_says_so() -> None:
    @node(pure=False)
    def clock() -> int:
        """Tell the time."""
        return 1

    engine = bench().with_nodes(clock).engine()
    graph = document({"c": {"type": "Clock"}, "n": {"type": "Number"}})
    assert str(engine.why(graph, "n")) == "n will run: no Number has run with this cache yet"
    assert str(engine.why(graph, "c")) == "c will run: it is not pure, so it always runs"


def test_asking_why_of_no_node_is_an_input_error() -> None:
    with pytest.raises(InputError, match="the graph has no node 'x'; there are: n0, n1"):
        bench().engine().why(chain(2), "x")
