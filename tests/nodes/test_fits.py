"""Every pair of ports that may be fed by two models: what does not fit is refused, by name of edge, models and mend.

The models are configs and headers alone: nothing of them could be loaded.
"""

import json
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

import pytest

from engine import Cache, Engine, Files
from graphs import Graph
from nodes import CATALOG

Links = Mapping[str, str | list[str]]


def weights(path: Path, shapes: Mapping[str, Sequence[int]] | None = None) -> None:
    """Write a .safetensors file of zeros; each one's content is its own."""
    header: dict[str, Any] = {"__metadata__": {"of": path.parent.name + path.parent.parent.name}}
    at = 0
    for name, shape in (shapes or {}).items():
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [at, at + 4 * prod(shape)]}
        at += 4 * prod(shape)
    written = json.dumps(header).encode()
    path.write_bytes(len(written).to_bytes(8, "little") + written + bytes(at))


def part(folder: Path, stem: str, **config: Any) -> None:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config))
    weights(folder / f"{stem}.safetensors")


def checkpoint(folder: Path, *, width: int, words: int, channels: int, vq: bool = False) -> None:
    diffusers = "diffusion_pytorch_model"
    part(folder / "unet", diffusers, _class_name="UNet2DConditionModel", cross_attention_dim=width)
    kind = {"_class_name": "VQModel" if vq else "AutoencoderKL", "block_out_channels": [8] * (2 if vq else 4)}
    part(folder / ("vqvae" if vq else "vae"), diffusers, **kind, latent_channels=channels)
    part(folder / "text_encoder", "model", hidden_size=width, vocab_size=words)
    (folder / "tokenizer").mkdir()
    (folder / "tokenizer" / "tokenizer.json").write_text("{}")


def filming(folder: Path, *, width: int) -> None:
    """Write a Wan, without its weights."""
    diffusers = "diffusion_pytorch_model"
    part(folder / "transformer", diffusers, _class_name="WanTransformer3DModel", text_dim=width)
    part(folder / "vae", diffusers, _class_name="AutoencoderKLWan")
    part(folder / "text_encoder", "model", architectures=["UMT5EncoderModel"], d_model=width, vocab_size=300)
    for name in ("tokenizer", "scheduler"):
        (folder / name).mkdir()
    (folder / "tokenizer" / "tokenizer.json").write_text("{}")
    schedule = {"_class_name": "UniPCMultistepScheduler", "prediction_type": "flow_prediction"}
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(schedule))


def seer(folder: Path, *, width: int) -> None:
    folder.mkdir()
    model = {"embed_dim": width, "text_cfg": {}, "vision_cfg": {}}
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": model}))
    weights(folder / "open_clip_model.safetensors")


def hearer(folder: Path, *, width: int) -> None:
    part(folder, "model", model_type="clap", projection_dim=width)
    for name in ("preprocessor_config.json", "tokenizer.json"):
        (folder / name).write_text("{}")


def composer(folder: Path, *, width: int) -> None:
    part(folder, "model", model_type="musicgen", text_encoder={"d_model": width}, decoder={}, audio_encoder={})


def diffuser(folder: Path, *, width: int, channels: int) -> None:
    net = {"_class_name": "StableAudioDiTModel", "cross_attention_input_dim": width, "in_channels": channels}
    networks: Mapping[str, Mapping[str, Any]] = {
        "transformer": net,
        "projection_model": {"max_value": 40},
        "text_encoder": {},
        "vae": {},
    }
    for name, config in networks.items():
        part(folder / name, "model", **config)
    for path in ("tokenizer/tokenizer.json", "scheduler/scheduler_config.json"):
        (folder / path).parent.mkdir()
        (folder / path).write_text("{}")


