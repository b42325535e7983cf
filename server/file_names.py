"""Make a name that a client gave fit to be shown and saved under.

Guarantees
1. A name is one line of visible characters: no folder, no control, nothing that turns the direction of the text.
2. It is no longer than 120 characters, and ends as its type does.
"""

import unicodedata
from urllib.parse import unquote

from server.user_files import SUFFIXES

_LONGEST = 120
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def file_name(given: str, media_type: str) -> str:
    """Give the name of a file; `given` is percent-encoded UTF-8, as headers carry it."""
    text = unicodedata.normalize("NFC", unquote(given, errors="replace")).replace("\\", "/")
    last = text.rpartition("/")[2]
    seen = "".join(mark for mark in last if unicodedata.category(mark) not in _UNSEEN)
    stem = " ".join(seen.split()).lstrip(". ")
    suffix = SUFFIXES[media_type]
    known = (*SUFFIXES.values(), ".jpeg", ".jpe", ".oga", ".opus", ".m4v", ".wave")
    if (shown := next((end for end in known if stem.lower().endswith(end)), None)) is not None:
        stem = stem[: -len(shown)]
    return (stem.rstrip(". ")[: _LONGEST - len(suffix)] or "file") + suffix
