"""Node types as plain data: what fits where, and a JSON form that loses nothing."""

import json

import pytest

from engine import Input, NodeSpec, Output, PortType, Widget

IMAGE = PortType("Image")
SPEC = NodeSpec(
    type="pack/Mixer",
    inputs=(
        Input("a", IMAGE, help="the first"),
        Input("more", IMAGE.listed, required=False),
        Input(
            "amount",
            PortType("float"),
            required=False,
            default=0.5,
            schema={"type": "number", "minimum": 0, "maximum": 1},
            widget=Widget("slider", {"minimum": 0, "maximum": 1}, {"step": 0.1}),
        ),
        Input("other", PortType("T"), lazy=True),
    ),
    outputs=(Output("image", IMAGE), Output("mask", PortType("Mask"), optional=True), Output("all", IMAGE.listed)),
    title="Mixer",
    help="Mix pictures.",
    category="image",
    version=3,
    revision=2,
    pure=False,
    lane="gpu",
    libs=("torch", "pillow"),
)


def test_the_json_form_of_a_spec_comes_back_as_the_same_spec() -> None:
    assert NodeSpec.from_json(json.loads(json.dumps(SPEC.to_json()))) == SPEC


@pytest.mark.parametrize("text", ["Image", "list[Image]", "T", "list[T]", "int", "pack/Thing", "pack.Thing"])
def test_the_text_of_a_port_type_comes_back_as_the_same_type(text: str) -> None:
    assert str(PortType.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "list[]", "list[Image", "Image]", "list[list[Image]]", "1x", "Image | None", "a b"]
)
def test_other_texts_are_no_port_types(text: str) -> None:
    with pytest.raises(ValueError, match="is not a port type"):
        PortType.parse(text)


@pytest.mark.parametrize(
    ("wanted", "given", "fits"),
    [
        ("Image", "Image", True),
        ("Image", "Mask", False),
        ("float", "int", True),
        ("int", "float", False),
        ("list[float]", "list[int]", True),
        ("int", "bool", False),
        ("T", "Image", True),
        ("list[T]", "list[Image]", True),
        ("T", "list[Image]", False),
        ("Image", "list[Image]", False),
        ("list[Image]", "Image", False),
    ],
)
def test_a_port_takes_its_own_type_and_a_number_port_takes_whole_numbers(wanted: str, given: str, fits: bool) -> None:
    assert PortType.parse(wanted).accepts(PortType.parse(given)) is fits


def test_ports_are_found_by_name() -> None:
    assert (SPEC.input("a"), SPEC.output("mask")) == (SPEC.inputs[0], SPEC.outputs[1])
    assert (SPEC.input("image"), SPEC.output("a")) == (None, None)


def test_a_variable_is_a_single_capital_letter() -> None:
    assert [PortType.parse(text).variable for text in ("T", "list[T]", "Image")] == [True, True, False]
