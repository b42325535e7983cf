"""Random documents for the tests of `graphs/`."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from graphs import Graph, Node, PublicInput


def examples(number: int) -> settings:
    """Bound a property test by its number of examples, not by time: the machine may be busy."""
    return settings(max_examples=number, deadline=None, suppress_health_check=[HealthCheck.too_slow])


IDS = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
PORTS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
TYPES = st.from_regex(r"([a-z][a-z0-9_-]{0,3}/)?[A-Z][A-Za-z0-9]{0,5}", fullmatch=True).filter(
    lambda type_: type_ != "Subgraph"
)
PATHS = st.lists(IDS, min_size=1, max_size=3).map("/".join)
TARGETS = st.builds("{}.{}".format, PATHS, PORTS)
LINKS = st.one_of(TARGETS, st.builds("{}[{}]".format, TARGETS, st.integers(0, 999_999_999)))
NUMBERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False))
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=5,
)
_WIRES = st.one_of(LINKS, st.lists(LINKS, max_size=3).map(tuple))
_TITLES = st.none() | TEXTS


def _nodes(depth: int) -> st.SearchStrategy[Node]:
    common = {
        "version": st.integers(1, 9),
        "title": _TITLES,
        "params": st.dictionaries(PORTS, VALUES, max_size=2),
        "inputs": st.dictionaries(PORTS, _WIRES, max_size=2),
        "bypass": st.none() | st.dictionaries(PORTS, PORTS, max_size=2),
    }
    plain = st.builds(Node, type=TYPES, **common)
    if not depth:
        return plain
    inner = st.sampled_from(["text-to-image", "x_2"]) | graphs(depth - 1)
    return plain | st.builds(Node, type=st.just("Subgraph"), graph=inner, **common)


def graphs(depth: int = 2) -> st.SearchStrategy[Graph]:
    """Draw any legal document, whether or not its links lead anywhere."""
    return st.builds(
        Graph,
        name=TEXTS,
        nodes=st.dictionaries(IDS, _nodes(depth), max_size=3),
        inputs=st.dictionaries(
            PORTS, st.builds(PublicInput, to=st.lists(TARGETS, max_size=2).map(tuple), title=_TITLES), max_size=2
        ),
        outputs=st.dictionaries(PORTS, LINKS, max_size=2),
        ui=st.dictionaries(TEXTS, VALUES, max_size=2),
    )


def chain(length: int) -> dict[str, JsonValue]:
    """Give a long document: each node adds to the one before."""
    nodes: dict[str, JsonValue] = {"n0": {"type": "Number", "params": {"value": 1}}}
    for at in range(1, length):
        nodes[f"n{at}"] = {"type": "Add", "params": {"b": at, "c": 0.5}, "inputs": {"a": f"n{at - 1}.number"}}
    return {"format": "promptograph/1", "nodes": nodes, "inputs": {"start": {"to": ["n0.value"]}}}
