"""The arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

GraphName = Annotated[
    str, typer.Argument(metavar="GRAPH", help="A path, a library name, a PNG that carries a graph, or - for stdin.")
]
Assignments = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set a public input, or any node.param: text as it is, @file or @folder for assets and models, else JSON.",
    ),
]
Targets = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="NODE.PORT", help="Make this instead of the graph's public outputs."),
]
CacheFolder = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        envvar="PROMPTOGRAPH_CACHE",
        metavar="DIR",
        help="Where results are kept (default: the user's cache).",
    ),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Keep nothing on disk, and use nothing kept before.")]
Device = Annotated[
    str,
    typer.Option("--device", envvar="PROMPTOGRAPH_DEVICE", help="auto, cpu, cuda or mps."),
]
