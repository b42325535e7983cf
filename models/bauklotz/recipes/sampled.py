"""Look at what a network in training draws of held-out scenes: a sheet of it, and how much of it is right."""

from collections.abc import Callable, Mapping

import numpy as np
from torch import Tensor

from models.bauklotz.captions import LANGUAGES, Mention, caption
from models.bauklotz.checker import load_checker
from models.bauklotz.draw import save_sheet
from models.bauklotz.judge import judge
from models.bauklotz.recipe import Place
from models.bauklotz.scene import Scenes, held_out_scenes, join
from models.bauklotz.score import score


def drawn(place: Place, step: int, draw: Callable[[list[str]], Tensor], *, count: int) -> Mapping[str, float]:
    """Draw and score `count` scenes of one object and as many of two, all named but the place of every other one."""
    scenes = join([held_out_scenes(13, count, pairs=0), held_out_scenes(13, count, pairs=1)])
    mentions = tuple(Mention(position=row % 4 < 2) for row in range(len(scenes)))
    texts = [
        caption(scenes, row, mention, LANGUAGES[row % 2], np.random.default_rng((13, row)))
        for row, mention in enumerate(mentions)
    ]
    return judged(place, step, draw(texts), scenes, mentions)


def judged(
    place: Place, step: int, picture: Tensor, scenes: Scenes, mentions: tuple[Mention, ...]
) -> Mapping[str, float]:
    """Keep a sheet of pictures, and give the shares of what is right in them."""
    save_sheet(picture.numpy(), place.scratch / f"sample-{step:06d}.png", columns=12)
    answers = judge(load_checker(place.part("checker")).to(place.device), picture)
    return {name: round(share, 3) for name, share in score(answers, scenes, mentions).items()}
