"""Show kept values: what sums them up, and files that people can open."""

import re
from collections.abc import Sequence

from engine.errors import Missing
from nodes.views import NoViewError, names, view
from server.desk.answer import Answer, Question, RefusedError, as_json
from server.desk.kept import Kept
from server.private import Scrubber

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Values:
    """Reads the cache folder; makes nothing and changes nothing."""

    def __init__(self, kept: Kept, scrubbed: Scrubber) -> None:
        self._kept = kept
        self._scrubbed = scrubbed

    def view(self, question: Question) -> Answer:
        """Show a value as a file: its bytes, or the path where they lie already."""
        digest, name = _digest(question.text("digest")), question.text("as")
        try:
            stored = self._kept.value(digest)
        except Missing:
            return Answer({"evicted": True})
        views = ["summary", *names(stored.type)]
        if name == "safetensors" and name in views and (path := self._kept.file(digest)) is not None:
            return Answer({"media_type": "application/octet-stream", "suffix": ".safetensors", "path": str(path)})
        try:
            file, note = view(stored, name, item=question.number("item"))
        except NoViewError as error:
            raise RefusedError.because("no_such_view", str(error), hint=f"there are: {', '.join(views)}") from None
        content = self._scrubbed(file.data.decode()).encode() if name == "json" else file.data
        return Answer({"media_type": file.media_type, "suffix": file.suffix, "note": note}, [content])

    def summary(self, question: Question) -> Answer:
        """Sum up values; null stands for one that is gone."""
        return Answer(parts=[as_json([self._summed(digest) for digest in _digests(question.parts[0])])])

    def _summed(self, digest: str) -> object:
        found = self._kept.summary(_digest(digest))
        return found if not isinstance(found, dict) else {**found, "views": ["summary", *names(str(found["type"]))]}


def _digest(text: str) -> str:
    assert _DIGEST.fullmatch(text)  # digests come from our own events; they become paths
    return text


def _digests(listed: bytes) -> Sequence[str]:
    return listed.decode().split()
