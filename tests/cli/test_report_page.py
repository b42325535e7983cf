"""The command `report`: a page with everything in it, nothing from elsewhere, and nothing of a prompt that acts."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cli.figures import Measure, charts_of, measures_of
from cli.shown import MOST_PICTURES, Note, Picture, Plain, Rows, Shown, show
from cli.sweeping import axes_of, cells_of
from engine import Blob, InputError, Stored
from tests.cli.documents import document
from tests.cli.processes import Shell

EVIL = """</pre></style><script>alert(1)</script><img src=x onerror=alert(2)>"&amp;'{{ 7777*7777 }}"""
VOID = {"meta", "img", "line", "polyline", "circle", "br", "link"}
GRAPH = document(
    {
        "judge": {"type": "Judge", "params": {"a": 1}},
        "paint": {"type": "Paint"},
        "say": {"type": "Say", "params": {"text": "hello"}},
        "up": {"type": "CountUp", "params": {"to": 3}},
    },
    {"measures": "judge.table", "picture": "paint.image", "said": "say.text", "counted": "up.numbers"},
    {"a": ["judge.a"], "b": ["judge.b"], "red": ["paint.red"], "prompt": ["say.text"]},
)


class Reader(HTMLParser):
    """Reads a page as a browser does: its elements, what they name, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.named: list[tuple[str, str]] = []  # attributes that could fetch or act
        self.words: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.named += [
            (name, value or "") for name, value in attrs if name in ("src", "href", "srcset", "action", "data")
        ]
        self.named += [(name, value or "") for name, value in attrs if name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    assert reader.open == []
    return reader


def report(shell: Shell, *arguments: str) -> Reader:
    ended = shell.inside("report", shell.write("graph.json", GRAPH), *arguments)
    assert (ended.code, ended.out) == (0, "out/report.html\n"), ended.err
    return read(shell.folder / "out/report.html")


def test_a_page_has_the_outputs_the_inputs_and_the_manifest(shell: Shell) -> None:
    page = report(shell, "--set", "a=3")
    assert page.tags.count("img") == 1
    assert {"error", "score", "2", "7.5", "hello", "counted"} <= set(page.words)
    html = (shell.folder / "out/report.html").read_text()
    given = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html))
    assert given == {"a": "3", "b": "1", "red": "1.0", "prompt": "hello"}
    manifest = json.loads(next(word for word in page.words if '"environment"' in word))
    assert {"graph", "models", "environment", "versions", "outputs"} == set(manifest)
    assert len(manifest["outputs"]["picture"]) == 64
    assert "promptograph report graph.json --set a=3" in page.text


def test_a_hostile_prompt_is_text_and_nothing_else(shell: Shell) -> None:
    page = report(shell, "--sweep", f"prompt={json.dumps([EVIL, 'plain'])}")
    assert page.text.count(EVIL) >= 3  # among the inputs, as the title of the cell and as an output
    assert "60481729" not in page.text
    assert "script" not in page.tags
    assert [name for name, _ in page.named if name.startswith("on")] == []


def test_a_hostile_name_of_a_graph_or_an_output_of_a_table_is_text(shell: Shell) -> None:
    graph = json.loads(GRAPH) | {"name": EVIL, "ui": {"notes": {"n": {"text": EVIL, "box": [0, 0, 9, 9]}}}}
    shell.inside("report", shell.write("evil.json", json.dumps(graph)))
    page = read(shell.folder / "out/report.html")
    assert page.text.count(EVIL) >= 3  # title, heading, note
    assert {"script", "onerror"} & {*page.tags, *(name for name, _ in page.named)} == set()


def test_a_page_needs_nothing_from_elsewhere_and_allows_no_script(shell: Shell) -> None:
    page = report(shell, "--sweep", "a=[1, 2]")
    assert all(value.startswith(("data:image/png;base64,", "#cell-")) for _, value in page.named)
    html = (shell.folder / "out/report.html").read_text()
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in html
    assert not re.search(r"url\(|@import|https?://", html)


def test_nothing_in_the_template_is_exempt_from_escaping() -> None:
    source = (Path(__file__).parents[2] / "cli/page.html.jinja").read_text()
    assert not re.search(r"\|\s*safe|autoescape|Markup|xmlattr|<script", source)


def test_the_same_results_give_the_same_page(shell: Shell) -> None:
    graph = shell.write("graph.json", GRAPH)
    first, second = (shell.inside("report", graph, "--sweep", "a=[1, 2]") for _ in range(2))
    assert first.out == second.out == "out/report.html\n"
    other = shell.inside("report", graph, "--sweep", "a=[1, 3]")
    assert re.fullmatch(r"out/report-[0-9a-f]{8}\.html\n", other.out)


def test_a_sweep_sets_cells_side_by_side_and_marks_the_best(shell: Shell) -> None:
    page = report(shell, "--sweep", "a=[1, 3, 7]", "--sweep", "red=[0, 1]")
    assert page.tags.count("img") == 6
    html = (shell.folder / "out/report.html").read_text()
    rows = re.findall(r'<tr><th scope="row"><a href="#cell-(\d)">\d</a></th><td>(\d)</td><td>(\d)</td>(.*?)</tr>', html)
    assert [row[:3] for row in rows] == [
        ("1", "1", "0"), ("2", "1", "1"), ("3", "3", "0"), ("4", "3", "1"), ("5", "7", "0"), ("6", "7", "1"),
    ]  # fmt: skip
    best = [re.findall(r'class="number best">([\d.]+)', row[3]) for row in rows]
    assert best == [[], [], [], [], ["1", "17.5"], ["1", "17.5"]]
    assert html.count("<polyline") == 2 * 2  # two figures, a line for each value of `red`
    assert shell.calls("paint") == 2


def test_a_cell_that_fails_is_told_and_the_others_are_shown(shell: Shell) -> None:
    ended = shell.inside("report", shell.write("graph.json", GRAPH), "--sweep", "a=[1, 13]")
    assert (ended.code, ended.out) == (2, "out/report.html\n")
    page = read(shell.folder / "out/report.html")
    assert "judge: 13 cannot be measured; give another" in page.text
    assert "1 failed" in page.text
    assert page.text.count("not made") == 2
    assert page.tags.count("img") == 2


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        ("a", "there is no name or no '='"),
        ("a=[1,", "is not JSON"),
        ("a=3", "is not a list of values"),
        ("a=[]", "is not a list of values"),
        ("a,b=[[1, 2], [3]]", "[3] is not 2 values"),
        ("nothing=[1]", "there is no such public input"),
        ('a=[1, "x"]', "is not JSON"),
        (f"a={list(range(300))}", "a sweep of 300 cells is too large"),
    ],
)
def test_a_sweep_that_cannot_be_read_is_refused_before_anything_runs(sweep: str, said: str, shell: Shell) -> None:
    ended = shell.inside("report", shell.write("graph.json", GRAPH), "--sweep", sweep)
    assert (ended.code, ended.out, shell.calls("paint")) == (2, "", 0)
    assert said in " ".join(ended.err)


def test_what_is_set_and_swept_at_once_is_refused(shell: Shell) -> None:
    graph = shell.write("graph.json", GRAPH)
    for arguments in (("--set", "a=1", "--sweep", "a=[1, 2]"), ("--sweep", "a=[1]", "--sweep", "a=[2]")):
        assert shell.inside("report", graph, *arguments).code == 2


def test_axes_are_combined_and_what_shares_one_changes_together() -> None:
    axes = axes_of(['a,b=[[1, "x"], [2, "y"]]', "c=[true, null]"])
    assert cells_of(axes) == [
        {"a": 1, "b": "x", "c": True},
        {"a": 1, "b": "x", "c": None},
        {"a": 2, "b": "y", "c": True},
        {"a": 2, "b": "y", "c": None},
    ]
    assert cells_of(()) == [{}]
    with pytest.raises(InputError, match="swept twice"):
        axes_of(["a=[1]", "b,a=[[1, 2]]"])


def test_figures_are_numbers_and_rows_of_measures() -> None:
    table = Rows(("of", "measure", "value", "better"), [["drawn", "FID", 2.0, "lower"], ["real", "FID", 1, "lower"]])
    cells: list[dict[str, list[Shown]]] = [
        {"n": [Plain(3)], "flag": [Plain(True)], "t": [table]},
        {"n": [Plain(float("nan"))], "t": [Note("none")]},
    ]
    assert measures_of(cells) == [
        Measure("n", "", [3.0, None]),
        Measure("FID (drawn)", "lower", [2.0, None]),
        Measure("FID (real)", "lower", [1.0, None]),
    ]


def test_lines_need_numbers_along_the_first_axis_and_bars_stand_on_zero() -> None:
    measure = Measure("n", "", [1.0, -2.0, 4.0])
    (numbers,), (words,) = (
        charts_of([measure], axes, cells_of(axes)) for axes in map(axes_of, (["a=[1, 2, 4]"], ['a=["x", "y", "z"]']))
    )
    assert len(numbers.lines) == 1
    assert [dot.x for dot in numbers.lines[0].dots] == sorted(dot.x for dot in numbers.lines[0].dots)
    first, second, third = numbers.lines[0].dots
    assert third.y < first.y < second.y
    assert third.x - second.x == pytest.approx(2 * (second.x - first.x))
    assert words.lines == ()
    below, above = words.bars[1].y - words.ground, words.ground - words.bars[2].y
    assert above == pytest.approx(2 * below)
    alike = [Measure("n", "", [1.0, None]), Measure("m", "", [2.0, 2.0])]
    assert charts_of(alike, (), [{}, {}]) == []


def test_only_so_many_pictures_of_a_batch_are_shown() -> None:
    count = MOST_PICTURES + 3
    batch = Stored("Image", {}, {"pixels": Blob("F32", (count, 3, 2, 4), bytes(count * 96))})
    *pictures, note = show(batch)
    assert len(pictures) == MOST_PICTURES
    assert all(isinstance(each, Picture) and (each.width, each.height) == (4, 2) for each in pictures)
    assert note == Note(f"The first {MOST_PICTURES} of {count} pictures.")
