"""What a caller can learn while nodes are called: which one is at work, and previews from when somebody watches."""

import threading

from engine import Run, node
from engine.events import Preview
from graphs import Graph
from tests.engine.toys import bench, document


def test_each_node_is_named_right_before_it_is_called_in_the_thread_that_calls_it() -> None:
    tools = bench()
    seen: list[tuple[str, bool, int]] = []
    graph = document({"a": {"type": "Number"}, "b": {"type": "Add", "inputs": {"a": "a.number"}}})

    def on_call(name: str) -> None:
        seen.append((name, threading.current_thread() is threading.main_thread(), sum(tools.tally.counts.values())))

    tools.engine().run(graph, on_call=on_call)
    assert seen == [("a", False, 0), ("b", False, 1)]


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
