"""The shipped weights load through the plain libraries, are small, and do what the card says."""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from transformers import CLIPTokenizer, GPT2LMHeadModel

from models.bauklotz import blocks
from models.bauklotz.answering import COLUMNS as READER_COLUMNS
from models.bauklotz.answering import FLOORS as READER_FLOORS
from models.bauklotz.answering import evaluate as evaluate_reader
from models.bauklotz.captions import LANGUAGES, Language, Mention, caption
from models.bauklotz.checker import load_checker, read
from models.bauklotz.choice import FLOORS as CLIP_FLOORS
from models.bauklotz.choice import Clip, evaluate
from models.bauklotz.draw import draw
from models.bauklotz.evaluate import COLUMNS as GENERATED
from models.bauklotz.evaluate import score_generated
from models.bauklotz.evaluate_dalle1 import COLUMNS as WRITTEN
from models.bauklotz.evaluate_motion import COLUMNS as MOVED
from models.bauklotz.evaluate_sound import COLUMNS as SOUND_COLUMNS
from models.bauklotz.generate import Parts
from models.bauklotz.imagined import COLUMNS, Imagination
from models.bauklotz.imagined import FLOORS as IMAGINED_FLOORS
from models.bauklotz.imagined import evaluate as evaluate_imagined
from models.bauklotz.judge import judge
from models.bauklotz.labels import accuracy, labels
from models.bauklotz.moving import FRAMES, MOTIONS, held_out_clips
from models.bauklotz.neighbours import ABOVE_PIXELS, load_dino
from models.bauklotz.neighbours import evaluate as evaluate_dino
from models.bauklotz.prompts import evaluation_prompts
from models.bauklotz.reader import open_reader
from models.bauklotz.recipes.motion_text import MARKS, marks, say_clips
from models.bauklotz.scene import held_out_scenes
from models.bauklotz.score import FLOORS, score
from models.bauklotz.sound_choice import FLOORS as CLAP_FLOORS
from models.bauklotz.sound_choice import Clap
from models.bauklotz.sound_choice import evaluate as evaluate_clap
from models.bauklotz.speech import bits, bits_of, said
from models.bauklotz.train import WEIGHTS
from models.frame_words import FILE as FRAME_WORDS
from models.frame_words import FrameWords

FILES = sorted(path for path in WEIGHTS.rglob("*.safetensors") if path.name != blocks.FILE)  # blocks are no weights


@cache
def parts() -> Parts:
    """Load the shipped parts."""
    return Parts.load(WEIGHTS / "text_to_image", device=torch.device("cpu"))


def test_there_are_weights_of_every_network() -> None:
    assert [str(f.parent.relative_to(WEIGHTS)) for f in FILES] == [
        "checker",
        "clap",
        "clip",
        "dalle1",
        "dino",
        "language",
        "motion",
        "motion",
        "motion",
        "pictures",
        "prior/prior",
        "sound",
        "text_to_image/text_encoder",
        "text_to_image/unet",
        "text_to_image/vqvae",
        "unclip",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.parent.name)
