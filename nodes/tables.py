"""Put measures and scores into tables, to read beside one another."""

from collections.abc import Sequence
from typing import Literal

from engine.errors import InputError
from engine.node import node
from nodes.values import Cell, Scores, Table
from nodes.widgets import Line

MEASURE = ("measure", "value", "better", "made of")
Better = Literal["higher", "lower"]


def measure(name: str, value: float, better: Better, made_of: str) -> Table:
    """Give a table of one measure."""
    return Table(MEASURE, ((name, value, better, made_of),))


@node("JoinTables", category="evaluation")
def join_tables(tables: Sequence[Table], names: Sequence[Line] = ()) -> Table:
    """Put the rows of tables below one another; `names`, one for each table, are put before its rows."""
    if not tables:
        raise InputError("there is no table to join", hint="wire one at least")
    if names and len(names) != len(tables):
        raise InputError(f"there are {len(names)} names for {len(tables)} tables", hint="give one for each, or none")
    columns = tables[0].columns
    for each in tables[1:]:
        if each.columns != columns:
            raise InputError(f"one has the columns {columns}, another {each.columns}", hint="join tables of one kind")
    if not names:
        return Table(columns, tuple(row for table in tables for row in table.rows))
    rows = tuple((name, *row) for name, table in zip(names, tables, strict=True) for row in table.rows)
    return Table(("of", *columns), rows)


@node("ScoresTable", title="Scores as a table", category="evaluation", libs=("torch",))
def scores_table(scores: Sequence[Scores], columns: Sequence[Line] = (), rows: Sequence[str] = ()) -> Table:
    """Put scores of the same things side by side as a table: a row for each thing, a column for each score.

    `columns` and `rows` say what they are of; what is left out keeps its own names.
    """
    if not scores:
        raise InputError("there are no scores", hint="wire one at least")
    own = [name for each in scores for name in each.columns]
    names, things = tuple(columns) or tuple(own), tuple(rows) or scores[0].rows
    for given, wanted, kind in ((names, len(own), "columns"), (things, len(scores[0].rows), "rows")):
        if len(given) != wanted:
            raise InputError(f"there are {len(given)} names for {wanted} {kind}", hint="give one for each, or none")
    if len({len(each.rows) for each in scores}) > 1:
        raise InputError("the scores are of different numbers of things", hint="score the same things")
    numbers = [[value for each in scores for value in each.matrix[k].tolist()] for k in range(len(things))]
    filled: tuple[tuple[Cell, ...], ...] = tuple((thing, *row) for thing, row in zip(things, numbers, strict=True))
    return Table(("of", *names), filled)
