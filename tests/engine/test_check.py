"""Every way in which a graph can be illegal for a catalog, each with its place and its mend, all at once."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

import pytest

from engine import Engine, Lazy, Stored, ValueType, Widget, catalog, node
from graphs import Graph, GraphError, Problem
from tests.engine.toys import chain, document

T = TypeVar("T")


@dataclass(frozen=True)
class Image:
    text: str


@dataclass(frozen=True)
class Mask:
    text: str


@node()
def text(value: str = "") -> str:
    """Give a text."""
    return value


@node()
def number(value: Annotated[int, Widget("slider", {"minimum": 0, "maximum": 9})] = 0) -> int:
    """Give a number."""
    return value


@node()
def ratio(value: float = 0.5) -> float:
    """Give a ratio."""
    return value


@node()
def flag(value: bool = False) -> bool:
    """Give a flag."""
    return value


@node()
def draw(text: str, style: Literal["flat", "round"] = "flat") -> Image:
    """Draw a text."""
    return Image(text)


@node()
def blur(image: Image, amount: float = 1.0, mask: Mask | None = None) -> Image:
    """Blur a picture."""
    return image


@node(version=2)
def to_mask(image: Image) -> Mask:
    """Make a mask of a picture."""
    return Mask(image.text)


@node()
def split(text: str) -> list[str]:
    """Split a text into words."""
    return text.split()


@node()
def join(texts: list[str], by: str = " ") -> str:
    """Join texts."""
    return by.join(texts)


@node()
def average(values: list[float]) -> float:
    """Average numbers."""
    return sum(values) / len(values)


@node()
def same(a: T, b: T) -> T:
    """Give the first of two alike."""
    return a


@node()
def first(items: list[T]) -> T:
    """Give the first."""
    return items[0]


@node(needs=lambda on: ["text"] if on else [])
def maybe(on: bool, text: Lazy[str] = "") -> str:  # type: ignore[assignment]
    """Give a text only if it is wanted."""
    return text  # type: ignore[return-value]


def _codec(kind: type[Image] | type[Mask]) -> ValueType:
    return ValueType(
        kind.__name__,
        kind,
        lambda value: Stored(kind.__name__, value.text),
        lambda stored: kind(stored.fields),
        lambda value: len(value.text),
    )


CATALOG = catalog(
    [text, number, ratio, flag, draw, blur, to_mask, split, join, average, same, first, maybe],
    values=[_codec(Image), _codec(Mask)],
)
ENGINE = Engine(CATALOG)


def problems(nodes: dict[str, Any], **rest: Any) -> list[Problem]:
    return list(ENGINE.check(document(nodes, **rest)))


T_ = {"type": "Text", "params": {"value": "a b"}}
N_ = {"type": "Number"}
SPLIT = {"type": "Split", "inputs": {"text": "t.text"}}
DRAW = {"type": "Draw", "inputs": {"text": "t.text"}}

ILLEGAL: dict[str, tuple[dict[str, Any], dict[str, Any], list[Problem]]] = {
    "an unknown node type, with the close names": (
        {"x": {"type": "Dram"}},
        {},
        [Problem("no node type is named Dram", "x", None, "did you mean Draw or Same?")],
    ),
    "a node type of a pack that is missing": (
        {"x": {"type": "pack/Draw"}},
        {},
        [Problem("no node type is named pack/Draw", "x", None, "install the pack 'pack'")],
    ),
    "an older version": (
        {"t": T_, "d": DRAW, "m": {"type": "ToMask", "inputs": {"image": "d.image"}}},
        {},
        [Problem("ToMask is at version 2, the graph says 1", "m", None, "open it with a version that can migrate it")],
    ),
    "a newer version": (
        {"t": {"type": "Text", "version": 4}},
        {},
        [Problem("Text is at version 1, the graph says 4", "t", None, "update Promptograph")],
    ),
    "an unknown param": (
        {"t": {"type": "Text", "params": {"valu": "x"}}},
        {},
        [Problem("Text has no input 'valu'", "t", "valu", "did you mean value?")],
    ),
    "an unknown input on a wire": (
        {"t": T_, "d": {"type": "Draw", "inputs": {"txt": "t.text", "text": "t.text"}}},
        {},
        [Problem("Draw has no input 'txt'", "d", "txt", "did you mean text?")],
    ),
    "an unknown output on a wire": (
        {"t": T_, "d": {"type": "Draw", "inputs": {"text": "t.texts"}}},
        {},
        [Problem("Text has no output 'texts'", "d", "text", "did you mean text?")],
    ),
    "a link to no node": (
        {"t": T_, "d": {"type": "Draw", "inputs": {"text": "tt.text"}}},
        {},
        [Problem("tt.text leads to no node", "d", "text", "did you mean t?")],
    ),
    "a param on a port that can only be wired": (
        {"b": {"type": "Blur", "params": {"image": "x"}}},
        {},
        [Problem("has no value of its own", "b", "image", "wire an Image to it")],
    ),
    "a number above its range": (
        {"n": {"type": "Number", "params": {"value": 10}}},
        {},
        [Problem("10 is greater than the maximum of 9", "n", "value", "give a whole number, at least 0 and at most 9")],
    ),
    "a number below its range": (
        {"n": {"type": "Number", "params": {"value": -1}}},
        {},
        [Problem("-1 is less than the minimum of 0", "n", "value", "give a whole number, at least 0 and at most 9")],
    ),
    "a text where a number is due": (
        {"r": {"type": "Ratio", "params": {"value": "0.5"}}},
        {},
        [Problem("'0.5' is not of type 'number'", "r", "value", "give a number")],
    ),
    "a flag where a whole number is due": (
        {"n": {"type": "Number", "params": {"value": True}}},
        {},
        [Problem("True is not of type 'integer'", "n", "value", "give a whole number, at least 0 and at most 9")],
    ),
    "a flag where a number is due": (
        {"r": {"type": "Ratio", "params": {"value": False}}},
        {},
        [Problem("False is not of type 'number'", "r", "value", "give a number")],
    ),
    "a whole number where a flag is due": (
        {"f": {"type": "Flag", "params": {"value": 1}}},
        {},
        [Problem("1 is not of type 'boolean'", "f", "value", "give true or false")],
    ),
    "a fraction where a whole number is due": (
        {"n": {"type": "Number", "params": {"value": 1.5}}},
        {},
        [Problem("1.5 is not of type 'integer'", "n", "value", "give a whole number, at least 0 and at most 9")],
    ),
    "null where a text is due": (
        {"t": {"type": "Text", "params": {"value": None}}},
        {},
        [Problem("None is not of type 'string'", "t", "value", "give a text")],
    ),
    "a text outside the choices": (
        {"t": T_, "d": {"type": "Draw", "params": {"style": "cubic"}, "inputs": {"text": "t.text"}}},
        {},
        [Problem('"cubic" is no choice here', "d", "style", "choose one of flat, round")],
    ),
    "one value where a list is due": (
        {"j": {"type": "Join", "params": {"texts": "x"}}},
        {},
        [Problem("'x' is not of type 'array'", "j", "texts", "give a list of str")],
    ),
    "a missing input that could be set": (
        {"d": {"type": "Draw"}},
        {},
        [Problem("is not connected", "d", "text", "wire a text to it, or set it with --set d.text=...")],
    ),
    "a missing input that can only be wired": (
        {"b": {"type": "Blur"}},
        {},
        [Problem("is not connected", "b", "image", "wire an Image to it")],
    ),
    "a wire of the wrong type, naming the node that would mend it": (
        {"t": T_, "d": DRAW, "b": {"type": "Blur", "inputs": {"image": "d.image", "mask": "d.image"}}},
        {},
        [Problem("d.image gives an Image, a Mask is expected", "b", "mask", "put ToMask between them")],
    ),
    "a wire of the wrong type that no node can mend": (
        {"n": N_, "b": {"type": "Maybe", "inputs": {"on": "n.number"}}},
        {},
        [Problem("n.number gives a whole number, true or false is expected", "b", "on", "wire true or false instead")],
    ),
    "a list of links on a port that takes one": (
        {"t": T_, "d": {"type": "Draw", "inputs": {"text": ["t.text", "t.text"]}}},
        {},
        [Problem("takes one link, not a list of links", "d", "text", "link one port, or collect with a List node")],
    ),
    "picking an item of what is no list": (
        {"t": T_, "d": {"type": "Draw", "inputs": {"text": "t.text[0]"}}},
        {},
        [Problem("t.text[0] picks from a text, which is no list", "d", "text", "leave the [..] away")],
    ),
    "a circle, spelled out": (
        {
            "a": {"type": "Join", "inputs": {"texts": ["c.text"]}},
            "b": {"type": "Join", "inputs": {"texts": ["a.text"]}},
            "c": {"type": "Join", "inputs": {"texts": ["b.text"]}},
        },
        {},
        [Problem("the graph goes in a circle: a -> b -> c -> a", hint="remove one of these links")],
    ),
    "a node wired to itself": (
        {"a": {"type": "Join", "inputs": {"texts": ["a.text"]}}},
        {},
        [Problem("the graph goes in a circle: a -> a", hint="remove one of these links")],
    ),
    "a public input that leads to no node": (
        {"t": T_},
        {"inputs": {"prompt": {"to": ["u.value"]}}},
        [Problem("the public input 'prompt' leads to u.value, which is no node", hint="there is t")],
    ),
    "a public input that leads to no input": (
        {"t": T_},
        {"inputs": {"prompt": {"to": ["t.valu"]}}},
        [Problem("the public input 'prompt' leads to t.valu, which is no input", hint="did you mean value?")],
    ),
    "a public output of no node": (
        {"t": T_},
        {"outputs": {"out": "u.text"}},
        [Problem("the public output 'out' names u.text, which is no node", hint="there is t")],
    ),
    "a public output that is none": (
        {"t": T_},
        {"outputs": {"out": "t.txt"}},
        [Problem("the public output 'out' names t.txt, which is no output", hint="did you mean text?")],
    ),
    "a generic port wired to two types": (
        {"t": T_, "n": N_, "s": {"type": "Same", "inputs": {"a": "t.text", "b": "n.number"}}},
        {},
        [Problem("n.number gives a whole number, a text is expected", "s", "b", "put Text or Draw between them")],
    ),
    "a type bound by a generic port, wired on wrongly": (
        {
            "t": T_,
            "s": {"type": "Same", "inputs": {"a": "t.text", "b": "t.text"}},
            "b": {"type": "Blur", "inputs": {"image": "s.value"}},
        },
        {},
        [Problem("s.value gives a text, an Image is expected", "b", "image", "put Draw between them")],
    ),
    "mapping over a lazy input": (
        {"t": T_, "w": SPLIT, "m": {"type": "Maybe", "params": {"on": True}, "inputs": {"text": "w.texts"}}},
        {},
        [
            Problem(
                "cannot map over a list, because it is computed only if needed", "m", "text", "pick an item: w.texts[0]"
            )
        ],
    ),
}
# the hints of these name whatever bridges the catalog has; they are looked at in a test of their own
_LOOSE = {"a generic port wired to two types", "a wire of the wrong type that no node can mend"}


@pytest.mark.parametrize("case", ILLEGAL, ids=list(ILLEGAL))
def test_a_graph_is_refused_for(case: str) -> None:
    nodes, rest, expected = ILLEGAL[case]
    found = problems(nodes, **rest)
    if case in _LOOSE:
        assert [(one.message, one.node, one.port) for one in found] == [
            (one.message, one.node, one.port) for one in expected
        ]
    else:
        assert found == expected


def test_at_most_three_bridging_nodes_are_named_in_order() -> None:
    (problem,) = problems({"t": T_, "n": N_, "s": {"type": "Same", "inputs": {"a": "n.number", "b": "t.text"}}})
    assert problem.hint == "wire a whole number instead"
    (problem,) = problems({"t": T_, "b": {"type": "Blur", "inputs": {"image": "t.text"}}})
    assert problem.hint == "put Draw between them"


def test_all_problems_of_a_graph_are_listed_at_once() -> None:
    found = problems(
        {
            "t": {"type": "Text", "params": {"value": 1, "valu": 2}},
            "x": {"type": "Nope"},
            "d": {"type": "Draw", "params": {"style": "cubic"}, "inputs": {"text": "zz.text"}},
            "b": {"type": "Blur", "params": {"amount": "much"}},
            "m": {"type": "ToMask", "version": 1, "inputs": {"image": "t.text"}},
        },
        inputs={"prompt": {"to": ["q.value"]}},
        outputs={"image": "b.imag"},
    )
    assert sorted((one.node or "", one.port or "") for one in found) == [
        ("", ""), ("", ""), ("b", "amount"), ("b", "image"), ("d", "style"), ("d", "text"),
        ("m", ""), ("m", "image"), ("t", "valu"), ("t", "value"), ("x", ""),
    ]  # fmt: skip
    with pytest.raises(GraphError) as caught:
        ENGINE.run(document({"t": {"type": "Text", "params": {"value": 1, "valu": 2}}, "x": {"type": "Nope"}}))
    assert len(str(caught.value).splitlines()) == 3


def test_problems_outside_a_circle_are_listed_beside_the_circle() -> None:
    found = problems(
        {
            "a": {"type": "Join", "inputs": {"texts": ["b.text"]}},
            "b": {"type": "Join", "inputs": {"texts": ["a.text"]}},
            "c": {"type": "Blur", "inputs": {"image": "d.text"}},
            "d": T_,
        }
    )
    assert [(one.node, one.port) for one in found] == [(None, None), ("c", "image")]


@pytest.mark.parametrize(
    ("wire", "mapped"),
    [("t.text", []), ("w.texts", ["text"]), ("w.texts[1]", [])],
)
def test_a_list_on_a_port_that_wants_one_maps_the_node_and_an_item_does_not(wire: str, mapped: list[str]) -> None:
    made = ENGINE.program(document({"t": T_, "w": SPLIT, "d": {"type": "Draw", "inputs": {"text": wire}}}))
    assert made.steps["d"].mapped == frozenset(mapped)


def test_what_a_mapped_node_gives_is_a_list() -> None:
    nodes = {"t": T_, "w": SPLIT, "d": {"type": "Draw", "inputs": {"text": "w.texts"}}}
    assert problems({**nodes, "b": {"type": "Blur", "inputs": {"image": "d.image[1]"}}}) == []
    made = ENGINE.program(document({**nodes, "b": {"type": "Blur", "inputs": {"image": "d.image"}}}))
    assert made.steps["b"].mapped == {"image"}


def test_a_generic_list_port_binds_the_type_of_its_items() -> None:
    nodes = {"t": T_, "w": SPLIT, "f": {"type": "First", "inputs": {"items": "w.texts"}}}
    assert problems({**nodes, "d": {"type": "Draw", "inputs": {"text": "f.value"}}}) == []
    assert len(problems({**nodes, "b": {"type": "Blur", "inputs": {"image": "f.value"}}})) == 1


def test_a_map_over_a_node_that_gives_lists_is_refused_because_maps_have_depth_one() -> None:
    found = problems({"t": T_, "w": SPLIT, "s": {"type": "Split", "inputs": {"text": "w.texts"}}})
    assert [(one.node, one.port) for one in found] == [("s", "text")]


def test_whole_numbers_may_enter_a_list_of_numbers() -> None:
    assert problems({"n": N_, "a": {"type": "Average", "inputs": {"values": ["n.number", "n.number"]}}}) == []


def test_a_param_that_is_hidden_by_a_link_is_not_checked() -> None:
    assert problems({"t": T_, "d": {"type": "Draw", "params": {"text": 7}, "inputs": {"text": "t.text"}}}) == []


@pytest.mark.parametrize(("type", "given", "seen"), [("Ratio", 7, 7.0), ("Number", 7.0, 7), ("Ratio", 0.5, 0.5)])
def test_a_number_takes_the_one_form_that_its_port_has(type: str, given: Any, seen: Any) -> None:
    params = ENGINE.program(document({"x": {"type": type, "params": {"value": given}}})).steps["x"].params
    assert [(value, value.__class__) for value in params.values()] == [(seen, seen.__class__)]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("place", ["alone", "in a list"])
def test_a_number_that_is_none_is_refused_wherever_it_stands(number: float, place: str) -> None:
    value = number if place == "alone" else [number]
    nodes = {"x": {"type": "Ratio", "params": {"value": value}}}
    with pytest.raises(GraphError):
        ENGINE.run(document(nodes))
    with pytest.raises(GraphError):
        ENGINE.run(document({"x": {"type": "Ratio"}}), {"x.value": value})
    built = Graph.model_construct(
        nodes={"x": Graph.load({"format": "promptograph/1", "nodes": {"x": {"type": "Ratio"}}}).nodes["x"].model_copy(
            update={"params": {"value": value}}
        )}, inputs={}, outputs={}, ui={}, name="",
    )  # fmt: skip
    with pytest.raises(GraphError):
        ENGINE.run(built)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("x.text", "the target names x.text, which is no node"),
        ("t.txt", "the target names t.txt, which is no output"),
        ("t.text[0]", "the target names t.text[0], which picks from a text, no list"),
        ("t", "'t' is not a link"),
        ("t.text[", "'t.text[' is not a link"),
    ],
)
def test_a_target_must_be_an_output_of_the_graph(target: str, message: str) -> None:
    with pytest.raises(GraphError) as caught:
        ENGINE.run(document({"t": T_}), targets=[target])
    assert [problem.message for problem in caught.value.problems] == [message]


def test_a_rule_across_inputs_is_asked_where_all_of_them_are_set() -> None:
    @node(check=lambda low, high: None if low < high else f"low is {low}, high is {high}")
    def span(low: int = 0, high: int = 1) -> int:
        """Give the span."""
        return high - low

    engine = Engine(catalog([span, number]))
    wrong = {"type": "Span", "params": {"low": 5}}
    assert list(engine.check(document({"s": wrong}))) == [Problem("low is 5, high is 1", "s")]
    assert engine.check(document({"s": {"type": "Span", "params": {"low": 5, "high": 9}}})) == ()
    assert engine.check(document({"n": N_, "s": {**wrong, "inputs": {"high": "n.number"}}})) == ()


def test_a_rule_is_not_asked_about_a_value_that_is_wrong_already() -> None:
    @node(check=lambda a: None if a < 3 else "a is too large")
    def small(a: int) -> int:
        """Give a small number."""
        return a

    found = Engine(catalog([small])).check(document({"s": {"type": "Small", "params": {"a": "x"}}}))
    assert [problem.message for problem in found] == ["'x' is not of type 'integer'"]


def _ring(length: int) -> Graph:
    return document(
        {f"n{at}": {"type": "Join", "inputs": {"texts": [f"n{(at + 1) % length}.text"]}} for at in range(length)}
    )


def test_a_circle_of_ten_thousand_nodes_is_found_without_recursion() -> None:
    (problem,) = ENGINE.check(_ring(10_000))
    assert problem.message.startswith("the graph goes in a circle: ")
    assert problem.message.count(" -> ") == 10_000


def test_a_chain_of_ten_thousand_nodes_is_checked_without_recursion() -> None:
    found = ENGINE.check(chain(10_000, type="Nope"))
    assert len(found) == 9_999


def test_a_misspelt_choice_names_the_close_ones() -> None:
    (problem,) = problems({"d": {"type": "Draw", "params": {"text": "x", "style": "rond"}}})
    assert problem.hint == "did you mean round? choose one of flat, round"


def test_a_missing_input_is_named_as_the_public_input_that_sets_it() -> None:
    (problem,) = problems({"d": {"type": "Draw"}}, inputs={"caption": {"to": ["d.text"]}})
    assert problem.hint.endswith("or set it with --set caption=...")
