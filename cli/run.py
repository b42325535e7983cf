"""The command `run`: run a graph and write its outputs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.options import Assignments, CacheFolder, Device, GraphName, NoCache, Targets

OutFolder = Annotated[
    Path,
    typer.Option(
        "--out", metavar="DIR", help="Where files go: OUTPUT.png; OUTPUT-DIGEST.png where that name holds another."
    ),
]
JsonEvents = Annotated[bool, typer.Option("--json", help="One event per line on stdout; the last line is the result.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")]
CheckpointEvery = Annotated[
    int, typer.Option("--checkpoint-every", min=0, metavar="STEPS", help="Keep a sampler's state every so many steps.")
]
Server = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="URL",
        help="Run on a server; its token is in the URL, in PROMPTOGRAPH_TOKEN, or known on this machine.",
    ),
]


def run(
    context: typer.Context,
    graph: GraphName,
    assignments: Assignments = None,
    targets: Targets = None,
    out: OutFolder = Path("out"),
    json: JsonEvents = False,
    quiet: Quiet = False,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    device: Device = "auto",
    checkpoint_every: CheckpointEvery = 0,
    server: Server = None,
) -> None:
    """Run a graph to its public outputs and write them as files; what is known already is not computed again.

    A picture carries its graph: `promptograph run picture.png` makes it again. With --json the last line is
    {"status", "outputs": {NAME: {"path", "type", "digest"}}, "nodes": {"ran", "cached", "failed", "blocked"},
    "seconds"}.
    """
    from cli.compose import Settings
    from cli.running import Order, carry_out

    order = Order(
        graph=graph,
        assignments=assignments or (),
        targets=targets or (),
        out=out,
        checkpoint_every=checkpoint_every,
        settings=Settings(cache=cache, keep=not no_cache, device=device),
    )
    if server is not None:
        from cli import remote

        raise typer.Exit(remote.carry_out(order, context.obj(), server, stdout=sys.stdout, json=json, quiet=quiet))
    raise typer.Exit(carry_out(order, context.obj(), stdout=sys.stdout, json=json, quiet=quiet))
