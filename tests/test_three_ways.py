"""One prompt gives picture, film and sound: each shows its part, one steering acts on all, and together they tell."""

from pathlib import Path

import pytest

from engine import Engine, Result
from graphs import Graph
from models.bauklotz.checker import load_checker
from models.bauklotz.listen import listen, semitones_apart
from models.bauklotz.moving import MOTIONS
from models.bauklotz.watching import read_motion
from tests.library_runs import finished
from tests.test_steering_graphs import seen

CHECKER = Path(__file__).parents[1] / "models" / "bauklotz" / "checker"
A4 = 440.0
GRAPH = "one-prompt-three-ways"
WAYS = ("picture", "video", "audio")


def changed(one: Result, other: Result) -> list[str]:
    return [way for way in WAYS if one.outputs.ref(way) != other.outputs.ref(way)]


def test_each_of_the_three_shows_its_part_of_the_prompt(engine: Engine) -> None:
    outputs = finished(engine, GRAPH).outputs
    picture = seen(load_checker(CHECKER), outputs["picture"].pixels)
    assert (picture["colour_0"], picture["shape_0"], picture["background"]) == ("red", "circle", "white")
    (motion,) = read_motion(outputs["video"].frames[None].numpy())
    assert MOTIONS[motion] == "right"
    found = listen(outputs["audio"].samples[0, 0].numpy(), outputs["audio"].rate)
    assert (found.wave, found.motion, found.rhythm, found.tempo) == ("square", "steady", "even", "slow")
    assert semitones_apart(found.pitch, A4) <= 1


def test_only_both_senses_together_know_which_prompt_it_was(engine: Engine) -> None:
    outputs = finished(engine, GRAPH).outputs
    together, by_picture, by_sound = (
        outputs[name].matrix[0].tolist() for name in ("together", "by_picture", "by_sound")
    )
    assert together[0] > 1.5 * max(together[1:])
    assert by_picture[0] == pytest.approx(by_picture[1])  # another prompt has the same picture
    assert by_sound[0] == pytest.approx(by_sound[2])  # and one the same sound
    assert min(by_picture[0], by_sound[0]) > 0.4


def test_one_steering_acts_on_all_three_and_each_part_on_what_it_tells(engine: Engine) -> None:
    plain = finished(engine, GRAPH)
    assert changed(plain, finished(engine, GRAPH, scale=4.0)) == [*WAYS]
    assert changed(plain, finished(engine, GRAPH, seed=2)) == [*WAYS]
    shown, moves, sounds = str(Graph.load(GRAPH).nodes["prompt"].params["text"]).split("; ")
    heard = finished(engine, GRAPH, prompt=f"{shown}; {moves}; a soft sine wave on a low C, held")
    assert changed(plain, heard) == ["audio"]
    assert changed(plain, finished(engine, GRAPH, prompt=f"{shown}; moving to the left; {sounds}")) == ["video"]