def picture_adapter(folder: Path, kind: str) -> None:
    folder.mkdir()
    kinds: Mapping[str, Mapping[str, Sequence[int]]] = {
        "plain": {"proj.weight": (4 * 64, 16)},
        "plus": {"latents": (1, 4, 8), "proj_in.weight": (8, 16)},
    }
    shapes = {f"image_proj.{name}": shape for name, shape in kinds[kind].items()}
    weights(folder / "adapter.safetensors", {**shapes, "ip_adapter.1.to_k_ip.weight": (8, 64)})


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    root = tmp_path_factory.mktemp("models")
    checkpoint(root / "narrow", width=32, words=100, channels=4)
    checkpoint(root / "wide", width=64, words=200, channels=8)
    checkpoint(root / "coded", width=32, words=100, channels=4, vq=True)
    checkpoint(root / "recoded", width=32, words=100, channels=3, vq=True)
    filming(root / "rolling", width=32)
    for name, width in (("first", 16), ("second", 16), ("third", 24)):
        seer(root / name, width=width)
    (root / "copy").mkdir()
    for file in (root / "first").iterdir():
        (root / "copy" / file.name).write_bytes(file.read_bytes())
    part(root / "eyes", "model", model_type="dinov2", hidden_size=16)
    (root / "eyes" / "preprocessor_config.json").write_text("{}")
    for name, width in (("ears", 16), ("others", 24)):
        hearer(root / name, width=width)
    for name, width in (("tune", 16), ("march", 24)):
        composer(root / name, width=width)
    diffuser(root / "calm", width=16, channels=4)
    diffuser(root / "wild", width=24, channels=8)
    part(root / "control", "diffusion_pytorch_model", _class_name="ControlNetModel", cross_attention_dim=64)
    picture_adapter(root / "adapter", "plain")
    picture_adapter(root / "plus", "plus")
    return Engine(CATALOG, cache=Cache(), files=Files(root / "assets", roots=(root,)))


def node(type_: str, *, of: str | None = None, params: Mapping[str, Any] | None = None, **inputs: Any) -> Any:
    source = {} if of is None else {"source": of}
    return {
        "type": type_,
        "version": CATALOG.nodes[type_].spec.version,
        "params": {**source, **(params or {})},
        "inputs": inputs,
    }


def drawing(name: str) -> dict[str, Any]:
    """What is made with one checkpoint alone."""
    return {
        name: node("Checkpoint", of=name),
        f"words_{name}": node("Tokenizer", tokenizer=f"{name}.tokenizer"),
        f"text_{name}": node("TextEncoder", tokens=f"words_{name}.tokens", encoder=f"{name}.text_encoder"),
        f"steer_{name}": node("CFG", positive=f"text_{name}.conditioning"),
        f"pag_{name}": node("PAG", guidance=f"steer_{name}.guidance"),
        f"blank_{name}": node("EmptyLatent", denoiser=f"{name}.denoiser"),
        f"watch_{name}": node("CrossAttention", denoiser=f"{name}.denoiser", words=f"words_{name}.words"),
        f"edit_{name}": node("ReweightWord", words=f"words_{name}.words", params={"word": "red"}),
        f"reach_{name}": node(
            "WordReach", tokens=f"words_{name}.tokens", words=f"words_{name}.words", encoder=f"{name}.text_encoder"
        ),
        f"drawn_{name}": node(
            "Sampler",
            denoiser=f"{name}.denoiser",
            guidance=f"pag_{name}.guidance",
            latent=f"blank_{name}.latent",
            attention=f"watch_{name}.attention",
        ),
    }


def reading(name: str) -> dict[str, Any]:
    """What is made with one CLIP alone."""
    return {
        name: node("LoadCLIP", of=name),
        f"texts_{name}": node("CLIPTextEmbedding", clip=f"{name}.clip_model", params={"texts": ["a"]}),
        f"classes_{name}": node("ZeroShotClassifier", clip=f"{name}.clip_model", params={"classes": ["a"]}),
        f"pictures_{name}": node("CLIPImageEmbedding", clip=f"{name}.clip_model", image="picture.image"),
    }


def sounding(name: str) -> dict[str, Any]:
    """What is made with one model of sounds alone."""
    return {
        name: node("LoadSoundDiffuser", of=name),
        f"asked_{name}": node("SoundPrompt", reader=f"{name}.reader"),
        f"sampled_{name}": node("SoundSampler", denoiser=f"{name}.denoiser", prompt=f"asked_{name}.sound_prompt"),
    }


