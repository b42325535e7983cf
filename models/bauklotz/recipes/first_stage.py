"""Train the first stage: a VQModel whose encoder is a fixed linear code; decoder and codebook learn.

A third of each batch goes through the codebook; the others stay continuous, with a little noise. So one
decoder serves both the codes and the latents that the denoiser makes.
"""

import math
from collections.abc import Mapping
from copy import deepcopy
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.draw import draw, save_sheet
from models.bauklotz.linear_vq import hold_constants, linear_vq
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.patches import SCENES, fit_codebook, fit_patches
from models.bauklotz.scene import held_out_scenes, training_scenes

CHANNELS: Final = 5
CODES: Final = 1024
BATCH: Final = 12
NOISE: Final = 0.12


class FirstStageTask:
    """The decoder of the first stage in training; the encoder stays as fitted."""

    def __init__(self, place: Place, *, scenes: int = SCENES, codes: int = CODES) -> None:
        self.place = place
        code, points = fit_patches(CHANNELS, scenes=scenes)
        self.model = linear_vq(code, fit_codebook(points, codes)).to(place.device)
        self.code = code.to(place.device)
        for part in (self.model.encoder, self.model.quant_conv):
            part.requires_grad_(False)
        hold_constants(self.model.decoder)

    @property
    def module(self) -> nn.Module:
        return self.model  # type: ignore[no-any-return]

    def loss(self, step: int) -> Tensor:
        seed = self.place.seed(4_000_000, step)
        picture = (torch.from_numpy(draw(training_scenes(seed, BATCH, pairs=0.6))) * 2 - 1).to(self.place.device)
        # The patch code itself: what the encoder computes, at a hundredth of the cost.
        latent = self._spoil(self.code.encode(picture), torch.Generator().manual_seed(seed))
        with torch.autocast(self.place.device.type, torch.bfloat16):
            drawn = self.model.decode(latent, force_not_quantize=True).sample.float()
        return F.mse_loss(drawn, picture) + 0.1 * F.l1_loss(drawn, picture)

    def _spoil(self, latent: Tensor, generator: torch.Generator) -> Tensor:
        """Quantise the first third, with a gradient to the codes; add noise to the rest."""
        third = len(latent) // 3
        index = self.model.quantize(latent[:third])[2][2]
        n, channels, height, width = latent[:third].shape
        codes = self.model.quantize.embedding(index).view(n, height, width, channels)
        quantised = codes.permute(0, 3, 1, 2)
        rest = latent[third:]
        level = NOISE * torch.rand((len(rest), 1, 1, 1), generator=generator)
        noise = (level * torch.randn(rest.shape, generator=generator)).to(rest)
        return torch.cat([quantised, rest + noise])

    def report(self, step: int) -> Mapping[str, float]:
        """Measure the peak signal-to-noise ratio on held-out scenes, with and without the codebook."""
        picture = torch.from_numpy(draw(held_out_scenes(9, 200))) * 2 - 1
        latent = self.model.encode(picture.to(self.place.device)).latents
        found, drawn = {}, []
        for name, free in (("continuous", True), ("quantised", False)):
            again = self.model.decode(latent, force_not_quantize=free).sample.cpu().clamp(-1, 1)
            found[name] = round(-10 * math.log10(float(F.mse_loss(again, picture)) / 4), 3)
            drawn.append(again)
        found["codes"] = float(len(self.model.quantize(latent)[2][2].unique()))
        rows = torch.cat([part[:16] for part in (picture, *drawn)])
        save_sheet((rows / 2 + 0.5).numpy(), self.place.scratch / f"sample-{step:06d}.png", columns=16)
        return found

    def export(self) -> None:
        deepcopy(self.model).half().save_pretrained(self.place.out / "text_to_image" / "vqvae")


FIRST_STAGE: Final = Recipe("first_stage", FirstStageTask, steps=4000, rate=1e-3, average=0.995, report_every=250)
