"""What is heard and read equals transformers' ClapModel and ClapFeatureExtractor, bit for bit."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

from engine import Run
from engine.files import Files
from nodes import clap
from nodes.clap_model import CLAPModel
from nodes.values import Audio
from tests.nodes import tiny_clap
from tests.nodes.tiny_clap import RATE, TEXTS


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "fuses"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_clap.clap(tmp_path_factory.mktemp("models"), fuses=request.param)


@pytest.fixture(scope="module")
def files(folder: Path) -> Run:
    return Run(files=Files(folder.parent / "files", roots=(folder.parent,)))


@pytest.fixture(scope="module")
def model(folder: Path, files: Run) -> CLAPModel:
    opened: CLAPModel = clap.load_clap(folder.name, run=files)
    return opened


@pytest.fixture(scope="module")
def library(folder: Path) -> Any:
    return ClapModel.from_pretrained(folder).eval()


def sounds(count: int, length: int) -> torch.Tensor:
    return torch.rand(count, 1, length, generator=torch.Generator().manual_seed(length)) - 0.5


def heard(folder: Path, samples: torch.Tensor, seed: int) -> Any:
    """Let the library prepare one sound, with its own random numbers."""
    np.random.seed(seed)
    return ClapFeatureExtractor.from_pretrained(folder)(samples[0].numpy(), sampling_rate=RATE, return_tensors="pt")


@pytest.mark.parametrize("length", [300, 800, 805, 1500, 2300], ids=str)
def test_sounds_equal_the_library(length: int, library: Any, folder: Path, model: CLAPModel, files: Run) -> None:
    given = sounds(2, length)
    with torch.inference_mode():
        expected = [
            library.get_audio_features(**heard(folder, each, 7 + row)).pooler_output for row, each in enumerate(given)
        ]
    found = clap.embed_audio(Audio(given, RATE), model, seed=7, run=files)
    assert torch.equal(found.vectors, torch.cat(expected))
    assert float(found.vectors.std()) > 0.05
    another = clap.embed_audio(Audio(given, RATE), model, seed=8, run=files)
    longest = 805 if library.config.audio_config.enable_fusion else 800  # a few samples more make no other frame
    assert torch.equal(found.vectors, another.vectors) == (length <= longest)


def test_texts_equal_the_library(library: Any, folder: Path, model: CLAPModel, files: Run) -> None:
    words = AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        expected = [library.get_text_features(**words(text, return_tensors="pt")).pooler_output for text in TEXTS]
    found = clap.embed_texts(TEXTS, model, run=files)
    assert found.names == TEXTS
    assert torch.equal(found.vectors, torch.cat(expected))


def test_scores_equal_the_library(library: Any, folder: Path, model: CLAPModel, files: Run) -> None:
    words = AutoTokenizer.from_pretrained(folder)
    given = sounds(1, 800)
    with torch.inference_mode():
        told = library(**heard(folder, given[0], 0), **words(TEXTS[0], return_tensors="pt"))
    embedded = clap.embed_audio(Audio(given, RATE), model, run=files)
    scored = clap.audio_text_score(embedded, clap.embed_texts(TEXTS[:1], model, run=files))
    assert torch.equal(scored.logits.matrix, told.logits_per_audio)
    assert float(told.logits_per_audio) != float(told.logits_per_text)


def test_scores_of_many_are_those_of_the_library(library: Any, folder: Path, model: CLAPModel, files: Run) -> None:
    words = AutoTokenizer.from_pretrained(folder)(list(TEXTS), padding=True, return_tensors="pt")
    given = sounds(3, 800)
    spectrograms = [heard(folder, each, 0) for each in given]
    features = {name: torch.cat([each[name] for each in spectrograms]) for name in ("input_features", "is_longer")}
    with torch.inference_mode():
        told = library(**features, **words)
    embedded = clap.embed_audio(Audio(given, RATE), model, run=files)
    scored = clap.audio_text_score(embedded, clap.embed_texts(TEXTS, model, run=files))
    torch.testing.assert_close(scored.logits.matrix, told.logits_per_audio, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(scored.text_given_sound.matrix, told.logits_per_audio.softmax(1), atol=1e-4, rtol=1e-4)
    expected = told.logits_per_text.softmax(1).T
    torch.testing.assert_close(scored.sound_given_text.matrix, expected, atol=1e-4, rtol=1e-4)
    assert scored.best == [TEXTS[int(row)] for row in told.logits_per_audio.argmax(1)]
