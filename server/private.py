"""Keep what belongs to this machine out of what is said to others: its folders, and with them the names of its users.

Guarantees
1. No text that was scrubbed names a folder of this machine.
"""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

_HIDDEN = "<a file of the server>"


class Scrubber:
    """Rewords texts; `folders` have words of their own, any other absolute path has one for all."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        named = {
            str(spelt): word for word, path in folders.items() for spelt in (path, path.absolute(), path.resolve())
        }
        self._words = sorted(named.items(), key=lambda each: -len(each[0]))  # the longest first
        tops = "|".join(re.escape(name) for name in sorted(os.listdir("/")))
        self._path = re.compile(rf"(?<![\w.\]>-])/(?:{tops})(?:/[^\s'\"`\\:;,()\[\]{{}}<>]*)+")

    @classmethod
    def of(cls, data: Path, models: Iterable[Path]) -> "Scrubber":
        """Make one that knows the folders which messages about files name."""
        return cls({"data folder": data, **{f"models folder {number}": root for number, root in enumerate(models, 1)}})

    def __call__(self, text: str) -> str:
        """Give a text without the paths in it."""
        if "/" not in text:
            return text
        for path, word in self._words:
            if len(path) > 1:
                text = text.replace(path, f"<{word}>")
        return self._path.sub(_HIDDEN, text)
