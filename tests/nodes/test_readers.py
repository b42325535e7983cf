"""CLIPs and DINOs are opened from safe files alone, and never fetch anything."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from engine import Files, Run
from engine.errors import InputError
from nodes import clip, dino
from nodes.clip_model import clip_files
from nodes.dino_model import dino_files
from nodes.nearness import cosine_similarity
from nodes.sources import locate_reader
from nodes.values import Image
from tests.nodes import tiny_readers


@pytest.fixture
def clip_folder(root: Path, files: Files) -> Path:
    """Give a copy of a tiny CLIP, to spoil."""
    return copied(tiny_readers.clip(root), "spoiled-clip")


@pytest.fixture
def dino_folder(root: Path) -> Path:
    return copied(tiny_readers.dino(root), "spoiled-dino")


def copied(folder: Path, name: str) -> Path:
    target = folder.with_name(name)
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder, target)
    return target


def change(folder: Path, part: str, **values: Any) -> None:
    path = folder / "open_clip_config.json"
    config = json.loads(path.read_text())
    (config["model_cfg"] if part == "model_cfg" else config["model_cfg"][part]).update(values)
    path.write_text(json.dumps(config))


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("text_cfg", {"hf_model_name": "roberta-base"}),
        ("vision_cfg", {"timm_model_name": "hf-hub:somebody/model"}),
        ("text_cfg", {"tokenizer_kwargs": {"trust_remote_code": True}}),
        ("model_cfg", {"multimodal_cfg": {}}),
        ("model_cfg", {"init_logit_bias": -10}),
        ("model_cfg", {"text_cfg": None}),
    ],
)
def test_a_clip_that_would_be_fetched_or_is_none_is_refused(
    part: str, values: dict[str, Any], clip_folder: Path, run: Run
) -> None:
    change(clip_folder, part, **values)
    with pytest.raises(InputError, match=r"elsewhere|no plain CLIP|describes no CLIP"):
        clip.load_clip(clip_folder.name, run=run)


@pytest.mark.parametrize("kind", ["clip", "dino"])
def test_pickles_and_missing_weights_are_refused(kind: str, clip_folder: Path, dino_folder: Path, run: Run) -> None:
    folder, load = (clip_folder, clip.load_clip) if kind == "clip" else (dino_folder, dino.load_dino)
    (weights,) = folder.glob("*.safetensors")
    weights.unlink()
    with pytest.raises(InputError, match=r"model\.safetensors is missing"):
        load(folder.name, run=run)
    torch.save({"weights": torch.ones(2)}, folder / "pytorch_model.bin")
    with pytest.raises(InputError, match="is a pickle"):
        load(folder.name, run=run)
    shutil.move(folder / "pytorch_model.bin", weights)
    with pytest.raises(InputError, match="is a pickle"):
        load(folder.name, run=run)


def test_weights_that_do_not_fit_are_refused(clip_folder: Path, dino_folder: Path, run: Run) -> None:
    change(clip_folder, "model_cfg", embed_dim=24)
    with pytest.raises(InputError, match="open_clip cannot open this model"):
        run.load(clip.load_clip(clip_folder.name, run=run))
    config = json.loads((dino_folder / "config.json").read_text())
    (dino_folder / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}))
    with pytest.raises(InputError, match=r"the weights have no|cannot open"):
        run.load(dino.load_dino(dino_folder.name, run=run))


def test_another_model_is_no_dino(dino_folder: Path, run: Run) -> None:
    (dino_folder / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(InputError, match="'bert' is no DINO"):
        dino.load_dino(dino_folder.name, run=run)


def test_a_tokenizer_that_is_asked_for_must_be_there(clip_folder: Path, run: Run) -> None:
    (clip_folder / "tokenizer.json").unlink()
    with pytest.raises(InputError, match=r"tokenizer\.json is missing"):
        clip.load_clip(clip_folder.name, run=run)


def test_every_file_that_is_opened_is_named(root: Path, files: Files) -> None:
    for name, named in ((tiny_readers.clip(root).name, clip_files), (tiny_readers.dino(root).name, dino_files)):
        assert {path.name for path in (root / name).iterdir()} == {path.name for path in named(name, files).values()}


def test_a_picture_is_embedded_the_same_alone_and_in_company(root: Path, run: Run) -> None:
    batch = Image(torch.rand(5, 3, 32, 32))
    reader, seer = clip.load_clip(tiny_readers.clip(root).name, run=run), dino.load_dino("tiny-dinov2", run=run)
    both, alone = (
        (clip.embed_image(image, reader, run=run), dino.encode(image, seer, run=run).embedding)
        for image in (batch, Image(batch.pixels[3:4]))
    )
    for many, one in zip(both, alone, strict=True):
        assert torch.equal(many.vectors[3:4], one.vectors)


def test_two_models_have_two_spaces(root: Path, run: Run) -> None:
    one = clip.load_clip(tiny_readers.clip(root).name, run=run)
    other = clip.load_clip(tiny_readers.clip(root, "other-clip", seed=9).name, run=run)
    embedded = [clip.embed_texts(["red"], handle, run=run) for handle in (one, other)]
    with pytest.raises(InputError, match="space"):
        cosine_similarity(*embedded)


def test_templates_are_no_format_strings(root: Path, run: Run) -> None:
    handle = clip.load_clip(tiny_readers.clip(root).name, run=run)
    for template in ("{0.__class__}", "{:>9999999999}"):
        with pytest.raises(InputError, match=r"has no \{\}"):
            clip.zero_shot_classifier(handle, ["red"], [template], run=run)
    made = clip.zero_shot_classifier(handle, ["red"], ["{} {x} {:>9999999999}"], run=run)
    said = clip.embed_texts(["red {x} {:>9999999999}"], handle, run=run)
    torch.testing.assert_close(made.vectors, said.vectors, atol=1e-6, rtol=1e-5)


def test_patches_that_are_alike_get_one_colour(root: Path, run: Run) -> None:
    from nodes.values import Features

    patches = torch.zeros(2, 4, 4, 8)
    patches[:, :2, :, 0], patches[:, :, 2:, 1] = 5.0, 2.0
    painted = dino.patch_colours(Features(patches, 8, "s")).pixels
    assert painted.shape == (2, 3, 32, 32)
    assert torch.equal(painted[0], painted[1])
    cells = painted[0, :, ::8, ::8].flatten(1).T
    assert len(torch.unique((cells * 1000).round(), dim=0)) == 4
    turned = dino.patch_colours(Features(-patches, 8, "s")).pixels
    torch.testing.assert_close(turned, torch.where(painted == 0.5, painted, 1 - painted), atol=1e-5, rtol=0)


def test_attention_lights_the_picture_where_it_is(run: Run) -> None:
    from nodes.values import PatchAttention

    maps = torch.zeros(1, 2, 4, 4)
    maps[0, 0, 0, 0], maps[0, 1, 3, 3] = 1.0, 1.0
    white = Image(torch.ones(1, 3, 16, 16))
    one, two = (dino.attention_picture(PatchAttention(maps, 4), white, head).pixels[0, 0] for head in (0, 1))
    assert float(one[0, 0]) > 0.99 > 0.11 > float(one[15, 15])
    assert float(two[15, 15]) > 0.99 > 0.11 > float(two[0, 0])
    both = dino.attention_picture(PatchAttention(maps, 4), white).pixels[0, 0]
    assert float(both[0, 0]) == float(both[15, 15]) > 0.99
    with pytest.raises(InputError, match="no head 2"):
        dino.attention_picture(PatchAttention(maps, 4), white, 2)


def test_the_chosen_patch_is_most_like_itself() -> None:
    from nodes.values import Features

    patches = torch.randn(1, 3, 3, 16)
    shown = dino.patch_similarity(Features(patches, 4, "s"), 1, 2).pixels[0, 0, ::4, ::4]
    assert float(shown[1, 2]) == pytest.approx(1.0)
    assert int(shown.argmax()) == 5
    with pytest.raises(InputError, match="no patch 3, 0"):
        dino.patch_similarity(Features(patches, 4, "s"), 3, 0)


@pytest.mark.parametrize("kind", ["clip", "dino"])
def test_a_hub_id_is_taken_from_the_local_cache(
    kind: str, clip_folder: Path, dino_folder: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, load = (clip_folder, clip.load_clip) if kind == "clip" else (dino_folder, dino.load_dino)
    repository = tmp_path / "models--someone--tiny"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("0" * 40)
    shutil.copytree(folder, repository / "snapshots" / ("0" * 40))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert load("hub:someone/tiny", run=run) == load(folder.name, run=run)
    with pytest.raises(InputError, match="someone/other is not in the local cache and cannot be downloaded"):
        load("hub:someone/other", run=run)


@pytest.mark.parametrize(("part", "weights"), [("clip", "open_clip_*.safetensors"), ("dino", "model*.safetensors")])
def test_of_a_repository_on_the_hub_only_what_is_needed_is_downloaded(
    part: str, weights: str, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    def snapshot_download(name: str, **options: Any) -> str:
        asked.append({"name": name, **options})
        return str(tmp_path)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    assert locate_reader("hub:someone/tiny", part, files) == tmp_path
    assert [each["local_files_only"] for each in asked] == [True, False]
    assert asked[1]["allow_patterns"] == ["*.json", "*.txt", weights]
    assert "*/*" in asked[1]["ignore_patterns"]
