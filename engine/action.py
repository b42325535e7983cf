"""Name what a node is asked to do, by everything that decides its answer.

Guarantees
1. A key sees node type and revision, params, the content of inputs and files, and the environment that changes bits.
2. It sees nothing else: no id, title, position or order, and no param that a link hides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from blake3 import blake3

from engine.codec import canonical
from engine.digest import Digest
from engine.spec import Json, NodeSpec

Ref = Digest | tuple[Digest, ...]  # one value, or a list of them


@dataclass(frozen=True, slots=True)
class Action:
    """What is known of an action: the digests of its outputs, what it was made from, and how long it took."""

    type: str
    outputs: Mapping[str, Ref]
    parts: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Environment:
    """The facts of this process that change bits, such as the kind of device and the number of threads."""

    facts: Mapping[str, Json] = field(default_factory=dict)

    def text(self, libs: Sequence[str]) -> str:
        """Write the part that a node with these libraries depends on; one without libraries depends on nothing."""
        return canonical({**self.facts, "libs": {lib: library_version(lib) for lib in libs}}).decode() if libs else "{}"


@lru_cache
def library_version(name: str) -> str | None:
    """Read a library's version without importing it."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def key_of(
    spec: NodeSpec,
    *,
    params: Mapping[str, Json],
    refs: Mapping[str, Ref],
    files: Sequence[Digest],
    environment: str,
) -> tuple[Digest, str]:
    """Give an action's key, and its parts as canonical JSON; `environment` is that of `Environment.text`."""
    settings = canonical(params).decode() if params else "{}"
    read = ",".join([f'"{digest}"' for digest in files]) if files else ""
    wired = ",".join([f'"{port}":{_ref_text(refs[port])}' for port in sorted(refs)])
    text = (
        f'{{"environment":{environment},"files":[{read}],"inputs":{{{wired}}},'
        f'"params":{settings},"revision":{spec.revision},"type":"{spec.type}"}}'
    )
    return blake3(text.encode()).hexdigest(), text


def digests_in(refs: Mapping[str, Ref]) -> Iterator[Digest]:
    """Give every digest among some inputs or outputs."""
    for ref in refs.values():
        yield from ref if isinstance(ref, tuple) else (ref,)


def _ref_text(ref: Ref) -> str:
    """Write digests as JSON; being hexadecimal they need no escaping."""
    return "[" + ",".join(f'"{digest}"' for digest in ref) + "]" if isinstance(ref, tuple) else f'"{ref}"'
