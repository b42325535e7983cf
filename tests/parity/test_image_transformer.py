"""What is written equals transformers' own `generate`, token for token: greedy, drawn, guided, and gone on with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, LogitsProcessor, LogitsProcessorList

from engine import Run
from nodes import dalle1
from nodes.load import Loaded
from nodes.values import CFG, Codes, Guidance
from tests.nodes import tiny_transformers
from tests.nodes.tiny_transformers import COLUMNS, KINDS, ROWS
from tests.parity.conftest import Guide

DRAWS = (
    {"temperature": 1.0},
    {"temperature": 0.6},
    {"temperature": 1.3, "top_k": 5},
    {"temperature": 1.0, "top_p": 0.7},
    {"temperature": 0.8, "top_k": 20, "top_p": 0.9},
)
Generate = Callable[..., Any]


class Guided(LogitsProcessor):  # type: ignore[misc]
    """Leads the second half of the batch away from the first; both halves write the same."""

    def __init__(self, scale: float) -> None:
        self.scale = scale

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        uncond, cond = scores.chunk(2)
        return (uncond + self.scale * (cond - uncond)).repeat(2, 1)


@pytest.fixture(scope="module", params=[(kind, side) for kind in KINDS for side in (1, 2)])
def folder(request: pytest.FixtureRequest, root: Path) -> Path:
    kind, side = request.param
    return tiny_transformers.image_transformer(root, kind, side=side)


@pytest.fixture(scope="module")
def generate(folder: Path) -> Generate:
    """Let the library write after some vectors, with a seed."""
    model = AutoModelForCausalLM.from_pretrained(folder).eval()

    def written(before: torch.Tensor, *tokens: torch.Tensor, seed: int = 0, **options: Any) -> torch.Tensor:
        torch.manual_seed(seed)
        vectors = torch.nn.functional.pad(before, (0, model.config.hidden_size - before.shape[-1]))
        with torch.inference_mode():
            given = torch.cat([vectors, *(model.get_input_embeddings()(each) for each in tokens)], dim=1)
            count = ROWS * COLUMNS - sum(each.shape[1] for each in tokens)
            ids = model.generate(
                inputs_embeds=given,
                attention_mask=torch.ones(given.shape[:2], dtype=torch.long),
                max_new_tokens=count,
                min_new_tokens=count,
                eos_token_id=None,
                pad_token_id=0,
                **({"top_k": 0} if options["do_sample"] else {}) | options,
            )
        found: torch.Tensor = torch.cat([*tokens, ids], dim=1)
        return found

    return written


@pytest.fixture
def write(folder: Path, vq: Loaded, run: Run) -> Callable[..., torch.Tensor]:
    """Write with our node."""
    handle = dalle1.load_transformer(folder.name, run=run)

    def written(guidance: Guidance, **options: Any) -> torch.Tensor:
        codes: torch.Tensor = dalle1.sample_tokens(handle, guidance, vq.autoencoder, **options, run=run).codes.indices
        return codes

    return written


def codes_of(folder: Path, tokens: torch.Tensor) -> torch.Tensor:
    """Write tokens [1, 16] out as codes, by hand."""
    if not (folder / "blocks.safetensors").exists():
        return tokens.reshape(1, ROWS, COLUMNS)
    blocks = load_file(folder / "blocks.safetensors")["codes"].long()
    rows = [torch.cat([blocks[k] for k in row], dim=1) for row in tokens.reshape(ROWS, COLUMNS)]
    return torch.cat(rows)[None]


def prompts(guidance: Guidance) -> tuple[torch.Tensor, torch.Tensor]:
    assert isinstance(guidance.rule, CFG)
    return guidance.rule.negative.sequence, guidance.rule.positive.sequence


def test_greedy_tokens_equal_the_library(
    folder: Path, vq: Loaded, guide: Guide, generate: Generate, write: Generate
) -> None:
    guidance = guide(vq, "a red circle", None, 1.0)
    expected = generate(prompts(guidance)[1], do_sample=False)
    assert len(expected.unique()) > 1
    assert torch.equal(write(guidance, temperature=0.0), codes_of(folder, expected))


@pytest.mark.parametrize("draw", DRAWS, ids=str)
def test_drawn_tokens_equal_the_library(
    draw: dict[str, Any], folder: Path, vq: Loaded, guide: Guide, generate: Generate, write: Generate
) -> None:
    guidance = guide(vq, "a red circle", None, 1.0)
    expected = [generate(prompts(guidance)[1], do_sample=True, seed=seed, **draw) for seed in (3, 4)]
    assert not torch.equal(*expected)
    for seed, each in zip((3, 4), expected, strict=True):
        assert torch.equal(write(guidance, seed=seed, **draw), codes_of(folder, each))


@pytest.mark.parametrize("scale", [3.0, 7.5])
def test_guided_tokens_equal_the_library(
    scale: float, folder: Path, vq: Loaded, guide: Guide, generate: Generate, write: Generate
) -> None:
    guidance = guide(vq, "a red circle", "large blue", scale)
    processors = LogitsProcessorList([Guided(scale)])
    both = generate(torch.cat(prompts(guidance)), do_sample=False, logits_processor=processors)
    alone = generate(prompts(guidance)[1], do_sample=False)
    assert torch.equal(both[0], both[1])
    assert not torch.equal(both[1:], alone)
    assert torch.equal(write(guidance, temperature=0.0), codes_of(folder, both[:1]))


def test_the_rest_of_a_picture_equals_the_library(
    folder: Path, vq: Loaded, guide: Guide, generate: Generate, write: Generate
) -> None:
    guidance = guide(vq, "a red circle", None, 1.0)
    first = generate(prompts(guidance)[1], do_sample=True, seed=8)
    given = Codes(codes_of(folder, first), "stable-diffusion-4x2")
    expected = generate(prompts(guidance)[1], first[:, : 2 * COLUMNS], do_sample=True, seed=9)
    assert not torch.equal(expected, first)
    assert torch.equal(write(guidance, start=given, keep=0.5, seed=9), codes_of(folder, expected))
