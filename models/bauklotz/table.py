"""Lay the shares of an evaluation out as a Markdown table, as they stand on the model card."""

from collections.abc import Mapping

from models.bauklotz.score import Shares

Limits = Mapping[str, float]


def table(found: Mapping[str, Shares], titles: Mapping[str, str], *, floors: Limits, goals: Limits) -> str:
    """Give a row for each attribute: its share in each column that has a title, then its floor and its goal."""
    head = ("attribute", *titles.values(), "floor", "goal")
    columns = [found[column] for column in titles]
    rows = [
        [name, *(_cell(each, name, 3) for each in columns), *(_cell(each, name, 2) for each in (floors, goals))]
        for name in sorted({name for each in columns for name in each})
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def _cell(figures: Mapping[str, float], name: str, digits: int) -> str:
    return f"{figures[name]:.{digits}f}" if name in figures else ""
