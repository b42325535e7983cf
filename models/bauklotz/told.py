"""What texts tell of scenes, and which scenes a text is true of.

Guarantees
1. A text is true of every scene that has all it names, not only of the one that it was made from.
2. A text about one object whose place it does not say is true of a pair that holds such an object.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.bauklotz.captions import Mention
from models.bauklotz.fragments import FIELDS
from models.bauklotz.questions import What
from models.bauklotz.scene import Bools, Ints, Scenes

_OBJECT = ("shape", "colour", "size")
_SETTING = ("arrangement", "background", "light", "style")


def told(scenes: Scenes, whats: Sequence[What]) -> Scenes:
    """Give what is named of each scene; what is not named is -1."""
    kept = [_kept(what, is_pair=bool(pair)) for what, pair in zip(whats, scenes.is_pair, strict=True)]
    named = np.array(kept, dtype=bool)  # [n, 4 of the setting, then 2 objects x 3]
    fields = {f: np.where(named[:, i], getattr(scenes, f), -1) for i, f in enumerate(_SETTING)}
    for i, f in enumerate(_OBJECT):
        fields[f] = np.where(named[:, [4 + i, 7 + i]], getattr(scenes, f), -1)
    return replace(scenes, **fields)


def _kept(what: What, *, is_pair: bool) -> list[bool]:
    if isinstance(what, Mention):
        setting = [what.position or is_pair, what.background, what.light, what.style]
        return [*setting, True, True, what.size[0], is_pair, is_pair, is_pair and what.size[1]]
    return [FIELDS[what] == f for f in (*_SETTING, *_OBJECT)] + [False] * 3


def holds(texts: Scenes, scenes: Scenes) -> Bools:
    """Say which texts, as `told` gives them, are true of which scenes: [texts, scenes]."""
    true = np.logical_and.reduce([_same(getattr(texts, f), getattr(scenes, f)) for f in _SETTING])
    pair = (texts.shape[:, 1] >= 0)[:, None]
    first = _matches(texts, scenes, 0, 0)
    either = first | (_matches(texts, scenes, 0, 1) & scenes.is_pair[None])
    held: Bools = true & np.where(pair, first & _matches(texts, scenes, 1, 1), either)
    return held


def _matches(texts: Scenes, scenes: Scenes, a: int, b: int) -> Bools:
    every = [_same(getattr(texts, f)[:, a], getattr(scenes, f)[:, b]) for f in _OBJECT]
    matched: Bools = np.logical_and.reduce(every)
    return matched


def _same(said: Ints, truth: Ints) -> Bools:
    same: Bools = (said[:, None] < 0) | (said[:, None] == truth[None])
    return same
