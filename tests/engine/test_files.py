"""Files are found by name or by content; a name never leads out of the folders that it may name."""

import os
from pathlib import Path
from typing import Any

import pytest

from engine import Cache, Files, InputError
from engine.cache import FileMemo
from engine.digest import digest_of_file
from engine.files import Fingerprint


class Memo(dict[Fingerprint, str]):
    """Counts the digests that were computed rather than remembered."""

    computed = 0

    def __setitem__(self, key: Fingerprint, value: str) -> None:
        self.computed += 1
        super().__setitem__(key, value)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Lay out a data folder, a model root, and a secret beside them."""
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "models" / "sd" / "unet").mkdir(parents=True)
    (tmp_path / "models" / "sd" / "unet" / "config.json").write_text("{}")
    (tmp_path / "models" / "one.safetensors").write_bytes(b"weights")
    return tmp_path


def files(world: Path) -> Files:
    return Files(world / "data", roots=[world / "none", world / "models"], memo=Memo())


ATTACKS = [
    "", ".", "..", "/", "//", "../secret", "sd/../../secret", "sd/..", "./sd", "sd/./unet", "sd//unet", "sd/", "/sd",
    "/etc/passwd", "~", "~root", "~/.ssh", "sd\\..\\..\\secret", "C:\\secret", "C:secret", "\\\\host\\share", "sd\0",
    "\0", "sd\n", "sd\n/../secret", "sd ", " sd", "%2e%2e/secret", "..%2fsecret", "..;/secret", "....//secret",
    "file:///etc/passwd", "http://example.com/x", "hub:org/name", "sd|ls", "$HOME", "${HOME}", "`ls`", "*", "s?",
    "sd/unet/*", ".hidden", "sd/.hidden", "-rf", "_x", "\u2025/secret", "\uff0e\uff0e/secret", "s\u0000d",
    "sd/\u202esecret", "ſd", "x" * 5_000, "a/" * 2_000 + "a",
]  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS, ids=lambda name: ascii(name[:30]))
def test_a_model_name_never_leads_out_of_the_roots(name: str, world: Path) -> None:
    with pytest.raises(InputError) as caught:
        files(world).source(name)
    assert caught.value.hint
    assert len(str(caught.value)) < 400


def test_a_model_name_leads_to_a_folder_or_a_file_below_a_root(world: Path) -> None:
    assert files(world).source("sd/unet/config.json") == world / "models" / "sd" / "unet" / "config.json"
    assert files(world).source("sd") == world / "models" / "sd"
    assert files(world).source("one.safetensors") == world / "models" / "one.safetensors"


def test_the_first_root_that_has_a_name_wins(world: Path) -> None:
    (world / "none" / "sd").mkdir(parents=True)
    assert files(world).source("sd") == world / "none" / "sd"


def test_a_model_that_is_not_there_is_told_with_the_folders_that_were_searched(world: Path) -> None:
    with pytest.raises(InputError) as caught:
        files(world).source("sd15")
    assert str(caught.value) == (
        f"no model named 'sd15'; put it below a models folder ({world / 'none'}, {world / 'models'})"
    )
    with pytest.raises(InputError, match="no folder is configured"):
        Files(world).source("sd15")


ASSET_ATTACKS = [
    "", "asset:", "asset:" + "0" * 63, "asset:" + "0" * 65, "asset:" + "A" * 64, "asset:" + "g" * 64, "0" * 64,
    "asset:../../secret", "asset:" + "0" * 64 + "/../x", "asset:" + "0" * 64 + "\n", "ASSET:" + "0" * 64,
    " asset:" + "0" * 64,
    "asset:/etc/passwd", "asset:" + "٠" * 64, "file:///etc/passwd", "/etc/passwd", "asset:" + "0" * 63 + "\0",
]  # fmt: skip


@pytest.mark.parametrize("name", ASSET_ATTACKS, ids=lambda name: ascii(name[:30]))
def test_an_asset_name_is_a_digest_and_nothing_else(name: str, world: Path) -> None:
    with pytest.raises(InputError, match="is not an asset; name a file as asset:<digest>"):
        files(world).asset(name)


def test_a_file_that_is_brought_in_is_found_by_its_name_and_by_its_digest(world: Path) -> None:
    known = files(world)
    name = known.bring(world / "secret")
    assert name == f"asset:{digest_of_file(world / 'secret')}"
    assert known.asset(name).read_text() == "secret"
    assert known.bring(world / "secret") == name
    (world / "secret").unlink()
    assert Files(world / "data").asset(name).read_text() == "secret"
    assert Files(world / "data").find(name.removeprefix("asset:")).read_text() == "secret"
    assert [path.name for path in (world / "data" / "assets").iterdir()] == [name.removeprefix("asset:")]


def test_an_asset_that_is_not_here_is_told_with_a_mend(world: Path) -> None:
    with pytest.raises(InputError, match="asset 000000000000 is not here; import the file again"):
        files(world).asset("asset:" + "0" * 64)
    with pytest.raises(InputError, match="no file with the digest 000000000000 is known; import it again"):
        files(world).find("0" * 64)


def test_an_asset_whose_content_was_changed_is_not_found_by_its_digest(world: Path) -> None:
    known = files(world)
    name = known.bring(world / "secret")
    known.asset(name).write_text("tampered")
    with pytest.raises(InputError, match="no file with the digest"):
        Files(world / "data").find(name.removeprefix("asset:"))


def test_the_digest_of_an_unchanged_file_is_computed_once(world: Path) -> None:
    known, path = files(world), world / "secret"
    assert {known.digest(path) for _ in range(5)} == {digest_of_file(path)}
    assert known.digest(Path(os.path.relpath(path))) == digest_of_file(path)
    assert isinstance(known.memo, Memo)
    assert known.memo.computed == 1


def _other_size(path: Path) -> None:
    path.write_text("a longer secret")


def _other_time(path: Path) -> None:
    path.write_text("SECRET")


def _other_inode(path: Path) -> None:
    stat = path.stat()
    path.rename(path.with_name("old"))
    path.write_text("SECRET")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


@pytest.mark.parametrize("change", [_other_size, _other_time, _other_inode])
def test_a_file_that_changed_in_size_time_or_inode_is_read_again(change: Any, world: Path) -> None:
    known, path = files(world), world / "secret"
    before = known.digest(path)
    change(path)
    assert known.digest(path) == digest_of_file(path) != before


def test_a_file_that_cannot_be_read_is_told_with_a_mend(world: Path) -> None:
    for path, reason in ((world / "gone", "No such file or directory"), (world / "models", "it is no file")):
        with pytest.raises(InputError) as caught:
            files(world).digest(path)
        assert str(caught.value) == f"cannot read {path}: {reason}; check the path and its permissions"


def test_file_digests_outlive_the_process_in_the_cache_folder(world: Path, cache_folder: Path) -> None:
    path = world / "secret"
    remembered = []
    for _ in range(2):
        cache = Cache(cache_folder)
        assert cache.disk is not None
        memo = FileMemo(cache.disk)
        remembered.append(memo.get((str(path), *_marks(path))))
        Files(world / "data", memo=memo).digest(path)
        cache.close()
    assert remembered == [None, digest_of_file(path)]


def _marks(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def test_a_view_lays_files_out_under_their_relative_names(world: Path) -> None:
    known = files(world)
    named = {
        "model.safetensors": known.digest(world / "models" / "one.safetensors"),
        "unet/config.json": known.digest(world / "models" / "sd" / "unet" / "config.json"),
    }
    with known.view(named) as view:
        assert (view / "model.safetensors").read_bytes() == b"weights"
        assert (view / "unet" / "config.json").read_text() == "{}"
    assert not view.exists()


@pytest.mark.parametrize("name", ["../escape", "/tmp/escape-of-promptograph", "a/../../escape"])
def test_a_view_never_lays_a_file_out_of_its_own_folder(name: str, world: Path) -> None:
    known = files(world)
    digest = known.digest(world / "secret")
    with pytest.raises(InputError, match="is not the name of a model's file"), known.view({name: digest}):
        pass


def test_a_model_from_elsewhere_is_adopted_under_a_name_that_can_be_named(world: Path, tmp_path: Path) -> None:
    known = Files(world / "data", roots=[world / "adopted"])
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (elsewhere / "my model!").write_text("one")
    name = known.adopt(elsewhere / "my model!")
    assert (name, known.source(name).read_text()) == ("my-model-", "one")
    assert known.adopt(elsewhere / "my model!") == name
    other = tmp_path / "other"
    other.mkdir()
    (other / "my model!").write_text("two")
    second = known.adopt(other / "my model!")
    assert (second, known.source(second).read_text(), known.source(name).read_text()) == ("2-my-model-", "two", "one")


def test_a_model_that_is_adopted_under_a_stale_name_takes_its_place(world: Path) -> None:
    known = Files(world / "data", roots=[world / "adopted"])
    (world / "gone.bin").write_text("x")
    name = known.adopt(world / "gone.bin")
    (world / "gone.bin").unlink()
    (world / "new").mkdir()
    (world / "new" / "gone.bin").write_text("y")
    assert known.adopt(world / "new" / "gone.bin") == name
    assert known.source(name).read_text() == "y"


def test_adopting_what_is_not_there_is_told(world: Path) -> None:
    known = Files(world / "data", roots=[world / "adopted"])
    with pytest.raises((InputError, FileNotFoundError)):
        known.adopt(world / "nothing")


def test_the_default_folders_are_those_of_the_user(own_folders: Path) -> None:
    known = Files.default()
    assert (known.folder, list(known.roots)) == (
        own_folders / "data" / "promptograph",
        [own_folders / "data" / "promptograph" / "models"],
    )
