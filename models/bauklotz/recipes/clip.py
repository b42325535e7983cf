"""Train CLIP: open_clip's contrastive loss with hard negatives, texts with one attribute replaced.

The picture tower first learns the world's labels, which costs a third and shows it shapes; the text tower starts as
the text encoder that was trained before, with open_clip's names for its weights. Then both are drawn together. A text
that is true of another picture of the batch is no negative for it.
"""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.captions import LANGUAGES, Language, random_mention
from models.bauklotz.checker import HEADS
from models.bauklotz.choice import Clip, evaluate
from models.bauklotz.draw import draw
from models.bauklotz.fragments import FRAGMENTS
from models.bauklotz.json_file import write_json
from models.bauklotz.labels import IGNORED, labels
from models.bauklotz.questions import What, questions, say
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.checker import blemish
from models.bauklotz.recipes.negatives import negatives
from models.bauklotz.recipes.text_encoder import WIDTH
from models.bauklotz.recipes.tokenizer import LENGTH, copy_tokenizer
from models.bauklotz.scene import Scenes, in_training, join, training_scenes
from models.bauklotz.sentence import Rng
from models.bauklotz.split import held_out_single
from models.bauklotz.told import holds, told
from models.bauklotz.vocabulary import SIDE

BATCH: Final = 64
NEGATIVES: Final = 3
MEET: Final = 1200
"""The step from which pictures are compared with texts; before it, the picture tower learns labels."""
THAW: Final = 1700
"""The step from which the text tower learns too: it knows captions, but not yet fragments."""
FRAGMENTED: Final = 0.3
"""The share of scenes of one object of which a fragment is said instead of a caption."""
LARGEST_SCALE: Final = math.log(100)

WEIGHTS: Final[Mapping[str, float]] = {"shape": 3.0, "binding": 2.0}
"""How much oftener than others these attributes are replaced: they are hard to see."""

MODEL: Final[Mapping[str, Any]] = {
    "embed_dim": 128,
    "quick_gelu": True,
    "vision_cfg": {
        "image_size": SIDE,
        "timm_model_name": "test_convnext2",
        "timm_model_pretrained": False,
        "timm_pool": "avg",
        "timm_proj": "mlp",
    },
    "text_cfg": {
        "context_length": LENGTH,
        "vocab_size": 905,
        "hf_tokenizer_name": "bauklotz",
        "tokenizer_kwargs": {"clean": "whitespace"},
        "width": WIDTH,
        "heads": 4,
        "layers": 3,
    },
}
"""A convolutional tower: a ViT of this size does not see shapes in so few pictures."""

PREPROCESS: Final[Mapping[str, Any]] = {
    "mean": [0.5, 0.5, 0.5],
    "std": [0.5, 0.5, 0.5],
    "interpolation": "bicubic",
    "resize_mode": "shortest",
}


class ClipTask:
    """Both towers in training."""

    def __init__(self, place: Place, *, batch: int = BATCH) -> None:
        from open_clip.model import CLIP
        from transformers import CLIPTokenizer

        self.place = place
        self.batch = batch
        self.tokenizer = CLIPTokenizer.from_pretrained(place.part("text_to_image/tokenizer"))
        torch.manual_seed(0)
        self.model = CLIP(**MODEL)
        _wake(self.model.visual)
        self.model.load_state_dict(text_tower(place), strict=False)
        # Thrown away after training.
        self.heads = nn.ModuleDict({name: nn.Linear(MODEL["embed_dim"], count) for name, count in HEADS.items()})
        self.both = nn.ModuleList([self.model, self.heads]).to(place.device)

    @property
    def module(self) -> nn.Module:
        return self.both

    def loss(self, step: int) -> Tensor:
        seed = self.place.seed(6_000_000, step)
        scenes = training_scenes(seed, self.batch)
        picture = blemish(torch.from_numpy(draw(scenes)), torch.Generator().manual_seed(seed))
        with torch.autocast(self.place.device.type, torch.bfloat16):
            seen = self.model.encode_image(picture.to(self.place.device) * 2 - 1).float()
        if step < MEET:
            return self._label_loss(seen, scenes)
        with torch.no_grad():
            self.model.logit_scale.clamp_(0, LARGEST_SCALE)
        texts, said = self._texts(scenes, np.random.default_rng((seed, 2)))
        with torch.autocast(self.place.device.type, torch.bfloat16):
            read = self.encode_texts(texts, learning=step >= THAW).float()
        near = self.model.logit_scale.exp() * F.normalize(seen) @ F.normalize(read).T
        return contrast(near, torch.from_numpy(holds(said, scenes)).T.to(near.device))

    def _label_loss(self, seen: Tensor, scenes: Scenes) -> Tensor:
        losses = []
        for name, right in labels(scenes).items():
            logits = self.heads[name](seen)
            if name.startswith("shape"):
                logits = logits.masked_fill(_never(scenes, int(name[-1])).to(seen.device), -math.inf)
            losses.append(F.cross_entropy(logits, right.to(seen.device), ignore_index=IGNORED))
        return torch.stack(losses).sum()

    def _texts(self, scenes: Scenes, rng: Rng) -> tuple[list[str], Scenes]:
        """Say every scene, then NEGATIVES wrong texts of each; give also what they tell."""
        rows = range(len(scenes))
        whats: list[What] = [_what(rng, is_pair=bool(pair)) for pair in scenes.is_pair]
        spoken: list[Language] = [LANGUAGES[int(k)] for k in rng.integers(len(LANGUAGES), size=len(scenes))]
        seeds = [int(k) for k in rng.integers(2**31, size=len(scenes))]
        wrong = join([_wrong(scenes, row, whats[row], rng) for row in rows])
        texts = [say(scenes, row, whats[row], spoken[row], seed=seeds[row]) for row in rows]
        for k in range(len(wrong)):
            row = k // NEGATIVES
            texts.append(say(wrong, k, whats[row], spoken[row], seed=seeds[row]))
        each = [what for what in whats for _ in range(NEGATIVES)]
        return texts, told(join([scenes, wrong]), [*whats, *each])

    def encode_texts(self, texts: list[str], *, learning: bool = True) -> Tensor:
        """Encode as open_clip does, without the padding behind the longest text: no token looks ahead."""
        ids = self.tokenizer(texts, padding=True, max_length=LENGTH, truncation=True, return_tensors="pt").input_ids
        ids = ids.to(self.place.device)
        length = ids.shape[1]
        with torch.set_grad_enabled(learning and torch.is_grad_enabled()):
            x = self.model.token_embedding(ids) + self.model.positional_embedding[:length]
            x = self.model.transformer(x, attn_mask=self.model.attn_mask[:length, :length])
            x = self.model.ln_final(x)[torch.arange(len(ids), device=ids.device), ids.argmax(-1)]
        return x @ self.model.text_projection  # type: ignore[no-any-return]

    def report(self, step: int) -> Mapping[str, float]:
        """Measure the choices on fewer scenes than the evaluation does."""
        found = evaluate(Clip(self.model, self._tokens), count=50)
        both = {name: sum(found[language][name] for language in LANGUAGES) / 2 for name in found["n"]}
        return {name: round(share, 3) for name, share in both.items()}

    def _tokens(self, texts: list[str]) -> Tensor:
        padded = self.tokenizer(texts, padding="max_length", max_length=LENGTH, truncation=True, return_tensors="pt")
        return padded.input_ids  # type: ignore[no-any-return]

    def export(self) -> None:
        folder = self.place.out / "clip"
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {name: t.half().contiguous().cpu() for name, t in self.model.state_dict().items()}
        save_file(tensors, folder / "open_clip_model.safetensors", metadata={"format": "pt"})
        write_json(folder / "open_clip_config.json", {"model_cfg": MODEL, "preprocess_cfg": PREPROCESS})
        copy_tokenizer(self.place.part("text_to_image/tokenizer"), folder)


