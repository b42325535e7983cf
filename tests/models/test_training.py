"""Training resumes to the bit, and the first stage starts as the linear code it is built from."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import nn
from transformers import EncodecModel

from models.bauklotz.draw import draw
from models.bauklotz.flat import Flat
from models.bauklotz.linear_vq import linear_vq
from models.bauklotz.loop import Training, rate_at
from models.bauklotz.recipe import Place, Recipe, Task
from models.bauklotz.recipes.checker import CHECKER
from models.bauklotz.recipes.clap import ClapTask
from models.bauklotz.recipes.clip import ClipTask
from models.bauklotz.recipes.dalle1 import TransformerTask
from models.bauklotz.recipes.denoiser import DenoiserTask
from models.bauklotz.recipes.dino import DinoTask
from models.bauklotz.recipes.first_stage import FirstStageTask
from models.bauklotz.recipes.language import LanguageTask
from models.bauklotz.recipes.motion import MotionTask
from models.bauklotz.recipes.motion_text import build_words
from models.bauklotz.recipes.patches import fit_codebook, fit_patches
from models.bauklotz.recipes.prior import PriorTask
from models.bauklotz.recipes.reader import ReaderTask
from models.bauklotz.recipes.sound import SoundTask
from models.bauklotz.recipes.sound_codec import build_codec
from models.bauklotz.recipes.sound_text import build_reader
from models.bauklotz.recipes.unclip import UnclipTask
from models.bauklotz.scene import training_scenes
from models.bauklotz.train import RECIPES, WEIGHTS, train


def filled_codec() -> EncodecModel:
    """Give an untrained codec whose codes differ."""
    torch.manual_seed(2)
    codec = build_codec()
    for layer in codec.quantizer.layers:
        layer.codebook.embed.copy_(torch.randn_like(layer.codebook.embed))
    return codec


SMALL: dict[str, Callable[[Place], Task]] = {
    "first_stage": partial(FirstStageTask, scenes=60, codes=32),
    "denoiser": partial(DenoiserTask, pool=24),
    "clip": partial(ClipTask, batch=6),
    "dino": partial(DinoTask, batch=4),
    "dalle1": partial(TransformerTask, scenes=60),
    "prior": partial(PriorTask, pool=96),
    "unclip": partial(UnclipTask, pool=64),
    "language": partial(LanguageTask, batch=4),
    "reader": partial(ReaderTask, batch=4),
    "motion": lambda place: MotionTask(place, words=build_words(), pool=8),
    "clap": partial(ClapTask, batch=4, pool=16, texts=100),
    "sound": lambda place: SoundTask(
        place, codec=filled_codec(), reader=build_reader(1000), batch=2, pool=8, texts=100
    ),
}
"""Recipes whose start or step is long, made short."""


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda r: r.name)
def test_a_paused_training_goes_on_to_the_same_bits(recipe: Recipe, tmp_path: Path) -> None:
    recipe = replace(recipe, begin=SMALL.get(recipe.name, recipe.begin))
    through = Training(recipe, place(tmp_path / "through"), steps=10, resume=False)
    for _ in range(3):
        through.advance()
    through.save()
    paused = Training(recipe, place(tmp_path / "paused"), steps=10, resume=False)
    paused.advance()
    paused.save()
    again = Training(recipe, place(tmp_path / "paused"), steps=10, resume=True)
    assert again.progress.step == 1
    again.advance()
    again.advance()
    again.save()
    one, other = (load_file(tmp_path / name / "state.safetensors") for name in ("through", "paused"))
    assert one.keys() == other.keys()
    for name, tensor in one.items():
        assert torch.equal(tensor, other[name]), name


def place(scratch: Path) -> Place:
    """Train into an empty folder: what is frozen comes from the shipped weights."""
    scratch.mkdir(exist_ok=True)
    return Place(torch.device("cpu"), scratch / "out", scratch)


def test_minutes_only_pause_and_the_log_and_weights_are_written(tmp_path: Path) -> None:
    paused = train("checker", steps=3, device="cpu", minutes=0, out=tmp_path, scratch=tmp_path / "state")
    assert (paused.step, paused.done) == (1, False)
    assert not (tmp_path / "checker").exists()
    ended = train("checker", steps=3, device="cpu", resume=True, out=tmp_path, scratch=tmp_path / "state")
    assert (ended.step, ended.done) == (3, True)
    assert (tmp_path / "checker" / "model.safetensors").exists()
    assert '"one/shape_0"' in (tmp_path / "state" / "log.jsonl").read_text()


@pytest.mark.full
def test_two_ranks_train_one_network(tmp_path: Path) -> None:
    shutil.copytree(WEIGHTS / "checker", tmp_path / "checker")
    ended = train("checker", steps=2, device="cpu", out=tmp_path, scratch=tmp_path / "state", ranks=2)
    assert ended.done


def test_the_recipes_are_named() -> None:
    pictures = {"checker", "text_encoder", "first_stage", "denoiser", "clip", "dino", "prior", "unclip", "dalle1"}
    assert set(RECIPES) == pictures | {"language", "reader", "motion", "sound", "clap"}
    with pytest.raises(KeyError):
        train("nothing")


def test_the_rate_rises_then_falls_with_the_step_alone() -> None:
    rates = [rate_at(CHECKER, step, 1000) for step in (0, 50, 99, 500, 1000, 2000)]
    assert rates[0] < rates[1] < rates[2] > rates[3] > rates[4] == rates[5] > 0


def test_the_average_is_put_in_and_taken_out() -> None:
    module = nn.Linear(2, 2)
    flat = Flat(module, average=0.9)
    module(torch.ones(1, 2)).sum().backward()
    flat.step(0.1, count=100)
    trained = module.weight.detach().clone()
    with flat.averaged():
        assert not torch.equal(module.weight, trained)
    assert torch.equal(module.weight, trained)


def test_the_first_stage_starts_as_the_patch_code() -> None:
    code, codes = fit_patches(5, scenes=100)
    model = linear_vq(code, fit_codebook(codes, 16)).eval()
    picture = torch.from_numpy(draw(training_scenes(31, 8))) * 2 - 1
    with torch.no_grad():
        linear, encoded = code.encode(picture), model.encode(picture).latents
        drawn = model.decode(linear, force_not_quantize=True).sample
    torch.testing.assert_close(encoded, linear, atol=0.15, rtol=0)
    assert float((encoded - linear).abs().mean()) < 0.03
    assert float((drawn - picture).square().mean()) < 0.03


def test_the_prior_learns_without_padding_what_it_says_with_it(tmp_path: Path) -> None:
    from models.bauklotz.choice import Clip
    from models.bauklotz.reading import read
    from models.bauklotz.recipes.prior import predict

    task = PriorTask(place(tmp_path), pool=96)
    torch.nn.init.normal_(task.prior.positional_embedding)
    text = read(Clip.load(WEIGHTS / "clip"), ["a large yellow star on a purple background", "", "stern"])
    x, t = torch.randn(3, 128), torch.tensor([0, 500, 999])
    with torch.no_grad():
        whole = task.prior(x, t, *text).predicted_image_embedding
        torch.testing.assert_close(predict(task.prior, x, t, text), whole, atol=1e-5, rtol=1e-5)


def test_once_the_denoiser_counts_the_projection_learns_from_it_and_it_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = UnclipTask(place(tmp_path), pool=64)
    match = task.loss(0)
    monkeypatch.setattr("models.bauklotz.recipes.unclip.DENOISE", 0)
    both = task.loss(0)
    assert float(both.detach()) > float(match.detach())
    both.backward()  # type: ignore[no-untyped-call]
    assert all(p.grad is None for p in task.parts.unet.parameters())
    assert all(p.grad is not None for p in task.module.parameters())
