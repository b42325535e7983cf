"""Refuse wires between things that do not fit, before anything is loaded.

A node may say what its outputs are from what its inputs are: small facts such as a latent space or a width, read from
configs. What is not known is not refused.
"""

import inspect
from collections.abc import Mapping
from typing import Any

from engine.check import Checked
from engine.errors import InputError
from engine.files import Files
from engine.node import Catalog, NodeFunction
from engine.spec import Json
from graphs import Graph, Problem

Facts = Mapping[str, Json]


class Unfit(Exception):  # noqa: N818 - it is an answer of a node's description
    """What is wired to a port does not fit."""

    def __init__(self, port: str, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.port = port
        self.message = message
        self.hint = hint


def misfits(flat: Graph, catalog: Catalog, checked: Checked, files: Files) -> list[Problem]:
    """List the wires of a legal graph that join things that do not fit."""
    if not any(catalog.nodes[node.type].describe for node in flat.nodes.values()):
        return []
    known: dict[str, Mapping[str, Facts]] = {}
    problems = []
    for name in checked.structure.order:
        function = catalog.nodes[flat.nodes[name].type]
        if function.describe is not None and flat.nodes[name].pin is None:
            try:
                known[name] = function.describe(**_asked(function, name, checked, known, files)) or {}
            except Unfit as unfit:
                problems.append(Problem(_edge(name, unfit, checked), name, unfit.port, unfit.hint))
            except InputError:
                continue  # a file that cannot be read says so when it is
            except Exception as error:  # a node's own description may raise anything
                sentence = f"the description of {function.spec.type} fails: {type(error).__name__}: {error}"
                problems.append(Problem(sentence[:300], name))
    return problems


def _asked(
    function: NodeFunction, name: str, checked: Checked, known: Mapping[str, Mapping[str, Facts]], files: Files
) -> dict[str, Any]:
    """Give a description what it asks for: facts of what is wired, params as they are, None for what is not known."""
    assert function.describe is not None
    wires = {wire.port: wire for wire in checked.structure.wires[name]}
    given: dict[str, Any] = {}
    for asked in inspect.signature(function.describe).parameters:
        if asked == "files":
            given[asked] = files
        elif asked in wires:
            facts = [known.get(link.node, {}).get(link.port) for link in wires[asked].links]
            given[asked] = facts if asked in function.many else facts[0]
        else:
            given[asked] = checked.params[name].get(asked, [] if asked in function.many else None)
    return given


def _edge(name: str, unfit: Unfit, checked: Checked) -> str:
    links = [str(link) for wire in checked.structure.wires[name] if wire.port == unfit.port for link in wire.links]
    return f"{' and '.join(links)} does not fit: {unfit.message}" if links else unfit.message
