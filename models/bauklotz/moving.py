"""The moving scene world: one object that goes somewhere, grows, shrinks, turns or appears, frame by frame.

What goes somewhere goes along an edge: right at the top, left at the bottom, up at the left, down at the right. A clip
of it is a part of its way, so that a film can go on where another ended.

Guarantees
1. The same seed gives the same clips.
2. An object stays inside the picture in every frame, and never has the colour of its background.
3. Only what can be seen to turn turns: no circle, no ring.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from models.bauklotz.captions import Language, Mention, caption
from models.bauklotz.draw import draw
from models.bauklotz.scene import MARGIN, Floats, Ints, Scenes, held_out_scenes, training_scenes
from models.bauklotz.sentence import Rng
from models.bauklotz.vocabulary import RADII, SHAPES, SIDE

FRAMES: Final = 8
MOTIONS: Final = ("left", "right", "up", "down", "grow", "shrink", "turn", "appear")
TURN: Final = 2 * np.pi / 3
"""How far a turning object turns in a clip, clockwise."""
SHORTEST: Final = 0.4
"""The least share of the way across the picture that an object goes in a clip."""
SMALLEST: Final = 0.45
"""What share of its largest radius a growing object has at first."""
_ROUND: Final = tuple(SHAPES.index(shape) for shape in ("circle", "ring"))
_STEPS: Final = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
# the words that the frozen text encoder was trained on stand in them: left, right, top, bottom, large, small
_SAID: Final = {
    "en": {
        "left": ("moving to the left", "moving left"),
        "right": ("moving to the right", "moving right"),
        "up": ("moving to the top", "moving up to the top"),
        "down": ("moving to the bottom", "moving down to the bottom"),
        "grow": ("getting large", "growing large"),
        "shrink": ("getting small", "shrinking small"),
        "turn": ("turning around", "turning"),
        "appear": ("appearing", "appearing out of nothing"),
    },
    "de": {
        "left": ("nach links", "bewegt sich nach links"),
        "right": ("nach rechts", "bewegt sich nach rechts"),
        "up": ("nach oben", "bewegt sich nach oben"),
        "down": ("nach unten", "bewegt sich nach unten"),
        "grow": ("wird groß", "wächst"),
        "shrink": ("wird klein", "schrumpft"),
        "turn": ("dreht sich", "dreht sich im kreis"),
        "appear": ("erscheint", "taucht auf"),
    },
}


@dataclass(frozen=True, slots=True)
class Clips:
    """A batch of clips: scenes with one object, and what it does."""

    scenes: Scenes
    motion: Ints  # [n], into MOTIONS
    span: Floats  # [n, 2], between which shares of its motion the clip lies

    def __len__(self) -> int:
        return len(self.scenes)

    def come(self, frames: int) -> Floats:
        """Give how far what happens has come in each frame, [n, frames] from 0 to 1."""
        begin, end = self.span[:, :1], self.span[:, 1:]
        return begin + (end - begin) * np.linspace(0, 1, frames, dtype=np.float32)

    def __getitem__(self, rows: slice) -> Self:
        return type(self)(self.scenes[rows], self.motion[rows], self.span[rows])


def training_clips(seed: int, count: int) -> Clips:
    """Draw clips that show no held-out combination."""
    return _moving(training_scenes(seed, count, pairs=0), seed)


def held_out_clips(seed: int, count: int) -> Clips:
    """Draw clips each of which shows a held-out combination."""
    return _moving(held_out_scenes(seed, count, pairs=0), seed)


def _moving(scenes: Scenes, seed: int) -> Clips:
    rng = np.random.default_rng((21, seed))
    motion = rng.integers(len(MOTIONS), size=len(scenes))
    dull = np.isin(scenes.shape[:, 0], _ROUND) & (motion == MOTIONS.index("turn"))
    motion[dull] = rng.integers(len(_STEPS), size=int(dull.sum()))
    grows = np.isin(motion, [MOTIONS.index("grow"), MOTIONS.index("shrink")])
    size, radius = scenes.size.copy(), scenes.radius.copy()
    size[grows, 0] = 1
    radius[grows, 0] = rng.uniform(*RADII[1], int(grows.sum()))
    low, high = radius[:, :1] + MARGIN, SIDE - radius[:, :1] - MARGIN
    centre = scenes.centre.copy()
    centre[:, 0] = np.clip(centre[:, 0], low, high)
    for name, step in _STEPS.items():
        rows, across = motion == MOTIONS.index(name), int(step[0] != 0)
        centre[rows, 0, across] = (low if name in ("right", "up") else high)[rows, 0]
    moved = replace(scenes, size=size, radius=radius.astype(np.float32), centre=centre)
    return Clips(moved, motion, _spans(motion, rng))


def _spans(motion: Ints, rng: Rng) -> Floats:
    """Take a part of the way of what goes somewhere, and all of what else there is."""
    length = rng.uniform(SHORTEST, 1, len(motion))
    begin = rng.uniform(0, 1 - length)
    goes = motion < len(_STEPS)
    spans = np.stack([np.where(goes, begin, 0), np.where(goes, begin + length, 1)], axis=1)
    return spans.astype(np.float32)


def film(clips: Clips, *, frames: int = FRAMES) -> Floats:
    """Draw clips [n, frames, 3, 64, 64] in 0..1."""
    return np.stack([_frame(clips, come) for come in clips.come(frames).T], axis=1)


def _frame(clips: Clips, come: Floats) -> Floats:
    """Draw the moment at which what happens in each clip has come so far [n]."""
    scenes, motion = clips.scenes, clips.motion
    centre, radius = scenes.centre.copy(), scenes.radius.copy()
    low, high = radius[:, 0] + MARGIN, SIDE - radius[:, 0] - MARGIN
    for name, step in _STEPS.items():
        rows = motion == MOTIONS.index(name)
        for axis in (0, 1):
            if step[axis]:
                begin, end = (low, high) if step[axis] > 0 else (high, low)
                centre[rows, 0, axis] = (begin + (end - begin) * come)[rows]
    for name, way in (("grow", come), ("shrink", 1 - come)):
        rows = motion == MOTIONS.index(name)
        radius[rows, 0] *= SMALLEST + (1 - SMALLEST) * way[rows]
    angle = np.where(motion == MOTIONS.index("turn"), TURN * come, 0).astype(np.float32)
    picture = draw(replace(scenes, centre=centre, radius=radius), angle=angle)
    appears = np.flatnonzero(motion == MOTIONS.index("appear"))
    if len(appears):
        nothing = draw(replace(scenes[appears], shape=np.full_like(scenes.shape[appears], -1)))
        picture[appears] = nothing + come[appears, None, None, None] * (picture[appears] - nothing)
    return picture


def clip_caption(clips: Clips, row: int, mention: Mention, language: Language, rng: Rng) -> str:
    """Describe one clip: what is seen, and what it does; where it is and how large is not said if that changes."""
    name = MOTIONS[clips.motion[row]]
    mention = replace(mention, position=mention.position and name not in _STEPS)
    if name in ("grow", "shrink"):
        mention = replace(mention, size=(False, False))
    ways = _SAID[language][name]
    return f"{caption(clips.scenes, row, mention, language, rng)}, {ways[int(rng.integers(len(ways)))]}"
