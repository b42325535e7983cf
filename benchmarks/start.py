"""Measure from the start of a process to a picture on disk: python -m benchmarks.start

`promptograph run text-to-image`, cold and cached, beside a script that draws the same with the diffusers pipeline. The
best of the rounds counts. With --check it fails if a budget of the project is missed.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.clock import Took, best, busy, load, timed
from benchmarks.tables import ratio, table

BUDGETS: Mapping[str, float] = {"cold": 10, "cached": 2}  # seconds
SAMPLING = 2.0  # seconds
PROMPT = "a large yellow star on a purple background"
SCRIPT = """
import sys
from pathlib import Path
from torchvision.transforms.functional import to_pil_image
from benchmarks.pipelines import theirs
folder = Path(sys.argv[1])
to_pil_image(theirs("bauklotz", folder)(sys.argv[2], 0)[0]).save(folder / "theirs.png")
"""


def main() -> None:
    """Measure, print, and check if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one round")
    parser.add_argument("--check", action="store_true", help="fail if a budget is missed")
    asked = parser.parse_args()
    rounds: dict[str, list[Took]] = {}
    sampling: list[float] = []
    cpu = busy()
    for _ in range(1 if asked.quick else 3):
        with tempfile.TemporaryDirectory() as folder:
            for scene, took in _round(Path(folder), sampling).items():
                rounds.setdefault(scene, []).append(took)
    least = {scene: best(each) for scene, each in rounds.items()}
    print(report(least, sampling, cpu=cpu))
    missed = misses(least, sampling, cpu=cpu) if asked.check else []
    for sentence in missed:
        print(f"missed: {sentence}", file=sys.stderr)
    sys.exit(bool(missed))


def _round(folder: Path, sampling: list[float]) -> Mapping[str, Took]:
    script = [sys.executable, "-c", SCRIPT, str(folder), PROMPT]
    took = {"the pipeline in a script": timed(lambda: subprocess.run(script, check=True, capture_output=True))}
    took["cold"] = timed(lambda: sampling.append(_sampling(_run(folder))))
    took["only the seed changed"] = timed(lambda: _run(folder, "--set", "seed=1"))
    took["cached"] = timed(lambda: _run(folder))
    return took


def _run(folder: Path, *arguments: str) -> Sequence[Mapping[str, object]]:
    command = [sys.executable, "-m", "cli", "run", "text-to-image", "--set", f"prompt={PROMPT}", "--json"]
    places = ["--out", str(folder / "out"), "--cache", str(folder / "cache"), "--device", "cpu"]
    ended = subprocess.run([*command, *places, *arguments], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in ended.stdout.splitlines()]


def _sampling(events: Sequence[Mapping[str, object]]) -> float:
    """Give the time from the sampler's first step to its last, so that loading is left out, plus one step."""
    at = [float(str(event["at"])) for event in events if event.get("type") == "progress" and event["node"] == "sampler"]
    return (at[-1] - at[0]) * len(at) / (len(at) - 1)


def report(took: Mapping[str, Took], sampling: Sequence[float], *, cpu: bool) -> str:
    """Write the table."""
    clock = "processor time, because the machine was busy" if cpu else "wall time"
    cold = _seconds(took["cold"], cpu=cpu)
    rows = [
        (scene, f"{each.wall:.2f} s", f"{each.cpu:.2f} s", ratio(_seconds(each, cpu=cpu), cold))
        for scene, each in took.items()
    ]
    return "\n\n".join(
        [
            f"`python -m benchmarks.start`, {load()}; compared by {clock}:",
            table(("process start to picture", "wall", "processor", "to cold"), rows),
            f"Sampling itself, on the wall: {min(sampling):.2f} s at best, median {statistics.median(sampling):.2f} s.",
        ]
    )


def misses(took: Mapping[str, Took], sampling: Sequence[float], *, cpu: bool) -> Sequence[str]:
    """Name the budgets that are missed."""
    late = [
        f"{scene}: {_seconds(took[scene], cpu=cpu):.1f} s, the budget is {budget:.0f} s"
        for scene, budget in BUDGETS.items()
        if _seconds(took[scene], cpu=cpu) > budget
    ]
    if min(sampling) > SAMPLING and not cpu:
        late.append(f"sampling: {min(sampling):.1f} s, the budget is {SAMPLING:.0f} s")
    return late


def _seconds(took: Took, *, cpu: bool) -> float:
    return took.cpu if cpu else took.wall


if __name__ == "__main__":
    main()
