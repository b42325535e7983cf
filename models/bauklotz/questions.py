"""Ask which text is true of a scene: the one that says what it shows, or those with one attribute replaced.

Guarantees
1. The texts of a question differ in the words of the replaced attribute alone.
2. Only what a text names is replaced, and by every other value that it could have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from models.bauklotz.captions import Language, Mention, caption
from models.bauklotz.fragments import fragment, value
from models.bauklotz.scene import Scenes, join
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
    """Which attribute of a scene is in question, and of which of its objects."""

    attribute: str
    scene: Scenes
    k: int = 0

    @property
    def others(self) -> Scenes:
        """The scene with each of the wrong values."""
        match self.attribute:
            case "relation":
                return _relation(self.scene)
            case "binding":
                return join([_swapped(self.scene, "shape"), _swapped(self.scene, "colour")])
            case "position":
                return _changed(self.scene, "arrangement", range(len(POSITIONS)))
            case name:
                return _changed(self.scene, name, range(_WORLD[name]), self.k)


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
        return [Question(what, scene)]
    asked = [Question(name, scene) for name in ("background", "light", "style") if getattr(what, name)]
    objects = (0, 1) if scene.is_pair[0] else (0,)
    asked += [Question(name, scene, k) for k in objects for name in ("shape", "colour")]
    asked += [Question("size", scene, k) for k in objects if what.size[k]]
    if not scene.is_pair[0]:
        return [*asked, Question("position", scene)] if what.position else asked
    # If only one of shape and colour differs, to swap it is to turn the relation round.
    bound = (scene.shape[0, 0] != scene.shape[0, 1]) and (scene.colour[0, 0] != scene.colour[0, 1])
    return [*asked, Question("relation", scene), *([Question("binding", scene)] if bound else [])]


def _changed(scene: Scenes, field: str, values: Iterable[int], k: int = 0) -> Scenes:
    """Give the scene with each of these values of a field but the right one."""
    truth = getattr(scene, field)
    right = int(truth[0] if truth.ndim == 1 else truth[0, k])
    wrong = np.array([value for value in values if value != right])
    many = scene[np.zeros(len(wrong), dtype=np.int64)]
    changed = getattr(many, field).copy()
    changed[(slice(None),) if changed.ndim == 1 else (slice(None), k)] = wrong
    return replace(many, **{field: changed})


def _relation(scene: Scenes) -> Scenes:
    """Say the other relation, or the objects the other way round, or both."""
    turned = _changed(scene, "arrangement", range(len(POSITIONS), len(ARRANGEMENTS)))
    return join([turned, *(_swapped(one, "shape", "colour", "size") for one in (scene, turned))])


def _swapped(scene: Scenes, *fields: str) -> Scenes:
    return replace(scene, **{field: getattr(scene, field)[:, ::-1].copy() for field in fields})
