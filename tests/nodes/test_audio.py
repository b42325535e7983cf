"""Sounds come in and go out whole, and are drawn as they are."""

import io
from pathlib import Path

import numpy
import PIL.Image
import pytest
import soundfile  # type: ignore[import-untyped]
import torch

from engine.errors import InputError
from engine.files import Files
from engine.run import Run
from engine.summary import summarize
from nodes import CATALOG, audio
from nodes.values import Audio
from nodes.views import NoViewError, files, names, view

RATE = 8000


def tone(hertz: float = 440.0, *, seconds: float = 0.5, peak: float = 0.5, rate: int = RATE) -> Audio:
    time = torch.arange(int(seconds * rate)) / rate
    return Audio(peak * torch.sin(2 * torch.pi * hertz * time)[None, None], rate)


def test_a_summary_says_how_long_and_how_loud_a_sound_is() -> None:
    summary = summarize(CATALOG.codecs.encode(tone(500, peak=0.25)))
    assert isinstance(summary, dict)
    assert summary["value"] == {"rate": RATE, "seconds": 0.5, "peak": 0.25}


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_a_sound_goes_out_and_comes_in_again(kind: str, tmp_path: Path) -> None:
    given = Audio(torch.stack([tone().samples[0, 0], tone(660).samples[0, 0]])[None], RATE)
    shown = view(CATALOG.codecs.encode(given), kind)
    (tmp_path / f"sound.{kind}").write_bytes(shown.file.data)
    run = Run(files=Files(tmp_path / "files"))
    again = audio.load_audio(run.files.bring(tmp_path / f"sound.{kind}"), run=run)
    assert (again.rate, again.samples.shape) == (RATE, given.samples.shape)
    torch.testing.assert_close(again.samples, given.samples, atol=2**-23, rtol=0)


def test_each_sound_of_a_batch_is_a_file_and_the_same_sound_is_the_same_file() -> None:
    stored = CATALOG.codecs.encode(Audio(torch.cat([tone().samples, tone(660).samples]), RATE))
    first, second = files(stored)
    assert first.suffix == ".wav"
    assert (first.data, second.data) == tuple(file.data for file in files(stored))
    assert first.data != second.data
    assert view(stored, "wav", item=1).file.data == second.data


def test_what_is_too_loud_is_cut_off_and_what_is_no_number_is_silent() -> None:
    stored = CATALOG.codecs.encode(Audio(torch.tensor([[[2.0, -3.0, float("nan"), 0.5]]]), RATE))
    read, _ = soundfile.read(io.BytesIO(view(stored, "wav").file.data))
    assert read.tolist() == pytest.approx([1, -1, 0, 0.5], abs=1e-6)


def test_a_waveform_shows_where_it_is_loud() -> None:
    quiet = torch.cat([tone(peak=0.1).samples, tone(peak=1.0).samples], dim=2)
    lit = audio.waveform(Audio(quiet, RATE), 100, 101).pixels[0, 0].sum(0)
    assert lit[:48].max() < 14
    assert lit[52:].min() > 95


def test_a_spectrogram_shows_a_tone_at_its_height() -> None:
    picture = audio.spectrogram(tone(1000), 20).pixels[0, 0]
    assert picture.shape == (256, 20)
    assert int(picture[:, 10].argmax()) == 255 - round(1000 / (RATE / 512))


def test_the_views_show_what_the_nodes_draw() -> None:
    stored = CATALOG.codecs.encode(tone())
    assert {"wav", "flac", "waveform", "spectrogram"} <= set(names("Audio"))
    for name, drawn in (("waveform", audio.waveform(tone())), ("spectrogram", audio.spectrogram(tone()))):
        picture = numpy.asarray(PIL.Image.open(io.BytesIO(view(stored, name).file.data)))
        assert (picture == (drawn.pixels[0, 0] * 255).round().numpy()).all()
    with pytest.raises(NoViewError, match="there is no item 1"):
        view(stored, "wav", item=1)


def test_a_sound_keeps_its_pitch_and_its_length_at_another_rate() -> None:
    turned = audio.resample_audio(tone(1000), 12_000)
    assert turned.samples.shape == (1, 1, 6000)
    strongest = int(torch.fft.rfft(turned.samples[0, 0]).abs().argmax())
    assert strongest * 12_000 / 6000 == 1000
    assert torch.equal(audio.resample_audio(tone(), RATE).samples, tone().samples)


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.wav").write_bytes(b"RIFF")
    run = Run(files=Files(tmp_path / "files"))
    with pytest.raises(InputError, match="not a sound that can be read"):
        audio.load_audio(run.files.bring(tmp_path / "no.wav"), run=run)
