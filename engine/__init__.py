"""Run graphs: typed nodes, content-addressed caching, live events. Domain-free; no tensor library."""

from engine.cache import Cache
from engine.codec import Blob, Stored, ValueType
from engine.engine import Engine, NodeNames, Result
from engine.errors import CacheError, Cancelled, EngineError, InputError, Missing, NodeFailed, SpecError
from engine.files import Files
from engine.node import Catalog, Lazy, NodeFunction, catalog, node
from engine.run import Cancel, Run
from engine.spec import Input, NodeSpec, Output, PortType, Widget

__all__ = [
    "Blob",
    "Cache",
    "CacheError",
    "Cancel",
    "Cancelled",
    "Catalog",
    "Engine",
    "EngineError",
    "Files",
    "Input",
    "InputError",
    "Lazy",
    "Missing",
    "NodeFailed",
    "NodeFunction",
    "NodeNames",
    "NodeSpec",
    "Output",
    "PortType",
    "Result",
    "Run",
    "SpecError",
    "Stored",
    "ValueType",
    "Widget",
    "catalog",
    "node",
]
