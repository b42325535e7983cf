"""The document: plain data that says what to run, knowing no node types and importing no torch."""

from graphs.build import Builder, NodeRef, PortRef
from graphs.diff import Change, Diff, NodeDiff, diff
from graphs.document import FORMAT, Graph, Node, PublicInput
from graphs.errors import GraphError, Problem
from graphs.limits import LIMITS, Limits
from graphs.link import Link
from graphs.migrate import NONE, Migrations, NodeMigration

__all__ = [
    "FORMAT",
    "LIMITS",
    "NONE",
    "Builder",
    "Change",
    "Diff",
    "Graph",
    "GraphError",
    "Limits",
    "Link",
    "Migrations",
    "Node",
    "NodeDiff",
    "NodeMigration",
    "NodeRef",
    "PortRef",
    "Problem",
    "PublicInput",
    "diff",
]
