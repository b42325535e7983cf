"""Carry out a report for the command line: run every cell, gather what it gave, write the page."""

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from cli.assignments import assigned, values_of
from cli.compose import Settings, engine
from cli.figures import charts_of, label, measures_of
from cli.page import Cell, Page, render
from cli.results import write
from cli.running import code_of, reporter_of, run_to_end
from cli.shown import Shown, show
from cli.source import open_graph
from cli.sweeping import Values, assignments, axes_of, cells_of, told
from engine import Catalog, Engine, NodeFailed, Result
from engine.manifest import manifest
from graphs import Graph, GraphError, library


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a person asks for with `promptograph report`."""

    graph: str
    assignments: Sequence[str]
    sweeps: Sequence[str]
    out: Path
    settings: Settings


def carry_out(order: Order, catalog: Catalog, *, stdout: TextIO, quiet: bool) -> int:
    """Run every cell, write the page and give the exit code: that of the cell that went worst."""
    axes = axes_of(order.sweeps)
    cells = cells_of(axes)
    plain = open_graph(order.graph, catalog)
    with redirect_stdout(sys.stderr), engine(catalog, order.settings) as made:
        graphs = _checked(made, plain, order, cells)
        found = []
        codes = []
        for number, (values, graph) in enumerate(zip(cells, graphs, strict=True), 1):
            if values and not quiet:
                print(f"cell {number} of {len(cells)}: {label(values)}", file=sys.stderr, flush=True)
            with reporter_of(stdout, json=False, quiet=quiet) as reporter:
                result = run_to_end(made, graph, reporter)
            codes.append(code_of(result))
            found.append(_cell(made, graph, result, values, order.settings))
        measures = measures_of([cell.outputs for cell in found])
        page = Page(
            title=plain.name or order.graph,
            notes=_notes(plain),
            command=_command(order),
            axes=axes,
            cells=found,
            measures=measures,
            charts=charts_of(measures, axes, cells),
            document=graphs[0].dumps(),
        )
        (path,) = write("report", [("", (".html", render(page)))], order.out, lambda data, *_: data)
    print(path, file=stdout, flush=True)
    return next((code for code in (1, 2) if code in codes), 0)


def _checked(made: Engine, plain: Graph, order: Order, cells: Sequence[Values]) -> list[Graph]:
    """Set the values of every cell, and see that each graph is legal before the first one runs."""
    graphs = [assigned(plain, [*order.assignments, *assignments(values)], made.catalog, made.files) for values in cells]
    for values, graph in zip(cells, graphs, strict=True):
        if problems := made.check(graph):
            where = f" (in the cell {label(values)})" if values else ""
            raise GraphError.of(replace(each, message=each.message + where) for each in problems)
    return graphs


def _cell(made: Engine, graph: Graph, result: Result, values: Values, settings: Settings) -> Cell:
    outputs: dict[str, Sequence[Shown]] = {}
    digests: dict[str, str | list[str]] = {}
    for name in result.outputs:
        try:
            ref = result.outputs.ref(name)
        except NodeFailed:
            continue  # told as the failure of its node
        digests[name] = ref if isinstance(ref, str) else list(ref)
        outputs[name] = [shown for stored in result.outputs.stored(name) for shown in show(stored)]
    whole = {**manifest(made, graph, settings.facts()), "outputs": digests}
    return Cell(
        values=values,
        inputs={name: told(value) for name, value in values_of(graph, made.catalog).items()},
        status=result.status,
        failures=[f"{failure.node}: {' '.join(failure.message.split())}" for failure in result.failures],
        outputs=outputs,
        manifest=json.dumps(whole, indent=2, sort_keys=True, ensure_ascii=False),
    )


def _notes(graph: Graph) -> list[str]:
    """Give the paragraphs of the notes that a graph is opened by."""
    notes = graph.ui.get("notes")
    each = notes.values() if isinstance(notes, Mapping) else ()
    texts = [note.get("text") for note in each if isinstance(note, Mapping)]
    return [part for text in texts if isinstance(text, str) for part in text.split("\n\n") if part.strip()]


def _command(order: Order) -> str:
    """Say how to make the page again; of a path only the last part is told, as the page may travel."""
    name = order.graph if order.graph in library.names() else Path(order.graph).name
    options = [part for each in order.assignments for part in ("--set", each)]
    options += [part for each in order.sweeps for part in ("--sweep", each)]
    return shlex.join(["promptograph", "report", name, *options])