def _what(rng: Rng, *, is_pair: bool) -> What:
    if not is_pair and rng.random() < FRAGMENTED:
        names = tuple(FRAGMENTS)
        return names[int(rng.integers(len(names)))]
    return random_mention(rng, is_pair=is_pair)


def _wrong(scenes: Scenes, row: int, what: What, rng: Rng) -> Scenes:
    asks = questions(scenes, row, what)
    return join(negatives(asks, NEGATIVES, weights=WEIGHTS, in_training=in_training, rng=rng))


def _never(scenes: Scenes, k: int) -> Tensor:
    """Say which shapes [n, shapes] no training scene shows in object k's colour on its background."""
    table = held_out_single()[:, scenes.colour[:, k], scenes.background].T
    return torch.from_numpy(table & (scenes.shape[:, k] >= 0)[:, None])


def _wake(tower: nn.Module) -> None:
    """Let every block do its part from the start; timm begins with blocks that do next to nothing."""
    for name, weight in tower.named_parameters():
        if name.endswith("gamma"):
            nn.init.ones_(weight)
        elif weight.ndim > 1:
            nn.init.kaiming_normal_(weight, nonlinearity="linear")


def contrast(near: Tensor, true: Tensor) -> Tensor:
    """Give the symmetric contrastive loss (Radford et al. 2021), and the choice among a scene's own texts.

    `near` [n, n + n * k] are the scaled cosines of pictures to texts, first the n true ones, then k wrong ones of
    each; `true` of the same shape says which texts are true of which pictures. Those beside the diagonal are left out.
    """
    count = len(near)
    right = torch.arange(count, device=near.device)
    own = torch.zeros_like(true)
    own[right, right] = True
    clean = near.masked_fill(true & ~own, -math.inf)
    wrong = near[:, count:].reshape(count, count, -1)[right, right]
    choice = F.cross_entropy(torch.cat([near.diagonal()[:, None], wrong], dim=1), torch.zeros_like(right))
    both = F.cross_entropy(clean, right) + F.cross_entropy(clean[:, :count].T, right)
    return both / 2 + choice


def text_tower(place: Place) -> dict[str, Tensor]:
    """Give the trained text encoder's weights under open_clip's names."""
    from transformers import CLIPTextModel

    folder = place.part("text_to_image/text_encoder")
    old = CLIPTextModel.from_pretrained(folder, dtype=torch.float32).state_dict()
    new = {
        "token_embedding.weight": old["embeddings.token_embedding.weight"],
        "positional_embedding": old["embeddings.position_embedding.weight"],
    }
    for kind in ("weight", "bias"):
        new[f"ln_final.{kind}"] = old[f"final_layer_norm.{kind}"]
        for layer in range(MODEL["text_cfg"]["layers"]):
            block, its = f"transformer.resblocks.{layer}", f"encoder.layers.{layer}"
            new[f"{block}.attn.in_proj_{kind}"] = torch.cat([old[f"{its}.self_attn.{n}_proj.{kind}"] for n in "qkv"])
            for name, its_name in _BLOCK.items():
                new[f"{block}.{name}.{kind}"] = old[f"{its}.{its_name}.{kind}"]
    return new


_BLOCK: Final[Mapping[str, str]] = {
    "attn.out_proj": "self_attn.out_proj",
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
}

CLIP: Final = Recipe("clip", ClipTask, steps=2100, rate=2e-3, average=0.995, report_every=600, save_every=50)
