"""Wires between things that do not fit are refused before anything is loaded, with the edge and the mend."""

from pathlib import Path
from typing import Any

import pytest

from engine import Cache, Engine, Files
from graphs import Graph, GraphError
from nodes import CATALOG
from tests.nodes import tiny_readers, tiny_transformers

NAMES = ("tiny-sd", "tiny-vq", "tiny-xl")


@pytest.fixture(scope="module")
def engine(sd_folder: Path, vq_folder: Path, xl_folder: Path, files: Files) -> Engine:
    return Engine(CATALOG, cache=Cache(), files=files)


def drawing(
    *, encoder: str = "tiny-sd", denoiser: str = "tiny-sd", start: str = "tiny-sd", end: str = "tiny-sd"
) -> Any:
    """Text to image with each part from the model that is named."""
    models = {f"m_{name[5:]}": {"type": "Checkpoint", "version": 1, "params": {"source": name}} for name in NAMES}

    def link(model: str, port: str) -> str:
        return f"m_{model[5:]}.{port}"

    def node(type_: str, **inputs: str) -> dict[str, Any]:
        return {"type": type_, "version": 1, "inputs": inputs}

    nodes = {
        **models,
        "tokens": node("Tokenizer", tokenizer=link(encoder, "tokenizer")),
        "prompt": node("TextEncoder", tokens="tokens.tokens", encoder=link(encoder, "text_encoder")),
        "guidance": node("CFG", positive="prompt.conditioning"),
        "blank": node("EmptyLatent", denoiser=link(start, "denoiser")),
        "sampler": node(
            "Sampler", denoiser=link(denoiser, "denoiser"), guidance="guidance.guidance", latent="blank.latent"
        ),
        "decode": node("VAEDecode", latent="sampler.latent", autoencoder=link(end, "autoencoder")),
    }
    return {"format": "promptograph/1", "nodes": nodes, "outputs": {"image": "decode.image"}}


def problems(engine: Engine, document: Any) -> list[str]:
    return [str(problem) for problem in engine.check(Graph.load(document))]


def test_what_fits_is_not_refused(engine: Engine) -> None:
    assert problems(engine, drawing()) == []
    assert problems(engine, drawing(encoder="tiny-xl", denoiser="tiny-xl", start="tiny-xl", end="tiny-xl")) == []


def test_a_prompt_of_another_width_is_refused(engine: Engine) -> None:
    assert problems(engine, drawing(encoder="tiny-xl")) == [
        "sampler.guidance: guidance.guidance does not fit: its prompt is 64 wide, from tiny-xl; the denoiser of tiny-sd"
        " reads 32; encode the prompt with a TextEncoder of tiny-sd"
    ]


def test_a_latent_of_another_space_is_refused(engine: Engine) -> None:
    (said,) = problems(engine, drawing(start="tiny-xl"))
    assert said.startswith("sampler.latent: blank.latent does not fit: it is in the latent space stable-diffusion-xl")
    assert said.endswith("put VAEDecode with tiny-xl and VAEEncode with tiny-sd between them")


def test_an_autoencoder_of_another_model_is_refused(engine: Engine) -> None:
    (said,) = problems(engine, drawing(end="tiny-xl"))
    assert said.startswith("decode.latent: sampler.latent does not fit")
    assert said.endswith("decode it with the autoencoder of tiny-sd")


def test_a_run_is_refused_before_anything_is_loaded(engine: Engine) -> None:
    events: list[Any] = []
    with pytest.raises(GraphError, match="its prompt is 64 wide"):
        engine.run(Graph.load(drawing(encoder="tiny-xl")), on_event=events.append)
    assert events == []


def test_prompts_of_different_widths_are_not_mixed(engine: Engine) -> None:
    document = drawing()
    document["nodes"] |= {
        "other": {"type": "Tokenizer", "version": 1, "inputs": {"tokenizer": "m_xl.tokenizer"}},
        "other_prompt": {
            "type": "TextEncoder", "version": 1,
            "inputs": {"tokens": "other.tokens", "encoder": "m_xl.text_encoder"},
        },
        "mix": {
            "type": "BlendPrompts", "version": 1,
            "inputs": {"first": "prompt.conditioning", "second": "other_prompt.conditioning"},
        },
    }  # fmt: skip
    (said,) = problems(engine, document)
    assert said.startswith("mix.second: other_prompt.conditioning does not fit: it is 64 wide, from tiny-xl")


def test_tokens_for_other_encoders_and_a_codebook_that_is_not_there_are_refused(engine: Engine) -> None:
    document = drawing(encoder="tiny-xl")
    document["nodes"]["prompt"]["inputs"]["encoder"] = "m_sd.text_encoder"
    assert "for 2 text encoder(s), tiny-sd has 1" in problems(engine, document)[0]
    document = drawing()
    document["nodes"]["decode"]["type"] = "VQGANDecoder"
    assert problems(engine, document) == [
        "decode.autoencoder: m_sd.autoencoder does not fit: that of tiny-sd has no codebook; use VAEDecode"
    ]


def steered(source: str, *, eyes: str, words: str) -> Any:
    """VQGAN + CLIP with the autoencoder, the CLIP and the prompts from the models that are named."""
    types = {"model": ("Checkpoint", source), "eyes": ("LoadCLIP", eyes), "words": ("LoadCLIP", words)}
    nodes: dict[str, Any] = {
        name: {"type": type_, "version": 1, "params": {"source": each}} for name, (type_, each) in types.items()
    }
    nodes["prompts"] = {
        "type": "CLIPTextEmbedding", "version": 1,
        "params": {"texts": ["a star"]}, "inputs": {"clip": "words.clip_model"},
    }  # fmt: skip
    nodes["drawn"] = {
        "type": "VQGANCLIP", "version": 1,
        "inputs": {
            "autoencoder": "model.autoencoder", "clip": "eyes.clip_model", "prompts": "prompts.embedding",
        },
    }  # fmt: skip
    return {"format": "promptograph/1", "nodes": nodes, "outputs": {"image": "drawn.image"}}


