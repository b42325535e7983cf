"""Blocks of codes are nearly the picture; the recipe, the nodes and the library agree; the floors are met."""

import math
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from models.bauklotz import evaluate_dalle1
from models.bauklotz.blocks import FILE, Blocks, fit_blocks, nearest_codes
from models.bauklotz.checker import load_checker
from models.bauklotz.draw import draw
from models.bauklotz.imagine import SIDE, Writer
from models.bauklotz.judge import judge
from models.bauklotz.prompts import evaluation_prompts
from models.bauklotz.recipes.first_stage import CHANNELS
from models.bauklotz.recipes.patches import fit_codebook, fit_patches
from models.bauklotz.scene import held_out_scenes
from models.bauklotz.score import score
from models.bauklotz.train import WEIGHTS
from nodes.image_transformer import Blocks as NodeBlocks


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer.load(WEIGHTS, device=torch.device("cpu"))


@pytest.fixture(scope="module")
def codes(writer: Writer) -> torch.Tensor:
    """The codes of some held-out scenes."""
    pixels = torch.from_numpy(draw(held_out_scenes(14, 24))) * 2 - 1
    with torch.no_grad():
        latent = writer.vqvae.encode(pixels).latents
    return nearest_codes(latent, writer.blocks.entries)


def test_nearest_codes_are_those_of_the_first_stage(writer: Writer, codes: torch.Tensor) -> None:
    pixels = torch.from_numpy(draw(held_out_scenes(14, 24))) * 2 - 1
    with torch.no_grad():
        latent = writer.vqvae.encode(pixels).latents
        _, _, (_, _, index) = writer.vqvae.quantize(latent)
    assert torch.equal(index.reshape(codes.shape), codes)


def test_pictures_made_of_blocks_look_like_the_pictures(writer: Writer, codes: torch.Tensor) -> None:
    pixels = torch.from_numpy(draw(held_out_scenes(14, 24)))
    tokens = writer.blocks.tokens(codes)
    assert tokens.shape == (24, SIDE, SIDE)
    assert -10 * math.log10(float(F.mse_loss(writer.decode(tokens), pixels))) > 24
    assert -10 * math.log10(float(F.mse_loss(writer.decode(tokens.roll(1, 0)), pixels))) < 15


def test_the_nodes_cut_pictures_as_the_recipe_does(writer: Writer, codes: torch.Tensor) -> None:
    blocks = writer.blocks
    nodes = NodeBlocks(blocks.codes, blocks.weights)
    tokens = blocks.tokens(codes)
    assert torch.equal(nodes.tokens(codes, blocks.entries), tokens)
    assert torch.equal(nodes.picture(tokens), blocks.picture(tokens))


def test_blocks_are_found_where_pictures_need_them() -> None:
    code, points = fit_patches(CHANNELS, scenes=60)
    entries = fit_codebook(points, 64)
    few, many = (fit_blocks(code, entries, count, scenes=60) for count in (8, 128))
    latent = code.encode(torch.from_numpy(draw(held_out_scenes(15, 20))) * 2 - 1)
    seen = nearest_codes(latent, entries)
    errors = [float((entries[each.picture(each.tokens(seen))] - entries[seen]).square().mean()) for each in (few, many)]
    assert errors[1] < 0.6 * errors[0]


def test_blocks_are_stored_whole(writer: Writer, tmp_path: Path) -> None:
    writer.blocks.save(tmp_path)
    again = Blocks.load(tmp_path / FILE, writer.blocks.entries)
    assert torch.equal(again.codes, writer.blocks.codes)
    assert torch.equal(again.weights, writer.blocks.weights)


def test_the_floors_are_met_on_some_of_the_prompts(writer: Writer) -> None:
    prompts = evaluation_prompts("en")
    pictures = writer.write(list(prompts.texts[:50]), sampling=evaluate_dalle1.SAMPLING)
    rows = slice(0, 50)
    answers = judge(load_checker(WEIGHTS / "checker"), pictures)
    found = score(answers, prompts.scenes[rows], prompts.mentions[:50])
    for name, floor in evaluate_dalle1.FLOORS.items():
        assert found[name] >= floor - 0.1, (name, found[name])
