"""The commands that look at a graph without running it: plan, why, validate, diff."""

from typing import Annotated

import typer

from cli.options import Assignments, CacheFolder, Device, GraphName, NoCache, Targets

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def plan(
    context: typer.Context,
    graph: GraphName,
    assignments: Assignments = None,
    targets: Targets = None,
    json: AsJson = False,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    device: Device = "auto",
) -> None:
    """Say what a run would compute, and for about how long."""
    from cli.asking import print_plan
    from cli.compose import Settings, opened

    settings = Settings(cache=cache, keep=not no_cache, device=device)
    with opened(graph, assignments or (), context.obj(), settings) as (engine, document):
        print_plan(engine.plan(document, targets=targets or ()), json=json)


def why(
    context: typer.Context,
    graph: GraphName,
    node: Annotated[str, typer.Argument(metavar="NODE", help="The id of a node, such as sampler or sub/node.")],
    assignments: Assignments = None,
    cache: CacheFolder = None,
    device: Device = "auto",
) -> None:
    """Say why a node will run: which part of what decides its answer has changed."""
    from cli.compose import Settings, opened

    with opened(graph, assignments or (), context.obj(), Settings(cache=cache, device=device)) as (engine, document):
        typer.echo(str(engine.why(document, node)))


def validate(context: typer.Context, graph: GraphName, assignments: Assignments = None) -> None:
    """Check a graph, and list everything that is wrong with it."""
    from cli.asking import print_valid
    from cli.compose import Settings, opened

    with opened(graph, assignments or (), context.obj(), Settings(keep=False, device="cpu")) as (engine, document):
        print_valid(engine.program(document))


def diff(context: typer.Context, old: GraphName, new: GraphName) -> None:
    """Say how two graphs differ: + added, - removed, ~ changed."""
    from cli.source import open_graph
    from graphs import diff as compare

    catalog = context.obj()
    for line in compare(open_graph(old, catalog), open_graph(new, catalog)).lines():
        typer.echo(line)
