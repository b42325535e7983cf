"""The memory that a long film takes: that of its windows, not of its length."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FRAMES = 200
PEAKS = """
import sys
from pathlib import Path
from engine import Cache, Engine, Files
from graphs import Graph
from models.bauklotz.recipes.motion import build_adapter
from nodes import CATALOG

root, frames = Path(sys.argv[1]), int(sys.argv[2])
build_adapter().save_pretrained(root / "motion")
g = Graph.build("Film")
model = g.add("Checkpoint", source="bauklotz")
tokens = g.add("Tokenizer", tokenizer=model.tokenizer, text="a large red circle")
prompt = g.add("TextEncoder", tokens=tokens.tokens, encoder=model.text_encoder).conditioning
guided = g.add("CFG", positive=prompt).guidance
moving = g.add("VideoTemporal", id="moving", denoiser=model.denoiser, source="motion", overlap=2).denoiser
blank = g.add("EmptyLatent", denoiser=moving).latent
drawn = g.add("Sampler", id="sampler", denoiser=moving, guidance=guided, latent=blank, steps=2)
film = g.add("DecodeVideo", id="decode", latent=drawn.latent, autoencoder=model.autoencoder, window=8)
g.output("video", film.video)
engine = Engine(CATALOG, cache=Cache(memory="1GB"), files=Files(root / "files", roots=(root,)))
for length in (7, 8, frames):
    events = []
    result = engine.run(g.graph().set({"moving.frames": length}), on_event=events.append)
    assert result.status == "done", result.failures
    peaks = {each.node: each.peak for each in events if each.type == "node_finished"}
    print(max(peaks["sampler"], peaks["decode"]))
"""
"""What sampling and decoding hold at their peak: first with everything still to be loaded, then short, then long."""


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_a_film_of_200_frames_takes_less_than_twice_the_memory_of_a_short_one(tmp_path: Path) -> None:
    """Large blocks go back to the system at once here, so that what is counted is what is held."""
    eager = {**os.environ, "MALLOC_MMAP_THRESHOLD_": "65536"}
    command = [sys.executable, "-c", PEAKS, str(tmp_path), str(FRAMES)]
    told = subprocess.run(command, env=eager, capture_output=True, text=True, check=True).stdout
    _, short, long = map(int, told.split())
    print(short, long)
    assert 0 < long < 2 * short
