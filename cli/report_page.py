"""The command `report`: run a graph, or a sweep of it, and write what came of it as one HTML page."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.options import Assignments, CacheFolder, Device, GraphName, NoCache
from cli.run import Quiet

Sweeps = Annotated[
    list[str] | None,
    typer.Option(
        "--sweep",
        metavar="NAME=[...]",
        help="Run it for each value of a JSON list; several are combined. NAME,OTHER=[[1, 2], [3, 4]] go together.",
    ),
]
OutFolder = Annotated[
    Path,
    typer.Option("--out", metavar="DIR", help="Where report.html goes; report-DIGEST.html where that name is taken."),
]


def report(
    context: typer.Context,
    graph: GraphName,
    assignments: Assignments = None,
    sweeps: Sweeps = None,
    out: OutFolder = Path("out"),
    quiet: Quiet = False,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    device: Device = "auto",
) -> None:
    """Run a graph, or a sweep of it, and write one HTML page: pictures, exact inputs, tables, figures, manifest.

    The page needs nothing else and runs no script: it can be sent as it is. What is known already is not computed
    again, so that a report that was cancelled goes on where it was.
    """
    from cli.compose import Settings
    from cli.paging import Order, carry_out

    order = Order(
        graph=graph,
        assignments=assignments or (),
        sweeps=sweeps or (),
        out=out,
        settings=Settings(cache=cache, keep=not no_cache, device=device),
    )
    raise typer.Exit(carry_out(order, context.obj(), stdout=sys.stdout, quiet=quiet))
