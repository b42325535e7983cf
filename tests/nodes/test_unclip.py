"""The prior, the way into a decoder and what lies between two embeddings."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from engine import Cache, Engine, Files, InputError, Run
from graphs import Graph
from nodes import CATALOG, clip, dino, interpolation, prior, unclip
from nodes.clip_model import CLIPModel
from nodes.prior_model import PriorModel
from nodes.unclip_model import UnclipModel
from nodes.values import Embedding, Image
from tests.nodes import tiny_readers, tiny_unclip

PICTURE = Image(torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0)))


@pytest.fixture(scope="module")
def reader(root: Path, run: Run) -> CLIPModel:
    handle: CLIPModel = clip.load_clip(tiny_unclip.clip(root).name, run=run)
    return handle


@pytest.fixture(scope="module")
def guess(root: Path, run: Run) -> PriorModel:
    handle: PriorModel = prior.load_prior(tiny_unclip.prior(root, "own-prior", told=True).name, run=run)
    return handle


@pytest.fixture(scope="module")
def way(root: Path, run: Run) -> UnclipModel:
    handle: UnclipModel = unclip.load_unclip(tiny_unclip.unclip(root, "own-unclip", told=True).name, run=run)
    return handle


def vectors(*rows: tuple[float, ...], space: str = "s") -> Embedding:
    return Embedding(torch.tensor(rows), space, ("",) * len(rows))


def test_a_prior_gives_an_embedding_of_length_1_for_each_seed(guess: PriorModel, reader: CLIPModel, run: Run) -> None:
    found = prior.prior(guess, reader, "a red circle", steps=4, seeds=[1, 2, 3], run=run)
    torch.testing.assert_close(found.vectors.norm(dim=1), torch.ones(3))
    assert (found.space, found.names) == (reader.space, ("a red circle",) * 3)
    alone = prior.prior(guess, reader, "a red circle", steps=4, seed=2, run=run)
    torch.testing.assert_close(alone.vectors, found.vectors[1:2], atol=1e-6, rtol=1e-4)
    assert not torch.allclose(found.vectors[0], found.vectors[1], atol=1e-4)


def test_at_a_scale_of_1_the_negative_text_does_not_count(guess: PriorModel, reader: CLIPModel, run: Run) -> None:
    def given(negative: str, scale: float) -> torch.Tensor:
        made: Embedding = prior.prior(guess, reader, "star", negative=negative, scale=scale, steps=3, run=run)
        return made.vectors

    assert torch.equal(given("blue", 1.0), given("", 1.0))
    assert not torch.equal(given("blue", 3.0), given("", 3.0))


def test_a_prior_tells_its_progress(guess: PriorModel, reader: CLIPModel, files: Files) -> None:
    told: list[tuple[int, int]] = []
    watched = Run(files=files, on_progress=lambda step, total: told.append((step, total)))
    prior.prior(guess, reader, "star", steps=3, run=watched)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_prior_takes_no_other_clip(guess: PriorModel, root: Path, run: Run) -> None:
    other = clip.load_clip(tiny_readers.clip(root, "other-clip-32", seed=9, embed=32).name, run=run)
    with pytest.raises(InputError, match=f"this model was made for {guess.space}"):
        prior.prior(guess, other, "star", steps=2, run=run)
    anyones = prior.load_prior(tiny_unclip.prior(root, "anyones").name, run=run)
    assert (anyones.space, anyones.unit) == ("", False)
    prior.prior(anyones, other, "star", steps=2, run=run)
    narrow = clip.load_clip(tiny_readers.clip(root, "narrow-clip").name, run=run)
    with pytest.raises(InputError, match="embeds in 16; the prior wants 20 of 32"):
        prior.prior(anyones, narrow, "star", steps=2, run=run)


def test_what_is_no_prior_is_refused(root: Path, run: Run) -> None:
    folder = tiny_unclip.prior(root, "no-prior")
    (folder / "scheduler" / "scheduler_config.json").write_text('{"_class_name": "DDPMScheduler"}')
    with pytest.raises(InputError, match="'DDPMScheduler' is not known here"):
        prior.load_prior("no-prior", run=run)
    config = folder / "prior" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "_class_name": "UNet2DModel"}))
    with pytest.raises(InputError, match="'UNet2DModel' is no prior"):
        prior.load_prior("no-prior", run=run)


def test_a_prompt_of_an_embedding_does_not_depend_on_its_company(way: UnclipModel, reader: CLIPModel, run: Run) -> None:
    three = Embedding(torch.randn(3, 32, generator=torch.Generator().manual_seed(1)), reader.space, ("",) * 3)
    prompts = unclip.unclip_conditioning(three, way, run=run)
    alone = Embedding(three.vectors[1:2], reader.space, ("",))
    assert torch.equal(unclip.unclip_conditioning(alone, way, run=run).sequence, prompts.sequence[1:2])
    assert not torch.allclose(prompts.sequence[0], prompts.sequence[1], atol=1e-3)
    assert prompts.sequence.shape == (3, 20, 32)
    assert prompts.empty_sequence.shape == (1, 20, 32)


def test_an_embedding_of_another_space_or_width_is_no_prompt(way: UnclipModel, root: Path, run: Run) -> None:
    with pytest.raises(InputError, match=f"this model was made for {way.space}"):
        unclip.unclip_conditioning(vectors((1.0,) * 32), way, run=run)
    anyones = unclip.load_unclip(tiny_unclip.unclip(root, "anyones-unclip").name, run=run)
    with pytest.raises(InputError, match="16 wide, this model reads 32"):
        unclip.unclip_conditioning(vectors((1.0,) * 16), anyones, run=run)


def test_an_arc_goes_at_even_speed_and_stays_on_the_sphere() -> None:
    steps = interpolation.interpolate_embeddings(vectors((1.0, 0.0)), vectors((0.0, 1.0)), count=4)
    between = torch.cat([each.vectors for each in steps])
    angles = torch.linspace(0, torch.pi / 2, 4)
    torch.testing.assert_close(between, torch.stack([angles.cos(), angles.sin()], dim=1), atol=1e-6, rtol=0)
    assert steps[1].names == ("first 1 / second 1, 33%",)


def test_a_line_is_straight_and_lengths_of_an_arc_too() -> None:
    first, second = vectors((2.0, 0.0)), vectors((0.0, 4.0))
    middle = interpolation.interpolate_embeddings(first, second, count=3, path="lerp")[1]
    assert torch.equal(middle.vectors, torch.tensor([[1.0, 2.0]]))
    arc = interpolation.interpolate_embeddings(first, second, count=3)[1]
    torch.testing.assert_close(arc.vectors.norm(dim=1), torch.tensor([3.0]))


def test_between_two_that_are_the_same_there_is_only_that() -> None:
    same = vectors((0.6, 0.8), (0.3, -0.4))
    for each in interpolation.interpolate_embeddings(same, same, count=3):
        torch.testing.assert_close(each.vectors, same.vectors)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (vectors((1.0, 0.0)), vectors((-1.0, 0.0)), "opposite"),
        (vectors((1.0, 0.0)), vectors((0.0, 0.0)), "is zero"),
        (vectors((1.0, 0.0)), vectors((1.0, 0.0), (0.0, 1.0)), "there are 1 and 2 embeddings"),
        (vectors((1.0, 0.0)), vectors((0.0, 1.0), space="other"), "of the space s, the other of other"),
    ],
)
def test_what_has_no_way_between_is_refused(first: Embedding, second: Embedding, said: str) -> None:
    with pytest.raises(InputError, match=said):
        interpolation.interpolate_embeddings(first, second)


def drawing(eyes: str, *, encoder: str = "CLIP", words: str = tiny_unclip.CLIP) -> Any:
    """A prior's embedding and a picture's, joined by an arc, and a prompt made of the picture's."""

    def node(type_: str, inputs: dict[str, str], **params: Any) -> dict[str, Any]:
        return {"type": type_, "version": 1, "inputs": inputs, "params": params}

    port = f"eyes.{encoder.lower()}_model"
    seeing = {"CLIP": "CLIPImageEmbedding", "DINO": "DINOEncoder"}[encoder]
    nodes = {
        "drawn": node("Scenes", {}, count=1),
        "eyes": node(f"Load{encoder}", {}, source=eyes),
        "words": node("LoadCLIP", {}, source=words),
        "prior": node("LoadPrior", {}, source="own-prior"),
        "way": node("LoadUnCLIP", {}, source="own-unclip"),
        "seen": node(seeing, {"image": "drawn.image", encoder.lower(): port}),
        "guess": node("Prior", {"prior": "prior.prior_model", "clip": "words.clip_model"}, text="star", steps=2),
        "prompt": node("UnCLIPConditioning", {"embedding": "seen.embedding", "unclip": "way.unclip_model"}),
        "between": node("InterpolateEmbeddings", {"first": "guess.embedding", "second": "seen.embedding"}),
    }
    return {"format": "promptograph/1", "nodes": nodes, "outputs": {"prompt": "prompt.conditioning"}}


