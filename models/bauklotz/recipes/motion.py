"""Train the motion adapter: v prediction on clips, through the frozen denoiser, steered by the frozen text encoder.

Motion modules see no text, and the denoiser was never told words of motion; of "to the right" it makes a second object.
So each frame is told what it shows, by a small network that was taught before and is frozen, and a LoRA on what reads
the text in the denoiser is trained with them.

Clips come in pools that all steps of a while share: their latents and sequences are computed once.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from diffusers.loaders.lora_base import LORA_WEIGHT_NAME_SAFE
from peft import LoraConfig, get_peft_model_state_dict
from safetensors.torch import save_file
from torch import Tensor, nn

from models.bauklotz.captions import BAREST, LANGUAGES, Mention, random_mention
from models.bauklotz.draw import save_sheet
from models.bauklotz.films import Films
from models.bauklotz.generate import Parts
from models.bauklotz.moving import (
    FRAMES,
    MOTIONS,
    Clips,
    clip_caption,
    film,
    held_out_clips,
    training_clips,
)
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.motion_text import taught_words
from models.bauklotz.recipes.noising import noise_like, noised, times
from models.bauklotz.recipes.pools import Pools
from models.bauklotz.unet import WIDTHS
from models.bauklotz.watching import read_motion
from models.frame_words import FILE, FrameWords

if TYPE_CHECKING:
    from diffusers import MotionAdapter

BATCH: Final = 2
POOL: Final = 96
REUSE: Final = 8
"""How often each clip of a pool is shown, every time with other noise."""
UNCONDITIONAL: Final = 0.1
EARLY: Final = 0.5
"""t = U ** EARLY: where things are is decided in the first steps."""
GIVEN: Final = 0.3
"""How often the first frame of a clip is given, without noise, and how often the last: the others are to fit to it."""
BARE: Final = 0.6
"""How often a text then says only what moves, and how: the rest is seen in the given frame."""
RANK: Final = 16
WORDS: Final = "words"
"""What the LoRA is called in the network."""
MOVING: Final = 4.0
"""How much more an error counts where something changes in the clip."""


def build_adapter() -> "MotionAdapter":
    """Build the adapter: one layer of time after each layer of the denoiser, but the middle one; 2.6 M weights."""
    from diffusers import MotionAdapter

    adapter = MotionAdapter(
        block_out_channels=WIDTHS,
        motion_layers_per_block=1,
        motion_num_attention_heads=4,
        motion_norm_num_groups=8,
        motion_max_seq_length=FRAMES,
        use_motion_mid_block=False,
    )
    for name, weight in adapter.named_parameters():
        if ".proj_out." in name:
            nn.init.zeros_(weight)  # at first, every frame is a picture of its own
    return adapter


def build_lora() -> LoraConfig:
    """Build the LoRA on all that reads the text, attention and what is added to the time; 0.1 M weights."""
    looked_at = r".*\.attentions\.\d+\..*\.attn2\.to_(q|k|v|out\.0)"
    pooled = r"time_embedding\.text\..*proj"
    return LoraConfig(r=RANK, lora_alpha=RANK, target_modules=f"{looked_at}|{pooled}")


@dataclass(frozen=True, slots=True)
class Pool:
    """Clips ready to be trained on."""

    latent: Tensor  # [n, frames, channels, 16, 16]
    weight: Tensor  # [n, 1, 1, 16, 16]
    text: Tensor  # [n, 2, languages, tokens, width] in half precision, the second ones bare
    come: Tensor  # [n, frames], how far what happens has come


class MotionTask:
    """The motion adapter in training."""

    def __init__(self, place: Place, *, words: FrameWords | None = None, pool: int = POOL) -> None:
        self.place = place
        torch.manual_seed(0)
        self.adapter = build_adapter()
        parts = Parts.found(lambda name: place.part(f"text_to_image/{name}"), device=place.device)
        self.words = words or taught_words(place, parts.encode)
        self.films = Films.around(parts, self.adapter, self.words)
        self.films.net.add_adapter(build_lora(), adapter_name=WORDS)
        self.trained = nn.ModuleDict({name.replace(".", "/"): each for name, each in self._trained()})
        self.trained.requires_grad_(True)
        self.alphas = self.films.parts.scheduler.alphas_cumprod.to(place.device)
        self.nothing = self.films.parts.encode([""])
        self.pools = Pools(place, self._made, size=pool, batch=BATCH, reuse=REUSE, order=23)
        self.size = pool

    @property
    def module(self) -> nn.Module:
        return self.trained

    def _trained(self) -> list[tuple[str, nn.Module]]:
        ends = ("motion_modules", ".lora_A", ".lora_B")
        return [(name, each) for name, each in self.films.net.named_modules() if name.endswith(ends)]

    def loss(self, step: int) -> Tensor:
        pool, rows = self.pools.at(step)
        rng = np.random.default_rng((22, step, self.place.rank))
        given = _given(rng)
        bare = given.flatten(1).any(1).numpy() & (rng.random(BATCH) < BARE)
        language = torch.from_numpy(rng.integers(len(LANGUAGES), size=BATCH))
        text = pool.text[rows, torch.from_numpy(bare).long(), language].float()
        text[torch.from_numpy(rng.random(BATCH) < UNCONDITIONAL).to(text.device)] = self.nothing
        t = times(rng, BATCH, EARLY)
        latent = pool.latent[rows]
        noisy, v = noised(self.alphas, latent, noise_like(latent, rng), t.to(latent.device))
        given = given.to(latent.device)
        with torch.autocast(latent.device.type, torch.bfloat16):
            shown = torch.where(given, latent, noisy)
            guess = self.films.predict(shown, t.to(latent.device), text, pool.come[rows]).float()
        error: Tensor = ((guess - v).square() * pool.weight[rows] * ~given).mean()
        return error

    def _made(self, number: int) -> Pool:
        seed = self.place.seed(6_000_000, number)
        return _pool(self.films, training_clips(seed, self.size), seed)

    def report(self, step: int) -> Mapping[str, float]:
        """Draw held-out clips, and read by their pixels what they do."""
        clips = held_out_clips(24, 16)
        rng = np.random.default_rng((24, 0))
        texts = [clip_caption(clips, row, Mention(), LANGUAGES[row % 2], rng) for row in range(len(clips))]
        frames = self.films.generate(texts, steps=5).numpy()
        shown = frames.reshape(-1, *frames.shape[2:])
        save_sheet(shown, self.place.scratch / f"sample-{step:06d}.png", columns=FRAMES * 2)
        right = read_motion(frames) == clips.motion
        sided = clips.motion < MOTIONS.index("grow")
        return {"motion": round(float(right.mean()), 3), "direction": round(float(right[sided].mean()), 3)}

    def export(self) -> None:
        weights = {name: each for name, each in self.films.net.state_dict().items() if ".motion_modules." in name}
        self.adapter.load_state_dict(weights)
        folder = self.place.out / "motion"
        deepcopy(self.adapter).half().save_pretrained(folder)
        words = get_peft_model_state_dict(self.films.net, adapter_name=WORDS)
        halves = {f"unet.{name}": each.half().contiguous() for name, each in words.items()}
        save_file(halves, folder / LORA_WEIGHT_NAME_SAFE)
        told = {name: each.half() for name, each in self.words.state_dict().items()}
        save_file(told, folder / FILE, metadata={"given": "clean"})  # says how frames that are given were shown


def _given(rng: np.random.Generator) -> Tensor:
    """Say which frames are given, [n, frames, 1, 1, 1]."""
    given = torch.zeros(BATCH, FRAMES, 1, 1, 1, dtype=torch.bool)
    given[:, [0, -1], 0, 0, 0] = torch.from_numpy(rng.random((BATCH, 2)) < GIVEN)
    return given


def _pool(films: Films, clips: Clips, seed: int) -> Pool:
    latents, weights, texts = [], [], []
    rng = np.random.default_rng((25, seed))
    for start in range(0, len(clips), 32):
        some = clips[slice(start, start + 32)]
        frames = torch.from_numpy(film(some)).to(films.parts.device)
        latents.append(films.encode(frames))
        weights.append(_weight(frames))
        texts.append(_texts(films, some, rng))
    come = torch.from_numpy(clips.come(FRAMES)).to(films.parts.device)
    return Pool(torch.cat(latents), torch.cat(weights), torch.cat(texts), come)


def _weight(frames: Tensor) -> Tensor:
    """Weigh latents up where any frame of the clip differs from another; give [n, 1, 1, 16, 16]."""
    spread = (frames.amax(1) - frames.amin(1)).amax(1, keepdim=True)
    near = nn.functional.max_pool2d(spread, 4)[:, None]
    return 1 + (MOVING - 1) * (near > 0.1).float()


def _texts(films: Films, clips: Clips, rng: np.random.Generator) -> Tensor:
    """Say every clip in each language, then barely; give [n, 2, languages, tokens, width]."""
    rows = range(len(clips))
    some = [random_mention(rng, is_pair=False) for _ in rows]
    spoken = []
    for mentions in (some, [BAREST] * len(rows)):
        for language in LANGUAGES:
            said = [clip_caption(clips, row, mentions[row], language, rng) for row in rows]
            spoken.append(films.parts.encode(said).half())
    return torch.stack(spoken, dim=1).view(len(clips), 2, len(LANGUAGES), *spoken[0].shape[1:])


MOTION: Final = Recipe(
    "motion", MotionTask, steps=5000, rate=1e-3, warmup=40, average=0.99, report_every=100, save_every=20, ranks=2
)
