"""Our prior equals KandinskyV22PriorPipeline, bit for bit where both read the text by the same modules."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine import Run
from nodes import clip, guidance, interpolation, latent, prior, sampling, unclip, vae
from nodes.load import Loaded
from nodes.noise import Noise
from nodes.prior_model import Prior, TextStates
from nodes.values import Embedding
from tests.nodes import tiny, tiny_unclip

TEXT = "a red circle"
NEGATIVE = "blue star"


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def parts(root: Path) -> Mapping[str, Any]:
    """Everything that the pipeline is made of; its texts are as wide as its embeddings."""
    from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModelWithProjection

    words = tiny.tokenizer(root / "prior-words")
    seeing = CLIPVisionConfig(
        hidden_size=32, projection_dim=32, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        image_size=32, patch_size=16,
    )  # fmt: skip
    return {
        "prior": tiny_unclip.net(32),
        "image_encoder": CLIPVisionModelWithProjection(seeing).eval(),
        "text_encoder": tiny.text_encoder(len(words), projected=True, projection_dim=32),
        "tokenizer": words,
        "scheduler": tiny_unclip.schedule(),
        "image_processor": CLIPImageProcessor(size=32, crop_size=32),
    }


@pytest.fixture(scope="module")
def pipeline(parts: Mapping[str, Any]) -> Any:
    from diffusers import KandinskyV22PriorPipeline

    made = KandinskyV22PriorPipeline(**parts)
    made.set_progress_bar_config(disable=True)
    return made


def read(parts: Mapping[str, Any], text: str) -> TextStates:
    """Read a text by the pipeline's own text encoder."""
    words = parts["tokenizer"]([text], padding="max_length", max_length=tiny.LENGTH, return_tensors="pt")
    with torch.inference_mode():
        given = parts["text_encoder"](words.input_ids)
    return TextStates(given.text_embeds, given.last_hidden_state, words.attention_mask.bool())


def drawn(parts: Mapping[str, Any], negative: str, noise: Noise, *, count: int, scale: float, steps: int) -> Tensor:
    ours = Prior(parts["prior"], dict(parts["scheduler"].config))
    text, against = (
        TextStates(*(each.repeat_interleave(count, 0) for each in read(parts, said))) for said in (TEXT, negative)
    )
    with torch.inference_mode():
        return ours.draw(text, against, noise, scale=scale, steps=steps, progress=lambda step, total: None)


@pytest.mark.parametrize(("scale", "steps"), [(1.0, 4), (4.0, 2), (4.0, 7), (2.5, 25)])
def test_embeddings_equal_the_pipelines(scale: float, steps: int, parts: Mapping[str, Any], pipeline: Any) -> None:
    theirs = pipeline(TEXT, guidance_scale=scale, num_inference_steps=steps, generator=generator(3)).image_embeds
    ours = drawn(parts, "", Noise.of(3), count=1, scale=scale, steps=steps)
    assert torch.equal(ours, theirs)
    assert ours.std() > 0.1


def test_several_seeds_equal_the_pipeline_with_a_generator_each(parts: Mapping[str, Any], pipeline: Any) -> None:
    seeds = (5, 6, 9)
    theirs = pipeline(
        TEXT, num_images_per_prompt=3, num_inference_steps=5, generator=[generator(seed) for seed in seeds]
    ).image_embeds
    ours = drawn(parts, "", Noise.of(0, seeds), count=3, scale=4.0, steps=5)
    assert torch.equal(ours, theirs)
    assert not torch.equal(ours[0], ours[1])


def test_a_negative_text_equals_the_pipelines(parts: Mapping[str, Any], pipeline: Any) -> None:
    """The pipeline draws an embedding of the negative text beside: batches of two, so other last bits."""
    pair = [generator(3), generator(4)]
    theirs = pipeline(TEXT, negative_prompt=NEGATIVE, num_inference_steps=5, generator=pair).image_embeds
    ours = drawn(parts, NEGATIVE, Noise.of(3), count=1, scale=4.0, steps=5)
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)
    assert not torch.allclose(drawn(parts, "", Noise.of(3), count=1, scale=4.0, steps=5), theirs, atol=1e-3)


