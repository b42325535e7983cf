"""Ask which text is true of a scene: the one that says what it shows, or those with one attribute replaced.

Guarantees
1. The texts of a question differ in the words of the replaced attribute alone.
2. Only what a text names is replaced, and by every other value that it could have.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from models.bauklotz.captions import Language, Mention, caption
from models.bauklotz.fragments import FIELDS, fragment, value
from models.bauklotz.scene import Ints, Scenes, join
from models.bauklotz.vocabulary import ARRANGEMENTS, COLOURS, LIGHTS, POSITIONS, SHAPES, SIZES, STYLES

What = Mention | str
"""What a text names: a caption's mention, or the one attribute of a fragment."""

_WORLD: Final[Mapping[str, int]] = {
    "shape": len(SHAPES),
    "colour": len(COLOURS),
    "size": len(SIZES),
    "background": len(COLOURS),
    "light": len(LIGHTS),
    "style": len(STYLES),
}


@dataclass(frozen=True, slots=True)
class Question:
    """Which attribute is in question, and the scene with each of its wrong values."""

    attribute: str
    others: Scenes


class SameWords(np.random.Generator):
    """Choose words by one number per choice, whatever the number of options, so that two scenes are worded alike."""

    def integers(self, low: int, *_: Any, **__: Any) -> int:  # type: ignore[override]
        return int(self.random() * low)


def say(scenes: Scenes, row: int, what: What, language: Language, *, seed: int) -> str:
    """Say of a scene what is to be named; the same seed gives the same wording."""
    rng = SameWords(np.random.PCG64(seed))
    if isinstance(what, Mention):
        return caption(scenes, row, what, language, rng)
    return fragment(what, value(scenes, row, what), language, rng)


def questions(scenes: Scenes, row: int, what: What) -> list[Question]:
    """Give every question about what is named of one scene."""
    scene = scenes[np.array([row])]
    if not isinstance(what, Mention):
        return [Question(what, _position(scene) if what == "position" else _others(scene, FIELDS[what]))]
    asked = [Question(name, _others(scene, name)) for name in ("background", "light", "style") if getattr(what, name)]
    objects = (0, 1) if scene.is_pair[0] else (0,)
    asked += [Question(name, _others(scene, name, k)) for k in objects for name in ("shape", "colour")]
    asked += [Question("size", _others(scene, "size", k)) for k in objects if what.size[k]]
    if scene.is_pair[0]:
        return [*asked, Question("relation", _relation(scene)), *_binding(scene)]
    return [*asked, Question("position", _position(scene))] if what.position else asked


def _others(scene: Scenes, field: str, k: int = 0) -> Scenes:
    truth = getattr(scene, field)
    right = int(truth[0] if truth.ndim == 1 else truth[0, k])
    wrong = np.array([v for v in range(_WORLD[field]) if v != right])
    return _changed(scene, field, wrong, k)


def _changed(scene: Scenes, field: str, wrong: Ints, k: int = 0) -> Scenes:
    many = scene[np.zeros(len(wrong), dtype=np.int64)]
    values = getattr(many, field).copy()
    values[(slice(None),) if values.ndim == 1 else (slice(None), k)] = wrong
    return replace(many, **{field: values})


def _position(scene: Scenes) -> Scenes:
    wrong = np.array([v for v in range(len(POSITIONS)) if v != scene.arrangement[0]])
    return _changed(scene, "arrangement", wrong)


def _relation(scene: Scenes) -> Scenes:
    """Say the other relation, or the objects the other way round, or both."""
    other = np.array([sum(range(len(POSITIONS), len(ARRANGEMENTS))) - scene.arrangement[0]])
    turned = _changed(scene, "arrangement", other)
    return join([turned, _swapped(scene, "shape", "colour", "size"), _swapped(turned, "shape", "colour", "size")])


def _binding(scene: Scenes) -> list[Question]:
    """Give the colours, or the shapes, to the wrong objects; if only one of them differs, that is a relation."""
    if scene.shape[0, 0] == scene.shape[0, 1] or scene.colour[0, 0] == scene.colour[0, 1]:
        return []
    return [Question("binding", join([_swapped(scene, "shape"), _swapped(scene, "colour")]))]


def _swapped(scene: Scenes, *fields: str) -> Scenes:
    return replace(scene, **{field: getattr(scene, field)[:, ::-1].copy() for field in fields})
