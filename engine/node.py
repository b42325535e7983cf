"""Turn a function into a node: its signature is the only source of ports, params and help."""

import inspect
import re
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from engine.codec import JSON_VALUES, Codecs, ValueType
from engine.errors import SpecError
from engine.run import Run
from engine.spec import JSON_TYPES, Input, Json, Lane, NodeSpec, Output, PortType, Widget
from graphs.build import snake_case

T = TypeVar("T")
Prepare = Callable[[Sequence[str], Mapping[str, Json]], None]


class Lazy(Generic[T]):
    """Marks an input that is only computed if `needs` asks for it: `Lazy[T]`."""


@dataclass(frozen=True)
class NodeFunction:
    """A function that is a node: callable as before, with its spec and the rules that need code."""

    spec: NodeSpec
    function: Callable[..., Any]
    run_name: str | None = None
    reads: Callable[..., Iterable[Any]] | None = None
    needs: Callable[..., Iterable[str]] | None = None
    check: Callable[..., str | None] | None = None
    describe: Callable[..., Any] | None = None

    @cached_property
    def lazy(self) -> frozenset[str]:
        """The inputs that are only computed if `needs` asks for them."""
        return frozenset(port.name for port in self.spec.inputs if port.lazy)

    @cached_property
    def many(self) -> frozenset[str]:
        """The inputs that take a list."""
        return frozenset(port.name for port in self.spec.inputs if port.type.many)

    @cached_property
    def floats(self) -> frozenset[str]:
        """The inputs that a whole number enters as a float."""
        return frozenset(port.name for port in self.spec.inputs if str(port.type) == "float")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def asks(self, rule: Callable[..., Any]) -> tuple[str, ...]:
        """Name the inputs that a rule wants to see."""
        return tuple(name for name in inspect.signature(rule).parameters if self.spec.input(name) is not None)


def node(
    name: str | None = None,
    *,
    title: str | None = None,
    category: str = "",
    version: int = 1,
    revision: int = 1,
    pure: bool = True,
    lane: Lane = "cpu",
    libs: Sequence[str] = (),
    reads: Callable[..., Iterable[Any]] | None = None,
    needs: Callable[..., Iterable[str]] | None = None,
    check: Callable[..., str | None] | None = None,
    describe: Callable[..., Any] | None = None,
) -> Callable[[Callable[..., Any]], NodeFunction]:
    """Make a function a node type.

    `reads` gives the paths a call reads (it takes the inputs it names, and `files`); `needs` gives the lazy inputs a
    call wants; `check` gives a sentence about what is wrong across inputs, or None. `describe` gives facts of each
    output from the facts of the inputs it names (and `files`), or raises Unfit: see engine.describing.
    """

    def decorate(function: Callable[..., Any]) -> NodeFunction:
        hints = _hints(function)
        type_name = name or _pascal(function.__name__)
        parameters = [
            _parameter(function, parameter, hints) for parameter in inspect.signature(function).parameters.values()
        ]
        spec = NodeSpec(
            type=type_name,
            inputs=tuple(port for port in parameters if port is not None),
            outputs=_outputs(function, hints["return"]),
            title=title or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type_name),
            help=_help(function),
            category=category or function.__module__.rpartition(".")[2],
            version=version,
            revision=revision,
            pure=pure,
            lane=lane,
            libs=tuple(libs),
        )
        run_name = next((key for key, hint in hints.items() if hint is Run), None)
        return NodeFunction(spec, function, run_name, reads, needs, check, describe)

    return decorate


@dataclass(frozen=True)
class Catalog:
    """The node types and value types that an engine works with."""

    nodes: Mapping[str, NodeFunction]
    codecs: Codecs
    migrations: Mapping[str, Sequence[Any]]
    prepare: Prepare

    @property
    def specs(self) -> Mapping[str, NodeSpec]:
        return {name: node.spec for name, node in self.nodes.items()}

    def to_json(self) -> dict[str, Json]:
        return {"nodes": {name: node.spec.to_json() for name, node in sorted(self.nodes.items())}}


