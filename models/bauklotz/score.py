"""Score pictures against what their prompts named, as the checker reads them.

Guarantees
1. Only what a prompt names is judged; every prompt names the number of objects.
2. A pair counts as bound only if the arrangement, both shapes and both colours are right.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from models.bauklotz.captions import Language, Mention
from models.bauklotz.scene import Scenes

Shares = dict[str, float]
Named = NDArray[np.bool_]

FLOORS: Final[Mapping[str, float]] = {
    "one/background": 0.95,
    "one/light": 0.95,
    "one/colour": 0.95,
    "one/position": 0.95,
    "one/size": 0.95,
    "one/style": 0.85,
    "one/shape": 0.85,
    "two/colours": 0.85,
    "two/relation": 0.80,
}
GOALS: Final[Mapping[str, float]] = {
    **{name: 0.98 for name in FLOORS if name.startswith("one/")},
    "two/binding": 0.80,
}


def shares_of(right: Mapping[Language, Mapping[str, list[bool]]]) -> dict[str, Shares]:
    """Give the shares of right answers by language and attribute, and `n`, how many answers each is made of."""
    found: dict[str, Shares] = {}
    for language, named in right.items():
        found[language] = by_attribute(named)
        found["n"] = {name: float(len(answers)) for name, answers in sorted(named.items())}
    return found


def by_attribute(right: Mapping[str, list[bool]]) -> Shares:
    """Give the share of right answers by attribute."""
    return {name: float(np.mean(answers)) for name, answers in sorted(right.items())}


def score(answers: Mapping[str, Tensor], scenes: Scenes, mentions: tuple[Mention, ...]) -> Shares:
    """Give the share of right answers per attribute, one and two objects apart."""
    right = _right(answers, scenes)
    one, two = ~scenes.is_pair, scenes.is_pair
    light = _named([m.light for m in mentions])
    style = _named([m.style for m in mentions])
    background = _named([m.background for m in mentions])
    size = np.array([m.size for m in mentions], dtype=bool).reshape(-1, 2)
    position = _named([m.position for m in mentions])
    shares = {}
    for kind, rows in (("one", one), ("two", two)):
        shares[f"{kind}/background"] = _share(right["background"], rows & background)
        shares[f"{kind}/light"] = _share(right["light"], rows & light)
        shares[f"{kind}/style"] = _share(right["style"], rows & style)
    shares["one/colour"] = _share(right["colour_0"], one)
    shares["one/shape"] = _share(right["shape_0"], one)
    shares["one/size"] = _share(right["size_0"], one & size[:, 0])
    shares["one/position"] = _share(right["arrangement"], one & position)
    shares["two/colours"] = _share_of_both(right, "colour", np.stack([two, two], axis=1))
    shares["two/shapes"] = _share_of_both(right, "shape", np.stack([two, two], axis=1))
    shares["two/sizes"] = _share_of_both(right, "size", two[:, None] & size)
    shares["two/relation"] = _share(right["arrangement"], two)
    shares["one/count"] = _share(right["count"], one)
    shares["one/count, place unsaid"] = _share(right["count"], one & ~position)
    shares["two/count"] = _share(right["count"], two)
    bound = right["arrangement"].copy()
    for k in (0, 1):
        bound &= right[f"shape_{k}"] & right[f"colour_{k}"]
    shares["two/binding"] = _share(bound, two)
    return {name: shares[name] for name in sorted(shares) if not np.isnan(shares[name])}


def _right(answers: Mapping[str, Tensor], scenes: Scenes) -> dict[str, Named]:
    right = {"count": answers["count"].numpy() == np.where(scenes.is_pair, 2, 1)}
    for name in ("arrangement", "background", "light", "style"):
        right[name] = answers[name].numpy() == getattr(scenes, name)
    for k in (0, 1):
        for name in ("shape", "colour", "size"):
            right[f"{name}_{k}"] = answers[f"{name}_{k}"].numpy() == getattr(scenes, name)[:, k]
    return right


def _named(flags: list[bool]) -> Named:
    return np.array(flags, dtype=bool)


def _share(right: Named, rows: Named) -> float:
    return float(right[rows].mean()) if rows.any() else float("nan")


def _share_of_both(right: Mapping[str, Named], name: str, rows: Named) -> float:
    both = np.stack([right[f"{name}_{k}"] for k in (0, 1)], axis=1)
    return _share(both, rows)
