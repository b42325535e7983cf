"""A decorated function is a node: ports, params, help and names come from its signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

import pytest

from engine import Input, Lazy, NodeSpec, Output, PortType, Run, SpecError, Stored, ValueType, Widget, catalog, node

T = TypeVar("T")


@dataclass(frozen=True)
class Image:
    pixels: str


@dataclass(frozen=True)
class AttentionMaps:
    maps: str


class VQGANLatent:
    pass


class Drawn(NamedTuple):
    image: Image
    attention: AttentionMaps | None
    numbers: Annotated[list[int], "how many"]


SLIDER = Widget("slider", {"minimum": 1, "maximum": 150}, {"step": 1})
Steps = Annotated[int, SLIDER, "how many steps"]
INT, FLOAT, STR, IMAGE = PortType("int"), PortType("float"), PortType("str"), PortType("Image")


def codec(kind: type) -> ValueType:
    return ValueType(
        kind.__name__, kind, lambda value: Stored(kind.__name__, None), lambda stored: kind(), lambda value: 1
    )


def test_a_signature_becomes_a_spec() -> None:
    @node("Sampler", category="sampling", version=2, revision=7, pure=False, lane="gpu", libs=["torch"])
    def sample(
        image: Image,
        sampler: Literal["euler", "ddim"] = "euler",
        steps: Steps = 20,
        scale: float = 7,
        flags: tuple[bool, ...] = (True, False),
        *,
        mask: Image | None = None,
        run: Run,
    ) -> Drawn:
        """Draw a picture."""
        raise AssertionError

    assert sample.spec == NodeSpec(
        type="Sampler",
        inputs=(
            Input("image", IMAGE),
            Input("sampler", STR, False, "euler", {"type": "string", "enum": ["euler", "ddim"]}),
            Input(
                "steps",
                INT,
                False,
                20,
                {"type": "integer", "minimum": 1, "maximum": 150},
                SLIDER,
                False,
                "how many steps",
            ),
            Input("scale", FLOAT, False, 7, {"type": "number"}),
            Input(
                "flags", PortType("bool", True), False, [True, False], {"type": "array", "items": {"type": "boolean"}}
            ),
            Input("mask", IMAGE, False),
        ),
        outputs=(
            Output("image", IMAGE),
            Output("attention", PortType("AttentionMaps"), optional=True),
            Output("numbers", INT.listed),
        ),
        title="Sampler",
        help="Draw a picture.",
        category="sampling",
        version=2,
        revision=7,
        pure=False,
        lane="gpu",
        libs=("torch",),
    )
    assert sample.run_name == "run"


def test_what_is_not_said_has_plain_defaults() -> None:
    @node()
    def make_an_image(text: str) -> Image:
        """Make it."""
        return Image(text)

    assert make_an_image.spec == NodeSpec(
        "MakeAnImage", (Input("text", STR, schema={"type": "string"}),), (Output("image", IMAGE),),
        "Make An Image", "Make it.", category="test_node",
    )  # fmt: skip
    assert make_an_image.run_name is None


def test_lists_sequences_and_tuples_are_ports_that_take_many() -> None:
    @node()
    def join(a: list[Image], b: Sequence[Image], c: tuple[str, ...], d: list[Steps]) -> None:
        """Join."""

    assert [str(port.type) for port in join.spec.inputs] == ["list[Image]", "list[Image]", "list[str]", "list[int]"]


def test_lazy_and_generic_ports_are_told_apart() -> None:
    @node(needs=lambda which: [which])
    def choose(which: str, a: Lazy[T], b: Lazy[T | None] = None) -> T:  # type: ignore[assignment]
        """Choose."""
        raise AssertionError

    variable = PortType("T")
    assert choose.spec.inputs[1:] == (
        Input("a", variable, True, lazy=True),
        Input("b", variable, False, lazy=True),
    )
    assert choose.spec.outputs == (Output("value", variable),)
    assert choose.lazy == {"a", "b"}


@pytest.mark.parametrize(
    ("hint", "name"),
    [
        (int, "number"),
        (float, "number"),
        (str, "text"),
        (bool, "flag"),
        (Image, "image"),
        (AttentionMaps, "attention_maps"),
        (list[int], "numbers"),
        (list[Image], "images"),
        (Image | None, "image"),
        (Annotated[Image, "a picture"], "image"),
        (T, "value"),
        (list[T], "values"),  # type: ignore[valid-type]
    ],
)
def test_a_single_output_is_named_after_its_type(hint: Any, name: str) -> None:
    def give() -> Any:
        """Give."""

    give.__annotations__["return"] = hint
    assert [output.name for output in node()(give).spec.outputs] == [name]


def test_an_acronym_in_a_type_name_is_one_word_in_the_output_name() -> None:
    @node()
    def encode() -> VQGANLatent:
        """Encode."""
        raise AssertionError

    assert encode.spec.outputs[0].name == "vqgan_latent"


def test_a_node_stays_callable_as_the_function_that_it_was() -> None:
    @node()
    def add(a: int, b: int = 1) -> int:
        """Add two numbers."""
        return a + b

    assert (add(1), add(1, 2), add(a=3, b=4)) == (2, 3, 7)


def test_a_node_that_wants_a_run_can_be_called_with_one_of_its_own() -> None:
    @node()
    def wait(steps: int, *, run: Run) -> int:
        """Wait."""
        for step in range(steps):
            run.progress(step, steps)
        assert (run.saved(), run.previews, run.device) == (None, False, "cpu")
        return steps

    assert wait(2, run=Run()) == 2


def undocumented(a: int) -> int:
    return a


def unhinted(a, b: int, c) -> int:  # type: ignore[no-untyped-def]
    """Do."""
    return b


def without_return(a: int):  # type: ignore[no-untyped-def]
    """Do."""


def starred(*a: int) -> int:
    """Do."""
    return 0


def keywords(**a: int) -> int:
    """Do."""
    return 0


def united(a: int | str) -> int:
    """Do."""
    return 0


def nested(a: list[list[int]]) -> int:
    """Do."""
    return 0


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (undocumented, "undocumented: write a docstring; it is the node's help"),
        (unhinted, "unhinted: give a, c a type; ports come from the signature"),
        (without_return, "without_return: give return a type; ports come from the signature"),
        (starred, "starred: *a cannot be a port; name every input"),
        (keywords, "keywords: *a cannot be a port; name every input"),
        (united, "united.a: int | str is not a port type; name one type, or `Type | None`"),
        (nested, "nested.a: a list of lists is not a port type"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_function_that_cannot_be_a_node_is_refused_by_name(function: Any, sentence: str) -> None:
    with pytest.raises(SpecError) as caught:
        node()(function)
    assert str(caught.value) == sentence


def test_a_catalog_refuses_two_nodes_of_one_name() -> None:
    @node("Same")
    def one() -> int:
        """One."""
        return 1

    with pytest.raises(SpecError, match="two nodes are named Same"):
        catalog([one, one])


def test_a_catalog_refuses_a_port_whose_type_it_does_not_know() -> None:
    @node()
    def draw(text: str) -> Image:
        """Draw."""
        return Image(text)

    with pytest.raises(SpecError, match=r"Draw\.image: Image is not a value type of this catalog"):
        catalog([draw])
    assert set(catalog([draw], values=[codec(Image)]).specs) == {"Draw"}


def test_the_json_form_of_a_catalog_gives_the_same_specs() -> None:
    @node()
    def add(a: int, b: int = 1) -> int:
        """Add two numbers."""
        return a + b

    made = catalog([add])
    assert {name: NodeSpec.from_json(json) for name, json in made.to_json()["nodes"].items()} == made.specs
