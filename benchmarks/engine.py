"""Measure what an engine costs per node, where the nodes do next to nothing: python -m benchmarks.engine

The same additions are done by Promptograph, dask, Hamilton and joblib.Memory, in one process, one after another in each
round; the best of the rounds counts. With --check it fails if a budget of the project is missed.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.clock import Took, best, busy, load, middle, timed
from benchmarks.contenders import CONTENDERS, Contender, Ours, emptied
from benchmarks.tables import ratio, table
from benchmarks.work import SHAPES, Shape, Work, answer, changed, ends, work

SCENES = ("cold", "cached in memory", "cached on disk", "one leaf changed", "one root changed")
BUDGETS: Mapping[str, float] = {"cold": 400, "cached in memory": 40, "cached on disk": 150}  # microseconds per node
GROWTH = 12.0  # times as long for ten times the nodes
SMALL, LARGE = 1_000, 10_000

Key = tuple[str, Shape, str]  # contender, shape, scene


@dataclass
class Measured:
    """Times by contender, shape and scene."""

    count: int
    rounds: dict[Key, list[Took]]

    def add(self, more: "Measured") -> None:
        for key, rounds in more.rounds.items():
            self.rounds.setdefault(key, []).extend(rounds)

    def best(self, name: str, shape: Shape, scene: str) -> Took:
        return best(self.rounds[name, shape, scene])

    def micros(self, name: str, shape: Shape, scene: str, *, cpu: bool) -> float:
        took = self.best(name, shape, scene)
        return (took.cpu if cpu else took.wall) * 1e6 / self.count


def main() -> None:
    """Measure, print, and check if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one round")
    parser.add_argument("--check", action="store_true", help="fail if a budget is missed")
    asked = parser.parse_args()
    rounds = 1 if asked.quick else 3
    small, large = Measured(SMALL, {}), Measured(LARGE, {})
    for _ in range(rounds):  # by turns, so that a machine that slows down slows both
        small.add(measured(SMALL, CONTENDERS, 1))
        small.add(measured(SMALL, (Ours,), 3))
        large.add(measured(LARGE, (Ours,), 1))
    cpu = busy()
    print(report(small, large, rounds=rounds, cpu=cpu))
    missed = list(misses(small, large, cpu=cpu)) if asked.check else []
    for sentence in missed:
        print(f"missed: {sentence}", file=sys.stderr)
    sys.exit(bool(missed))


def measured(count: int, contenders: Sequence[Callable[[Path], Contender]], rounds: int) -> Measured:
    """Give every contender the same work, in turns."""
    found = Measured(count, {})
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for shape in SHAPES:
                for made in contenders:
                    contender = made(emptied(Path(folder) / "memory"))
                    for scene, took in _scenes(contender, work(shape, count)):
                        found.rounds.setdefault((contender.name, shape, scene), []).append(took)
    return found


def _scenes(contender: Contender, plan: Work) -> Sequence[tuple[str, Took]]:
    leaf, root = changed(plan, ends(plan)[-1]), changed(plan, 0)
    took = [("cold", _measure(contender, plan)), ("cached in memory", _measure(contender, plan))]
    contender = contender.restarted()
    took.append(("cached on disk", _measure(contender, plan)))
    took.append(("one leaf changed", _measure(contender, leaf)))
    if isinstance(contender, Ours) and contender.last is not None:
        assert len(contender.last.nodes.ran) == 1, "one changed leaf re-runs one node"
    took.append(("one root changed", _measure(contender, root)))
    contender.restarted()
    return took


def _measure(contender: Contender, plan: Work) -> Took:
    given: list[int] = []
    run = contender.prepared(plan)
    took = timed(lambda: given.extend(run()))
    assert given == answer(plan), contender.name
    return took


def report(small: Measured, large: Measured, *, rounds: int, cpu: bool) -> str:
    """Write the tables."""
    peers = [made.__name__ for made in CONTENDERS if made is not Ours]
    names = {"Dask": "dask", "Hamilton": "Hamilton", "Joblib": "joblib"}
    head = ("", "ours, us per node", *(names[peer] for peer in peers))
    clock = "processor time, because the machine was busy" if cpu else "wall time"
    rows = [
        (
            f"{shape} of {small.count:,}, {scene}",
            f"{small.micros('promptograph', shape, scene, cpu=cpu):.0f}",
            *(
                ratio(
                    small.micros(names[peer], shape, scene, cpu=cpu),
                    small.micros("promptograph", shape, scene, cpu=cpu),
                )
                for peer in peers
            ),
        )
        for shape in SHAPES
        for scene in SCENES
    ]
    growth = [
        (
            f"{shape}, {scene}",
            f"{large.micros('promptograph', shape, scene, cpu=False):.0f}",
            f"{large.micros('promptograph', shape, scene, cpu=True):.0f}",
            f"{_growth(small, large, shape, scene, cpu=cpu):.1f} x",
        )
        for shape in SHAPES
        for scene in SCENES
    ]
    return "\n\n".join(
        [
            f"`python -m benchmarks.engine`, {load()}; how many times as long as ours ({clock}, best of {rounds}):",
            table(head, rows),
            f"{large.count:,} nodes, and how many times as long as {small.count:,} (medians):",
            table(("", "us per node, wall", "us per node, processor", "10,000 : 1,000"), growth),
        ]
    )


def misses(small: Measured, large: Measured, *, cpu: bool) -> Sequence[str]:
    """Name the budgets that are missed."""
    found = []
    for shape in ("chain", "fan"):
        for scene, budget in BUDGETS.items():
            micros = large.micros("promptograph", shape, scene, cpu=cpu)
            if micros > budget:
                found.append(
                    f"{shape} of {large.count:,}, {scene}: {micros:.0f} us per node, the budget is {budget:.0f}"
                )
            growth = _growth(small, large, shape, scene, cpu=cpu)
            if growth > GROWTH:
                found.append(f"{shape}, {scene}: {growth:.1f} times as long for ten times the nodes")
    return found


def _growth(small: Measured, large: Measured, shape: Shape, scene: str, *, cpu: bool) -> float:
    ours = [middle(each.rounds["promptograph", shape, scene]) for each in (small, large)]
    return (ours[1].cpu / ours[0].cpu) if cpu else (ours[1].wall / ours[0].wall)


if __name__ == "__main__":
    main()