POOL: Mapping[str, Any] = {
    **sounding("calm"),
    **sounding("wild"),
    **drawing("narrow"),
    **drawing("wide"),
    **drawing("coded"),
    **drawing("recoded"),
    "rolling": node("Checkpoint", of="rolling"),
    "words_rolling": node("Tokenizer", tokenizer="rolling.tokenizer"),
    "text_rolling": node("TextEncoder", tokens="words_rolling.tokens", encoder="rolling.text_encoder"),
    "steer_rolling": node("CFG", positive="text_rolling.conditioning"),
    "blank_rolling": node("EmptyFilmLatent", denoiser="rolling.denoiser"),
    "picture": node("VAEDecode", latent="drawn_narrow.latent", autoencoder="narrow.autoencoder"),
    "codes": node("VQGANEncoder", image="picture.image", autoencoder="coded.autoencoder"),
    **reading("first"),
    **reading("second"),
    **reading("third"),
    **reading("copy"),
    "eyes": node("LoadDINO", of="eyes"),
    "seen": node("DINOEncoder", image="picture.image", dino="eyes.dino_model"),
    "ears": node("LoadCLAP", of="ears"),
    "said": node("CLAPTextEmbedding", clap="ears.clap_model", params={"texts": ["a"]}),
    "others": node("LoadCLAP", of="others"),
    "told": node("CLAPTextEmbedding", clap="others.clap_model", params={"texts": ["a"]}),
    "tune": node("LoadAudioModel", of="tune"),
    "march": node("LoadAudioModel", of="march"),
    "marched": node("AudioPrompt", model="march.audio_model"),
    "steer_march": node("CFG", positive="marched.conditioning"),
    "held": node("ControlNet", of="control", image="picture.image"),
    "shown": node("IPAdapter", of="adapter", images=["picture.image"], clip="first.clip_model"),
}

TOKENS, GUIDE, TEXT = "make it with a Tokenizer of ", "", "encode both with a TextEncoder of narrow"
SAMPLED = {"denoiser": "narrow.denoiser", "guidance": "steer_narrow.guidance", "latent": "blank_narrow.latent"}
FILMED = {"denoiser": "rolling.denoiser", "guidance": "steer_rolling.guidance", "latent": "blank_rolling.latent"}
OPTIMISED = {"autoencoder": "coded.autoencoder", "clip": "first.clip_model", "prompts": "texts_first.embedding"}
CLIPS = "embed it with a CLIPTextEmbedding or a CLIPImageEmbedding of "
EYES = "embed it with a DINOEncoder of eyes"
BOTH = {"first": "text_narrow.conditioning", "second": "text_wide.conditioning"}
LIST: Links = {"conditionings": ["text_narrow.conditioning", "text_wide.conditioning"]}
COMPARED = {"images": "pictures_first.embedding"}