def test_a_text_that_open_clip_reads_gives_the_same_embedding(parts: Mapping[str, Any], root: Path, run: Run) -> None:
    """The same weights in transformers' text tower and in open_clip's: their attention differs in the last bits."""
    from diffusers import KandinskyV22PriorPipeline, PriorTransformer

    model = clip.load_clip(tiny_unclip.clip(root).name, run=run)
    opened = run.load(model)
    theirs = KandinskyV22PriorPipeline(
        **{
            **parts,
            "prior": PriorTransformer.from_pretrained(tiny_unclip.prior(root) / "prior").eval(),
            "text_encoder": as_transformers(opened.model),
        }
    )
    theirs.set_progress_bar_config(disable=True)
    expected = theirs(TEXT, guidance_scale=3.0, num_inference_steps=6, generator=generator(8)).image_embeds
    handle = prior.load_prior("tiny-prior", run=run)
    found = prior.prior(handle, model, TEXT, scale=3.0, steps=6, seed=8, run=run)
    torch.testing.assert_close(found.vectors, expected, atol=1e-5, rtol=1e-5)
    assert found.space == model.space
    assert not torch.allclose(prior.prior(handle, model, "star", scale=3.0, steps=6, seed=8, run=run).vectors, expected)


def as_transformers(model: Any) -> Any:
    """Give open_clip's text tower as transformers builds it."""
    words, width = model.token_embedding.weight.shape
    depth = len(model.transformer.resblocks)
    made = tiny.text_encoder(words, width=width, layers=depth, projected=True, projection_dim=32, hidden_act="gelu")
    made = type(made)(type(made.config)(**{**made.config.to_dict(), "intermediate_size": 4 * width})).eval()
    old = model.state_dict()
    new = {
        "text_model.embeddings.token_embedding.weight": old["token_embedding.weight"],
        "text_model.embeddings.position_embedding.weight": old["positional_embedding"],
        "text_projection.weight": old["text_projection"].T,
    }
    names = {"attn.out_proj": "self_attn.out_proj", "ln_1": "layer_norm1", "ln_2": "layer_norm2"}
    names |= {"mlp.c_fc": "mlp.fc1", "mlp.c_proj": "mlp.fc2"}
    for kind in ("weight", "bias"):
        new[f"text_model.final_layer_norm.{kind}"] = old[f"ln_final.{kind}"]
        for layer in range(depth):
            block, its = f"transformer.resblocks.{layer}", f"text_model.encoder.layers.{layer}"
            for letter, rows in zip("qkv", old[f"{block}.attn.in_proj_{kind}"].chunk(3), strict=True):
                new[f"{its}.self_attn.{letter}_proj.{kind}"] = rows
            for name, its_name in names.items():
                new[f"{its}.{its_name}.{kind}"] = old[f"{block}.{name}.{kind}"]
    missing = made.load_state_dict(new, strict=False)
    assert (missing.unexpected_keys, [key for key in missing.missing_keys if "position_ids" not in key]) == ([], [])
    return made


def test_a_straight_line_equals_the_pipelines_mix(pipeline: Any) -> None:
    first, second = (torch.rand(1, 3, 32, 32, generator=generator(seed)) for seed in (1, 2))
    mixed = pipeline.interpolate([first, second], [0.75, 0.25], num_inference_steps=2).image_embeds
    with torch.inference_mode():
        ends = [Embedding(pipeline.image_encoder(each).image_embeds, "space", ("",)) for each in (first, second)]
    ours = interpolation.interpolate_embeddings(*ends, count=5, path="lerp")
    assert torch.equal(ours[1].vectors, mixed)


def test_a_picture_from_an_embedding_equals_the_pipeline_with_its_prompt(
    root: Path, sd: Loaded, run: Run, sd_parts: Mapping[str, Any]
) -> None:
    """The prompt is made by diffusers' own module, the picture by diffusers' own pipeline."""
    from diffusers import StableDiffusionPipeline
    from diffusers.models.embeddings import IPAdapterPlusImageProjection
    from safetensors.torch import load_file

    folder = tiny_unclip.unclip(root)
    weights = load_file(folder / "model.safetensors")
    made = IPAdapterPlusImageProjection(**tiny_unclip.SIZES).eval()
    inner = {key.removeprefix("image_proj."): each for key, each in weights.items() if key != "nothing"}
    made.load_state_dict(inner, assign=True)  # where a weight lies in memory changes the last bits
    vector = torch.randn(1, 32, generator=generator(2))
    theirs = StableDiffusionPipeline(**sd_parts, safety_checker=None, feature_extractor=None)
    theirs.set_progress_bar_config(disable=True)
    with torch.inference_mode():
        expected = theirs(
            prompt_embeds=made(vector[:, None]),
            negative_prompt_embeds=weights["nothing"],
            num_inference_steps=4,
            generator=generator(3),
            output_type="pt",
        ).images
    handle = unclip.load_unclip(folder.name, run=run)
    prompt = unclip.unclip_conditioning(Embedding(vector, "any", ("",)), handle, run=run)
    blank = latent.empty_latent(sd.denoiser)
    steered = sampling.sample(sd.denoiser, guidance.cfg(prompt), blank, steps=4, seed=3, run=run)
    assert torch.equal(vae.vae_decode(steered.latent, sd.autoencoder, run=run).pixels, expected)