def test_a_vqgan_is_steered_only_by_the_clip_that_read_its_prompts(engine: Engine, root: Path) -> None:
    tiny_readers.clip(root, "narrow-clip")
    assert problems(engine, steered("tiny-vq", eyes="bauklotz", words="bauklotz")) == []
    assert problems(engine, steered("tiny-sd", eyes="bauklotz", words="bauklotz")) == [
        "drawn.autoencoder: model.autoencoder does not fit: that of tiny-sd has no codebook; use a model with a VQGAN,"
        " such as bauklotz"
    ]
    assert problems(engine, steered("tiny-vq", eyes="bauklotz", words="narrow-clip")) == [
        "drawn.prompts: prompts.embedding does not fit: it is 16 wide, from the CLIP of narrow-clip; the CLIP of"
        " bauklotz embeds in 128; embed it with a CLIPTextEmbedding or a CLIPImageEmbedding of bauklotz"
    ]


def written(
    *, words: str = "tiny-vq", codebook: str = "tiny-vq", writer: str = "tiny-gpt2-2", end: str = "tiny-vq"
) -> Any:
    """DALL-E 1 with the prompt, the VQGAN, the transformer and the VQGAN that decodes from the models named."""
    types = {
        "words": ("Checkpoint", words),
        "model": ("Checkpoint", codebook),
        "writer": ("LoadImageTransformer", writer),
        "own": ("Checkpoint", end),
    }
    nodes: dict[str, Any] = {
        name: {"type": type_, "version": 1, "params": {"source": each}} for name, (type_, each) in types.items()
    }
    wires = {
        "tokens": ("Tokenizer", {"tokenizer": "words.tokenizer"}),
        "prompt": ("TextEncoder", {"tokens": "tokens.tokens", "encoder": "words.text_encoder"}),
        "guidance": ("CFG", {"positive": "prompt.conditioning"}),
        "codes": (
            "TokenSampler",
            {
                "transformer": "writer.image_transformer",
                "guidance": "guidance.guidance",
                "autoencoder": "model.autoencoder",
            },
        ),
        "latent": ("VQGANLookup", {"codes": "codes.codes", "autoencoder": "own.autoencoder"}),
        "image": ("VQGANDecoder", {"latent": "latent.latent", "autoencoder": "own.autoencoder"}),
    }
    nodes |= {name: {"type": type_, "version": 1, "inputs": inputs} for name, (type_, inputs) in wires.items()}
    return {"format": "promptograph/1", "nodes": nodes, "outputs": {"image": "image.image"}}


def test_a_transformer_writes_after_its_own_prompts_and_in_its_own_codebook_only(engine: Engine, root: Path) -> None:
    tiny_transformers.image_transformer(root)
    assert problems(engine, written()) == []
    assert problems(engine, written(words="tiny-xl")) == [
        "codes.guidance: guidance.guidance does not fit: its prompt is 64 wide, from tiny-xl; the transformer of"
        " tiny-gpt2-2 reads 32; encode the prompt with the text encoder that the transformer was trained with"
    ]
    assert problems(engine, written(codebook="tiny-sd")) == [
        "codes.autoencoder: model.autoencoder does not fit: that of tiny-sd has no codebook; use a model with a VQGAN,"
        " such as bauklotz"
    ]
    assert problems(engine, written(codebook="bauklotz")) == [
        "codes.autoencoder: model.autoencoder does not fit: its codes are 1024 of bauklotz, from bauklotz; tiny-gpt2-2"
        " knows 64 of stable-diffusion-4x2; take the VQGAN that the codes are made for on both sides"
    ]
    larger = tiny_transformers.image_transformer(root, name="tiny-larger-book", codes=80)
    (said,) = problems(engine, written(writer=larger.name))
    assert "its codes are 64 of stable-diffusion-4x2, from tiny-vq; tiny-larger-book knows 80 of" in said
    (said,) = problems(engine, written(end="bauklotz"))
    assert said.startswith("latent.codes: codes.codes does not fit: its codes are 64 of stable-diffusion-4x2")
    assert problems(engine, written(end="tiny-sd"))[0].startswith("latent.autoencoder: own.autoencoder does not fit")


def test_codes_of_another_codebook_are_not_gone_on_with(engine: Engine, root: Path) -> None:
    tiny_transformers.image_transformer(root)
    document = written()
    document["nodes"] |= {
        "other": {"type": "Checkpoint", "version": 1, "params": {"source": "bauklotz"}},
        "photo": {"type": "LoadImage", "version": 1, "params": {"image": "asset:1"}},
        "start": {
            "type": "VQGANEncoder", "version": 1,
            "inputs": {"image": "photo.image", "autoencoder": "other.autoencoder"},
        },
    }  # fmt: skip
    document["nodes"]["codes"]["inputs"]["start"] = "start.codes"
    (said,) = problems(engine, document)
    assert said.startswith("codes.start: start.codes does not fit: its codes are 1024 of bauklotz")


def test_a_model_that_is_not_here_is_not_known_and_nothing_is_refused_for_it(engine: Engine) -> None:
    document = drawing()
    document["nodes"]["m_sd"]["params"]["source"] = "gone"
    assert problems(engine, document) == []
    document["nodes"]["m_sd"]["params"]["source"] = "hub:org/name"
    assert problems(engine, document) == []
