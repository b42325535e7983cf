"""Describe a node type as plain data, with a JSON form that needs none of its code."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Json = Any  # a value that json.dumps takes; recursive types cost more than they catch
Lane = Literal["gpu", "cpu", "io"]

JSON_TYPES: Mapping[str, Mapping[str, Json]] = {
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
}

_PORT_TYPE = re.compile(r"(list\[)?([A-Za-z][A-Za-z0-9_./]*)(\])?")


@dataclass(frozen=True, slots=True)
class PortType:
    """What flows through a port: a value type, maybe many of it, or a variable bound by what is wired.

    Its text form is `Image`, `list[Image]`, `T` (variables are single capitals) or `list[T]`.
    """

    name: str
    many: bool = False

    @classmethod
    def parse(cls, text: str) -> "PortType":
        match = _PORT_TYPE.fullmatch(text)
        if match is None or bool(match[1]) != bool(match[3]):
            raise ValueError(f"{text!r} is not a port type")
        return cls(match[2], many=bool(match[1]))

    @property
    def variable(self) -> bool:
        return len(self.name) == 1

    @property
    def item(self) -> "PortType":
        return PortType(self.name)

    @property
    def listed(self) -> "PortType":
        return PortType(self.name, many=True)

    def accepts(self, given: "PortType") -> bool:
        """Say whether a value of the given type may enter as it is; an int may enter as a float."""
        if self.many != given.many:
            return False
        return self.variable or self.name == given.name or (self.name, given.name) == ("float", "int")

    def __str__(self) -> str:
        return f"list[{self.name}]" if self.many else self.name


@dataclass(frozen=True, slots=True)
class Widget:
    """How an editor draws a param, and what it allows: `rules` join the port's JSON schema."""

    kind: str
    rules: Mapping[str, Json] = field(default_factory=dict)
    options: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Input:
    """One input port: wired, or set by a param where its type has a JSON form (`schema`)."""

    name: str
    type: PortType
    required: bool = True
    default: Json = None
    schema: Mapping[str, Json] | None = None
    widget: Widget | None = None
    lazy: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """One output port."""

    name: str
    type: PortType
    optional: bool = False


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """A node type: everything that checking, drawing and keying need, and none of its code.

    `version` counts the interface and is migrated; `revision` counts the bits and is only in the key.
    """

    type: str
    inputs: Sequence[Input]
    outputs: Sequence[Output]
    title: str
    help: str
    category: str = ""
    version: int = 1
    revision: int = 1
    pure: bool = True
    lane: Lane = "cpu"
    libs: Sequence[str] = ()

    def input(self, name: str) -> Input | None:
        return next((port for port in self.inputs if port.name == name), None)

    def output(self, name: str) -> Output | None:
        return next((port for port in self.outputs if port.name == name), None)

    def to_json(self) -> dict[str, Json]:
        return {
            **asdict(self),
            "inputs": [{**asdict(port), "type": str(port.type)} for port in self.inputs],
            "outputs": [{**asdict(port), "type": str(port.type)} for port in self.outputs],
            "libs": list(self.libs),
        }

    @classmethod
    def from_json(cls, json: Mapping[str, Json]) -> "NodeSpec":
        inputs = [
            Input(
                **{**port, "type": PortType.parse(port["type"]), "widget": port["widget"] and Widget(**port["widget"])}
            )
            for port in json["inputs"]
        ]
        outputs = [Output(**{**port, "type": PortType.parse(port["type"])}) for port in json["outputs"]]
        return cls(**{**json, "inputs": tuple(inputs), "outputs": tuple(outputs), "libs": tuple(json["libs"])})
