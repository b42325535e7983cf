"""Train the text encoder on the world's captions and labels, in English and German.

The tail of the padded sequence holds slots: nine cells of a 3 x 3 grid over the picture, then the
background, the light and the style. Each slot is trained to know what the caption puts there; the pooled
output is trained to know everything. Afterwards the encoder is frozen: the denoising loss would erase it.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.captions import LANGUAGES, Mention, caption, random_mention
from models.bauklotz.labels import IGNORED, accuracy
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.tokenizer import LENGTH
from models.bauklotz.scene import Bools, Ints, Scenes, held_out_scenes, training_scenes
from models.bauklotz.vocabulary import ARRANGEMENTS, COLOURS, LIGHTS, POSITIONS, SHAPES, SIZES, STYLES

WIDTH: Final = 128
BATCH: Final = 32
CELLS: Final = 9
SLOTS: Final = CELLS + 3

CELL_HEADS: Final[Mapping[str, int]] = {
    "presence": 3,  # empty, here, perhaps here
    "shape": len(SHAPES),
    "colour": len(COLOURS),
    "size": len(SIZES) + 1,
}
POOLED_HEADS: Final[Mapping[str, int]] = {
    "arrangement": len(ARRANGEMENTS) + 1,
    "background": len(COLOURS) + 1,
    "light": len(LIGHTS) + 1,
    "style": len(STYLES) + 1,
    **{f"{name}_{k}": CELL_HEADS[name] for k in (0, 1) for name in ("shape", "colour", "size")},
}
"""One class more than the world has where a caption may leave the attribute out."""

_CELL_OF: Final = np.array([4, 0, 2, 6, 8, 3, 1])
_SECOND_CELL_OF: Final = np.array([-1, -1, -1, -1, -1, 5, 7])


class Heads(nn.Module):
    """Read the slots and the pooled output; thrown away after training."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.ModuleDict({name: nn.Linear(WIDTH, count) for name, count in CELL_HEADS.items()})
        self.pooled = nn.ModuleDict({name: nn.Linear(WIDTH, count) for name, count in POOLED_HEADS.items()})

    def forward(self, sequence: Tensor, pooled: Tensor) -> dict[str, Tensor]:
        """Give logits by question: pooled [n, classes], cells [n * 9, classes]."""
        cells = sequence[:, -SLOTS:-3].reshape(-1, WIDTH)
        asked = {f"cell/{name}": head(cells) for name, head in self.cell.items()}
        asked |= {f"pooled/{name}": head(pooled) for name, head in self.pooled.items()}
        for place, name in ((-3, "background"), (-2, "light"), (-1, "style")):
            asked[f"slot/{name}"] = self.pooled[name](sequence[:, place])
        return asked


class TextTask:
    """The text encoder and its heads in training."""

    def __init__(self, place: Place) -> None:
        from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

        self.place = place
        self.tokenizer = CLIPTokenizer.from_pretrained(place.part("text_to_image/tokenizer"))
        end = self.tokenizer.eos_token_id
        config = CLIPTextConfig(
            vocab_size=len(self.tokenizer),
            hidden_size=WIDTH,
            intermediate_size=4 * WIDTH,
            num_hidden_layers=3,
            num_attention_heads=4,
            max_position_embeddings=LENGTH,
            hidden_act="quick_gelu",
            projection_dim=WIDTH,
            bos_token_id=self.tokenizer.bos_token_id,
            eos_token_id=end,
            pad_token_id=end,
            initializer_factor=1.0,
        )
        self.encoder = CLIPTextModel(config).to(place.device)
        self.heads = Heads().to(place.device)
        self.both = nn.ModuleList([self.encoder, self.heads])

    @property
    def module(self) -> nn.Module:
        return self.both

    def loss(self, step: int) -> Tensor:
        seed = self.place.seed(2_000_000, step)
        scenes = training_scenes(seed, BATCH)
        mentions, texts = _captions(scenes, np.random.default_rng((seed, 2)))
        truth = {name: t.to(self.place.device).repeat(2) for name, t in text_labels(scenes, mentions).items()}
        sequence, pooled = self._encode([*texts[0], *texts[1]])
        asked = self.heads(sequence, pooled)
        losses = [F.cross_entropy(asked[name], t, ignore_index=IGNORED) for name, t in truth.items()]
        return torch.stack(losses).sum() + 5 * _twin_loss(sequence[:, -SLOTS:]) + 5 * _twin_loss(pooled)

    def _encode(self, texts: list[str]) -> tuple[Tensor, Tensor]:
        padded = self.tokenizer(texts, padding="max_length", max_length=LENGTH, truncation=True, return_tensors="pt")
        answer = self.encoder(padded.input_ids.to(self.place.device))
        return answer.last_hidden_state, answer.pooler_output

    def report(self, step: int) -> Mapping[str, float]:
        """Measure every head on captions of held-out combinations, and how close the twins lie."""
        scenes = held_out_scenes(8, 1000)
        mentions, texts = _captions(scenes, np.random.default_rng(8))
        truth = text_labels(scenes, mentions)
        shares: dict[str, float] = {}
        pooled: list[Tensor] = []
        for language, said in zip(LANGUAGES, texts, strict=True):
            sequence, pool = self._encode(said)
            pooled.append(pool)
            answers = {name: logits.argmax(-1).cpu() for name, logits in self.heads(sequence, pool).items()}
            found = accuracy(answers, truth)
            shares |= {f"{language}/{name}": round(share, 4) for name, share in found.items()}
        shares["twins"] = round(float(F.cosine_similarity(pooled[0], pooled[1]).mean()), 4)
        return shares

    def export(self) -> None:
        copy = deepcopy(self.encoder).half()
        copy.save_pretrained(self.place.out / "text_to_image" / "text_encoder")


