"""The command `train`: train one of the embedded networks anew."""

from pathlib import Path
from typing import Annotated

import typer


def train(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which network.")],
    steps: Annotated[int | None, typer.Option("--steps", min=1, help="The length of the schedule.")] = None,
    device: Annotated[str, typer.Option("--device", envvar="PROMPTOGRAPH_DEVICE", help="auto, cpu or cuda.")] = "auto",
    resume: Annotated[bool, typer.Option("--resume", help="Go on from where it was paused or killed.")] = False,
    minutes: Annotated[float | None, typer.Option("--minutes", min=0, help="Pause after so many.")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where the weights go (default: in place of the shipped)."),
    ] = None,
) -> None:
    """Train a network of bauklotz and put its weights in place; the loss is printed as it goes."""
    from cli.training import carry_out

    carry_out(name, steps=steps, device=device, resume=resume, minutes=minutes, out=out)
