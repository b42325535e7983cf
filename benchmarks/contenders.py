"""The engines that are compared, each given the same work: ours, dask, Hamilton, joblib.

A contender prepares work outside the measured time, then `run` is measured. `remember` says whether it is given the
same memory as before, a new one on the same folder, or none.
"""

import logging
import shutil
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Protocol

from benchmarks.work import Work, ends
from engine import Cache, Engine, Result, catalog, node
from graphs import Graph


class Contender(Protocol):
    """One engine with one memory of results, in a folder of its own."""

    name: str
    remembers: bool

    def prepared(self, plan: Work) -> Callable[[], list[int]]:
        """Give what computes the ends of some work."""
        ...

    def restarted(self) -> "Contender":
        """Give one like after a new start of the process, with the same folder."""
        ...


@node()
def start(b: int) -> int:
    """Give a number."""
    return b


@node()
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@node()
def add_both(a: int, c: int, b: int) -> int:
    """Add three numbers."""
    return a + c + b


_TYPES = ("Start", "Add", "AddBoth")
_PORTS = ("a", "c")


def graph_of(plan: Work) -> Graph:
    """Write the work as a document."""
    nodes = {
        f"n{number}": {
            "type": _TYPES[len(addition.sources)],
            "version": 1,
            "params": {"b": addition.constant},
            "inputs": {port: f"n{source}.number" for port, source in zip(_PORTS, addition.sources, strict=False)},
        }
        for number, addition in enumerate(plan)
    }
    outputs = {f"o{number}": f"n{number}.number" for number in ends(plan)}
    return Graph.load({"format": "promptograph/1", "nodes": nodes, "outputs": outputs})


class Ours:
    """Promptograph, with its cache on disk and in memory."""

    name = "promptograph"
    remembers = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engine = Engine(catalog([start, add, add_both]), cache=Cache(folder))
        self.last: Result | None = None

    def prepared(self, plan: Work) -> Callable[[], list[int]]:
        graph = graph_of(plan)

        def run() -> list[int]:
            self.last = self._engine.run(graph)
            return [self.last.outputs[f"o{number}"] for number in ends(plan)]

        return run

    def restarted(self) -> "Ours":
        self._engine.close()
        return Ours(self._folder)


class Dask:
    """dask.delayed on threads; it keeps no results from one compute to the next."""

    name = "dask"
    remembers = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepared(self, plan: Work) -> Callable[[], list[int]]:
        import dask

        adding = dask.delayed(_sum, pure=False)
        tasks: list[Any] = []
        for addition in plan:
            tasks.append(adding(addition.constant, *(tasks[source] for source in addition.sources)))
        wanted = [tasks[number] for number in ends(plan)]
        return lambda: list(dask.compute(*wanted, scheduler="threads", num_workers=2))

    def restarted(self) -> "Dask":
        return Dask(self._folder)


class Hamilton:
    """Hamilton with its cache; constants are inputs, so that the driver is built once and not measured.

    It recurses along the graph, so it is given a higher recursion limit than Python's own.
    """

    name = "Hamilton"
    remembers = True

    def __init__(self, folder: Path) -> None:
        logging.getLogger("hamilton").setLevel(logging.CRITICAL)
        sys.setrecursionlimit(100_000)
        self._folder = folder
        self._driver: tuple[Any, Any] = (None, None)

    def prepared(self, plan: Work) -> Callable[[], list[int]]:
        shape = tuple(addition.sources for addition in plan)
        if self._driver[0] != shape:
            self._driver = (shape, self._built(plan))
        driver = self._driver[1]
        inputs = {f"b{number}": addition.constant for number, addition in enumerate(plan)}
        wanted = [f"n{number}" for number in ends(plan)]

        def run() -> list[int]:
            values = driver.execute(wanted, inputs=inputs)
            return [values[name] for name in wanted]

        return run

    def restarted(self) -> "Hamilton":
        return Hamilton(self._folder)

    def _built(self, plan: Work) -> Any:
        """Build a driver from a module on disk, as it hashes the source of functions."""
        from hamilton import base, driver

        file = self._folder / f"work_{hash(plan) & 0xFFFF:x}.py"
        file.write_text("\n\n".join(_function(number, one.sources) for number, one in enumerate(plan)))
        spec = spec_from_file_location(file.stem, file)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        sys.modules[file.stem] = module
        spec.loader.exec_module(module)
        builder = driver.Builder().with_modules(module).with_cache(path=str(self._folder))
        return builder.with_adapters(base.DictResult()).build()


class Joblib:
    """joblib.Memory around each call, in a plain loop."""

    name = "joblib"
    remembers = True

    def __init__(self, folder: Path) -> None:
        from joblib import Memory

        self._folder = folder
        self._sum = Memory(folder, verbose=0).cache(_sum)

    def prepared(self, plan: Work) -> Callable[[], list[int]]:
        def run() -> list[int]:
            values: list[int] = []
            for addition in plan:
                values.append(self._sum(addition.constant, *(values[source] for source in addition.sources)))
            return [values[number] for number in ends(plan)]

        return run

    def restarted(self) -> "Joblib":
        return Joblib(self._folder)


CONTENDERS: tuple[Callable[[Path], Contender], ...] = (Ours, Dask, Hamilton, Joblib)


def emptied(folder: Path) -> Path:
    """Give a folder without anything in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _sum(constant: int, *values: int) -> int:
    return constant + sum(values)


def _function(number: int, sources: tuple[int, ...]) -> str:
    names = [f"n{source}" for source in sources]
    ports = ", ".join(f"{name}: int" for name in (*names, f"b{number}"))
    return f"def n{number}({ports}) -> int:\n    return {' + '.join((*names, f'b{number}'))}"
