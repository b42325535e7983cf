"""What a language model writes equals transformers' own `generate`, token for token: greedy, drawn, asked in a chat."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from engine import Run
from nodes import language
from nodes.telling import drawing
from tests.nodes import tiny_language

DRAWS: tuple[dict[str, Any], ...] = (
    {"temperature": 1.0},
    {"temperature": 0.6},
    {"temperature": 1.3, "top_k": 5},
    {"temperature": 0.8, "top_k": 20, "top_p": 0.7},
)


@pytest.fixture(scope="module", params=tiny_language.KINDS)
def folder(request: pytest.FixtureRequest, root: Path) -> Path:
    return tiny_language.language(root, request.param)


def generated(folder: Path, ids: torch.Tensor, seed: int = 0, **options: Any) -> torch.Tensor:
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    torch.manual_seed(seed)
    with torch.inference_mode():
        found: torch.Tensor = model.generate(ids, attention_mask=torch.ones_like(ids), pad_token_id=0, **options)
    return found[0]


def test_greedy_is_generate(folder: Path, run: Run) -> None:
    words = AutoTokenizer.from_pretrained(folder)
    model = language.load_language_model(folder.name, run=run)
    ids = words("a red circle on", return_tensors="pt").input_ids[:, :-1]  # this tokenizer ends every text
    assert torch.equal(run.load(model).read("a red circle on"), ids)
    expected = generated(folder, ids, do_sample=False, max_new_tokens=20)
    found = run.load(model).teller.tokens(ids, drawing(0.0, 0, 1.0, 0), 20, lambda *_: None)
    assert found == expected[ids.shape[1] :].tolist()
    assert len(set(found)) > 3
    told = language.write_text(model, "a red circle on", 20, run=run)
    assert told.text == words.decode(expected, skip_special_tokens=True)
    assert told.added == words.decode(found, skip_special_tokens=True)


@pytest.mark.parametrize("options", DRAWS, ids=str)
def test_drawn_is_generate_with_the_same_seed(folder: Path, run: Run, options: dict[str, Any]) -> None:
    ids = AutoTokenizer.from_pretrained(folder)("a blue star", return_tensors="pt").input_ids[:, :-1]
    expected = generated(folder, ids, 5, do_sample=True, max_new_tokens=20, **{"top_k": 0} | options)
    handle = language.load_language_model(folder.name, run=run)
    draw = drawing(options["temperature"], options.get("top_k", 0), options.get("top_p", 1.0), 5)
    found = run.load(handle).teller.tokens(ids, draw, 20, lambda *_: None)
    assert found == expected[ids.shape[1] :].tolist()


def test_a_chat_model_is_asked_in_its_own_way(root: Path, run: Run) -> None:
    folder = tiny_language.language(root, "llama", chat=True)
    words = AutoTokenizer.from_pretrained(folder)
    said = [{"role": "user", "content": "write of a star"}]
    ids = words.apply_chat_template(said, add_generation_prompt=True, return_tensors="pt", return_dict=True).input_ids
    bare = words("<user>write of a star<answer>", add_special_tokens=False, return_tensors="pt").input_ids
    assert torch.equal(ids, bare)
    expected = generated(folder, ids, do_sample=False, max_new_tokens=9)[ids.shape[1] :]
    model = language.load_language_model(folder.name, run=run)
    options: dict[str, Any] = {"tokens": 9, "temperature": 0.0, "run": run}
    found = language.prompt_writer(model, "a star", "write of {}", **options)
    assert found == words.decode(expected, skip_special_tokens=True).strip()
    assert language.prompt_writer(model, "a star", "write of {}", "never", **options) != found
