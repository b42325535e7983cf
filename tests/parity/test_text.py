"""Text is encoded as the pipelines and compel do it, bit for bit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from compel import Compel
from compel.embeddings_provider import ReturnedEmbeddingsType

from engine.run import Run
from nodes import guidance, text
from nodes.load import Loaded
from nodes.values import Conditioning

LONG = "a large red circle on blue. a large blue square left of a red star, on red; a star on a circle on a square."


def encoded(model: Loaded, prompt: str, run: Run, *, skip: int = 0, chunks: int = 8) -> Conditioning:
    tokens = text.tokenize(model.tokenizer, prompt, chunks, run=run).tokens
    made: Conditioning = text.encode(tokens, model.text_encoder, skip, run=run)
    return made


@pytest.fixture(scope="module")
def compel(sd_parts: dict[str, Any]) -> Compel:
    return Compel(tokenizer=sd_parts["tokenizer"], text_encoder=sd_parts["text_encoder"], truncate_long_prompts=False)


@pytest.mark.parametrize("prompt", ["", "a large red circle", "red star, left of (nothing", LONG])
def test_a_plain_prompt_equals_the_pipeline_s(prompt: str, sd: Loaded, run: Run, pipeline: Callable[..., Any]) -> None:
    theirs, _ = pipeline().encode_prompt(prompt.replace("(", ""), "cpu", 1, False)
    assert torch.equal(encoded(sd, prompt.replace("(", ""), run, chunks=1).sequence, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("a large red circle", "a large red circle"),
        ("a large (red:1.5) circle", "a large (red)1.5 circle"),
        ("a large (red) circle", "a large (red)1.1 circle"),
        ("a large (red:0.5) circle", "a large (red)0.5 circle"),
        ("a (large:0.3) (red:0.7) (circle:1.3)", "a (large)0.3 (red)0.7 (circle)1.3"),
        ("a (large:0) circle", "a (large)0 circle"),
        ("a (large (red:1.5):1.2) circle", "a (large (red)1.5)1.2 circle"),
        ("a (red star:0.4) on blue", "a (red star)0.4 on blue"),
    ],
)
def test_weights_equal_compel_s(ours: str, theirs: str, sd: Loaded, run: Run, compel: Compel) -> None:
    made = encoded(sd, ours, run).sequence
    assert torch.equal(made, compel(theirs))
    assert ours == theirs or not torch.equal(made, compel("a large red circle"))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (LONG, LONG),
        (f"(red:1.4) {LONG}", f"(red)1.4 {LONG}"),
        (f"{LONG} (blue star on a circle on a large square left of red:0.5) on", f"{LONG} "
         "(blue star on a circle on a large square left of red)0.5 on"),
    ],
)  # fmt: skip
def test_long_prompts_in_chunks_equal_compel_s(ours: str, theirs: str, sd: Loaded, run: Run, compel: Compel) -> None:
    made = encoded(sd, ours, run).sequence
    assert made.shape[1] > 20
    assert torch.equal(made, compel(theirs))


def test_a_shorter_negative_prompt_is_padded_as_compel_does_it(sd: Loaded, run: Run, compel: Compel) -> None:
    guided = guidance.cfg(encoded(sd, LONG, run), encoded(sd, "blue", run)).rule
    theirs = compel.pad_conditioning_tensors_to_same_length([compel(LONG), compel("blue")])
    assert torch.equal(guided.positive.sequence, theirs[0])
    assert torch.equal(guided.negative.sequence, theirs[1])


def test_weights_for_two_text_encoders_equal_compel_s(xl: Loaded, xl_folder: Path, run: Run) -> None:
    from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

    both = Compel(
        tokenizer=[CLIPTokenizer.from_pretrained(xl_folder / name) for name in ("tokenizer", "tokenizer_2")],
        text_encoder=[
            CLIPTextModel.from_pretrained(xl_folder / "text_encoder").eval(),
            CLIPTextModelWithProjection.from_pretrained(xl_folder / "text_encoder_2").eval(),
        ],
        returned_embeddings_type=ReturnedEmbeddingsType.PENULTIMATE_HIDDEN_STATES_NON_NORMALIZED,
        requires_pooled=[False, True],
    )
    made = encoded(xl, "a (red:1.5) (star:0.5)", run, chunks=1)
    sequence, _ = both("a (red)1.5 (star)0.5")
    _, pooled = both("a red star")
    assert torch.equal(made.sequence, sequence)
    assert torch.equal(made.pooled, pooled)


@pytest.mark.parametrize("skip", [1, 2])
def test_skipped_layers_equal_the_pipeline_s(
    skip: int, sd: Loaded, run: Run, sd_parts: dict[str, Any], pipeline: Callable[..., Any]
) -> None:
    encoder = sd_parts["text_encoder"]
    # the pipeline still looks for the attribute that transformers 5 took away
    object.__setattr__(encoder, "text_model", encoder)
    try:
        theirs, _ = pipeline().encode_prompt("a red star", "cpu", 1, False, clip_skip=skip)
    finally:
        object.__delattr__(encoder, "text_model")
    assert torch.equal(encoded(sd, "a red star", run, skip=skip, chunks=1).sequence, theirs)


def test_the_steering_vector_is_the_encoder_s_pooled_output(sd: Loaded, run: Run, sd_parts: dict[str, Any]) -> None:
    tokens = text.tokenize(sd.tokenizer, "a red star", run=run).tokens
    with torch.inference_mode():
        theirs = sd_parts["text_encoder"](torch.tensor(tokens.sets[0].ids)).pooler_output
    assert torch.equal(encoded(sd, "a red star", run).pooled, theirs)
