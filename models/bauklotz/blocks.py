"""Words of pictures: blocks of 2 x 2 codes of the first stage, the few thousand that pictures are best made of.

A transformer then writes 64 tokens instead of 256, and what it writes is still a picture in the first stage's codes.
Run: python -m models.bauklotz.blocks [--out DIR]
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from models.bauklotz.draw import draw
from models.bauklotz.recipe import SHIPPED
from models.bauklotz.recipes.first_stage import CHANNELS
from models.bauklotz.recipes.patches import PatchCode, fit_codebook, fit_patches
from models.bauklotz.scene import training_scenes

SIDE: Final = 2
TOKENS: Final = 4096
SCENES: Final = 12_000
"""How many scenes the blocks are found in."""
FILE: Final = "blocks.safetensors"
_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Blocks:
    """A token names a block of codes. How far blocks are apart is told by their entries, times `weights`."""

    codes: Tensor  # [tokens, 2, 2], entries of the first stage's codebook
    weights: Tensor  # [channels]: what a channel counts in a picture
    entries: Tensor  # [codes, channels], the first stage's codebook

    @classmethod
    def load(cls, file: Path, entries: Tensor) -> Self:
        """Read the blocks that belong to a codebook."""
        found = load_file(file)
        return cls(found["codes"].long(), found["weights"], entries)

    def save(self, folder: Path) -> None:
        """Write the blocks; the codebook stays where it is."""
        folder.mkdir(parents=True, exist_ok=True)
        save_file({"codes": self.codes.short().cpu(), "weights": self.weights.cpu()}, folder / FILE)

    def tokens(self, codes: Tensor) -> Tensor:
        """Give the nearest block of each 2 x 2 codes: [n, h, w] into [n, h / 2, w / 2]."""
        parts = _cut(codes)
        wanted, known = self._points(parts.flatten(0, 2)), self._points(self.codes.flatten(1))
        found = [torch.cdist(part, known).argmin(1) for part in torch.split(wanted, 8192)]
        return torch.cat(found).reshape(parts.shape[:3])

    def picture(self, tokens: Tensor) -> Tensor:
        """Give the codes of tokens: [n, h, w] into [n, 2 h, 2 w]."""
        n, height, width = tokens.shape
        return self.codes[tokens].permute(0, 1, 3, 2, 4).reshape(n, SIDE * height, SIDE * width)

    def _points(self, codes: Tensor) -> Tensor:
        return (self.entries * self.weights)[codes].flatten(1)


def fit_blocks(code: PatchCode, entries: Tensor, count: int, *, scenes: int) -> Blocks:
    """Find `count` blocks by k-means, by how far they are apart as pictures."""
    weights = code.up.norm(dim=1)
    pools = [training_scenes(7_500_000 + k, min(_AT_ONCE, scenes)) for k in range(max(1, scenes // _AT_ONCE))]
    seen = torch.cat([nearest_codes(code.encode(torch.from_numpy(draw(pool)) * 2 - 1), entries) for pool in pools])
    points = (entries * weights)[_cut(seen).flatten(0, 2)].flatten(1)
    centres = fit_codebook(points, count).reshape(-1, entries.shape[1])
    codes = torch.cdist(centres, entries * weights).argmin(1)
    return Blocks(codes.reshape(count, SIDE, SIDE), weights, entries)


def nearest_codes(latent: Tensor, entries: Tensor) -> Tensor:
    """Give the nearest entry of each cell: [n, channels, h, w] into [n, h, w]."""
    cells = latent.permute(0, 2, 3, 1).flatten(0, 2)
    found = torch.cat([torch.cdist(part, entries).argmin(1) for part in torch.split(cells, 65536)])
    return found.reshape(len(latent), *latent.shape[2:])


def _cut(codes: Tensor) -> Tensor:
    """Cut codes [n, h, w] into blocks [n, h / 2, w / 2, 4]."""
    n, height, width = codes.shape
    parts = codes.reshape(n, height // SIDE, SIDE, width // SIDE, SIDE).permute(0, 1, 3, 2, 4)
    return parts.flatten(3)


def main() -> None:
    """Find the blocks of the shipped first stage, and write them beside the transformer."""
    from diffusers import VQModel

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SHIPPED / "dalle1")
    torch.set_num_threads(1)
    vqvae = VQModel.from_pretrained(SHIPPED / "text_to_image" / "vqvae", torch_dtype=torch.float32)
    entries = vqvae.quantize.embedding.weight.detach()
    fit_blocks(fit_patches(CHANNELS)[0], entries, TOKENS, scenes=SCENES).save(parser.parse_args().out)


if __name__ == "__main__":
    main()
