"""Write a report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere.

Guarantees
1. Every text is escaped where it stands; nothing in the template is exempt.
2. The page's own policy allows no script and no resource but the pictures inside it.
3. The same results give the same page, byte for byte: it holds no date and no duration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cli.figures import HEIGHT, LEFT, MOST_SERIES, WIDTH, Chart, Measure, label, short
from cli.shown import Picture, Shown
from cli.sweeping import Axis, Values, told


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One run: what it was given, how it ended, and what it gave."""

    values: Values  # what the sweep set
    inputs: Mapping[str, str]  # every public input
    status: str
    failures: Sequence[str]
    outputs: Mapping[str, Sequence[Shown]]
    manifest: str

    @property
    def name(self) -> str:
        return label(self.values)

    def picture(self, output: str) -> Picture | None:
        """Give the one picture of an output."""
        match self.outputs.get(output):
            case [Picture() as found]:
                return found
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything that a report tells."""

    title: str
    notes: Sequence[str]
    command: str
    axes: Sequence[Axis]
    cells: Sequence[Cell]
    measures: Sequence[Measure]
    charts: Sequence[Chart]
    document: str

    @property
    def galleries(self) -> Sequence[str]:
        """Name the outputs that are one picture in every cell that made them: these are shown side by side."""
        if not self.axes:
            return ()
        names = dict.fromkeys(name for cell in self.cells for name in cell.outputs)
        made = {name: [cell for cell in self.cells if name in cell.outputs] for name in names}
        return [name for name, cells in made.items() if all(cell.picture(name) for cell in cells)]

    @property
    def rows(self) -> Sequence[Sequence[tuple[int, Cell]]]:
        """Give the cells, by number, in rows of the last axis."""
        numbered = list(enumerate(self.cells, 1))
        across = len(self.axes[-1].places) if self.axes else 1
        return [numbered[at : at + across] for at in range(0, len(numbered), across)]


def render(page: Page) -> bytes:
    """Fill the template."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("cli", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(told=told, short=short, label=label, text=_text)
    size = {"width": WIDTH, "height": HEIGHT, "left": LEFT, "colours": MOST_SERIES}
    return made.get_template("page.html.jinja").render(page=page, chart_size=size).encode()


def _text(value: object) -> str:
    return short(value) if isinstance(value, float) else str(value)
