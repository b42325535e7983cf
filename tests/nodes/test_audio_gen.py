"""Sounds are written frame by frame: watched, heard, stopped, each with its own seed; what does not fit is refused."""

import io
import shutil
import struct
from pathlib import Path

import PIL.Image
import pytest
import soundfile  # type: ignore[import-untyped]
import torch

from engine.errors import Cancelled, InputError
from engine.files import Files
from engine.residency import Residency
from engine.run import Cancel, Run
from nodes import audio_gen, guidance
from nodes.composing import Tape
from nodes.playing import Player
from nodes.values import CFG, Audio, Conditioning, Guidance
from nodes.writing import Draw
from tests.nodes import tiny_audio
from tests.nodes.tiny_audio import BOOKS, HOP, RATE

NOTHING = torch.empty(1, BOOKS, 0, dtype=torch.long)


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
    seen: list[tuple[str, bytes]] = []
    watched = Run(
        files=files,
        residency=residency,
        on_progress=lambda step, total: steps.append((step, total)),
        on_preview=lambda shown, kind: seen.append((kind, shown)),
    )
    model = audio_gen.load_audio_model("tiny-musicgen", run=watched)
    made = audio_gen.audio_gen(model, guided(watched), 1.0, run=watched)
    assert made.samples.shape == (1, 1, RATE)
    assert steps[-1] == (100, 100)
    assert [step for step, _ in steps] == sorted(step for step, _ in steps)
    assert [kind for kind, _ in seen] == ["image/png", "audio/wav"] * 2  # each half second
    assert PIL.Image.open(io.BytesIO(seen[0][1])).size == (512, 384)
    heard, rate = soundfile.read(io.BytesIO(seen[-1][1]), dtype="float32")
    assert rate == RATE
    torch.testing.assert_close(torch.from_numpy(heard), made.samples[0, 0].clamp(-1, 1), atol=1e-4, rtol=0)
    alone = audio_gen.audio_gen(model, guided(watched), 1.0, run=Run(files=files, residency=residency))
    assert torch.equal(alone.samples, made.samples)  # watching changes nothing


def test_what_is_heard_is_the_latest_alone_and_says_where_it_begins(files: Files, residency: Residency) -> None:
    heard: list[bytes] = []
    watched = Run(
        files=files,
        residency=residency,
        on_preview=lambda shown, kind: heard.append(shown) if kind == "audio/wav" else None,
    )
    model = audio_gen.load_audio_model("tiny-musicgen", run=watched)
    made = audio_gen.audio_gen(model, guided(watched), 6.0, run=watched).samples[0, 0]
    starts = [struct.unpack_from("<Q", each, each.index(b"bext") + 8 + 338)[0] for each in heard]
    assert starts == [0] * 8 + [RATE // 2, RATE, 3 * RATE // 2, 2 * RATE]
    samples, _ = soundfile.read(io.BytesIO(heard[-1]), dtype="float32")
    assert len(samples) == 4 * RATE
    torch.testing.assert_close(torch.from_numpy(samples), made[2 * RATE :].clamp(-1, 1), atol=1e-4, rtol=0)


def test_who_begins_to_watch_late_hears_the_latest(files: Files, residency: Residency) -> None:
    heard: list[int] = []
    frames: list[int] = []
    watched = Run(
        files=files,
        residency=residency,
        on_progress=lambda step, total: frames.append(step),
        on_preview=lambda shown, kind: heard.append(len(shown)) if kind == "audio/wav" else None,
        watched=lambda: bool(frames) and frames[-1] > 700,
    )
    model = audio_gen.load_audio_model("tiny-musicgen", run=watched)
    audio_gen.audio_gen(model, guided(watched), 8.0, run=watched)
    assert len(heard) == 2
    assert max(heard) < 4 * RATE * 2 + 1000


@pytest.mark.parametrize("causal", [True, False], ids=["causal", "looking ahead"])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_sound_in_pieces_is_the_sound_at_once(causal: bool, channels: int, tmp_path: Path) -> None:
    tiny_audio.musicgen(tmp_path, causal=causal, channels=channels)
    run = Run(files=Files(tmp_path / "files", roots=(tmp_path,)))
    composer = run.load(audio_gen.load_audio_model("tiny-musicgen", run=run))
    codes = torch.randint(tiny_audio.CODES, (2, tiny_audio.BOOKS * channels, 90))
    with torch.inference_mode():
        player = Player(composer)
        ends = (3, 12, 13, 40, 77, 90)
        pieces = [player.play(codes[..., :end], last=end == 90) for end in ends]
        whole = composer.play(codes)
    assert pieces[0].shape[-1] == 0
    assert all(piece.shape[-1] for piece in pieces[3:])
    torch.testing.assert_close(torch.cat(pieces, dim=2), whole, atol=1e-6, rtol=0)


def test_a_long_sound_is_written_in_windows_each_of_which_goes_on_from_the_last(run: Run) -> None:
    model = audio_gen.load_audio_model("tiny-musicgen", run=run)
    assert model.window == 252
    short = audio_gen.audio_gen(model, guided(run), 2.52, seed=3, run=run)
    long = audio_gen.audio_gen(model, guided(run), 6.0, seed=3, run=run).samples
    assert long.shape == (1, 1, 6 * RATE)
    torch.testing.assert_close(long[..., : 252 * HOP], short.samples, atol=1e-6, rtol=0)
    # The second window hears the last half of the first one, so going on from that half alone gives the same codes.
    composer = run.load(model)
    rule = guided(run).rule
    assert isinstance(rule, CFG)
    tape = Tape(composer, rule, Draw(0.0, 0, 1.0, []), rule.positive.sequence, NOTHING)
    tape.write(300, lambda count: None)
    again = Tape(composer, tape.rule, tape.draw, tape.prompts, tape.codes()[..., 126:252])
    again.write(174, lambda count: None)
    assert torch.equal(again.codes()[..., 126:], tape.codes()[..., 252:])


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
