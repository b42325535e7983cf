"""Every graph that tells how text steers runs headless, with nothing remembered and nobody to ask, in time."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from graphs import Graph, library

SECONDS = {
    **dict.fromkeys(
        (
            "attention-words", "audio-score", "caption", "clip-search", "clip-similarity", "clip-zero-shot", "dalle1",
            "dalle2-prior", "dalle2-variations", "dino-features", "evaluate", "guidance-difference", "inpaint",
            "negative-prompt", "next-token", "one-prompt-three-ways", "one-word-changes", "outpaint", "prompt-grid",
            "round-trip", "sound-continue", "text-to-sound", "tokenizer-view", "vqa",
        ),
        60,
    ),
    **dict.fromkeys(("image-to-video", "text-to-video", "video-long"), 90),
    "vqgan-clip": 120,
}  # fmt: skip
OFFLINE = """
    import socket, sys
    def refuse(*arguments): raise AssertionError("the internet was asked for")
    socket.socket.connect = socket.getaddrinfo = refuse
    from cli.app import main
    main()
"""


def computed(arguments: list[str]) -> tuple[int, float, str]:
    """Run the command line offline; give its exit code, the seconds that it computed, and what it said."""
    command = [sys.executable, "-c", textwrap.dedent(OFFLINE), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_utime + used.ru_stime, said


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", SECONDS)
def test_it_runs_headless_offline_and_in_time(name: str, tmp_path: Path) -> None:
    """Count what it computes: alone on two cores it is over sooner, beside others it only waits longer."""
    code, seconds, said = computed(["run", name, "--out", str(tmp_path)])
    assert code == 0, said
    assert seconds < SECONDS[name]
    written = {re.sub(r"-\d+$", "", path.stem) for path in tmp_path.iterdir() if path.stat().st_size}
    assert written == {*Graph.load(name).outputs}


def test_what_asks_for_the_internet_is_seen(tmp_path: Path) -> None:
    code, _, said = computed(["run", "clip-similarity", "--set", "model=hub:org/clip", "--out", str(tmp_path)])
    assert code != 0, said


def test_these_are_graphs_that_ship() -> None:
    assert {*SECONDS} <= {*library.names()}
