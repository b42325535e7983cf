"""What a training makes for itself is made once, whole, by one process."""

import os
import time
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch.multiprocessing.spawn import spawn

from models.bauklotz.recipe import Place


def test_what_a_training_makes_for_itself_is_made_once_and_moves_no_random_state(tmp_path: Path) -> None:
    here = alone(tmp_path)
    state = torch.random.get_rng_state()
    file = here.ready("codes", write_random)
    assert torch.equal(torch.random.get_rng_state(), state)
    first = file.read_bytes()
    assert here.ready("codes", write_random).read_bytes() == first
    assert [each.name for each in tmp_path.iterdir()] == ["codes"]


def test_what_is_half_made_is_made_again(tmp_path: Path) -> None:
    def torn(file: Path) -> None:
        file.write_text("ha")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        alone(tmp_path).ready("codes", torn)
    assert alone(tmp_path).ready("codes", write_random).stat().st_size == 32


def test_one_of_two_ranks_makes_it_and_the_other_waits(tmp_path: Path) -> None:
    spawn(wait_for_codes, (tmp_path,), nprocs=2)  # type: ignore[no-untyped-call]
    assert (tmp_path / "read-0").read_bytes() == (tmp_path / "read-1").read_bytes() == (tmp_path / "codes").read_bytes()


def alone(folder: Path) -> Place:
    return Place(torch.device("cpu"), folder, folder)


def wait_for_codes(rank: int, folder: Path) -> None:
    dist.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=2)
    here = Place(torch.device("cpu"), folder, folder, rank, 2)
    (folder / f"read-{rank}").write_bytes(here.ready("codes", write_slowly).read_bytes())
    dist.destroy_process_group()


def write_slowly(file: Path) -> None:
    time.sleep(0.5)
    write_random(file)


def write_random(file: Path) -> None:
    file.write_bytes(os.urandom(24) + torch.rand(2).numpy().tobytes())
