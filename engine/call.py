"""Call one node in a lane's thread: fetch its inputs, run it, keep its outputs."""

import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.action import Action, Environment, Ref, digests_in
from engine.cache import Cache
from engine.codec import Blob, Codecs
from engine.digest import Digest
from engine.disk import DiskTier
from engine.errors import CacheError, Cancelled, InputError, Missing
from engine.events import Blame
from engine.files import Files
from engine.meter import Meter
from engine.node import Catalog, NodeFunction
from engine.program import Step
from engine.residency import Residency
from engine.run import Cancel, Run
from engine.spec import Json, Output


@dataclass(frozen=True)
class Workshop:
    """What every call of an engine shares."""

    catalog: Catalog
    cache: Cache
    files: Files
    residency: Residency
    environment: Environment
    meter: Meter = field(default_factory=Meter)
    prepare_lock: threading.Lock = field(default_factory=threading.Lock)
    _environments: dict[str, str] = field(default_factory=dict)

    def environment_of(self, function: NodeFunction) -> str:
        """Give the environment's part in the keys of a node type, as canonical JSON."""
        name = function.spec.type
        if name not in self._environments:
            self._environments[name] = self.environment.text(function.spec.libs)
        return self._environments[name]

    def prepare(self, function: NodeFunction) -> None:
        """Make the environment what the key says it is; imports are done by one thread at a time."""
        with self.prepare_lock:
            self.catalog.prepare(function.spec.libs, self.environment.facts)

    def prefetch(self, digest: Digest) -> None:
        """Begin to load a model, if the value is in memory and stands for one."""
        try:
            value = self.cache.memory.get(digest)
        except Missing:
            return
        if self.catalog.codecs.handle(value):
            self.residency.prefetch(value)


@dataclass(frozen=True, slots=True)
class Job:
    """What a lane is asked to do."""

    step: Step
    key: Digest
    parts: str
    refs: Mapping[str, Ref]
    held: Mapping[Digest, Any]
    asked: frozenset[str]  # the ports that the run hands out: they are kept, however quickly they were made
    cancel: Cancel
    checkpoint_every: int
    on_start: Callable[[], None]
    on_progress: Callable[[int, int, float], None]
    on_preview: Callable[[bytes, str], None]
    watched: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Made:
    """A call went well."""

    action: Action
    summaries: Mapping[str, Json]
    peak: int | None
    values: Mapping[Digest, Any]


