"""Words: chances are what the model says, drawing is by them, ends are kept, and what does not fit is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from engine import Cache, Engine, Files, Run
from engine.errors import Cancelled, InputError
from engine.run import Cancel
from graphs import Graph
from nodes import CATALOG, language
from nodes.language_model import LanguageModel
from nodes.telling import ends_of
from tests.nodes import tiny_language

EMPTY = (2).to_bytes(8, "little") + b"{}"


@pytest.fixture(scope="module")
def model(root: Path, run: Run) -> LanguageModel:
    made: LanguageModel = language.load_language_model(tiny_language.language(root).name, run=run)
    return made


def folder(root: Path, name: str, architecture: str, **tokenizer: Any) -> str:
    """Write a model of configs alone: nothing of it could be loaded."""
    made = root / name
    made.mkdir(parents=True)
    (made / "config.json").write_text(json.dumps({"architectures": [architecture]}))
    (made / "tokenizer.json").write_text("{}")
    (made / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    (made / "preprocessor_config.json").write_text("{}")
    (made / "model.safetensors").write_bytes(EMPTY)
    return name


def problems(files: Files, **nodes: Any) -> list[str]:
    document = {"format": "promptograph/1", "nodes": {name: {"version": 1, **node} for name, node in nodes.items()}}
    return [str(each) for each in Engine(CATALOG, cache=Cache(), files=files).check(Graph.load(document))]


def test_wires_of_models_that_do_something_else_are_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    files = Files(tmp_path / "files", roots=(tmp_path,))
    plain = folder(tmp_path, "plain", "GPT2LMHeadModel")
    chat = folder(tmp_path, "chat", "LlamaForCausalLM", chat_template="{{ messages }}")
    captions = folder(tmp_path, "captions", "BlipForConditionalGeneration")
    answers = folder(tmp_path, "answers", "BlipForQuestionAnswering")

    def writer(source: str, chat: str) -> list[str]:
        load = {"type": "LoadLanguageModel", "params": {"source": source}}
        write = {"type": "PromptWriter", "params": {"chat": chat}, "inputs": {"model": "load.language_model"}}
        return problems(files, load=load, write=write)

    assert writer(chat, "always") == writer(plain, "auto") == []
    (said,) = writer(plain, "always")
    assert "write.model: load.language_model does not fit: the tokenizer of plain has no chat template" in said
    (said,) = writer(captions, "auto")
    assert "captions is of BlipForConditionalGeneration, which does not go on with text" in said
    assert "Load picture reader" in said

    def reader(source: str, type_: str) -> list[str]:
        load = {"type": "LoadPictureReader", "params": {"source": source}}
        scenes = {"type": "Scenes", "params": {"count": 1}}
        words = {"type": type_, "inputs": {"image": "scenes.image", "reader": "load.picture_reader"}}
        return problems(files, load=load, scenes=scenes, words=words)

    assert reader(captions, "CaptionImage") == reader(answers, "AskImage") == []
    (said,) = reader(captions, "AskImage")
    assert "words.reader: load.picture_reader does not fit: captions was trained to write captions" in said
    assert "wire it to CaptionImage" in said
    (said,) = reader(answers, "CaptionImage")
    assert "wire it to AskImage" in said


def test_a_folder_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    run = Run(files=Files(tmp_path / "files", roots=(tmp_path,)))
    made = tmp_path / folder(tmp_path, "plain", "GPT2LMHeadModel")
    (made / "model.safetensors").rename(made / "pytorch_model.bin")
    with pytest.raises(InputError, match="is a pickle"):
        language.load_language_model("plain", run=run)
    (made / "pytorch_model.bin").unlink()
    (made / "tokenizer.json").unlink()
    with pytest.raises(InputError, match=r"tokenizer\.json is missing"):
        language.load_language_model("plain", run=run)
    (made / "config.json").unlink()
    with pytest.raises(InputError, match=r"has no config\.json"):
        language.load_language_model("plain", run=run)


def test_ends_are_read_as_one_several_or_none() -> None:
    assert (ends_of(None, 3), ends_of([1, 2], 3), ends_of(None, None)) == ((3,), (1, 2), ())


def test_the_chances_of_each_step_are_those_of_the_model(model: LanguageModel, run: Run) -> None:
    found = language.next_token(model, "a red circle", steps=3, top=5, run=run)
    opened = run.load(model)
    ids = opened.read("a red circle")
    for step in (1, 2, 3):
        with torch.inference_mode():
            chances = opened.model(ids).logits[0, -1].softmax(-1)
        rows = [row for row in found.table.rows if row[0] == step]
        assert [row[2] for row in rows] == pytest.approx(chances.topk(5).values.tolist(), abs=1e-5)
        assert [row[3] for row in rows] == ["taken", "", "", "", ""]
        assert float(found.chances.matrix[step - 1].max()) == pytest.approx(float(chances.max()), abs=1e-5)
        ids = torch.cat([ids, chances.argmax()[None, None]], dim=1)
    assert found.text == opened.text(ids[0].tolist())
    assert found.text != "a red circle"


def test_a_high_temperature_makes_chances_more_alike(model: LanguageModel, run: Run) -> None:
    def first(temperature: float) -> float:
        return float(language.next_token(model, "a star", temperature=temperature, run=run).table.rows[0][2])

    assert first(0.5) > first(1.0) > first(4.0)
    assert first(0.0) == pytest.approx(first(1.0), abs=1e-6)


def test_a_seed_is_a_text(model: LanguageModel, run: Run) -> None:
    def written(seed: int) -> str:
        text: str = language.write_text(model, "a star", 12, temperature=1.0, seed=seed, run=run).added
        return text

    assert written(1) == written(1)
    assert len({written(seed) for seed in range(4)}) > 1


def test_tokens_are_told_and_cancelling_stops_at_the_next(model: LanguageModel, run: Run) -> None:
    told: list[tuple[int, int]] = []
    cancel = Cancel()

    def on_progress(step: int, total: int) -> None:
        told.append((step, total))
        if step == 2:
            cancel.set()

    watched = Run(files=run.files, cancel=cancel, on_progress=on_progress)
    with pytest.raises(Cancelled):
        language.write_text(model, "a star", 9, run=watched)
    assert told == [(1, 9), (2, 9)]


def test_words_are_shown_as_they_come_where_somebody_watches(model: LanguageModel, run: Run) -> None:
    shown: list[tuple[str, str]] = []

    def watching(*, watched: bool) -> Run:
        return Run(
            files=run.files,
            on_preview=lambda words, kind: shown.append((words.decode(), kind)),
            watched=lambda: watched,
        )

    made = language.write_text(model, "a star", 5, temperature=1.0, run=watching(watched=True))
    assert [kind for _, kind in shown] == ["text/plain"] * 5
    assert shown[-1][0] == made.text
    assert shown[0][0].startswith("a star")
    assert len({words for words, _ in shown}) == 5
    shown.clear()
    found = language.next_token(model, "a star", steps=3, run=watching(watched=True))
    assert [words for words, _ in shown][2:] == [found.text]
    shown.clear()
    language.prompt_writer(model, "a star", "of {}", tokens=3, run=watching(watched=False))
    assert shown == []


def test_a_text_that_is_too_long_is_refused_and_one_that_would_be_ends_there(model: LanguageModel, run: Run) -> None:
    with pytest.raises(InputError, match="tokens, the model reads 64"):
        language.write_text(model, "red " * 80, run=run)
    ids = run.load(model).read("red " * 60)
    assert run.load(model).room(ids, 500) == 64 - ids.shape[1]
    with pytest.raises(InputError, match="has no chat template"):
        language.prompt_writer(model, "a star", chat="always", run=run)
