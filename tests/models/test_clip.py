"""CLIP is judged by what it chooses, learns from wrong texts, and starts with what the text encoder knows."""

import zlib
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from transformers import CLIPTextModel, CLIPTokenizer

from models.bauklotz.choice import FLOORS, GOALS, Clip, choices, evaluate, trial
from models.bauklotz.choosing import COLUMNS
from models.bauklotz.draw import draw
from models.bauklotz.recipe import SHIPPED, Place
from models.bauklotz.recipes.clip import ClipTask, contrast
from models.bauklotz.score import Shares
from models.bauklotz.table import table

TEXTS = ["a large yellow star on a purple background", "ein kleiner Kreis oben links", "", "a ring"]


class Guessing(Clip):
    """Sees nothing and takes any text to be as near as any other by chance."""

    def pictures(self, picture: Tensor) -> Tensor:
        return torch.ones(len(picture), 1)

    def texts(self, texts: list[str]) -> Tensor:
        return torch.tensor([[zlib.crc32(text.encode()) / 2**32] for text in texts])


class Blind(Clip):
    """Finds everything equally near."""

    def pictures(self, picture: Tensor) -> Tensor:
        return torch.ones(len(picture), 1)

    def texts(self, texts: list[str]) -> Tensor:
        return torch.ones(len(texts), 1)


def test_who_finds_everything_equally_near_is_never_right() -> None:
    found = evaluate(Blind(None, lambda texts: torch.zeros(0)), count=10)
    assert {found["en"][name] for name in FLOORS} == {0.0}


def test_guessing_is_right_by_chance() -> None:
    asked = trial(150)
    clip = Guessing(None, lambda texts: torch.zeros(0))
    right = choices(clip, asked, clip.pictures(torch.from_numpy(draw(asked.scenes))), "en")
    share = {name: sum(answers) / len(answers) for name, answers in right.items()}
    for name, chance in {"one/shape": 1 / 6, "two/colour": 1 / 7, "one/light": 1 / 2, "one/position": 1 / 5}.items():
        assert share[name] == pytest.approx(chance, abs=0.12), name


def test_the_table_shows_every_choice_with_its_floor() -> None:
    shares: Shares = dict.fromkeys(FLOORS, 0.912)
    found = {"en": shares, "de": shares, "n": dict.fromkeys(FLOORS, 400.0)}
    lines = table(found, COLUMNS, floors=FLOORS, goals=GOALS).splitlines()
    assert "| one/shape | 400 | 0.912 | 0.912 | 0.70 | 0.95 |" in lines
    assert set(FLOORS) == set(GOALS)


def task(folder: Path) -> ClipTask:
    """Begin a training with the shipped text encoder."""
    return ClipTask(Place(torch.device("cpu"), folder / "out", folder))


def test_the_text_tower_starts_as_the_text_encoder(tmp_path: Path) -> None:
    clip = task(tmp_path).model
    folder = SHIPPED / "text_to_image"
    encoder = CLIPTextModel.from_pretrained(folder / "text_encoder", dtype=torch.float32)
    tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
    ids = tokenizer(TEXTS, padding="max_length", return_tensors="pt").input_ids
    with torch.no_grad():
        expected = encoder(ids).pooler_output @ clip.text_projection
        torch.testing.assert_close(clip.encode_text(ids), expected, atol=1e-4, rtol=1e-4)


def test_padding_left_out_changes_no_text(tmp_path: Path) -> None:
    begun = task(tmp_path)
    ids = begun.tokenizer(TEXTS, padding="max_length", return_tensors="pt").input_ids
    with torch.no_grad():
        torch.testing.assert_close(begun.encode_texts(TEXTS), begun.model.encode_text(ids), atol=1e-4, rtol=1e-4)


def test_a_text_that_is_true_of_another_picture_is_no_negative() -> None:
    near = torch.zeros(2, 4)
    near[0, 1] = 50.0  # the second text, near to the first picture
    true = torch.eye(2, 4, dtype=torch.bool)
    wrong = contrast(near, true)
    true[0, 1] = True
    assert float(wrong) > 10 > float(contrast(near, true))


def test_a_wrong_text_of_a_picture_is_chosen_against() -> None:
    near = torch.zeros(2, 4)
    near[0, 0] = near[1, 1] = 8.0
    good = contrast(near, torch.eye(2, 4, dtype=torch.bool))
    near[1, 3] = 20.0  # the wrong text of the second picture
    bad = contrast(near, torch.eye(2, 4, dtype=torch.bool))
    near[1, 3], near[0, 3] = 0.0, 20.0
    elsewhere = contrast(near, torch.eye(2, 4, dtype=torch.bool))
    assert float(good) < 0.1 < float(elsewhere) < float(bad)


def test_without_wrong_texts_the_loss_would_be_that_of_open_clip() -> None:
    import open_clip

    generator = torch.Generator().manual_seed(0)
    picture, text = (F.normalize(torch.randn(5, 8, generator=generator)) for _ in range(2))
    near = 10 * picture @ text.T
    both = torch.cat([near, torch.full((5, 5), -1e4)], dim=1)
    expected = open_clip.ClipLoss()(picture, text, 10.0)
    torch.testing.assert_close(contrast(both, torch.eye(5, 10, dtype=torch.bool)), expected)
