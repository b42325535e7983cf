"""The tokenizer on disk keeps the guarantees of models.bauklotz.recipes.tokenizer."""

from functools import cache
from pathlib import Path

import numpy as np
from transformers import CLIPTokenizer

from models.bauklotz.captions import LANGUAGES, caption, random_mention
from models.bauklotz.recipes.text_encoder import SLOTS
from models.bauklotz.recipes.tokenizer import END, LENGTH, START, build_tokenizer
from models.bauklotz.scene import training_scenes
from models.bauklotz.train import WEIGHTS

FOLDER = WEIGHTS / "text_to_image" / "tokenizer"


@cache
def tokenizer() -> CLIPTokenizer:
    """Load the shipped tokenizer."""
    return CLIPTokenizer.from_pretrained(FOLDER)


def test_any_text_has_tokens_and_comes_back() -> None:
    for text in ("snow ☃ 雪", "ёлка", "zürich!?", "a\tred\ncircle", "🙂"):
        ids = tokenizer()(text).input_ids
        assert len(ids) > 2
        assert tokenizer().decode(ids, skip_special_tokens=True).split() == text.lower().split() or "!" in text


def test_every_word_of_a_caption_is_one_token_and_leaves_room_for_the_slots() -> None:
    scenes = training_scenes(21, 1000)
    rng = np.random.default_rng(21)
    for row in range(len(scenes)):
        for language in LANGUAGES:
            text = caption(scenes, row, random_mention(rng, is_pair=bool(scenes.is_pair[row])), language, rng)
            tokens = tokenizer().tokenize(text)
            assert all(token.endswith("</w>") for token in tokens), text
            assert len(tokens) + 2 <= LENGTH - SLOTS


def test_the_end_of_text_is_the_largest_id_and_pads() -> None:
    ids = tokenizer()("", padding="max_length", max_length=LENGTH).input_ids
    start, end = tokenizer().convert_tokens_to_ids([START, END])
    assert ids == [start] + [end] * (LENGTH - 1)
    assert end == len(tokenizer()) - 1 == max(tokenizer().get_vocab().values())
    assert tokenizer().model_max_length == LENGTH


def test_blanks_and_case_do_not_matter() -> None:
    assert tokenizer()("A  Red circle").input_ids == tokenizer()("a red Circle").input_ids


def test_building_again_gives_the_same_files(tmp_path: Path) -> None:
    build_tokenizer(tmp_path)
    for name in ("vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_the_two_layouts_give_the_same_ids(tmp_path: Path) -> None:
    for name in ("vocab.json", "merges.txt"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    old = CLIPTokenizer.from_pretrained(tmp_path)
    text = "ein großer gelber Stern auf violettem Hintergrund, xyz"
    assert old(text).input_ids == tokenizer()(text).input_ids
