"""A long sound needs little more memory than a short one."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from models.bauklotz.recipes.sound import build_sound
from models.bauklotz.recipes.sound_codec import build_codec
from models.bauklotz.recipes.sound_text import build_reader
from tests.nodes.tiny_audio import TOKENIZER

_SCRIPT = """
import sys
from pathlib import Path

import numpy, torch, transformers  # noqa
from transformers import AutoTokenizer, MusicgenForConditionalGeneration  # noqa

from engine.files import Files
from engine.run import Run
from nodes import audio_gen, guidance


def status(name):
    (line,) = [each for each in open("/proc/self/status") if each.startswith(name)]
    return int(line.split()[1]) / 1000


torch.set_num_threads(1)
before = status("VmRSS:")
root = Path(sys.argv[1])
run = Run(files=Files(root / "files", roots=(root,)))
model = audio_gen.load_audio_model("sound", run=run)
rule = guidance.cfg(audio_gen.audio_prompt(model, "a red circle", run=run), None, 3.0)
made = audio_gen.audio_gen(model, rule, float(sys.argv[2]), run=run)
print(before, status("VmHWM:"), made.samples.shape[-1] / made.rate)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model of the size of the one that ships, with random weights."""
    codec = build_codec()
    for layer in codec.quantizer.layers:
        layer.codebook.embed.copy_(torch.randn_like(layer.codebook.embed))
    build_sound(codec, build_reader(905)).save_pretrained(tmp_path / "sound")
    for file in TOKENIZER.iterdir():
        (tmp_path / "sound" / file.name).write_bytes(file.read_bytes())
    return tmp_path


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_a_sound_of_a_minute_raises_memory_by_less_than_twice_what_a_short_one_does(folder: Path) -> None:
    short, long = (_rise(folder, seconds) for seconds in (2.0, 60.0))
    assert long < 2 * short, (short, long)


def _rise(folder: Path, seconds: float) -> float:
    """Write a sound in a process of its own; give how many megabytes more that took than the libraries alone."""
    command = [sys.executable, "-c", _SCRIPT, str(folder), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    before, peak, made = map(float, done.stdout.split())
    assert made == seconds
    return peak - before
