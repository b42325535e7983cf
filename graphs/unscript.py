"""Read a graph back from a script that `graphs.script` wrote; the script is parsed and never run.

Guarantees
1. Any bytes give a document or a GraphError that names the line; nothing in them is executed or imported.
2. A script that was written of a graph gives an equal document.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import JsonValue, ValidationError

from graphs.build import Builder, NodeRef, PortRef
from graphs.document import Graph, Node
from graphs.errors import GraphError
from graphs.limits import LIMITS, Limits
from graphs.migrate import Raw
from graphs.plain import plain
from graphs.problems import problems
from graphs.save import document
from graphs.script import FIRST_LINE

Names = dict[str, Any]


def is_script(file: bytes) -> bool:
    """Say whether a file begins as our scripts do."""
    return file.startswith(FIRST_LINE.encode())


def unscript(file: bytes, *, limits: Limits = LIMITS) -> tuple[Raw, Mapping[str, JsonValue]]:
    """Give the document that a script builds, and the inputs that it would run it with."""
    if len(file) > limits.bytes:
        raise GraphError(f"the script has {len(file):,} bytes", hint=f"at most {limits.bytes:,} are read")
    reader = _Reader(limits)
    for statement in _parsed(file):
        reader.take(statement)
    graph, inputs = reader.names.get("graph"), reader.names.get("inputs", {})
    if not isinstance(graph, Graph) or not isinstance(inputs, dict):
        raise GraphError("the script builds no graph", hint="take a graph as JSON or PNG")
    return document(graph), {name: plain(value, limits=limits) for name, value in inputs.items()}


def _parsed(file: bytes) -> list[ast.stmt]:
    try:
        return ast.parse(file).body
    except (SyntaxError, ValueError, RecursionError) as error:
        where = f" at line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise GraphError(f"the script is not Python{where}", hint="take a graph as JSON or PNG") from None


class _Reader:
    """Follows a script, knowing nothing but the few words that scripts are written with."""

    def __init__(self, limits: Limits) -> None:
        self.names: Names = {}
        self._limits = limits

    def take(self, statement: ast.stmt) -> None:
        """Follow one statement."""
        try:
            match statement:
                case ast.Import() | ast.ImportFrom() | ast.If() | ast.Expr(value=ast.Constant()):
                    pass  # what it would import and run is not needed to know the graph
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.names[name] = self._value(value)
                case ast.Expr(value=ast.Call() as call):
                    self._call(call)
                case _:
                    raise _unknown(statement)
        except GraphError:
            raise
        except ValidationError as error:
            raise GraphError.of(problems(error)) from None
        except (TypeError, ValueError, KeyError, RecursionError):
            raise _unknown(statement) from None

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Call():
                return self._call(node)
            case ast.Name(id=name):
                return self.names[name]
            case ast.Attribute(value=ast.Name(id=name), attr=port):
                return self._port(self.names[name], port)
            case ast.Subscript(value=value, slice=ast.Constant(value=str() | int() as at)):
                return self._port(self._value(value), at)
            case ast.List(elts=parts):
                return [self._value(part) for part in parts]
            case ast.Tuple(elts=parts):
                return tuple(self._value(part) for part in parts)
            case ast.Dict(keys=keys, values=values):
                return {self._key(key): self._value(value) for key, value in zip(keys, values, strict=True)}
        return ast.literal_eval(node)

    def _key(self, key: ast.expr | None) -> str:
        match key:
            case ast.Constant(value=str() as name):
                return name
        raise ValueError("a key is no text")

    def _port(self, of: Any, port: str | int) -> PortRef:
        if isinstance(of, NodeRef) and isinstance(port, str):
            return of[port]
        if isinstance(of, PortRef) and type(port) is int:
            return of[port]
        raise TypeError("it has no ports")

    def _call(self, call: ast.Call) -> Any:
        match call.func:
            case ast.Name(id="Node"):
                return Node(**self._words(call))
            case ast.Attribute(value=ast.Name(id="Graph" | "PortRef" as owner), attr=verb):
                made: Mapping[tuple[str, str], Callable[..., Any]] = {
                    ("Graph", "build"): Graph.build,
                    ("PortRef", "of"): PortRef.of,
                }
                return made[owner, verb](*self._first(call))
            case ast.Attribute(value=ast.Name(id=name), attr="model_copy"):
                return self._copy(name, call)
            case ast.Attribute(value=ast.Name(id=name), attr=verb):
                return self._verb(self.names[name], verb)(*self._first(call), **self._words(call))
        raise TypeError("there is no such word")

    def _verb(self, builder: Any, verb: str) -> Callable[..., Any]:
        if not isinstance(builder, Builder):
            raise TypeError("only a builder has verbs")
        verbs: Mapping[str, Callable[..., Any]] = {
            "add": builder.add,
            "subgraph": builder.subgraph,
            "input": builder.input,
            "output": builder.output,
            "graph": builder.graph,
        }
        return verbs[verb]

    def _first(self, call: ast.Call) -> list[Any]:
        return [self._value(argument) for argument in call.args]

    def _words(self, call: ast.Call) -> dict[str, Any]:
        """Give the named arguments, those in a `**{...}` too."""
        words: dict[str, Any] = {}
        for word in call.keywords:
            words |= self._value(word.value) if word.arg is None else {word.arg: self._value(word.value)}
        return words

    def _copy(self, name: str, call: ast.Call) -> Graph:
        """Follow `graph.model_copy(update={"nodes": {**graph.nodes, ...}, "ui": {...}})`."""
        graph = self.names[name]
        match call:
            case ast.Call(args=[], keywords=[ast.keyword(arg="update", value=ast.Dict(keys=keys, values=values))]):
                parts = {self._key(key): value for key, value in zip(keys, values, strict=True)}
            case _:
                raise TypeError("this is another call")
        if not isinstance(graph, Graph) or not parts.keys() <= {"nodes", "ui"}:
            raise TypeError("only nodes and layout are added to a graph")
        update: dict[str, Any] = {}
        if "ui" in parts:
            update["ui"] = plain(self._value(parts["ui"]), limits=self._limits)
        if "nodes" in parts:
            update["nodes"] = {**graph.nodes, **self._nodes(parts["nodes"])}
        return Graph.model_validate(document(graph.model_copy(update=update)))

    def _nodes(self, added: ast.expr) -> dict[str, Node]:
        match added:
            case ast.Dict(keys=[None, *keys], values=[_, *values]):
                nodes = {self._key(key): self._value(value) for key, value in zip(keys, values, strict=True)}
                if all(isinstance(node, Node) for node in nodes.values()):
                    return nodes
        raise TypeError("these are no nodes")


def _unknown(statement: ast.stmt) -> GraphError:
    hint = "only scripts that Promptograph wrote can be read; take a graph as JSON or PNG"
    return GraphError(f"line {statement.lineno} is not of a script that Promptograph wrote", hint=hint)
