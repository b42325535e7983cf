"""Find the content of a call's inputs, and from it the call's key."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from engine.action import Ref, key_of
from engine.call import Workshop
from engine.cell import Cell, NodeState
from engine.digest import Digest
from engine.errors import InputError
from engine.structure import Wire
from graphs import Link


class Inputs:
    """Reads wires and params for the cells of one run."""

    def __init__(self, nodes: Mapping[str, NodeState], shop: Workshop) -> None:
        self._nodes = nodes
        self._shop = shop

    def key(self, cell: Cell) -> None:
        """Name a cell's action. Raises Missing if a value that decides it is lost, InputError if a file is."""
        function = cell.node.step.function
        wires = _wires_in_use(cell) if cell.wanted else cell.node.step.strict
        cell.refs = {wire.port: self._ref(cell, wire) for wire in wires}
        cell.key, cell.parts = key_of(
            function.spec,
            params=cell.node.step.params,
            refs=cell.refs,
            files=self._files_read(cell) if function.reads is not None else (),
            environment=self._shop.environment_of(function),
        )

    def lazy_ports(self, cell: Cell) -> frozenset[str]:
        """Ask a node which of its wired lazy inputs it wants. Raises Missing as `key` does."""
        function = cell.node.step.function
        wired = function.lazy & cell.node.step.wires.keys()
        if function.needs is None:
            return frozenset(wired)
        return wired & set(function.needs(**self._values_for(cell, function.needs)))

    def length(self, wire: Wire) -> int:
        """Count the items that a mapping wire brings; what feeds it is there, or streams."""
        (link,) = wire.links
        source = self._nodes[link.node]
        if source.each and source.cells is not None:
            return len(source.cells)
        ref = source.outputs[link.port]
        return len(ref) if isinstance(ref, tuple) else 1

    def _files_read(self, cell: Cell) -> Sequence[Digest]:
        reads = cell.node.step.function.reads
        if reads is None:
            return ()
        files = self._shop.files
        return [files.digest(path) for path in reads(**self._values_for(cell, reads), files=files)]

    def _values_for(self, cell: Cell, rule: Callable[..., Any]) -> dict[str, Any]:
        """Fetch the inputs that a rule of the node wants to see."""
        step = cell.node.step
        values: dict[str, Any] = {}
        wires = step.wires
        for port in step.function.asks(rule):
            if port in step.params:
                values[port] = step.params[port]
            elif port in wires:
                values[port] = self._value(self._ref(cell, wires[port]), cell.held)
        return values

    def _value(self, ref: Ref, held: Mapping[Digest, Any]) -> Any:
        if isinstance(ref, tuple):
            return [self._value(digest, held) for digest in ref]
        return held[ref] if ref in held else self._shop.cache.value(ref, self._shop.catalog.codecs)

    def _ref(self, cell: Cell, wire: Wire) -> Ref:
        """Name the content that a wire brings to a cell."""
        step = cell.node.step
        maps = wire.port in step.mapped
        if wire.port not in step.many:
            return self._source_ref(cell, wire.links[0], maps=maps)
        refs = [self._source_ref(cell, link, maps=maps) for link in wire.links]
        return tuple(digest for ref in refs for digest in (ref if isinstance(ref, tuple) else (ref,)))

    def _source_ref(self, cell: Cell, link: Link, *, maps: bool) -> Ref:
        source = self._nodes[link.node]
        if maps and source.each and link.item is None and source.cells is not None:
            return source.cells[cell.item or 0].outputs[link.port]
        ref = source.outputs[link.port]
        index = link.item if link.item is not None else cell.item if maps else None
        if index is None:
            return ref
        if index >= len(ref):
            raise InputError(f"{link} picks item {index} of a list of {len(ref)}", hint="items count from 0")
        return ref[index]


def _wires_in_use(cell: Cell) -> Iterable[Wire]:
    step = cell.node.step
    return (*step.strict, *(wire for wire in step.inputs if wire.port in (cell.wanted or ())))
