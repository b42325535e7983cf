"""What a caller can learn while nodes are called: which one is at work, and previews from when somebody watches."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from engine import Run, node
from engine.events import Preview
from graphs import Graph
from tests.engine.toys import bench, document


def test_each_node_is_named_around_its_call_in_the_thread_that_calls_it() -> None:
    tools = bench()
    seen: list[tuple[str, bool, int]] = []
    graph = document({"a": {"type": "Number"}, "b": {"type": "Add", "inputs": {"a": "a.number"}}})

    @contextmanager
    def calling(name: str) -> Iterator[None]:
        for _ in range(2):
            lane = threading.current_thread() is not threading.main_thread()
            seen.append((name, lane, sum(tools.tally.counts.values())))
            if len(seen) % 2:
                yield

    tools.engine().run(graph, calling=calling)
    assert seen == [("a", True, 0), ("a", True, 1), ("b", True, 1), ("b", True, 2)]


def test_previews_begin_and_end_with_the_one_who_watches() -> None:
    watched = [False]

    @node()
    def paint(*, run: Run) -> int:
        """Show a picture before, while and after somebody watches."""
        asked = []
        for look in (False, True, False):
            watched[0] = look
            asked.append(run.previews)
            run.preview(str(look).encode())
        return asked.index(True)

    pictures: list[bytes] = []
    graph = Graph.load({"format": "promptograph/1", "nodes": {"a": {"type": "Paint"}}})
    engine = bench().with_nodes(paint).engine()
    result = engine.run(
        graph,
        previews=lambda: watched[0],
        on_event=lambda event: pictures.append(event.image) if isinstance(event, Preview) else None,
    )
    assert result.status == "done"
    assert pictures == [b"True"]
