"""Headers of .safetensors files are read once, and again when the file has changed."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from nodes.families import header
from nodes.families.header import shapes


def test_a_file_that_has_not_changed_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"a": torch.zeros(2, 3)}, path)
    assert shapes(path) == {"a": (2, 3)}
    monkeypatch.setattr(header, "_parsed", lambda _: pytest.fail("read again"))
    assert shapes(path) == {"a": (2, 3)}


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"a": torch.zeros(2, 3)}, path)
    assert shapes(path) == {"a": (2, 3)}
    save_file({"a": torch.zeros(3, 2)}, path)
    assert shapes(path) == {"a": (3, 2)}


def test_what_is_handed_out_cannot_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"a": torch.zeros(2, 3)}, path)
    with pytest.raises(TypeError):
        shapes(path)["a"] = (1,)  # type: ignore[index]