def text_labels(scenes: Scenes, mentions: list[Mention]) -> dict[str, Tensor]:
    """Give what a caption tells: class numbers by question, an extra class for "it does not say"."""
    size = scenes.size.copy()
    for k in (0, 1):
        named = np.array([m.size[k] for m in mentions], dtype=bool)
        size[:, k] = np.where(named | (size[:, k] < 0), size[:, k], len(SIZES))
    placed = np.array([m.position for m in mentions], dtype=bool) | scenes.is_pair
    told = {
        "arrangement": np.where(placed, scenes.arrangement, len(ARRANGEMENTS)),
        "background": _told(scenes.background, [m.background for m in mentions], len(COLOURS)),
        "light": _told(scenes.light, [m.light for m in mentions], len(LIGHTS)),
        "style": _told(scenes.style, [m.style for m in mentions], len(STYLES)),
    }
    truth = {f"slot/{name}": told[name] for name in ("background", "light", "style")}
    for k in (0, 1):
        told |= {f"shape_{k}": scenes.shape[:, k], f"colour_{k}": scenes.colour[:, k], f"size_{k}": size[:, k]}
    truth |= {f"pooled/{name}": t for name, t in told.items()} | _cells(scenes, size, placed)
    return {name: torch.from_numpy(np.where(t < 0, IGNORED, t)) for name, t in truth.items()}


def _told(truth: Ints, named: list[bool], unsaid: int) -> Ints:
    return np.where(np.array(named, dtype=bool), truth, unsaid)


def _cells(scenes: Scenes, size: Ints, placed: Bools) -> dict[str, Ints]:
    """Say of each cell whether an object is there, and which."""
    count = len(scenes)
    presence = np.zeros((count, CELLS), dtype=np.int64)
    which = np.full((count, CELLS), -1)
    rows = np.arange(count)
    which[rows, _CELL_OF[scenes.arrangement]] = 0
    pairs = np.flatnonzero(scenes.is_pair)
    which[pairs, _SECOND_CELL_OF[scenes.arrangement[pairs]]] = 1
    presence[which >= 0] = 1
    for cell in _CELL_OF[: len(POSITIONS)]:
        presence[~placed, cell] = 2
        which[~placed, cell] = 0
    cells = {"cell/presence": presence.reshape(-1)}
    for name, truth in (("shape", scenes.shape), ("colour", scenes.colour), ("size", size)):
        here = np.take_along_axis(truth, which.clip(0), axis=1)
        cells[f"cell/{name}"] = np.where(which >= 0, here, IGNORED).reshape(-1)
    return cells


def _captions(scenes: Scenes, rng: np.random.Generator) -> tuple[list[Mention], tuple[list[str], list[str]]]:
    """Say every scene in both languages, naming the same attributes."""
    mentions = [random_mention(rng, is_pair=bool(pair)) for pair in scenes.is_pair]
    english, german = (
        [caption(scenes, row, mention, language, rng) for row, mention in enumerate(mentions)] for language in LANGUAGES
    )
    return mentions, (english, german)


def _twin_loss(both: Tensor) -> Tensor:
    """Draw the two halves of the batch, the same scenes in two languages, together."""
    english, german = both.chunk(2)
    return F.mse_loss(english, german)


TEXT_ENCODER: Final = Recipe("text_encoder", TextTask, steps=2000, rate=1.5e-3, average=0.995, report_every=250)
