"""Train one of the bauklotz networks: the seam between the command line and the recipes."""

import socket
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

import torch
import torch.distributed as dist
from platformdirs import user_state_path
from torch.multiprocessing.spawn import spawn

from models.bauklotz.device import device_of
from models.bauklotz.loop import Progress, run_loop
from models.bauklotz.recipe import SHIPPED, Place, Recipe
from models.bauklotz.recipes.checker import CHECKER
from models.bauklotz.recipes.clap import CLAP
from models.bauklotz.recipes.clip import CLIP
from models.bauklotz.recipes.dalle1 import DALLE1
from models.bauklotz.recipes.denoiser import DENOISER
from models.bauklotz.recipes.dino import DINO
from models.bauklotz.recipes.first_stage import FIRST_STAGE
from models.bauklotz.recipes.language import LANGUAGE
from models.bauklotz.recipes.motion import MOTION
from models.bauklotz.recipes.prior import PRIOR
from models.bauklotz.recipes.reader import READER
from models.bauklotz.recipes.sound import SOUND
from models.bauklotz.recipes.text_encoder import TEXT_ENCODER
from models.bauklotz.recipes.unclip import UNCLIP

RECIPES: Final[Mapping[str, Recipe]] = {
    recipe.name: recipe
    for recipe in (
        CHECKER,
        TEXT_ENCODER,
        FIRST_STAGE,
        DENOISER,
        CLIP,
        DINO,
        DALLE1,
        PRIOR,
        UNCLIP,
        LANGUAGE,
        READER,
        MOTION,
        SOUND,
        CLAP,
    )
}
WEIGHTS: Final = SHIPPED


def train(
    name: str,
    *,
    steps: int | None = None,
    device: str = "auto",
    resume: bool = False,
    minutes: float | None = None,
    out: Path = WEIGHTS,
    scratch: Path | None = None,
    ranks: int | None = None,
) -> Progress:
    """Train the network of this name and export its weights below `out`.

    `steps` is the length of the schedule (default: the recipe's), also when resuming; `minutes`
    only pauses. `device` is "auto", "cpu" or "cuda". State, loss log (JSON lines) and sample
    pictures go into `scratch`, by default the user's state folder. Raises KeyError for a name
    that is not in RECIPES.
    """
    recipe = RECIPES[name]
    chosen = device_of(device)
    scratch = scratch or user_state_path("promptograph") / "train" / name
    scratch.mkdir(parents=True, exist_ok=True)
    ranks = ranks or (recipe.ranks if chosen.type == "cpu" else 1)
    steps = steps or recipe.steps
    if ranks == 1:
        torch.set_num_threads(1)
        return run_loop(recipe, Place(chosen, out, scratch), steps=steps, resume=resume, minutes=minutes)
    port = _free_port()
    spawn(_rank, (name, ranks, port, out, scratch, steps, resume, minutes), nprocs=ranks)  # type: ignore[no-untyped-call]
    return _where(scratch, steps)


def _rank(
    rank: int,
    name: str,
    ranks: int,
    port: int,
    out: Path,
    scratch: Path,
    steps: int,
    resume: bool,
    minutes: float | None,
) -> None:
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=ranks, timeout=timedelta(hours=1)
    )
    place = Place(torch.device("cpu"), out, scratch, rank, ranks)
    run_loop(RECIPES[name], place, steps=steps, resume=resume, minutes=minutes)
    dist.destroy_process_group()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _where(scratch: Path, steps: int) -> Progress:
    from safetensors import safe_open

    with safe_open(scratch / "state.safetensors", framework="pt") as file:
        marks = file.metadata()
    return Progress(int(marks["step"]), steps, float(marks["seconds"]))
