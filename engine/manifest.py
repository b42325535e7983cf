"""Say what made a picture: the graph, the files of its models, and the versions of what computed it."""

import os
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path

from blake3 import blake3

from engine.action import library_version
from engine.engine import Engine
from engine.program import Step
from engine.spec import Json
from graphs import Graph


def manifest(engine: Engine, graph: Graph, environment: Mapping[str, Json]) -> Mapping[str, Json]:
    """Give what is the same for all outputs of a run; it holds no date, so that the same run gives the same file.

    `environment` are the facts of the process that change bits.
    """
    steps = engine.program(graph).steps.values()
    return {
        "graph": blake3(graph.dumps().encode()).hexdigest(),
        "models": {step.id: files for step in steps if (files := _files(step, engine))},
        "environment": dict(environment),
        "versions": {
            "promptograph": library_version("promptograph"),
            "python": platform.python_version(),
            **{lib: library_version(lib) for step in steps for lib in sorted(step.function.spec.libs)},
        },
    }


def _files(step: Step, engine: Engine) -> Mapping[str, Json]:
    """Give the digests of the files that a node reads, where its params name them."""
    reads = step.function.reads
    if reads is None or any(port not in step.params for port in step.function.asks(reads)):
        return {}
    named = {port: step.params[port] for port in step.function.asks(reads)}
    paths = sorted(reads(**named, files=engine.files))
    return {name: engine.files.digest(path) for name, path in zip(_names(paths), paths, strict=True)}


def _names(paths: Iterable[Path]) -> list[str]:
    """Name files below the folder that they share."""
    listed = [str(path) for path in paths]
    folder = os.path.commonpath([os.path.dirname(path) for path in listed]) if listed else ""
    return [os.path.relpath(path, folder) for path in listed]
