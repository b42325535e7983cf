"""Sounds are written frame by frame: watched, stopped, each with its own seed; what does not fit is refused."""

import io
import shutil
from pathlib import Path

import PIL.Image
import pytest
import torch

from engine.errors import Cancelled, InputError
from engine.files import Files
from engine.residency import Residency
from engine.run import Cancel, Run
from nodes import audio_gen, guidance
from nodes.values import Audio, Conditioning, Guidance
from tests.nodes import tiny_audio
from tests.nodes.tiny_audio import HOP, RATE


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    torch.set_num_threads(1)
    root = tmp_path_factory.mktemp("models")
    tiny_audio.musicgen(root)
    return Files(root / "files", roots=(root,))


@pytest.fixture(scope="module")
def residency(files: Files) -> Residency:
    return Residency(files)


@pytest.fixture
def run(files: Files, residency: Residency) -> Run:
    return Run(files=files, residency=residency)


def guided(run: Run, text: str = "a red circle", scale: float = 3.0) -> Guidance:
    model = audio_gen.load_audio_model("tiny-musicgen", run=run)
    made: Guidance = guidance.cfg(audio_gen.audio_prompt(model, text, run=run), None, scale)
    return made


def test_each_frame_is_told_and_the_latest_are_shown(files: Files, residency: Residency) -> None:
    steps: list[tuple[int, int]] = []
    seen: list[bytes] = []
    watched = Run(
        files=files,
        residency=residency,
        on_progress=lambda step, total: steps.append((step, total)),
        on_preview=lambda image, kind: seen.append(image),
    )
    model = audio_gen.load_audio_model("tiny-musicgen", run=watched)
    made = audio_gen.audio_gen(model, guided(watched), 1.0, run=watched)
    assert made.samples.shape == (1, 1, RATE)
    assert steps[-1] == (100, 100)
    assert [step for step, _ in steps] == sorted(step for step, _ in steps)
    assert len(seen) == 2  # each half second
    assert PIL.Image.open(io.BytesIO(seen[0])).size == (512, 384)
    alone = audio_gen.audio_gen(model, guided(watched), 1.0, run=Run(files=files, residency=residency))
    assert torch.equal(alone.samples, made.samples)  # watching changes nothing


def test_a_cancelled_run_stops_between_two_frames(files: Files, residency: Residency) -> None:
    cancel = Cancel()
    stopped = Run(files=files, residency=residency, cancel=cancel, on_progress=lambda step, total: cancel.set())
    model = audio_gen.load_audio_model("tiny-musicgen", run=stopped)
    with pytest.raises(Cancelled):
        audio_gen.audio_gen(model, guided(stopped), 1.0, run=stopped)


def test_each_prompt_of_a_batch_has_a_seed_of_its_own(run: Run) -> None:
    model = audio_gen.load_audio_model("tiny-musicgen", run=run)
    one = audio_gen.audio_prompt(model, "a red circle", run=run)
    two = Conditioning(
        one.sequence.repeat(2, 1, 1), one.pooled.repeat(2, 1), one.empty_sequence, one.empty_pooled, True
    )
    both = audio_gen.audio_gen(model, guidance.cfg(two, None, 1.0), 0.2, seed=4, run=run).samples
    alone = audio_gen.audio_gen(model, guidance.cfg(one, None, 1.0), 0.2, seed=5, run=run).samples
    assert both.shape == (2, 1, 160)
    torch.testing.assert_close(both[1:], alone, atol=1e-5, rtol=0)
    assert not torch.equal(both[0], both[1])


def test_what_does_not_fit_is_refused_with_the_mend(run: Run) -> None:
    model = audio_gen.load_audio_model("tiny-musicgen", run=run)
    with pytest.raises(InputError, match="the model plays one at 800 Hz"):
        audio_gen.audio_gen(model, guided(run), 1.0, start=Audio(torch.zeros(1, 1, 80), 8000), run=run)
    with pytest.raises(InputError, match=r"0\.2 seconds long already"):
        audio_gen.audio_gen(model, guided(run), 0.1, start=Audio(torch.zeros(1, 1, 20 * HOP), RATE), run=run)
    narrow = Conditioning(torch.ones(1, 2, 3), torch.ones(1, 3), torch.zeros(1, 1, 3), torch.zeros(1, 3))
    with pytest.raises(InputError, match="3 wide, the model reads 16"):
        audio_gen.audio_gen(model, guidance.cfg(narrow, None, 1.0), 1.0, run=run)


def test_a_folder_of_another_kind_is_refused(files: Files, run: Run) -> None:
    root = Path(files.roots[0])
    shutil.copytree(root / "tiny-musicgen", root / "other")
    (root / "other" / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(InputError, match="'bert' is no MusicGen"):
        audio_gen.load_audio_model("other", run=run)