@dataclass(frozen=True, slots=True)
class Lacking:
    """Inputs have left the cache and must be made again; what was found is handed back."""

    missing: tuple[Digest, ...]
    held: Mapping[Digest, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """A call went wrong."""

    message: str
    blame: Blame
    trace: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """A call listened to a cancellation."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """The cache cannot be used: the run must end."""

    error: CacheError


Outcome = Made | Lacking | Failure | Stopped | Unusable


def call(shop: Workshop, job: Job) -> Outcome:
    """Carry out a job; every way it can end is an outcome, never an exception."""
    if job.cancel.asked:
        return Stopped()
    try:
        lacking = _fetch(shop, job)
        return lacking if isinstance(lacking, Lacking) else _run(shop, job, lacking)
    except Cancelled as error:
        return Stopped() if job.cancel.asked else failure_of(error)
    except CacheError as error:
        return Unusable(error)
    except InputError as error:
        return Failure(str(error), "input", "")
    except BaseException as error:  # a node may raise anything; the run goes on without it
        return failure_of(error)


def _fetch(shop: Workshop, job: Job) -> dict[Digest, Any] | Lacking:
    held = dict(job.held)
    missing = []
    for digest in digests_in(job.refs):
        if digest not in held:
            try:
                held[digest] = shop.cache.value(digest, shop.catalog.codecs)
            except Missing:
                missing.append(digest)
    return Lacking(tuple(missing), held) if missing else held


def _run(shop: Workshop, job: Job, held: Mapping[Digest, Any]) -> Made:
    function = job.step.function
    if function.spec.libs:
        shop.prepare(function)
    job.on_start()
    arguments = {**_plain(job.step.params), **{port: _value(ref, held) for port, ref in job.refs.items()}}
    if function.run_name is not None:
        arguments[function.run_name] = _run_for(shop, job)
    heavy = function.spec.lane == "gpu"
    reading = shop.meter.start() if heavy else None
    begun = time.perf_counter()
    try:
        answer = function(**_floats(function, arguments))
    finally:
        peak = shop.meter.stop(reading) if reading is not None else None
    seconds = time.perf_counter() - begun
    return _keep(shop, job, answer, seconds, peak)


def _run_for(shop: Workshop, job: Job) -> Run:
    begun = time.perf_counter()
    return Run(
        files=shop.files,
        residency=shop.residency,
        cancel=job.cancel,
        journal=None if shop.cache.disk is None else DiskJournal(shop.cache.disk, job.key),
        on_progress=lambda step, total: job.on_progress(step, total, time.perf_counter() - begun),
        on_preview=job.on_preview,
        watched=job.watched,
        checkpoint_every=job.checkpoint_every,
    )


def _keep(shop: Workshop, job: Job, answer: Any, seconds: float, peak: int | None) -> Made:
    spec = job.step.function.spec
    answers = answer if len(spec.outputs) > 1 or hasattr(answer, "_fields") else (answer,)
    outputs: dict[str, Ref] = {}
    summaries: dict[str, Json] = {}
    values: dict[Digest, Any] = {}

    def put(port: Output, given: Any) -> tuple[Digest, Json]:
        value = _as_promised(shop.catalog.codecs, port, given)
        keep = port.name in job.asked or bool(spec.libs)  # to import libraries again takes seconds, not milliseconds
        digest, summary = shop.cache.put(value, shop.catalog.codecs, seconds=seconds, keep=keep)
        values[digest] = value
        return digest, summary

    for port, value in zip(spec.outputs, answers, strict=True):
        if port.type.many:
            pairs = [put(port, item) for item in value]
            outputs[port.name] = tuple(digest for digest, _ in pairs)
            summaries[port.name] = [summary for _, summary in pairs]
        else:
            outputs[port.name], summaries[port.name] = put(port, value)
    return Made(Action(spec.type, outputs, job.parts, seconds), summaries, peak, values)


def _as_promised(codecs: Codecs, port: Output, value: Any) -> Any:
    """Hold what a node gave against the type that its signature names; a whole number may stand for a float."""
    given = codecs.kind(value).name
    if port.type.variable or given == port.type.name or (value is None and port.optional):
        return value
    if (port.type.name, given) == ("float", "int"):
        return float(value)
    raise TypeError(f"{port.name} should be {port.type.name}, and is {given}")


class DiskJournal:
    """Keeps an action's halfway state in the cache folder."""

    def __init__(self, disk: DiskTier, key: Digest) -> None:
        self._disk = disk
        self._key = key

    def saved(self) -> Mapping[str, Blob] | None:
        return self._disk.halfway.saved(self._key)

    def save(self, state: Mapping[str, Blob]) -> None:
        self._disk.halfway.save(self._key, state)


def _value(ref: Ref, held: Mapping[Digest, Any]) -> Any:
    return [held[digest] for digest in ref] if isinstance(ref, tuple) else held[ref]


def _plain(params: Mapping[str, Json]) -> dict[str, Json]:
    return {name: list(value) if isinstance(value, list) else value for name, value in params.items()}


def _floats(function: NodeFunction, arguments: dict[str, Any]) -> dict[str, Any]:
    """Give a whole number wired to a float port as a float."""
    for name in function.floats:
        if type(arguments.get(name)) is int:
            arguments[name] = float(arguments[name])
    return arguments


def failure_of(error: BaseException) -> Failure:
    """Put an error into words; it may even fail to give its own."""
    try:
        text = " ".join(str(error).split()) or "no reason given"
    except Exception:
        text = "no reason given"
    return Failure(f"{type(error).__name__}: {text}"[:2000], "node", traceback.format_exc())
