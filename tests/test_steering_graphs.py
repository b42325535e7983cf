"""The graphs that tell how text steers a picture: each one's result is right, by the checker or by the pixels."""

from pathlib import Path

import pytest
import torch

from engine import Engine
from graphs import Graph
from models.bauklotz.checker import Checker, load_checker, read
from models.bauklotz.vocabulary import COLOURS, SHAPES, SIZES
from tests.library_runs import finished

BAUKLOTZ = Path(__file__).parents[1] / "models" / "bauklotz"


@pytest.fixture(scope="module")
def checker() -> Checker:
    return load_checker(BAUKLOTZ / "checker")


def seen(checker: Checker, pixels: torch.Tensor) -> dict[str, str]:
    """Say what the checker sees in the first picture."""
    answers = {name: int(each[0]) for name, each in read(checker, pixels).items()}
    colours = {name: COLOURS[answers[name]] for name in ("colour_0", "colour_1", "background")}
    shapes = {name: SHAPES[answers[name]] for name in ("shape_0", "shape_1")}
    return {**colours, **shapes, "size_0": SIZES[answers["size_0"]]}


def hottest(heat: torch.Tensor) -> tuple[int, int]:
    at = int(heat.flatten().argmax())
    return at // heat.shape[-1], at % heat.shape[-1]


def test_attention_words_point_at_their_things(engine: Engine) -> None:
    graph = Graph.load("attention-words")
    result = engine.run(graph, targets=["heat.mask", "decode.image", "words.texts"])
    assert result.status == "done"
    heats = dict(zip(result.outputs["words.texts"], result.outputs["heat.mask"], strict=True))
    pixels = result.outputs["decode.image"].pixels[0]
    for word, channel in (("red", 0), ("blue", 2)):
        heat = torch.nn.functional.interpolate(heats[word].pixels, size=(64, 64), mode="bilinear")[0, 0]
        row, column = hottest(heat)
        colour = pixels[:, row, column]
        assert int(colour.argmax()) == channel, (word, colour)
        assert float(colour.max() - colour.min()) > 0.3
    _, left = hottest(heats["circle"].pixels[0, 0])
    _, right = hottest(heats["square"].pixels[0, 0])
    assert left < right


def test_watching_the_words_costs_no_bit_of_the_picture(engine: Engine) -> None:
    watched = finished(engine, "attention-words", steps=4).outputs["image"].pixels
    plain = finished(engine, "text-to-image", steps=4).outputs["image"].pixels
    assert torch.equal(watched, plain)


def test_guidance_adds_what_the_prompt_names(engine: Engine, checker: Checker) -> None:
    result = finished(engine, "guidance-difference")
    with_, without = (seen(checker, result.outputs[name].pixels) for name in ("with_prompt", "without_prompt"))
    wanted = {"colour_0": "red", "colour_1": "blue", "shape_0": "circle"}
    assert wanted.items() <= with_.items()
    assert not wanted.items() <= without.items()
    late = finished(engine, "guidance-difference", noise=0.1)
    gaps = [
        float((each.outputs["with_prompt"].pixels - each.outputs["without_prompt"].pixels).abs().mean())
        for each in (result, late)
    ]
    assert gaps[0] > 2 * gaps[1]


def test_a_negative_prompt_takes_away_what_it_names(engine: Engine, checker: Checker) -> None:
    result = finished(engine, "negative-prompt")
    before, after = (seen(checker, result.outputs[name].pixels) for name in ("before", "image"))
    assert before["background"] == "white"
    assert after["background"] != "white"
    assert (after["shape_0"], after["colour_0"]) == ("circle", "red")
    unnamed = finished(engine, "negative-prompt", negative="")
    assert torch.equal(unnamed.outputs["image"].pixels, unnamed.outputs["before"].pixels)


def test_words_that_name_something_change_more_than_grammar(engine: Engine) -> None:
    result = finished(engine, "one-word-changes")
    prompts, near = result.outputs["prompts"], result.outputs["similarities"].matrix.flatten().tolist()
    assert prompts[0] == "a large red circle on a blue background"
    by_prompt = dict(zip(prompts, near, strict=True))
    assert by_prompt[prompts[0]] == pytest.approx(1.0, abs=1e-4)
    grammar = by_prompt["large red circle on blue background"]
    for dropped in ("a large circle on a blue background", "a large red circle on a background"):
        assert by_prompt[dropped] < grammar - 0.02
    table = result.outputs["table"]
    assert table.columns == ("of", "CLIP", "DINO")
    assert [row[:2] for row in table.rows] == list(zip(prompts, near, strict=True))
    dino = {row[0]: row[2] for row in table.rows}
    assert dino[prompts[0]] == pytest.approx(1.0, abs=1e-4)
    grammar = dino["large red circle on blue background"]
    assert dino["a large red circle on a background"] < grammar - 0.005  # it is almost blind to colours
    assert dino["a large red on a blue background"] < grammar - 0.5  # and sees shapes


def test_each_word_is_swapped_where_a_word_to_swap_for_is_given(engine: Engine) -> None:
    graph = Graph.load("one-word-changes")
    result = engine.run(graph, {"instead": "white"}, targets=["dropped.texts"])
    assert result.outputs["dropped.texts"][3] == "a large white circle on a blue background"


def test_inpainting_draws_inside_and_keeps_every_bit_outside(engine: Engine, checker: Checker) -> None:
    result = finished(engine, "inpaint")
    before, after = (result.outputs[name].pixels for name in ("before", "image"))
    assert torch.equal(after[..., :32], before[..., :32])
    wanted = {"colour_0": "red", "shape_0": "circle", "colour_1": "green", "shape_1": "star", "background": "white"}
    assert wanted.items() <= seen(checker, after).items()
    assert seen(checker, before)["colour_1"] == "blue"


def test_outpainting_goes_on_outside_and_keeps_every_bit_inside(engine: Engine) -> None:
    result = finished(engine, "outpaint")
    before, after = (result.outputs[name].pixels for name in ("before", "image"))
    assert torch.equal(after[..., 12:52, 12:52], before[..., 12:52, 12:52])
    border = torch.cat([after[..., :12, :].flatten(2), after[..., 52:, :].flatten(2)], dim=2)
    assert not torch.equal(after, before)
    edge = before[0, :, 12, 12:52].mean(1)
    assert float((border[0].mean(1) - edge).abs().max()) < 0.15


def test_a_grid_shows_every_combination_in_its_place(engine: Engine, checker: Checker) -> None:
    result = finished(engine, "prompt-grid")
    prompts, images = result.outputs["prompts"], result.outputs["images"]
    assert len(prompts) == len(images) == 8
    right = 0
    for prompt, image in zip(prompts, images, strict=True):
        _, size, colour, shape, *_ = prompt.split()
        wanted = {"size_0": size, "colour_0": colour, "shape_0": shape, "background": "blue"}
        right += wanted.items() <= seen(checker, image.pixels).items()
    assert right >= 7
    assert result.outputs["grid"].pixels.shape == (1, 3, 3 * 66 - 2, 3 * 66 - 2)
