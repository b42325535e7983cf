"""The document: nodes, the links between them, and the graph's public inputs and outputs.

Guarantees
1. The graph that the editor saves is the graph that the command line, the library and the server run.
2. Saving an unchanged canonical file changes no byte.
3. A node of an unknown type is loaded and saved without loss.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, JsonValue, StringConstraints, Tag, model_validator

from graphs.limits import LIMITS, Limits
from graphs.link import ID, LINK, PORT, TARGET
from graphs.migrate import NONE, Migrations

if TYPE_CHECKING:
    from graphs.build import Builder
    from graphs.library import Library

FORMAT = "promptograph/1"

_PATH_LENGTH = (LIMITS.name + 1) * (LIMITS.subgraph_depth + 1) + 12
NodeId = Annotated[str, StringConstraints(pattern=f"^{ID}$", max_length=LIMITS.name)]
PortName = Annotated[str, StringConstraints(pattern=f"^{PORT}$", max_length=LIMITS.name)]
TypeName = Annotated[
    str, StringConstraints(pattern=r"^(?:[a-z][a-z0-9_-]*/)?[A-Z][A-Za-z0-9]*$", max_length=LIMITS.type)
]
LibraryName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=LIMITS.type)]
LinkText = Annotated[str, StringConstraints(pattern=f"^{LINK}$", max_length=_PATH_LENGTH)]
TargetText = Annotated[str, StringConstraints(pattern=f"^{TARGET}$", max_length=_PATH_LENGTH)]
Title = Annotated[str, StringConstraints(max_length=LIMITS.title)]


def _one_or_many(value: object) -> str:
    return "many" if isinstance(value, list | tuple) else "one"


def _name_or_graph(value: object) -> str:
    return "name" if isinstance(value, str) else "graph"


LinkTexts = Annotated[tuple[LinkText, ...], Field(strict=False, max_length=LIMITS.links)]
Wire = Annotated[Annotated[LinkText, Tag("one")] | Annotated[LinkTexts, Tag("many")], Discriminator(_one_or_many)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Digests = Annotated[tuple[Digest, ...], Field(strict=False, max_length=LIMITS.nodes)]
Pinned = Annotated[Annotated[Digest, Tag("one")] | Annotated[Digests, Tag("many")], Discriminator(_one_or_many)]
Inner = Annotated[Annotated[LibraryName, Tag("name")] | Annotated["Graph", Tag("graph")], Discriminator(_name_or_graph)]


class Frozen(BaseModel):
    """A part of a document: it is never changed, and holds nothing that is not declared."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class Node(Frozen):
    """One node: its type, the params set on it, and its links by input name; where both are, the link wins.

    A node with a `bypass` is left out of a run. The mapping says for each output which input passes through; an
    output that it does not name gives nothing, so that an empty mapping is a muted node. A node with a `pin` is not
    called: its outputs are the kept values of these digests, whatever stands before it.
    """

    type: TypeName
    version: Annotated[int, Field(ge=1, lt=2**31)] = 1
    title: Title | None = None
    params: Mapping[PortName, JsonValue] = Field(default_factory=dict)
    inputs: Mapping[PortName, Wire] = Field(default_factory=dict)
    graph: Inner | None = None
    bypass: Mapping[PortName, PortName] | None = None
    pin: Mapping[PortName, Pinned] | None = None

    @model_validator(mode="after")
    def _only_a_subgraph_has_a_graph(self) -> Node:
        if (self.type == "Subgraph") != (self.graph is not None):
            raise ValueError("a Subgraph needs a graph, and no other node has one")
        return self


class PublicInput(Frozen):
    """One field of the graph's form: the ports that it sets."""

    to: Annotated[tuple[TargetText, ...], Field(strict=False, max_length=LIMITS.links)] = ()
    title: Title | None = None


class Graph(Frozen):
    """A graph of nodes, as saved, edited and run."""

    format: Literal["promptograph/1"] = "promptograph/1"
    name: Title = ""
    nodes: Mapping[NodeId, Node] = Field(default_factory=dict)
    inputs: Mapping[PortName, PublicInput] = Field(default_factory=dict)
    outputs: Mapping[PortName, LinkText] = Field(default_factory=dict)
    ui: Mapping[str, JsonValue] = Field(default_factory=dict)

    # Each verb lives in a file of its own that imports this one, so it is imported when it is used.

    @classmethod
    def load(
        cls,
        source: str | Path | Mapping[str, object] | bytes,
        *,
        migrations: Migrations = NONE,
        limits: Limits = LIMITS,
    ) -> Graph:
        """Load a library name, a path to JSON or to a PNG that carries a graph, a dict, or the bytes of a file."""
        from graphs.load import load

        return load(source, migrations=migrations, limits=limits)

    @classmethod
    def build(cls, name: str = "") -> Builder:
        """Start a graph from code."""
        from graphs.build import Builder

        return Builder(name)

    def dumps(self) -> str:
        """Write the canonical JSON: keys sorted, 2-space indent, one final newline."""
        from graphs.save import dumps

        return dumps(self)

    def save(self, path: str | Path) -> None:
        """Save the canonical JSON; a reader sees the old file or the new one."""
        from graphs.save import save

        save(self, path)

    def set(self, values: Mapping[str, object]) -> Graph:
        """Set public inputs, `node.param` or `sub/node.param`; a link to a port that is set is removed."""
        from graphs.edit import set_values

        return set_values(self, values)

    def flat(self, *, library: Library | None = None, limits: Limits = LIMITS) -> Graph:
        """Give the graph that runs: subgraphs expanded, bypassed nodes left out; most graphs are that already."""
        from graphs.bypass import passed

        return passed(self.expanded(library=library, limits=limits), limits=limits).graph

    def expanded(self, *, library: Library | None = None, limits: Limits = LIMITS) -> Graph:
        """Expand the subgraphs: inner ids become `sub/node`; a graph without subgraphs is returned as it is."""
        from graphs.flat import expanded
        from graphs.library import load

        return expanded(self, library=library or load, limits=limits)


Node.model_rebuild()
