"""Hold what pinned nodes gave against what they should give: types before a run, the values themselves in it.

Guarantees
1. A pinned value is handed on whole and of the type that its port has, or the node fails and says how to mend it.
2. A pinned node is never called.
"""

from collections.abc import Iterable, Iterator, Mapping

from engine.action import Ref, digests_in
from engine.cache import Cache
from engine.codec import Codecs, Held
from engine.errors import Missing
from engine.spec import NodeSpec, Output, PortType
from graphs import Problem

_UNPIN = "unpin the node, then it is computed anew"


def output_types(spec: NodeSpec, pin: Mapping[str, Ref]) -> Mapping[str, PortType]:
    """Give the types that come out of a pinned node: several values where one is declared are those of a map."""
    many = {port: isinstance(ref, tuple) for port, ref in pin.items()}
    return {port.name: port.type.listed if many.get(port.name) else port.type for port in spec.outputs}


def misfits(spec: NodeSpec, name: str, pin: Mapping[str, Ref]) -> Iterator[Problem]:
    """Say what of a pin is not what its node gives."""
    for port in spec.outputs:
        if port.type.variable:
            message = f"{spec.type} cannot be pinned, because what it gives takes its type from what is wired"
            yield Problem(message, name, port.name, "unpin it, and pin the node before it")
        elif port.name not in pin:
            yield Problem("the node is pinned without this output", name, port.name, _UNPIN)
        elif port.type.many and not isinstance(pin[port.name], tuple):
            yield Problem(f"the pin holds one value, and the node gives a {port.type}", name, port.name, _UNPIN)
    for name_ in pin.keys() - {port.name for port in spec.outputs}:
        yield Problem(f"the pin names {name_!r}, which is no output of {spec.type}", name, name_, _UNPIN)


GONE = f"its output is pinned, and the pinned value is not in this cache (any more); {_UNPIN}"


def gone(pin: Mapping[str, Ref], cache: Cache) -> str:
    """Say that a pinned value is not there any more; nothing if all are."""
    return GONE if any(not cache.has(digest) for digest in digests_in(pin)) else ""


def fault(pin: Mapping[str, Ref], outputs: Iterable[Output], cache: Cache, codecs: Codecs) -> str:
    """Read what is pinned, and say what is wrong with it; nothing if all is well."""
    try:
        for port in outputs:
            for digest in digests_in({port.name: pin[port.name]}):
                kind = _kind(cache.hold(digest), codecs)
                if kind != port.type.name and not (kind == "None" and port.optional):
                    return f"the value pinned as {port.name} is {kind}, and {port.type.name} is expected; {_UNPIN}"
    except Missing:
        return GONE
    return ""


def _kind(held: Held, codecs: Codecs) -> str:
    return codecs.kind(held.live).name if held.packed is None else held.packed.type