@pytest.mark.usefixtures("guess", "way", "reader")
def test_embeddings_of_another_clip_are_refused_before_anything_is_loaded(files: Files, root: Path) -> None:
    engine = Engine(CATALOG, cache=Cache(), files=files)

    def problems(document: Any) -> list[str]:
        return [str(problem) for problem in engine.check(Graph.load(document))]

    assert problems(drawing(tiny_unclip.CLIP)) == []
    narrow = tiny_readers.clip(root, "narrow-clip").name
    made_for = "is made for a CLIP that embeds in 32"
    mend = f"embed it with a CLIPImageEmbedding of {tiny_unclip.CLIP}"
    refused = problems(drawing(narrow))
    assert refused[0] == (
        f"prompt.embedding: seen.embedding does not fit: the CLIP of {narrow} embeds in 16, own-unclip {made_for}; "
        f"{mend}"
    )
    assert refused[1].startswith("between.second: seen.embedding does not fit: it is 16 wide")
    assert problems(drawing(tiny_unclip.CLIP, words=narrow))[0] == (
        f"guess.clip: words.clip_model does not fit: the CLIP of {narrow} embeds in 16, own-prior {made_for}; wire a "
        f"LoadCLIP of {tiny_unclip.CLIP}"
    )
    other = tiny_readers.clip(root, "other-clip-32", seed=9, embed=32).name
    assert problems(drawing(other))[0] == (
        f"prompt.embedding: seen.embedding does not fit: the CLIP of {other} has another space than the one that "
        f"own-unclip was made for; {mend}"
    )


@pytest.mark.usefixtures("guess", "way", "reader")
def test_a_dino_of_the_same_width_is_refused_too(files: Files, root: Path, run: Run) -> None:
    folder = tiny_readers.dino(root)
    seen = dino.encode(PICTURE, dino.load_dino(folder.name, run=run), run=run).embedding
    assert seen.vectors.shape[1] == tiny_unclip.WIDTH
    engine = Engine(CATALOG, cache=Cache(), files=files)
    said = [str(each) for each in engine.check(Graph.load(drawing(folder.name, encoder="DINO")))]
    assert said[0] == (
        f"prompt.embedding: seen.embedding does not fit: the DINO of {folder.name} embeds in 32, own-unclip is made "
        f"for a CLIP that embeds in 32; embed it with a CLIPImageEmbedding of {tiny_unclip.CLIP}"
    )
