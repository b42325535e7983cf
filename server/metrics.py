"""Count what happens, for Prometheus.

Guarantees
1. No label holds anything that a client sent.
"""

import json
from collections.abc import Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from server.hub import Hub
from server.processes.member import Vitals
from server.records import RunStatus

_OUTCOMES = {"node_finished": "ran", "node_cached": "cached", "node_failed": "failed", "node_blocked": "blocked"}
_SECONDS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0)


class Metrics:
    """The counters and gauges of one server."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._answers = Counter("promptograph_answers", "HTTP answers by status.", ["status"], registry=registry)
        self._seconds = Histogram(
            "promptograph_answer_seconds", "Seconds until an answer was sent.", registry=registry, buckets=_SECONDS
        )
        self._nodes = Counter("promptograph_nodes", "Nodes by how they ended.", ["outcome"], registry=registry)
        self._hits = Counter("promptograph_cache_hits", "Nodes whose result was known.", ["tier"], registry=registry)
        self._runs = Gauge("promptograph_runs", "Runs by status.", ["status"], registry=registry)
        self._queue = Gauge("promptograph_queue_length", "Runs that wait.", registry=registry)
        self._sockets = Gauge("promptograph_sockets", "Websocket clients.", registry=registry)
        self._kept = Gauge("promptograph_cache_bytes", "What is kept, in bytes.", ["tier"], registry=registry)
        self._memory = Gauge("promptograph_worker_memory_bytes", "Memory of a worker.", ["device"], registry=registry)
        self._busy = Gauge("promptograph_worker_busy", "Whether a worker is at a run.", ["device"], registry=registry)

    def answered(self, status: int, seconds: float) -> None:
        """An HTTP answer was sent."""
        self._answers.labels(str(status)).inc()
        self._seconds.observe(seconds)

    def happened(self, events: Sequence[bytes]) -> None:
        """State events of a run were kept."""
        for event in map(json.loads, events):
            if outcome := _OUTCOMES.get(event["type"]):
                self._nodes.labels(outcome).inc()
            if event["type"] == "node_cached":
                self._hits.labels(event["tier"]).inc()

    def text(self, *, runs: Mapping[RunStatus, int], sockets: int, workers: Sequence[Vitals]) -> bytes:
        """Give all figures, with those that are of this moment."""
        for status, count in runs.items():
            self._runs.labels(status).set(count)
        self._queue.set(runs.get("queued", 0))
        self._sockets.set(sockets)
        for worker in workers:
            self._memory.labels(worker.device).set(worker.memory)
            self._busy.labels(worker.device).set(worker.state == "busy")
        kept = {tier: [bytes_of(worker, tier) for worker in workers] for tier in ("memory", "disk")}
        self._kept.labels("memory").set(sum(kept["memory"]))
        self._kept.labels("disk").set(max(kept["disk"], default=0))  # one folder, which all share
        return generate_latest(self._registry)


class CountedHub(Hub):
    """A hub that also counts what it is told."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__()
        self._metrics = metrics

    def publish(self, run: str, events: Sequence[bytes], last_n: int, *, final: bool = False) -> None:
        """Tell state events that are committed, and count them."""
        self._metrics.happened(events)
        super().publish(run, events, last_n, final=final)


def bytes_of(worker: Vitals, tier: str) -> int:
    """Give how much a worker says that a tier holds."""
    kept = worker.kept.get(tier)
    return 0 if kept is None else kept.get("bytes", 0)
