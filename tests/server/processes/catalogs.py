"""Catalogs whose libraries take long to import, cannot be imported, or start threads."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.server.toys import CATALOG


def _slowly(libs: Sequence[str], facts: Mapping[str, Any]) -> None:
    time.sleep(8)


def _not_at_all(libs: Sequence[str], facts: Mapping[str, Any]) -> None:
    raise ImportError("this library is broken")


def _with_a_thread(libs: Sequence[str], facts: Mapping[str, Any]) -> None:
    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()


SLOW = replace(CATALOG, prepare=_slowly)
FAILING = replace(CATALOG, prepare=_not_at_all)
THREADED = replace(CATALOG, prepare=_with_a_thread)
