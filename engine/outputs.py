"""Read what a run was asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.action import Ref
from engine.codec import Codecs, Held, Stored
from engine.digest import Digest
from engine.errors import NodeFailed


@dataclass(frozen=True, slots=True)
class NotMade:
    """Stands where an output is missing, with the reason."""

    reason: str


class Outputs(Mapping[str, Any]):
    """The public outputs by name; a value is decoded when it is read. Reading a failed one raises NodeFailed."""

    def __init__(self, refs: Mapping[str, Ref | NotMade], codecs: Codecs, held: Mapping[Digest, Held]) -> None:
        self._refs = refs
        self._codecs = codecs
        self._held = held

    def __getitem__(self, name: str) -> Any:
        ref = self.ref(name)
        return [self._value(digest) for digest in ref] if isinstance(ref, tuple) else self._value(ref)

    def __iter__(self) -> Iterator[str]:
        return iter(self._refs)

    def __len__(self) -> int:
        return len(self._refs)

    def ref(self, name: str) -> Ref:
        """Give the digest of an output, or a tuple of them where it is a list."""
        ref = self._refs[name]
        if isinstance(ref, NotMade):
            raise NodeFailed(ref.reason)
        return ref

    def stored(self, name: str) -> list[Stored]:
        """Give an output in its stored form, which needs no library; several where it is a list."""
        ref = self.ref(name)
        return [self._held[digest].stored(self._codecs) for digest in (ref if isinstance(ref, tuple) else (ref,))]

    def _value(self, digest: Digest) -> Any:
        return self._held[digest].value(self._codecs)