def catalog(
    nodes: Iterable[NodeFunction],
    *,
    values: Iterable[ValueType] = (),
    migrations: Mapping[str, Sequence[Any]] | None = None,
    prepare: Prepare = lambda libs, facts: None,
) -> Catalog:
    """Gather node types and value types, and see that they fit one another.

    `prepare` is called in a lane's thread before a node that names libraries, with those and the facts of the
    environment (`device`, `threads`), so that what the key says of the environment is true; by one thread at a time.
    """
    by_name: dict[str, NodeFunction] = {}
    for function in nodes:
        if function.spec.type in by_name:
            raise SpecError(f"two nodes are named {function.spec.type}")
        by_name[function.spec.type] = function
    kinds = {kind.name: kind for kind in (*JSON_VALUES, *values)}
    for function in by_name.values():
        ports: list[Input | Output] = [*function.spec.inputs, *function.spec.outputs]
        for port in ports:
            if port.type.name not in kinds and not port.type.variable:
                raise SpecError(
                    f"{function.spec.type}.{port.name}: {port.type.name} is not a value type of this catalog"
                )
    return Catalog(by_name, Codecs(kinds.values()), migrations or {}, prepare)


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    hints = get_type_hints(function, include_extras=True)
    missing = [name for name in (*inspect.signature(function).parameters, "return") if name not in hints]
    if missing:
        raise SpecError(f"{function.__name__}: give {', '.join(missing)} a type; ports come from the signature")
    return hints


def _help(function: Callable[..., Any]) -> str:
    text = inspect.getdoc(function)
    if not text:
        raise SpecError(f"{function.__name__}: write a docstring; it is the node's help")
    return text


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.strip("_").split("_"))


def _parameter(function: Callable[..., Any], parameter: inspect.Parameter, hints: Mapping[str, Any]) -> Input | None:
    hint = hints[parameter.name]
    if hint is Run:
        return None
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        raise SpecError(f"{function.__name__}: *{parameter.name} cannot be a port; name every input")
    lazy = get_origin(hint) is Lazy
    if lazy:
        (hint,) = get_args(hint)
    hint, widget, notes = _annotations(hint)
    bare, optional = _optional(hint)
    bare, inner, more = _annotations(bare)
    widget = widget or inner
    port_type, schema = _port_type(f"{function.__name__}.{parameter.name}", bare)
    if schema is not None and widget is not None:
        schema = {**schema, **widget.rules}
    required = parameter.default is parameter.empty and not optional
    default = None if parameter.default is parameter.empty else parameter.default
    text = " ".join((*notes, *more))
    return Input(parameter.name, port_type, required, _plain(default), schema, widget, lazy, text)


def _plain(default: Any) -> Json:
    return list(default) if isinstance(default, tuple) else default


def _annotations(hint: Any) -> tuple[Any, Widget | None, tuple[str, ...]]:
    if get_origin(hint) is not Annotated:
        return hint, None, ()
    bare, *extras = get_args(hint)
    widget = next((extra for extra in extras if isinstance(extra, Widget)), None)
    return bare, widget, tuple(extra for extra in extras if isinstance(extra, str))


def _optional(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in (Union, types.UnionType) and type(None) in get_args(hint):
        rest = [option for option in get_args(hint) if option is not type(None)]
        if len(rest) == 1:
            return rest[0], True
    return hint, False


def _port_type(where: str, hint: Any) -> tuple[PortType, Mapping[str, Json] | None]:
    if get_origin(hint) in (list, tuple, Sequence):
        item, schema = _port_type(where, _annotations(get_args(hint)[0])[0])
        if item.many:
            raise SpecError(f"{where}: a list of lists is not a port type")
        return item.listed, None if schema is None else {"type": "array", "items": schema}
    if get_origin(hint) is Literal:
        return PortType("str"), {"type": "string", "enum": list(get_args(hint))}
    if isinstance(hint, TypeVar):
        return PortType(hint.__name__), None
    if not isinstance(hint, type):
        raise SpecError(f"{where}: {hint} is not a port type; name one type, or `Type | None`")
    return PortType(hint.__name__), JSON_TYPES.get(hint.__name__)


def _outputs(function: Callable[..., Any], hint: Any) -> tuple[Output, ...]:
    if isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields"):
        hints = get_type_hints(hint, include_extras=True)
        return tuple(_output(function, name, hints[name]) for name in hint._fields)
    return (_output(function, None, hint),)


def _output(function: Callable[..., Any], name: str | None, hint: Any) -> Output:
    bare, optional = _optional(_annotations(hint)[0])
    port_type, _ = _port_type(f"{function.__name__} -> {name or 'result'}", _annotations(bare)[0])
    return Output(name or _output_name(port_type), port_type, optional)


def _output_name(port_type: PortType) -> str:
    plain = {"str": "text", "int": "number", "float": "number", "bool": "flag"}.get(port_type.name)
    single = plain or ("value" if port_type.variable else snake_case(port_type.name))
    return f"{single}s" if port_type.many else single
