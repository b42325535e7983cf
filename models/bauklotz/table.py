"""Lay the shares of an evaluation out as a Markdown table, as they stand on the model card."""

from collections.abc import Mapping

from models.bauklotz.score import Shares

Limits = Mapping[str, float]


def table(found: Mapping[str, Shares], titles: Mapping[str, str], *, floors: Limits, goals: Limits) -> str:
    """Give a row for each attribute: its share in each column that has a title, then its floor and its goal.

    A column `n` has counts.
    """
    head = ("attribute", *titles.values(), "floor", "goal")
    columns = [(found[column], 0 if column == "n" else 3) for column in titles]
    limits = [(floors, 2), (goals, 2)]
    rows = [
        [name, *(_cell(each, name, digits) for each, digits in (*columns, *limits))]
        for name in sorted({name for each, _ in columns for name in each})
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def _cell(figures: Mapping[str, float], name: str, digits: int) -> str:
    return f"{figures[name]:.{digits}f}" if name in figures else ""
