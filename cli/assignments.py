"""Read `--set NAME=VALUE`: what the value means is decided by the port that it sets."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from engine import Catalog, Files, Input, InputError
from engine.spec import Json
from graphs import LIMITS, Graph, GraphError, Link, Node, Problem, library
from graphs.strict_json import read

ASSETS = frozenset({"image", "mask", "audio", "video", "file"})  # the widgets of ports that name an asset
MODELS = frozenset({"model"})
ALBUMS = frozenset({"images"})  # of ports that name several
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp"})
_WANTED = {"int": "a whole number", "float": "a number", "bool": "true or false"}
_NUMBER = re.compile(r"\s*-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\s*")


def assigned(graph: Graph, assignments: Sequence[str], catalog: Catalog, files: Files) -> Graph:
    """Give the graph with the values set; every assignment that cannot be read is reported."""
    texts: dict[str, str] = {}
    values: dict[str, Json] = {}
    problems: list[Problem] = []
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            problems.append(Problem(f"--set {assignment[:80]}: there is no '='", hint="write --set NAME=VALUE"))
            continue
        if name in texts:
            both = f"{texts[name][:80]!r} and {text[:80]!r}"
            problems.append(Problem(f"--set {name}: two values are given, {both}", hint="keep one of them"))
            continue
        texts[name] = text
        try:
            values[name] = _value(name, text, _port(graph, name, catalog), files)
        except GraphError as error:
            problems += error.problems
    if problems:
        raise GraphError.of(problems)
    return graph.set(values)


def values_of(graph: Graph, catalog: Catalog) -> dict[str, Json]:
    """Give the value of every public input that has one: what is set, or else its default."""
    found: dict[str, Json] = {}
    for name in graph.inputs:
        for node, port in _targets(graph, name):
            function = catalog.nodes.get(node.type)
            spec = function.spec.input(port) if function is not None else None
            found[name] = node.params.get(port, spec.default if spec is not None else None)
            break
    return found


def _value(name: str, text: str, port: Input | None, files: Files) -> Json:
    widget = port.widget.kind if port is not None and port.widget is not None else ""
    if port is None or str(port.type) == "str":
        return _text(text, widget, files)
    if text.startswith("@") and widget in ALBUMS:
        return _album(Path(text[1:]).expanduser(), files)
    try:
        return read(text.encode(), limits=LIMITS)
    except GraphError as error:
        wanted = _WANTED.get(str(port.type), f"JSON for {port.type}")
        raise GraphError(f"--set {name}: {_fault(text, error)}", hint=f"give {wanted}") from None


def _fault(text: str, error: GraphError) -> str:
    """Say why a text was not read: only what breaks JSON's own rules is no JSON."""
    said = error.problems[0].message
    if _NUMBER.fullmatch(text):
        return f"{text[:80]!r} is outside the 64-bit range"
    if said.startswith("broken JSON") or "is not a JSON number" in said:
        return f"{text[:80]!r} is not JSON"
    return said.replace("the document has", "it has")


def _text(text: str, widget: str, files: Files) -> str:
    if not text.startswith("@") or widget not in ASSETS | MODELS:
        return text
    path = Path(text[1:]).expanduser()
    if not path.exists():
        raise InputError(f"there is no file {text[1:]!r}", hint="check the path after @")
    return files.adopt(path) if widget in MODELS else files.bring(path)


def _album(path: Path, files: Files) -> list[str]:
    """Bring every picture of a folder, by name, or one picture."""
    found = sorted(path.iterdir()) if path.is_dir() else [path]
    pictures = [each for each in found if each.is_file() and each.suffix.lower() in _PICTURES]
    if not pictures:
        raise InputError(
            f"there is no picture at {str(path)!r}", hint="name a folder of PNG, JPEG or WebP files after @"
        )
    return [files.bring(each) for each in pictures]


def _port(graph: Graph, name: str, catalog: Catalog) -> Input | None:
    """Find the port that a name sets; None where nothing is known of it, which setting or checking reports."""
    for node, port in _targets(graph, name):
        function = catalog.nodes.get(node.type)
        found = function.spec.input(port) if function is not None else None
        if found is not None:
            return found
    return None


def _targets(graph: Graph, name: str) -> Iterator[tuple[Node, str]]:
    """Follow a name through public inputs and subgraphs to the nodes that do the work."""
    waiting = [(graph, name, 0)]
    while waiting:
        level, name, depth = waiting.pop(0)
        if (public := level.inputs.get(name)) is not None:
            waiting += [(level, target, depth) for target in public.to]
        elif "." in name and depth <= LIMITS.subgraph_depth:
            node, port = _node(level, Link.parse(name))
            if node is not None and node.graph is not None:
                waiting.append((_inner(node), port, depth + 1))
            elif node is not None:
                yield node, port


def _node(graph: Graph, link: Link) -> tuple[Node | None, str]:
    """Walk a path like `sub/node` inwards."""
    nodes: Mapping[str, Node] = graph.nodes
    *subgraphs, last = link.node.split("/")
    for id_ in subgraphs:
        node = nodes.get(id_)
        if node is None or node.graph is None:
            return None, link.port
        nodes = _inner(node).nodes
    return nodes.get(last), link.port


def _inner(node: Node) -> Graph:
    return node.graph if isinstance(node.graph, Graph) else library.load(str(node.graph))