def test_weights_are_half_precision_and_below_16_megabytes(path: Path) -> None:
    assert path.stat().st_size < 16_000_000
    with safe_open(path, framework="pt") as file:
        kinds = {file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118
    assert kinds - {"I64"} == {"F16"}  # positions and counts are whole numbers


def test_all_weights_together_stay_below_80_megabytes() -> None:
    assert sum(f.stat().st_size for f in FILES) < 80_000_000


def test_the_model_index_names_every_folder() -> None:
    folder = WEIGHTS / "text_to_image"
    index = json.loads((folder / "model_index.json").read_text())
    named = {name for name, value in index.items() if isinstance(value, list) and value[0]}
    assert named == {p.name for p in folder.iterdir() if p.is_dir()}


def test_the_checker_reads_real_renders() -> None:
    checker = load_checker(WEIGHTS / "checker")
    for pairs, floor in ((0.0, 0.97), (1.0, 0.9)):
        scenes = held_out_scenes(41, 200, pairs=pairs)
        found = accuracy(read(checker, torch.from_numpy(draw(scenes))), labels(scenes))
        assert min(found.values()) >= floor, found


def test_the_checker_does_not_agree_with_wrong_labels() -> None:
    checker = load_checker(WEIGHTS / "checker")
    scenes, others = held_out_scenes(41, 200, pairs=0.0), held_out_scenes(42, 200, pairs=0.0)
    found = accuracy(read(checker, torch.from_numpy(draw(scenes))), labels(others))
    assert max(found[name] for name in ("shape_0", "colour_0", "background")) < 0.4


def test_the_first_stage_keeps_a_picture() -> None:
    picture = torch.from_numpy(draw(held_out_scenes(43, 40))) * 2 - 1
    vqvae = parts().vqvae
    with torch.no_grad():
        latent = vqvae.encode(picture).latents
        free = vqvae.decode(latent, force_not_quantize=True).sample.clamp(-1, 1)
        quantised = vqvae.decode(latent).sample.clamp(-1, 1)
    assert latent.shape == (40, 5, 16, 16)
    torch.testing.assert_close(latent.std((0, 2, 3)), torch.ones(5), atol=0.2, rtol=0)
    assert decibels(free, picture) > 31
    assert decibels(quantised, picture) > 29


def decibels(one: torch.Tensor, other: torch.Tensor) -> float:
    """Give the peak signal-to-noise ratio of pictures in -1..1."""
    return -10 * math.log10(float((one - other).square().mean()) / 4)


def test_german_and_english_twins_fill_the_slots_alike() -> None:
    scenes = held_out_scenes(44, 60)
    rng = np.random.default_rng(44)
    texts = {
        language: [caption(scenes, row, Mention(), language, rng) for row in range(len(scenes))]
        for language in LANGUAGES
    }
    english, german = (parts().encode(texts[language])[:, -12:].flatten(1) for language in LANGUAGES)
    alike = torch.nn.functional.normalize(english) @ torch.nn.functional.normalize(german).T
    assert float(alike.diagonal().min()) > 0.99
    assert (alike.argmax(1) == torch.arange(len(scenes))).all()


def test_the_words_of_frames_mark_what_no_caption_says() -> None:
    words = FrameWords.load(WEIGHTS / "motion" / FRAME_WORDS)
    clips = held_out_clips(47, 64)
    text = parts().encode(say_clips(clips, [Mention()] * len(clips), np.random.default_rng(47)))[:, None]
    come = torch.from_numpy(clips.come(FRAMES))
    with torch.inference_mode():
        added = (words(text.expand(-1, FRAMES, -1, -1), come) - text).mean(2)
    marked = marks(clips, come)[:, :, 0]
    for name in MARKS:
        rows = torch.from_numpy(clips.motion == MOTIONS.index(name))
        assert float(torch.cosine_similarity(added[rows].flatten(), marked[rows].flatten(), dim=0)) > 0.8


def test_clip_chooses_the_true_text() -> None:
    found = evaluate(Clip.load(WEIGHTS / "clip"), count=12)
    for language in LANGUAGES:
        low = {name: found[language][name] for name in CLIP_FLOORS if found[language][name] < 0.75}
        assert low == {}


def test_clap_chooses_the_text_that_is_true_of_a_sound() -> None:
    found = evaluate_clap(Clap.load(WEIGHTS / "clap"), count=16)
    for language in LANGUAGES:
        low = {name: found[language][name] for name in CLAP_FLOORS if found[language][name] < 0.5}
        assert low == {}  # guessing a pitch is right 1 in 21 times


CARDED = {  # which columns of each evaluation stand in a table of the card
    "evaluation": GENERATED,
    "evaluation_clap": LANGUAGES,
    "evaluation_clip": LANGUAGES,
    "evaluation_dalle1": WRITTEN,
    "evaluation_dalle2": COLUMNS,
    "evaluation_dino": ("features", "pixels"),
    "evaluation_motion": MOVED,
    "evaluation_pictures": READER_COLUMNS,
    "evaluation_sound": SOUND_COLUMNS,
}


@pytest.mark.parametrize("name", CARDED)
def test_the_figures_on_the_card_are_those_of_the_evaluation(name: str) -> None:
    card = (WEIGHTS / "MODEL_CARD.md").read_text(encoding="utf-8")
    shares = json.loads((WEIGHTS / f"{name}.json").read_text())["shares"]
    for attribute in {each for column in CARDED[name] for each in shares[column]}:
        told = [shares[column].get(attribute) for column in CARDED[name]]
        figures = " | ".join("" if share is None else f"{share:.3f}" for share in told)
        count = f" | {shares['n'][attribute]:.0f}" if "n" in shares else ""
        assert f"| {attribute}{count} | {figures} |" in card


def test_dino_sees_shapes_as_much_better_than_pixels_as_the_floor_asks() -> None:
    found = evaluate_dino(load_dino(WEIGHTS / "dino"), bank=1500, count=400)
    assert found["features"]["shape"] >= found["pixels"]["shape"] + ABOVE_PIXELS, found


def test_the_figures_of_language_on_the_card_are_those_of_the_evaluation() -> None:
    card = (WEIGHTS / "MODEL_CARD.md").read_text(encoding="utf-8")
    shown = json.loads((WEIGHTS / "evaluation_language.json").read_text())["bits"]
    for name, found in shown.items():
        assert f"| {name} | {' | '.join(f'{found[language]:.3f}' for language in LANGUAGES)} |" in card
    assert all(shown["model"][language] < shown["pairs of words"][language] - 0.5 for language in LANGUAGES)


def test_the_language_model_expects_captions_and_no_other_order_of_their_words() -> None:
    tokenizer = CLIPTokenizer.from_pretrained(WEIGHTS / "language")
    model = GPT2LMHeadModel.from_pretrained(WEIGHTS / "language", dtype=torch.float32).eval()
    found = bits(model, tokenizer, count=50)
    assert max(found.values()) < 2.5
    texts = said(held_out_scenes(1, 20), "en")
    mixed = [" ".join(reversed(text.split())) for text in texts]
    assert bits_of(model, tokenizer, mixed) > 2 * bits_of(model, tokenizer, texts)


def reader() -> tuple[Any, CLIPTokenizer]:
    """Load the shipped network that answers questions about pictures, with its tokenizer."""
    return open_reader(WEIGHTS / "pictures"), CLIPTokenizer.from_pretrained(WEIGHTS / "pictures")


def test_pictures_are_read_in_both_languages() -> None:
    for column, found in evaluate_reader(*reader(), count=10).items():
        named = [f"one/{name}" for name in ("background", "colour", "shape")]
        assert sum(found[name] for name in named) / 3 >= 0.8, (column, found)


@cache
def imagination() -> Imagination:
    """Load the shipped prior and decoder."""
    return Imagination.load(WEIGHTS)


def test_the_prior_finds_the_embedding_of_the_picture_that_a_text_describes() -> None:
    scenes = held_out_scenes(45, 50)
    rng = np.random.default_rng(45)
    texts = [caption(scenes, row, Mention(), "en", rng) for row in range(len(scenes))]
    mind = imagination()
    near = mind.imagine(texts) @ mind.clip.pictures(torch.from_numpy(draw(scenes))).T
    assert float((near.argmax(1) == torch.arange(len(scenes))).float().mean()) >= 0.8
    assert float(near.diagonal().mean()) > float(near.mean()) + 0.5


def test_the_decoder_draws_what_clip_saw() -> None:
    scenes = held_out_scenes(46, 12, pairs=0)
    mind = imagination()
    picture = mind.decode(mind.clip.pictures(torch.from_numpy(draw(scenes))))
    found = score(judge(load_checker(WEIGHTS / "checker"), picture), scenes, (Mention(),) * len(scenes))
    assert min(found["one/background"], found["one/light"], found["one/colour"]) >= 0.8, found


def test_a_prompt_gives_the_same_picture_alone_and_in_company() -> None:
    texts = ["a large yellow star on a purple background", "a small red circle left of a blue square"]
    both = parts().generate(texts, steps=4)
    alone = parts().generate(texts[1:], seed=1, steps=4)
    torch.testing.assert_close(both[1:], alone, atol=1e-3, rtol=0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_few_held_out_prompts_are_drawn_as_asked(language: Language) -> None:
    prompts = evaluation_prompts(language)
    rows = np.arange(0, 200, 20)
    picture = parts().generate([prompts.texts[row] for row in rows])
    answers = judge(load_checker(WEIGHTS / "checker"), picture)
    found = score(answers, prompts.scenes[rows], tuple(prompts.mentions[row] for row in rows))
    assert found["one/background"] >= 0.8
    assert found["one/colour"] >= 0.8


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_clip_reaches_the_floors() -> None:
    found = evaluate(Clip.load(WEIGHTS / "clip"))
    for language in LANGUAGES:
        assert {
            name: found[language][name] for name, floor in CLIP_FLOORS.items() if found[language][name] < floor
        } == {}


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_what_is_read_in_pictures_reaches_the_floors() -> None:
    for shares in evaluate_reader(*reader()).values():
        assert {name: shares[name] for name, floor in READER_FLOORS.items() if shares[name] < floor} == {}


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_what_is_imagined_reaches_the_floors() -> None:
    for shares in evaluate_imagined().values():
        assert {name: shares[name] for name, floor in IMAGINED_FLOORS.items() if shares[name] < floor} == {}


@pytest.mark.full
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_held_out_prompts_reach_the_floors(language: Language) -> None:
    found = score_generated(load_checker(WEIGHTS / "checker"), parts(), language)
    assert {name: found[name] for name in FLOORS if found[name] < FLOORS[name]} == {}
