"""Put an engine together from what the command line and the environment say."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from cli.assignments import assigned
from cli.device import device_of
from cli.source import open_graph
from engine import Cache, Catalog, Engine, Files
from engine.cache import FileMemo
from engine.engine import default_threads
from engine.spec import Json
from graphs import Graph

GRACE = 1.5  # seconds that a cancelled run waits for its nodes to listen


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where results are kept, and what computes."""

    cache: Path | None = None  # None is the user's cache folder
    keep: bool = True
    device: str = "auto"

    def facts(self) -> Mapping[str, Json]:
        """Give what of this process changes bits."""
        return {"device": device_of(self.device), "threads": default_threads()}


def cache_folder(named: Path | None) -> Path:
    """Give the cache folder: the one named, or the user's."""
    return named or platformdirs.user_cache_path("promptograph")


def files(cache: Cache | None = None) -> Files:
    """Give the files that documents may name: assets, adopted models, and the folders of PROMPTOGRAPH_MODELS."""
    plain = Files.default()
    named = os.environ.get("PROMPTOGRAPH_MODELS", "").split(os.pathsep)
    roots = (*plain.roots, *(Path(folder).expanduser() for folder in named if folder))
    disk = None if cache is None else cache.disk
    return Files(plain.folder, roots, {} if disk is None else FileMemo(disk))


@contextmanager
def engine(catalog: Catalog, settings: Settings) -> Iterator[Engine]:
    """Give an engine, and write what waits when it is let go."""
    facts = settings.facts()
    cache = Cache(cache_folder(settings.cache) if settings.keep else None)
    made = Engine(catalog, cache=cache, files=files(cache), grace=GRACE, **facts)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def opened(
    graph: str, assignments: Sequence[str], catalog: Catalog, settings: Settings
) -> Iterator[tuple[Engine, Graph]]:
    """Give an engine, and the graph of this name with its values set."""
    with engine(catalog, settings) as made:
        yield made, assigned(open_graph(graph, catalog), assignments, catalog, made.files)
