"""Carry out a training for the command line, and follow its log."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from platformdirs import user_state_path

from engine import InputError
from graphs.errors import did_you_mean


def carry_out(
    name: str, *, steps: int | None, device: str, resume: bool, minutes: float | None, out: Path | None
) -> None:
    """Train to the end of the schedule or of the minutes; loss and figures go to stderr as they are logged."""
    from models.bauklotz.train import RECIPES, WEIGHTS, train

    if name not in RECIPES:
        raise InputError(f"no network is named {name[:80]!r}", hint=did_you_mean(name, RECIPES))
    scratch = user_state_path("promptograph") / "train" / name
    with _followed(scratch / "log.jsonl"):
        reached = train(
            name,
            steps=steps,
            device=device,
            resume=resume,
            minutes=minutes,
            out=out or WEIGHTS,
            scratch=scratch,
        )
    end = "done" if reached.done else "paused; go on with --resume"
    typer.echo(f"{name}: step {reached.step:,} of {reached.steps:,}, {reached.seconds:,.0f} s, {end}")


@contextmanager
def _followed(log: Path) -> Iterator[None]:
    """Print what is added to a log while it grows."""
    over = threading.Event()
    known = log.stat().st_size if log.exists() else 0
    following = threading.Thread(target=_follow, args=(log, known, over), daemon=True, name="follow")
    following.start()
    try:
        yield
    finally:
        over.set()
        following.join()


def _follow(log: Path, at: int, over: threading.Event) -> None:
    last = False
    while not last:
        last = over.wait(timeout=1.0)
        if not log.exists():
            continue
        with log.open("rb") as file:
            file.seek(at)
            whole, newline, _ = file.read().rpartition(b"\n")
        at += len(whole) + len(newline)
        for line in whole.splitlines():
            print(_sentence(json.loads(line)), file=sys.stderr, flush=True)


def _sentence(entry: dict[str, float]) -> str:
    step, steps, seconds = int(entry.pop("step")), int(entry.pop("steps")), entry.pop("seconds")
    figures = ", ".join(f"{name} {value:g}" for name, value in entry.items())
    return f"step {step:,} of {steps:,}, {seconds:,.0f} s: {figures}"
