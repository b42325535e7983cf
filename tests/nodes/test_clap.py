"""Sounds and texts meet in one space: at any rate, with the nodes that pictures have; what is no CLAP is refused."""

import shutil
from pathlib import Path

import pytest
import torch

from engine.errors import InputError
from engine.files import Files
from engine.residency import Residency
from engine.run import Run
from nodes import audio, clap, clip, nearness
from nodes.clap_model import CLAPModel
from nodes.values import Audio
from tests.nodes import tiny_clap
from tests.nodes.tiny_clap import RATE, TEXTS


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    torch.set_num_threads(1)
    root = tmp_path_factory.mktemp("models")
    tiny_clap.clap(root)
    files = Files(root / "files", roots=(root,))
    return Run(files=files, residency=Residency(files))


@pytest.fixture(scope="module")
def model(run: Run) -> CLAPModel:
    opened: CLAPModel = clap.load_clap("tiny-clap", run=run)
    return opened


def noise(channels: int, rate: int) -> Audio:
    return Audio(torch.rand(2, channels, rate, generator=torch.Generator().manual_seed(1)) - 0.5, rate)


def test_a_sound_is_heard_at_the_rate_of_the_model_and_in_one_channel(model: CLAPModel, run: Run) -> None:
    stereo = noise(2, 4 * RATE)
    found = clap.embed_audio(stereo, model, run=run).vectors
    expected = clap.embed_audio(audio.resample_audio(stereo, RATE, mono=True), model, run=run).vectors
    assert torch.equal(found, expected)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(2))


def test_a_sound_has_the_same_vector_alone_and_in_company(model: CLAPModel, run: Run) -> None:
    both = noise(1, RATE)
    alone = Audio(both.samples[1:], RATE)
    found = clap.embed_audio(both, model, run=run).vectors
    assert torch.equal(found[1:], clap.embed_audio(alone, model, run=run).vectors)
    assert not torch.equal(found[0], found[1])


def test_sounds_are_searched_and_classified_by_the_nodes_that_pictures_have(model: CLAPModel, run: Run) -> None:
    sounds, texts = clap.embed_audio(noise(1, RATE), model, run=run), clap.embed_texts(TEXTS, model, run=run)
    scored = clap.audio_text_score(sounds, texts)
    classified = clip.classify_images(sounds, texts)
    assert classified.answers == scored.best
    torch.testing.assert_close(classified.probabilities.matrix, scored.text_given_sound.matrix)
    one = clap.embed_texts(TEXTS[:1], model, run=run)
    found = nearness.search(sounds, one, 2).table.rows
    chances = [row[3] for row in sorted(found, key=lambda row: row[1])]
    torch.testing.assert_close(torch.tensor(chances), clap.audio_text_score(sounds, one).sound_given_text.matrix[:, 0])


def test_what_is_no_clap_is_refused(run: Run) -> None:
    root = Path(run.files.roots[0])
    shutil.copytree(root / "tiny-clap", root / "deaf")
    (root / "deaf" / "preprocessor_config.json").unlink()
    with pytest.raises(InputError, match=r"preprocessor_config\.json is missing"):
        clap.load_clap("deaf", run=run)
    shutil.copytree(root / "tiny-clap", root / "other")
    (root / "other" / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(InputError, match="'bert' is no CLAP"):
        clap.load_clap("other", run=run)
    with pytest.raises(InputError, match="no text to embed"):
        clap.embed_texts([], clap.load_clap("tiny-clap", run=run), run=run)
