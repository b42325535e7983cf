"""What holds for every node of the catalog: documented, pure, no input changed, no pipeline built, every value stored.

That every param, input and file moves the key is shown in test_every_key.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import PIL.Image
import pytest
import soundfile  # type: ignore[import-untyped]
import torch

from engine.codec import pack, unpack
from engine.digest import digest_of
from engine.files import Files
from engine.node import NodeFunction
from engine.run import Run
from nodes import CATALOG, films
from nodes.values import Audio, Embedding, Image, Mask
from tests.nodes import (
    tiny,
    tiny_audio,
    tiny_blip,
    tiny_clap,
    tiny_films,
    tiny_language,
    tiny_readers,
    tiny_sounds,
    tiny_transformers,
    tiny_unclip,
)

NODES = sorted(CATALOG.nodes)
Examples = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    torch.set_num_threads(1)
    root = tmp_path_factory.mktemp("models")
    return Run(files=Files(root / "files", roots=(root,)))


@pytest.fixture(scope="module")
def examples(run: Run) -> Examples:
    """What to call each node with."""
    root = Path(run.files.roots[0])
    tiny.stable_diffusion(root)
    tiny.with_vqgan(root)
    tiny_readers.clip(root)
    tiny_readers.dino(root)
    tiny_transformers.image_transformer(root)
    tiny_unclip.prior(root, told=True)
    tiny_unclip.unclip(root, told=True)
    tiny_language.language(root)
    for kind in tiny_blip.CLASSES:
        tiny_blip.blip(root, kind)
    PIL.Image.new("RGBA", (24, 16), (200, 30, 60, 128)).save(root / "photo.png")
    photo = run.files.bring(root / "photo.png")

    def call(name: str, **inputs: Any) -> Any:
        return _called(CATALOG.nodes[name], inputs, run)

    kl, vq = call("Checkpoint", source="tiny-sd"), call("Checkpoint", source="tiny-vq")
    tokens = call("Tokenizer", tokenizer=kl.tokenizer, text="a (red:1.5) circle on [blue]").tokens
    positive = call("TextEncoder", tokens=tokens, encoder=kl.text_encoder)
    guided = call("CFG", positive=positive)
    blank = call("EmptyLatent", denoiser=kl.denoiser)
    picture = Image(torch.rand(1, 3, 16, 16))
    words = call("Tokenizer", tokenizer=kl.tokenizer, text="a red circle").words
    watched = call("CrossAttention", denoiser=kl.denoiser, words=words)
    maps = call("Sampler", denoiser=kl.denoiser, guidance=guided, latent=blank, steps=2, attention=watched).attention
    mask = Mask((torch.rand(1, 1, 16, 16) > 0.5).float())
    encoded = call("VAEEncode", image=picture, autoencoder=kl.autoencoder)
    codes = call("VQGANEncoder", image=picture, autoencoder=vq.autoencoder)
    return {
        **_sounds(root, run),
        **_composers(root, call),
        **_hearers(root, call),
        **_diffusers(root, call),
        **_readers(call, run),
        **_writers(call, vq, codes.codes),
        **_films(call, run, root),
        **_imagined(call),
        **_speakers(call, picture),
        **_moving(call, kl, encoded.latent, root),
        **_filmed(call, root),
        "VQGANCLIP": _steered(call, vq.autoencoder),
        "APG": {"guidance": guided},
        "AttentionHeat": {"attention": maps, "word": "red"},
        "AutoGuidance": {"guidance": guided},
        "AveragePrompts": {"conditionings": [positive, positive]},
        "BlendPrompts": {"first": positive, "second": positive, "share": 0.3},
        "CFG": {"positive": positive, "negative": positive},
        "CFGZeroStar": {"guidance": guided},
        "Checkpoint": {"source": "tiny-sd"},
        "Choose": {"yes": picture, "no": None},
        "ColourMask": {"image": picture},
        "Combinations": {"template": "a {red|blue} circle"},
        "Composite": {"image": picture, "original": Image(torch.rand(1, 3, 16, 16)), "mask": mask, "feather": 2.0},
        "ConcatPrompts": {"first": positive, "second": positive},
        "ConfineWord": {"words": words, "word": "red", "mask": mask},
        "ControlNet": {"source": tiny.controlnet(root).name, "image": picture},
        "CrossAttention": {"denoiser": kl.denoiser, "words": words},
        "DrawLatent": {"gaussian": encoded.gaussian, "seed": 3},
        "DropWords": {"words": words},
        "DualGuidance": {"guidance": guided, "second": positive},
        "EmptyLatent": {"denoiser": kl.denoiser, "width": 24, "batch": 2},
        "Float": {"number": 1.5},
        "FollowAttention": {"attention": maps, "words": words},
        "GuidanceDifference": {"denoiser": kl.denoiser, "guidance": guided, "latent": encoded.latent},
        "GrowMask": {"mask": mask, "pixels": 1, "soft": 2.0},
        "IPAdapter": {"source": tiny.ip_adapter(root).name, "images": [picture]},
        "ImageMask": {"image": picture, "threshold": 0.5},
        "InpaintLatent": {"image": picture, "mask": mask, "autoencoder": kl.autoencoder},
        "Integer": {"number": 3},
        "InvertMask": {"mask": mask},
        "JoinMasks": {"first": mask, "second": mask},
        "JoinText": {"texts": ["a red circle", "", "flat"]},
        "List": {"items": [picture, picture]},
        "LoRA": {"denoiser": kl.denoiser, "source": tiny.lora(root).name, "strength": 0.5},
        "LoadImage": {"image": photo},
        "Overlay": {"image": picture, "mask": mask},
        "PAG": {"guidance": guided},
        "PadImage": {"image": picture, "left": 4},
        "PooledVector": {"conditioning": positive},
        "PromptBatch": {"conditionings": [positive, positive]},
        "PromptLinter": {"words": words},
        "PromptParts": {"text": "a red circle; rolling; a loud sine wave"},
        "PromptTemplate": {"subject": "a red circle"},
        "PromptWords": {"words": words},
        "RectangleMask": {"image": picture},
        "ResizeImage": {"image": picture, "width": 8, "height": 24},
        "ReweightWord": {"words": words, "word": "red"},
        "Sampler": {"denoiser": kl.denoiser, "guidance": guided, "latent": encoded.latent, "steps": 4, "strength": 0.5},
        "SLG": {"guidance": guided},
        "SamplingDefaults": {"defaults": kl.defaults},
        "Seeds": {"first": 5},
        "SwapWord": {"text": "a red circle", "word": "red", "others": ["blue"]},
        "SwitchGuidance": {"before": guided, "after": guided},
        "Text": {"text": "a red circle"},
        "TextEncoder": {"tokens": tokens, "encoder": kl.text_encoder, "skip": 1},
        "TextList": {"texts": ["a", "b"]},
        "Tokenizer": {"tokenizer": kl.tokenizer, "text": "a red circle"},
        "VAEDecode": {"latent": blank, "autoencoder": kl.autoencoder},
        "VAEEncode": {"image": picture, "autoencoder": kl.autoencoder},
        "VQGANDecoder": {"latent": codes.latent, "autoencoder": vq.autoencoder},
        "VQGANEncoder": {"image": picture, "autoencoder": vq.autoencoder},
        "VQGANLookup": {"codes": codes.codes, "autoencoder": vq.autoencoder},
        "Wildcards": {"seed": 3},
        "WordReach": {"tokens": tokens, "words": words, "encoder": kl.text_encoder},
    }


def _sounds(root: Path, run: Run) -> Examples:
    """What to call those nodes with that bring sounds in and draw them."""
    samples = torch.rand(1, 2, 900) - 0.5
    soundfile.write(root / "sound.wav", samples[0].T.numpy(), 8000)
    audio = Audio(samples, 8000)
    return {
        "LoadAudio": {"audio": run.files.bring(root / "sound.wav")},
        "ResampleAudio": {"audio": audio, "rate": 16_000},
        "Spectrogram": {"audio": audio, "width": 40},
        "Waveform": {"audio": audio, "width": 40, "height": 16},
    }


def _composers(root: Path, call: Callable[..., Any]) -> Examples:
    """What to call those nodes with that write sounds."""
    source = tiny_audio.musicgen(root).name
    model = call("LoadAudioModel", source=source)
    guided = call("CFG", positive=call("AudioPrompt", model=model, text="a red circle"), scale=2.0)
    start = Audio(torch.rand(1, 1, 40) - 0.5, tiny_audio.RATE)
    return {
        "AudioGen": {"model": model, "guidance": guided, "seconds": 0.1, "start": start, "top_k": 9},
        "AudioPrompt": {"model": model, "text": "a red circle"},
        "LoadAudioModel": {"source": source},
    }


def _hearers(root: Path, call: Callable[..., Any]) -> Examples:
    """What to call those nodes with that compare sounds with texts."""
    clap = call("LoadCLAP", source=tiny_clap.clap(root).name)
    sounds = Audio(torch.rand(2, 2, 1300) - 0.5, 2 * tiny_clap.RATE)
    texts = call("CLAPTextEmbedding", texts=tiny_clap.TEXTS, clap=clap)
    return {
        "AudioEncoder": {"audio": sounds, "clap": clap, "seed": 3},
        "AudioTextScore": {"sounds": call("AudioEncoder", audio=sounds, clap=clap), "texts": texts},
        "CLAPTextEmbedding": {"texts": [*tiny_clap.TEXTS], "clap": clap},
        "LoadCLAP": {"source": "tiny-clap"},
    }


def _diffusers(root: Path, call: Callable[..., Any]) -> Examples:
    """What to call those nodes with that denoise sounds."""
    source = tiny_sounds.audioldm2(root).name
    model = call("LoadSoundDiffuser", source=source)
    prompt = call("SoundPrompt", reader=model.reader, text="a loud tone", negative="rain", seconds=0.2)
    latent = call("SoundSampler", denoiser=model.denoiser, prompt=prompt, steps=2)
    return {
        "LoadSoundDiffuser": {"source": source},
        "SoundDecode": {"latent": latent, "prompt": prompt, "decoder": model.decoder},
        "SoundPrompt": {"reader": model.reader, "text": "a loud tone", "seconds": 0.2},
        "SoundSampler": {"denoiser": model.denoiser, "prompt": prompt, "steps": 2, "seeds": [1, 2], "eta": 0.5},
    }


def _steered(call: Callable[..., Any], autoencoder: Any) -> Mapping[str, Any]:
    clip = call("LoadCLIP", source="tiny-clip")
    prompts = call("CLIPTextEmbedding", texts=["a red circle"], clip=clip)
    small = {"width": 16, "height": 16, "steps": 2, "cutouts": 2}
    return {"autoencoder": autoencoder, "clip": clip, "prompts": prompts, **small}


def _films(call: Callable[..., Any], run: Run, root: Path) -> Examples:
    """What to call those nodes with that make films and take them apart."""
    film = call("VideoFromFrames", images=[Image(torch.rand(3, 3, 18, 24))], fps=6.0)
    (root / "film.mp4").write_bytes(films.mp4(film.frames.numpy(), film.fps))
    return {
        "FrameGrid": {"video": film, "count": 2, "tile": 16},
        "ReadMotion": {"video": call("VideoFromFrames", images=[Image(torch.rand(3, 3, 64, 64))])},
        "LoadVideo": {"video": run.files.bring(root / "film.mp4"), "most": 2},
        "VideoFrames": {"video": film, "every": 2},
        "VideoFromFrames": {"images": [Image(torch.rand(3, 3, 18, 24))]},
    }


def _moving(call: Callable[..., Any], kl: Any, first: Any, root: Path) -> Examples:
    """What to call those nodes with that lift a denoiser into time."""
    source = tiny.motion_adapter(root).name
    denoiser = call("VideoTemporal", denoiser=kl.denoiser, source=source, frames=3, overlap=1)
    return {
        "ClipLatent": {"denoiser": denoiser, "first": first},
        "DecodeVideo": {"latent": call("EmptyLatent", denoiser=denoiser), "autoencoder": kl.autoencoder, "window": 2},
        "VideoTemporal": {"denoiser": kl.denoiser, "source": source, "frames": 5, "window": 3, "overlap": 1},
    }


def _filmed(call: Callable[..., Any], root: Path) -> Examples:
    """What to call the node with that begins films of models that draw nothing else."""
    model = call("Checkpoint", source=tiny_films.wan(root).name)
    return {"EmptyFilmLatent": {"denoiser": model.denoiser, "frames": 9, "width": 32, "height": 16, "fps": 12.0}}


def _writers(call: Callable[..., Any], vq: Any, codes: Any) -> Examples:
    """What to call those nodes with that write pictures token by token."""
    tokens = call("Tokenizer", tokenizer=vq.tokenizer, text="a red circle").tokens
    guided = call("CFG", positive=call("TextEncoder", tokens=tokens, encoder=vq.text_encoder), scale=2.0)
    transformer = call("LoadImageTransformer", source="tiny-gpt2-2")
    wires = {"transformer": transformer, "guidance": guided, "autoencoder": vq.autoencoder}
    return {
        "LoadImageTransformer": {"source": "tiny-gpt2-2"},
        "TokenSampler": {**wires, "start": codes, "keep": 0.25, "count": 2, "top_k": 9, "top_p": 0.9},
    }


def _speakers(call: Callable[..., Any], picture: Image) -> Examples:
    """What to call those nodes with that write words."""
    model = call("LoadLanguageModel", source="tiny-language-gpt2")
    captions, answers = (call("LoadPictureReader", source=f"tiny-blip-{kind}") for kind in tiny_blip.CLASSES)
    drawn = {"tokens": 6, "temperature": 0.9, "top_k": 20, "top_p": 0.9, "seed": 3}
    return {
        "AskImage": {"image": picture, "reader": answers, "question": "red", **drawn},
        "CaptionImage": {"image": picture, "reader": captions, "text": "a red", **drawn},
        "LoadLanguageModel": {"source": "tiny-language-gpt2"},
        "LoadPictureReader": {"source": "tiny-blip-caption"},
        "NextToken": {"model": model, "text": "a red circle", "steps": 3, "top": 4, "temperature": 0.9},
        "PromptWriter": {"model": model, "text": "a star", "instruction": "of {}", "tokens": 6},
        "WriteText": {"model": model, "text": "a red circle", **drawn},
    }


def _readers(call: Callable[..., Any], run: Run) -> Examples:
    """What to call those nodes with that read pictures and texts, and compare them."""
    clip, dino = call("LoadCLIP", source="tiny-clip"), call("LoadDINO", source="tiny-dinov2")
    batch = Image(torch.rand(3, 3, 40, 48))
    texts = call("CLIPTextEmbedding", texts=["a red circle", "star", "of"], clip=clip)
    images = call("CLIPImageEmbedding", image=batch, clip=clip)
    one = call("CLIPImageEmbedding", image=Image(batch.pixels[1:2]), clip=clip)
    both = {"images": images, "texts": texts}
    seen = call("DINOEncoder", image=batch, dino=dino)
    near = {"real": seen.embedding, "made": seen.embedding}
    world = call("Scenes", count=2, pairs=0.5)
    scores = call("CLIPScore", **both)
    return {
        "Accuracy": {"answers": ["a", "b", "b"], "expected": ["a", "b", "a"]},
        "Album": {"pictures": ["asset:1"]},
        "AttributeAccuracy": {"image": world.image, "truth": world.truth},
        "AttentionPicture": {"attention": seen.attention, "image": batch, "head": 1},
        "CLIPImageEmbedding": {"image": batch, "clip": clip},
        "CLIPScore": both,
        "CLIPSimilarity": both,
        "CLIPTextEmbedding": {"texts": ["a red circle"], "clip": clip},
        "ClassifyImages": {"images": images, "classes": texts},
        "ContrastiveLoss": both,
        "CosineSimilarity": {"first": images, "second": texts},
        "DINOEncoder": {"image": batch, "dino": dino},
        "Diversity": {"pictures": seen.embedding},
        "FID": {"real": _many(seen.embedding, 1), "made": _many(seen.embedding, 2)},
        "FuseScores": {"image": call("CLIPSimilarity", **both).text_given_picture, "image_weight": 0.5},
        "ImageGrid": {"images": [batch, batch], "tile": 16},
        "ImageSimilarity": {"pictures": seen.embedding, "references": seen.embedding},
        "LoadIndex": {"index": _saved(run, images)},
        "JoinEmbeddings": {"embeddings": [images, texts]},
        "JoinLists": {"first": ["a"], "second": ["b", "c"]},
        "JoinTables": {"tables": [scores.table, scores.table], "names": ["a", "b"]},
        "KID": {**near, "subset": 2},
        "KeepBest": {"image": batch, "scores": scores.scores, "count": 2},
        "LoadCLIP": {"source": "tiny-clip"},
        "LoadDINO": {"source": "tiny-dinov2"},
        "NeighbourVote": {"known": images, "labels": ["a", "b", "a"], "asked": texts, "count": 2},
        "PatchColours": {"features": seen.features},
        "PatchSimilarity": {"features": seen.features, "row": 1, "column": 2},
        "Pick": {"items": ["a", "b"], "numbers": [1, 0]},
        "Scenes": {"count": 3, "pairs": 0.5},
        "Sounds": {"count": 2, "language": "de", "attribute": "pitch"},
        "ScoresTable": {"scores": [scores.scores], "rows": ["a", "b", "c"]},
        "Search": {"index": texts, "query": one, "count": 2},
        "SplitBatch": {"image": batch},
        "TemporalConsistency": {"frames": images},
        "TextFrameSimilarity": {"frames": images, "text": call("CLIPTextEmbedding", texts=["a star"], clip=clip)},
        "StackImages": {"images": [batch, batch]},
        "ZeroShotClassifier": {"clip": clip, "classes": ["red", "blue"], "templates": ["a {}", "{}"]},
    }


def _saved(run: Run, embedding: Embedding) -> str:
    """Save vectors as a file, and bring it in."""
    path = Path(run.files.roots[0]) / "index.safetensors"
    path.write_bytes(pack(CATALOG.codecs.kind(embedding).encode(embedding)))
    return run.files.bring(path)


def _many(embedding: Embedding, seed: int) -> Embedding:
    """Give more vectors of a space than it is wide."""
    width = embedding.vectors.shape[1]
    vectors = torch.randn(width + 4, width, generator=torch.Generator().manual_seed(seed))
    return Embedding(vectors, embedding.space, ("",) * len(vectors))


def _imagined(call: Callable[..., Any]) -> Examples:
    """What to call those nodes with that go from texts to image embeddings, and on to pictures."""
    clip, prior = call("LoadCLIP", source=tiny_unclip.CLIP), call("LoadPrior", source="tiny-prior")
    found = call("Prior", prior=prior, clip=clip, text="a red circle", steps=2)
    text = call("CLIPTextEmbedding", texts=["a red circle"], clip=clip)
    return {
        "InterpolateEmbeddings": {"first": text, "second": found, "count": 3},
        "LoadPrior": {"source": "tiny-prior"},
        "LoadUnCLIP": {"source": "tiny-unclip"},
        "Prior": {"prior": prior, "clip": clip, "text": "a red circle", "seeds": [1, 2], "steps": 3},
        "UnCLIPConditioning": {"embedding": found, "unclip": call("LoadUnCLIP", source="tiny-unclip")},
    }


def _called(node: NodeFunction, inputs: Mapping[str, Any], run: Run) -> Any:
    return node(**inputs, **({} if node.run_name is None else {node.run_name: run}))


def _values(given: Any) -> Iterator[Any]:
    """Give every value inside lists and named outputs."""
    if isinstance(given, list) or (isinstance(given, tuple) and hasattr(given, "_fields")):
        for each in given:
            yield from _values(each)
    elif given is not None:
        yield given


def _digests(given: Any) -> list[str]:
    return [digest_of(CATALOG.codecs.kind(value).encode(value)) for value in _values(given)]


def test_every_node_has_an_example(examples: Examples) -> None:
    assert sorted(examples) == NODES


@pytest.mark.parametrize("name", NODES)
def test_it_is_documented(name: str) -> None:
    spec = CATALOG.nodes[name].spec
    assert len(spec.help.split()) > 4
    assert spec.help.endswith(".")
    assert spec.title
    assert spec.category


@pytest.mark.parametrize("name", NODES)
def test_its_defaults_are_legal(name: str) -> None:
    for port in CATALOG.nodes[name].spec.inputs:
        if port.schema is not None and port.default is not None:
            jsonschema.validate(port.default, dict(port.schema))


@pytest.mark.parametrize("name", NODES)
def test_it_changes_no_input_and_gives_the_same_again(name: str, examples: Examples, run: Run) -> None:
    node = CATALOG.nodes[name]
    before = _digests(list(examples[name].values()))
    torch.manual_seed(1)
    first = _digests(_called(node, examples[name], run))
    torch.manual_seed(2)  # randomness comes from the seed, never from global state
    assert _digests(_called(node, examples[name], run)) == first
    assert _digests(list(examples[name].values())) == before


@pytest.mark.parametrize("name", NODES)
def test_its_outputs_are_of_the_types_it_promises(name: str, examples: Examples, run: Run) -> None:
    node = CATALOG.nodes[name]
    given = _called(node, examples[name], run)
    outputs = given if hasattr(given, "_fields") else (given,)
    for port, value in zip(node.spec.outputs, outputs, strict=True):
        assert value is not None or port.optional
        for each in _values(value):
            assert port.type.variable or CATALOG.codecs.kind(each).name == port.type.name


@pytest.mark.parametrize("name", NODES)
def test_its_values_are_stored_and_read_back_whole(name: str, examples: Examples, run: Run) -> None:
    for value in _values([*examples[name].values(), _called(CATALOG.nodes[name], examples[name], run)]):
        kind = CATALOG.codecs.kind(value)
        stored = kind.encode(value)
        again = kind.encode(kind.decode(unpack(pack(stored))))
        assert digest_of(again) == digest_of(stored)
        assert kind.size(value) > 0
        assert type(kind.decode(stored)) is type(value)


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every pipeline of the libraries fail to be built."""
    import diffusers
    import transformers

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a pipeline was built")

    for attribute in ("__init__", "register_modules", "from_pretrained", "from_single_file"):
        monkeypatch.setattr(diffusers.DiffusionPipeline, attribute, refuse, raising=False)  # all others derive from it
    monkeypatch.setattr(transformers.Pipeline, "__init__", refuse)
    monkeypatch.setattr(transformers, "pipeline", refuse)


@pytest.mark.parametrize("name", NODES)
@pytest.mark.usefixtures("poisoned")
def test_it_builds_no_pipeline(name: str, examples: Examples, run: Run) -> None:
    fresh = Run(files=run.files)  # nothing loaded: opening models must not build one either
    _called(CATALOG.nodes[name], examples[name], fresh)


@pytest.mark.usefixtures("poisoned")
def test_the_poison_works() -> None:
    import diffusers

    with pytest.raises(AssertionError, match="a pipeline was built"):
        diffusers.LDMTextToImagePipeline(None, None, None, None, None)


def test_importing_the_nodes_imports_no_heavy_library() -> None:
    heavy = ("torch", "transformers", "diffusers", "open_clip", "accelerate", "PIL", "huggingface_hub")
    code = f"import sys, nodes, nodes.views; print([name for name in {heavy!r} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
