"""What is written equals `MusicgenForConditionalGeneration.generate`, to the sample: guided, drawn, gone on with."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoTokenizer, MusicgenForConditionalGeneration

from engine import Run
from engine.files import Files
from nodes import audio_gen, guidance
from nodes.values import Audio, Guidance
from tests.nodes import tiny_audio
from tests.nodes.tiny_audio import BOOKS, HOP, RATE

TEXT = "a red circle"
FRAMES = 24


@pytest.fixture(scope="module", params=[1, 2], ids=["mono", "stereo"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_audio.musicgen(tmp_path_factory.mktemp("models"), channels=request.param)


@pytest.fixture
def run(folder: Path) -> Run:
    return Run(files=Files(folder.parent / "files", roots=(folder.parent,)))


@pytest.fixture(scope="module")
def library(folder: Path) -> Any:
    return MusicgenForConditionalGeneration.from_pretrained(folder).eval()


def generated(model: Any, folder: Path, *, frames: int = FRAMES, given: int = 0, seed: int = 0, **options: Any) -> Any:
    """Let the library write; `given` frames of `input_values` come first."""
    tokens = AutoTokenizer.from_pretrained(folder)([TEXT], return_tensors="pt")
    torch.manual_seed(seed)
    new = frames + BOOKS - 1 - given
    with torch.inference_mode():
        return model.generate(
            input_ids=tokens.input_ids, attention_mask=tokens.attention_mask, max_new_tokens=new, **options
        )


def guided(folder: Path, run: Run, scale: float, text: str = TEXT) -> Guidance:
    model = audio_gen.load_audio_model(folder.name, run=run)
    made: Guidance = guidance.cfg(audio_gen.audio_prompt(model, text, run=run), None, scale)
    return made


def written(folder: Path, run: Run, scale: float, **options: Any) -> Audio:
    model = audio_gen.load_audio_model(folder.name, run=run)
    seconds = FRAMES * HOP / RATE
    audio: Audio = audio_gen.audio_gen(model, guided(folder, run, scale), seconds, **options, run=run)
    return audio


@pytest.mark.parametrize(
    ("scale", "options", "ours"),
    [
        (1.0, {"do_sample": False}, {"temperature": 0.0, "top_k": 0}),
        (3.0, {"do_sample": False}, {"temperature": 0.0, "top_k": 0}),
        (1.0, {"do_sample": True, "top_k": 0}, {"top_k": 0, "seed": 5}),
        (3.0, {"do_sample": True, "top_k": 9, "temperature": 0.7}, {"top_k": 9, "temperature": 0.7, "seed": 6}),
        (7.5, {"do_sample": True, "top_k": 50, "temperature": 1.3}, {"top_k": 50, "temperature": 1.3, "seed": 7}),
    ],
    ids=str,
)
def test_sounds_equal_the_library(
    scale: float, options: dict[str, Any], ours: dict[str, Any], library: Any, folder: Path, run: Run
) -> None:
    expected = generated(library, folder, seed=ours.get("seed", 0), guidance_scale=scale, **options)
    found = written(folder, run, scale, **ours)
    assert found.rate == RATE
    assert expected.abs().max() > 0
    assert torch.equal(found.samples, expected)


def test_another_seed_and_another_prompt_sound_different(folder: Path, run: Run) -> None:
    model = audio_gen.load_audio_model(folder.name, run=run)
    first = written(folder, run, 3.0, seed=1).samples
    assert not torch.equal(first, written(folder, run, 3.0, seed=2).samples)
    other = audio_gen.audio_gen(model, guided(folder, run, 3.0, "blue star"), FRAMES * HOP / RATE, seed=1, run=run)
    assert not torch.equal(first, other.samples)


def test_the_rest_of_a_sound_equals_the_library(library: Any, folder: Path, run: Run) -> None:
    if library.config.decoder.audio_channels == 2:
        pytest.skip("a stereo model does not go on with a sound")
    given = torch.rand(1, 1, 10 * HOP, generator=torch.Generator().manual_seed(3)) - 0.5
    expected = generated(
        library, folder, given=10, input_values=given, do_sample=True, top_k=20, guidance_scale=3.0, seed=8
    )
    found = written(folder, run, 3.0, start=Audio(given, RATE), top_k=20, seed=8)
    alone = written(folder, run, 3.0, top_k=20, seed=8)
    assert torch.equal(found.samples, expected)
    assert not torch.equal(found.samples, alone.samples)
