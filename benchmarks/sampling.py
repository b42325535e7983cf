"""Measure a picture made by a graph against the same one from the diffusers pipeline: python -m benchmarks.sampling

Both draw the same prompts and seeds with the same weights, one thread, models loaded, no previews and no checkpoints;
they take turns, and the median of the pairs' ratios counts. Beside it stands the ratio of the best times, which a
machine that slows down now and then does not move; with --check it fails if both miss a budget of the project. Every
picture is compared bit for bit. Peak memory is that of a process which makes one picture.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.clock import Took, busy, load, timed
from benchmarks.pipelines import Draw, ours, theirs, tiny
from benchmarks.tables import table
from nodes.sources import EMBEDDED

BUDGET = 1.05
PAIRS = 9
SIDES = {"ours": ours, "theirs": theirs}


@dataclass(frozen=True)
class Ratio:
    """Of our seconds to theirs: the median of the pairs, and that of the best times."""

    median: float
    best: float

    @classmethod
    def of(cls, ours: Sequence[float], theirs: Sequence[float]) -> "Ratio":
        return cls(statistics.median(a / b for a, b in zip(ours, theirs, strict=True)), min(ours) / min(theirs))

    @property
    def least(self) -> float:
        return min(self.median, self.best)

    def __str__(self) -> str:
        return f"{self.median:.3f} ({self.best:.3f})"


@dataclass(frozen=True)
class Compared:
    """Ratios of ours to theirs, for one model."""

    model: str
    whole: Ratio  # everything is computed
    seed: Ratio  # only the seed has changed since the last picture
    seconds: float  # theirs, median
    memory: float


def main() -> None:
    """Measure, print, and check if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three pairs")
    parser.add_argument("--check", action="store_true", help="fail if a budget is missed")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)  # in a process of its own, for its memory
    parser.add_argument("--model", help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    os.environ["TQDM_DISABLE"] = "1"
    if asked.side:
        _one_picture(SIDES[asked.side](asked.model, asked.root))
        return
    cpu = busy()
    with tempfile.TemporaryDirectory() as root:
        models = (EMBEDDED, tiny(Path(root)))
        found = [compared(model, Path(root), pairs=3 if asked.quick else PAIRS, cpu=cpu) for model in models]
    print(report(found, pairs=3 if asked.quick else PAIRS, cpu=cpu))
    missed = [sentence for each in found for sentence in misses(each)] if asked.check else []
    for sentence in missed:
        print(f"missed: {sentence}", file=sys.stderr)
    sys.exit(bool(missed))


def compared(model: str, root: Path, *, pairs: int, cpu: bool) -> Compared:
    """Take turns, and compare."""
    mine, other = ours(model, root), theirs(model, root)
    for draw in (mine, other):
        draw("warm up", 0)
    took = [_pair(mine, other, f"a red circle, {number}", number) for number in range(1, pairs + 1)]
    whole, seed, pipeline = ([_seconds(each, cpu=cpu) for each in side] for side in zip(*took, strict=True))
    return Compared(
        model=model,
        whole=Ratio.of(whole, pipeline),
        seed=Ratio.of(seed, pipeline),
        seconds=statistics.median(pipeline),
        memory=_peak("ours", model, root) / _peak("theirs", model, root),
    )


def _pair(mine: Draw, other: Draw, prompt: str, seed: int) -> tuple[Took, Took, Took]:
    """Draw a prompt by ours, with another seed by ours, and by theirs; every other time theirs is first."""
    pictures = {}

    def draw(name: str, side: Draw, seed: int) -> Took:
        return timed(lambda: pictures.update({name: side(prompt, seed)}))

    pipeline = draw("theirs", other, seed) if seed % 2 else None
    whole, reseeded = draw("ours", mine, seed), draw("reseeded", mine, seed + 1000)
    pipeline = pipeline or draw("theirs", other, seed)
    assert bool((pictures["ours"] == pictures["theirs"]).all()), "the pictures differ"
    return whole, reseeded, pipeline


def _seconds(took: Took, *, cpu: bool) -> float:
    return took.cpu if cpu else took.wall


def _peak(side: str, model: str, root: Path) -> int:
    """Give the peak memory of a process that makes one picture, in bytes."""
    command = [sys.executable, "-m", "benchmarks.sampling", "--side", side, "--model", model]
    ended = subprocess.run([*command, "--root", str(root)], capture_output=True, text=True, check=True)
    return int(ended.stdout.split()[-1])


def _one_picture(draw: Draw) -> None:
    draw("a picture for its memory", 1)
    lines = Path("/proc/self/status").read_text().splitlines()  # ru_maxrss would count the parent in
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM"))
    print(int(peak) * 1024)


def report(found: Sequence[Compared], *, pairs: int, cpu: bool) -> str:
    """Write the table."""
    clock = "processor time, because the machine was busy" if cpu else "wall time"
    rows = [
        (each.model, str(each.whole), str(each.seed), f"{each.memory:.3f}", f"{each.seconds:.2f} s") for each in found
    ]
    head = ("ours : pipeline", "everything computed", "only the seed changed", "peak memory", "the pipeline takes")
    how = f"{clock}, median of {pairs} pairs (and best to best)"
    return f"`python -m benchmarks.sampling`, {load()}; {how}:\n\n{table(head, rows)}"


def misses(found: Compared) -> Sequence[str]:
    """Name the budgets that are missed."""
    checks = (
        (
            found.whole.least <= BUDGET,
            f"{found.model}: {found.whole} times the pipeline's time, the budget is {BUDGET}",
        ),
        (found.memory <= BUDGET, f"{found.model}: {found.memory:.3f} times its memory, the budget is {BUDGET}"),
        (found.seed.least < 1, f"{found.model}: a new seed costs {found.seed} of the pipeline, not less"),
    )
    return [sentence for kept, sentence in checks if not kept]


if __name__ == "__main__":
    main()