# node type, its inputs, the port that is refused, what would mend it
REFUSED: Sequence[tuple[str, Links, str, str]] = (
    ("TextEncoder", {"tokens": "words_wide.tokens", "encoder": "narrow.text_encoder"}, "tokens", TOKENS + "narrow"),
    (
        "WordReach",
        {"tokens": "words_wide.tokens", "words": "words_wide.words", "encoder": "narrow.text_encoder"},
        "tokens",
        TOKENS + "narrow",
    ),
    (
        "WordReach",
        {"tokens": "words_narrow.tokens", "words": "words_wide.words", "encoder": "narrow.text_encoder"},
        "words",
        TOKENS + "narrow",
    ),
    ("CFG", {"positive": "text_narrow.conditioning", "negative": "text_wide.conditioning"}, "negative", TEXT),
    ("DualGuidance", {"guidance": "steer_narrow.guidance", "second": "text_wide.conditioning"}, "second", TEXT),
    ("SwitchGuidance", {"before": "steer_narrow.guidance", "after": "pag_wide.guidance"}, "after", TEXT),
    ("BlendPrompts", BOTH, "second", TEXT),
    ("ConcatPrompts", BOTH, "second", TEXT),
    ("AveragePrompts", LIST, "conditionings", TEXT),
    ("PromptBatch", LIST, "conditionings", TEXT),
    ("GuidanceDifference", {**SAMPLED, "guidance": "steer_wide.guidance"}, "guidance", "a TextEncoder of narrow"),
    ("GuidanceDifference", {**SAMPLED, "latent": "blank_wide.latent"}, "latent", "VAEEncode with narrow between them"),
    ("Sampler", {**SAMPLED, "guidance": "pag_wide.guidance"}, "guidance", "a TextEncoder of narrow"),
    ("Sampler", {**SAMPLED, "latent": "blank_wide.latent"}, "latent", "VAEDecode with wide and VAEEncode with narrow"),
    ("Sampler", {**SAMPLED, "attention": "watch_wide.attention"}, "attention", TOKENS + "narrow"),
    ("Sampler", {**SAMPLED, "controls": ["held.control"]}, "controls", "take a ControlNet made for narrow"),
    ("Sampler", {**SAMPLED, "pictures": ["shown.picture_prompt"]}, "pictures", "take an IP-Adapter made for narrow"),
    ("CrossAttention", {"denoiser": "narrow.denoiser", "words": "words_wide.words"}, "words", TOKENS + "narrow"),
    (
        "CrossAttention",
        {"denoiser": "narrow.denoiser", "words": "words_narrow.words", "edits": ["edit_wide.attention_edit"]},
        "edits",
        TOKENS + "narrow",
    ),
    (
        "FollowAttention",
        {"attention": "drawn_narrow.attention", "words": "words_wide.words"},
        "words",
        TOKENS + "narrow",
    ),
    (
        "AttentionHeat",
        {"attention": "drawn_narrow.attention", "reach": "reach_wide.word_reach"},
        "reach",
        TOKENS + "narrow",
    ),
    (
        "VAEDecode",
        {"latent": "drawn_wide.latent", "autoencoder": "narrow.autoencoder"},
        "latent",
        "the autoencoder of wide",
    ),
    ("VQGANEncoder", {"image": "picture.image", "autoencoder": "narrow.autoencoder"}, "autoencoder", "use VAEEncode"),
    (
        "VQGANDecoder",
        {"latent": "drawn_coded.latent", "autoencoder": "narrow.autoencoder"},
        "autoencoder",
        "use VAEDecode",
    ),
    (
        "VQGANDecoder",
        {"latent": "drawn_wide.latent", "autoencoder": "coded.autoencoder"},
        "latent",
        "the autoencoder of wide",
    ),
    (
        "VQGANLookup",
        {"codes": "codes.codes", "autoencoder": "narrow.autoencoder"},
        "autoencoder",
        "use a model with a VQGAN",
    ),
    (
        "VQGANLookup",
        {"codes": "codes.codes", "autoencoder": "recoded.autoencoder"},
        "codes",
        "take the VQGAN that the codes are made for",
    ),
    ("VQGANCLIP", {**OPTIMISED, "autoencoder": "narrow.autoencoder"}, "autoencoder", "use a model with a VQGAN"),
    ("VQGANCLIP", {**OPTIMISED, "prompts": "texts_second.embedding"}, "prompts", CLIPS + "first"),
    ("VQGANCLIP", {**OPTIMISED, "image_prompt": "pictures_third.embedding"}, "image_prompt", CLIPS + "first"),
    ("VQGANCLIP", {**OPTIMISED, "latent": "drawn_wide.latent"}, "latent", "the autoencoder of wide"),
    ("CLIPSimilarity", {**COMPARED, "texts": "texts_third.embedding"}, "texts", CLIPS + "first"),
    ("CLIPScore", {**COMPARED, "texts": "texts_second.embedding"}, "texts", CLIPS + "first"),
    ("CLIPScore", {**COMPARED, "texts": "seen.embedding"}, "texts", CLIPS + "first"),
    ("ContrastiveLoss", {**COMPARED, "texts": "texts_third.embedding"}, "texts", CLIPS + "first"),
    ("ClassifyImages", {**COMPARED, "classes": "classes_second.embedding"}, "classes", CLIPS + "first"),
    (
        "AudioTextScore",
        {"sounds": "said.embedding", "texts": "told.embedding"},
        "texts",
        "embed it with a CLAPTextEmbedding or an AudioEncoder of ears",
    ),
    (
        "AudioGen",
        {"model": "tune.audio_model", "guidance": "steer_march.guidance"},
        "guidance",
        "encode the prompt with an AudioPrompt of tune",
    ),
    (
        "SoundSampler",
        {"denoiser": "calm.denoiser", "prompt": "asked_wild.sound_prompt"},
        "prompt",
        "read it with a SoundPrompt of calm",
    ),
    (
        "SoundDecode",
        {"latent": "sampled_wild.latent", "prompt": "asked_calm.sound_prompt", "decoder": "calm.decoder"},
        "latent",
        "the autoencoder of wild",
    ),
    (
        "SoundDecode",
        {"latent": "sampled_calm.latent", "prompt": "asked_wild.sound_prompt", "decoder": "calm.decoder"},
        "prompt",
        "read it with a SoundPrompt of calm",
    ),
    (
        "CosineSimilarity",
        {"first": "seen.embedding", "second": "texts_third.embedding"},
        "second",
        EYES,
    ),
    ("FID", {"real": "pictures_first.embedding", "made": "pictures_third.embedding"}, "made", CLIPS + "first"),
    ("KID", {"real": "pictures_first.embedding", "made": "pictures_second.embedding"}, "made", CLIPS + "first"),
    ("ImageSimilarity", {"pictures": "seen.embedding", "references": "pictures_first.embedding"}, "references", EYES),
    ("InterpolateEmbeddings", {"first": "seen.embedding", "second": "texts_first.embedding"}, "second", EYES),
    (
        "TextFrameSimilarity",
        {"frames": "pictures_first.embedding", "text": "texts_third.embedding"},
        "text",
        CLIPS + "first",
    ),
    ("Search", {"index": "pictures_first.embedding", "query": "texts_third.embedding"}, "query", CLIPS + "first"),
    (
        "NeighbourVote",
        {"known": "seen.embedding", "asked": "pictures_first.embedding"},
        "asked",
        "a DINOEncoder of eyes",
    ),
    (
        "JoinEmbeddings",
        {"embeddings": ["texts_first.embedding", "texts_third.embedding"]},
        "embeddings",
        CLIPS + "first",
    ),
)
FILMS: Sequence[tuple[str, Links, str, str]] = (
    (
        "Sampler",
        {**FILMED, "latent": "blank_narrow.latent"},
        "latent",
        "VAEDecode with narrow and VAEEncode with rolling",
    ),
    ("Sampler", {**FILMED, "guidance": "steer_wide.guidance"}, "guidance", "a TextEncoder of rolling"),
    ("Sampler", {**FILMED, "controls": ["held.control"]}, "controls", "steer it by CFG"),
    ("TextEncoder", {"tokens": "words_narrow.tokens", "encoder": "rolling.text_encoder"}, "tokens", TOKENS + "rolling"),
    ("EmptyLatent", {"denoiser": "rolling.denoiser"}, "denoiser", "take an EmptyFilmLatent"),
    ("EmptyFilmLatent", {"denoiser": "narrow.denoiser"}, "denoiser", "lift it into time by VideoTemporal"),
    ("VideoTemporal", {"denoiser": "rolling.denoiser"}, "denoiser", "with an EmptyFilmLatent"),
    ("ClipLatent", {"denoiser": "rolling.denoiser", "first": "drawn_narrow.latent"}, "denoiser", "an EmptyFilmLatent"),
    ("LoRA", {"denoiser": "rolling.denoiser"}, "denoiser", "LoRAs are for models that draw pictures"),
    ("GuidanceDifference", FILMED, "denoiser", "take a model that draws pictures"),
    ("VAEEncode", {"image": "picture.image", "autoencoder": "rolling.autoencoder"}, "autoencoder", "one of pictures"),
    (
        "VAEDecode",
        {"latent": "blank_rolling.latent", "autoencoder": "rolling.autoencoder"},
        "autoencoder",
        "DecodeVideo",
    ),
    (
        "DecodeVideo",
        {"latent": "drawn_narrow.latent", "autoencoder": "rolling.autoencoder"},
        "latent",
        "the autoencoder of narrow",
    ),
)
TYPES = {
    "Attention",
    "AttentionEdit",
    "AttentionMaps",
    "AudioModel",
    "Autoencoder",
    "CLAPModel",
    "CLIPModel",
    "Codes",
    "Conditioning",
    "Control",
    "DINOModel",
    "Denoiser",
    "Embedding",
    "Guidance",
    "ImageTransformer",
    "Latent",
    "PicturePrompt",
    "PriorModel",
    "SoundDecoder",
    "SoundDenoiser",
    "SoundPrompt",
    "SoundReader",
    "TextEncoderModel",
    "Tokens",
    "UnclipModel",
    "WordReach",
    "Words",
}
ELSEWHERE = {"Prior", "UnCLIPConditioning", "TokenSampler"}  # in test_unclip, and in test_facts
PARAMS: Mapping[str, Mapping[str, Any]] = {
    "LoRA": {"source": "narrow"},
    "VideoTemporal": {"source": "narrow"},
    "AttentionHeat": {"word": "red"},
    "NeighbourVote": {"labels": ["a"]},
}


