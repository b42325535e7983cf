"""Print what is known of a graph before it runs."""

import json as jsons
from collections.abc import Sequence
from dataclasses import asdict

import typer

from engine.plan import Plan, PlannedNode
from engine.program import Program


def print_plan(plan: Plan, *, json: bool) -> None:
    """Print a line for each node, and the sum."""
    if json:
        nodes = [asdict(node) for node in plan.nodes]
        typer.echo(jsons.dumps({"nodes": nodes, "seconds": plan.seconds}, ensure_ascii=False))
        return
    width = max((len(node.node) for node in plan.nodes), default=0)
    for node in plan.nodes:
        typer.echo(f"{node.node:<{width}}  {_words(node)}".rstrip())
    typer.echo(str(plan))


def print_valid(program: Program) -> None:
    """Print what a legal graph consists of."""
    graph = program.graph
    parts = [
        _count(len(program.steps), "node"),
        _names("input", list(graph.inputs)),
        _names("output", list(graph.outputs)),
    ]
    typer.echo(f"valid: {'; '.join(parts)}")


def _words(node: PlannedNode) -> str:
    if node.status == "refused":
        return f"refused: {node.reason}"
    if node.status in ("cached", "pinned"):
        return node.status
    calls = f" {node.calls} times" if node.calls > 1 else ""
    return f"{node.status}{calls}, {_time(node.seconds)}"


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "time unknown"
    return f"about {seconds:.1f} s" if seconds >= 0.1 else "under 0.1 s"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _names(noun: str, names: Sequence[str]) -> str:
    return f"{_count(len(names), noun)} ({', '.join(names)})" if names else f"no {noun}s"
