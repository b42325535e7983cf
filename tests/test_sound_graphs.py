"""The graphs of sounds: what is written is what the words say, and goes on as it began, by its samples alone."""

import pytest

from engine import Engine
from graphs import Graph
from models.bauklotz.listen import Heard, listen, semitones_apart
from models.bauklotz.sound_writing import CHOSEN
from nodes.values import Audio
from tests.library_runs import outputs

A4, E5 = 440.0, 659.26
FRAME = 320  # samples


def heard(audio: Audio, start: float = 0.0, stop: float | None = None) -> Heard:
    samples = audio.samples[0, 0]
    end = len(samples) if stop is None else round(stop * audio.rate)
    return listen(samples[round(start * audio.rate) : end].numpy(), audio.rate)


def test_a_sound_is_what_the_words_say(engine: Engine) -> None:
    made = outputs(engine, "text-to-sound")
    found = heard(made["audio"])
    assert made["audio"].samples.shape == (1, 1, 16_000)
    assert (found.wave, found.motion, found.rhythm, found.tempo) == ("square", "steady", "even", "slow")
    assert semitones_apart(found.pitch, A4) <= 1
    assert made["spectrogram"].pixels.max() > 0.5


def test_a_sound_goes_on_as_it_began(engine: Engine) -> None:
    made = outputs(engine, "sound-continue")
    begin, whole = made["beginning"].samples, made["audio"].samples
    assert (begin.shape[2], whole.shape[2]) == (8_000, 32_000)
    for start in (0.0, 1.0, 2.0, 3.0):
        found = heard(made["audio"], start, start + 1)
        assert found.wave == "sine", start
        assert semitones_apart(found.pitch, E5) <= 1, start
    apart = (whole[..., FRAME:8_000] - begin[..., :-FRAME]).square().mean()
    assert float(apart) < 0.01 * float(begin.square().mean())  # what there was is kept, a frame later


@pytest.mark.parametrize("name", ["text-to-sound", "sound-continue"])
def test_sounds_are_drawn_as_measured_best(name: str) -> None:
    nodes = Graph.load(name).nodes.values()
    drawn = [(node.params["temperature"], node.params["top_k"]) for node in nodes if node.type == "AudioGen"]
    scales = [node.params["scale"] for node in nodes if node.type == "CFG"]
    assert {*drawn} == {(CHOSEN.temperature, CHOSEN.top_k)}
    assert {*scales} == {CHOSEN.scale}