def problems(engine: Engine, **more: Any) -> list[str]:
    document = {"format": "promptograph/1", "nodes": {**POOL, **more}}
    return [str(problem) for problem in engine.check(Graph.load(document))]


@pytest.mark.parametrize(("type_", "inputs", "port", "mend"), [*REFUSED, *FILMS])
def test_what_does_not_fit_is_refused(type_: str, inputs: Links, port: str, mend: str, engine: Engine) -> None:
    asked = node(type_, params=PARAMS.get(type_)) | {"inputs": inputs}
    (said,) = problems(engine, asked=asked)
    links = inputs[port]
    edge = " and ".join(links) if isinstance(links, list) else links
    assert said.startswith(f"asked.{port}: {edge} does not fit: ")
    assert mend in said


def test_every_node_that_two_models_may_feed_is_in_the_list() -> None:
    fed_by_two = {
        name
        for name, function in CATALOG.nodes.items()
        if sum((1 + port.type.many) for port in function.spec.inputs if port.type.name in TYPES) > 1
    }
    assert fed_by_two - {type_ for type_, *_ in (*REFUSED, *FILMS)} == ELSEWHERE


def test_what_fits_is_not_refused(engine: Engine) -> None:
    assert problems(engine) == []
    copied = node("CLIPScore", images="pictures_first.embedding", texts="texts_copy.embedding")
    assert problems(engine, asked=copied) == []  # the same weights in another folder


def test_an_ip_adapter_is_refused_a_clip_that_it_was_not_trained_with(engine: Engine) -> None:
    def given(of: str, eyes: str) -> list[str]:
        asked = node("IPAdapter", of=of, images=["picture.image"], clip=f"{eyes}.clip_model")
        return problems(engine, asked=asked)

    assert given("adapter", "third") == [
        "asked.clip: third.clip_model does not fit: third embeds in 24, adapter reads 16; wire a Load CLIP of the model"
        " that the adapter was trained with"
    ]
    assert given("plus", "first") == [
        "asked.clip: first.clip_model does not fit: plus is of the kind plus and reads patches; leave it out and give"
        " an image encoder"
    ]


def test_a_clip_or_a_dino_from_the_hub_is_not_asked_for_while_a_graph_is_checked(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the hub was asked")

    monkeypatch.setattr("huggingface_hub.snapshot_download", refuse)
    away = {**reading("first"), "first": node("LoadCLIP", of="hub:org/clip")}
    scored = node("CLIPScore", images="pictures_third.embedding", texts="texts_first.embedding")
    assert problems(engine, **away, eyes=node("LoadDINO", of="hub:org/dino"), asked=scored) == []
