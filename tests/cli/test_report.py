"""What is said of a run when it ends, and which events are written as JSON."""

import io
import json

from cli.json_lines import JsonLines
from cli.report import Ending
from engine import NodeNames
from engine.events import Preview, Status


def ending(status: Status, seconds: float, **names: int) -> str:
    lists = {
        word: [f"n{number}" for number in range(names.get(word, 0))] for word in ("ran", "cached", "failed", "blocked")
    }
    return Ending(status, {}, NodeNames(**lists), seconds).summary()


def test_a_summary_counts_nodes_and_tells_the_time() -> None:
    assert ending("done", 1.94, ran=2, cached=5) == "7 nodes: 5 cached, 2 ran, 1.9 s"
    assert ending("done", 0.018, cached=1) == "1 node: 1 cached, 0.02 s"
    assert (
        ending("failed", 75.0, ran=1000, failed=1, blocked=2) == "1,003 nodes: 1,000 ran, 1 failed, 2 blocked, 75.0 s"
    )
    assert ending("cancelled", 0.5) == "cancelled; 0 nodes: 0.50 s"


def test_previews_are_left_out_of_json() -> None:
    stream = io.StringIO()
    lines = JsonLines(stream)
    lines.event(Preview(run="r", at=0.0, node="n", image=b"...", media_type="image/png"))
    lines.end(Ending("done", {}, NodeNames((), (), (), ()), 0.25))
    assert json.loads(stream.getvalue()) == {
        "status": "done",
        "outputs": {},
        "nodes": {"ran": [], "cached": [], "failed": [], "blocked": []},
        "seconds": 0.25,
    }
