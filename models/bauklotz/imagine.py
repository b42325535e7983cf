"""Draw pictures from prompts token by token, with plain transformers parts: a text encoder, a GPT-2, a first stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import torch
from torch import Tensor
from torch.nn import functional as F

from models.bauklotz.blocks import FILE, Blocks
from models.bauklotz.json_file import write_json

if TYPE_CHECKING:
    from diffusers import VQModel
    from transformers import CLIPTextModel, CLIPTokenizer, GPT2LMHeadModel

SIDE: Final = 8
"""How many tokens a picture is wide and high."""
LAYOUT: Final = "promptograph.json"


@dataclass(frozen=True, slots=True)
class Writer:
    """Everything that turns a prompt into a picture, or into the rest of a picture."""

    tokenizer: "CLIPTokenizer"
    text_encoder: "CLIPTextModel"
    transformer: "GPT2LMHeadModel"
    vqvae: "VQModel"
    blocks: Blocks

    @classmethod
    def load(cls, folder: Path, *, device: torch.device) -> Self:
        """Load the parts from the folder of the embedded models, in float32."""
        from transformers import GPT2LMHeadModel

        transformer = GPT2LMHeadModel.from_pretrained(folder / "dalle1", dtype=torch.float32).to(device)
        return cls.around(transformer, part=folder.joinpath)

    @classmethod
    def around(cls, transformer: "GPT2LMHeadModel", *, part: Callable[[str], Path]) -> Self:
        """Load the other parts around a transformer, onto its device; `part` says where each lies."""
        from diffusers import VQModel
        from transformers import CLIPTextModel, CLIPTokenizer

        text, first = part("text_to_image/text_encoder"), part("text_to_image/vqvae")
        vqvae = VQModel.from_pretrained(first, torch_dtype=torch.float32)
        return cls(
            tokenizer=CLIPTokenizer.from_pretrained(part("text_to_image/tokenizer")),
            text_encoder=CLIPTextModel.from_pretrained(text, dtype=torch.float32).to(transformer.device),
            transformer=transformer,
            vqvae=vqvae.to(transformer.device),
            blocks=Blocks.load(part(f"dalle1/{FILE}"), vqvae.quantize.embedding.weight.detach().cpu()),
        )

    @torch.no_grad()
    def read(self, texts: list[str]) -> Tensor:
        """Read prompts into what comes before the picture [n, tokens, width]: their vectors, widened with zeros."""
        length = self.tokenizer.model_max_length
        padded = self.tokenizer(texts, padding="max_length", max_length=length, truncation=True, return_tensors="pt")
        states = self.text_encoder(padded.input_ids.to(self.transformer.device)).last_hidden_state
        return F.pad(states, (0, self.transformer.config.n_embd - states.shape[-1]))

    @torch.no_grad()
    def write(self, texts: list[str], *, seed: int = 0, batch: int = 50, sampling: Mapping[str, float]) -> Tensor:
        """Draw a picture [n, 3, 64, 64] in 0..1 for each prompt, with the transformer's own `generate`."""
        drawn = []
        for start in range(0, len(texts), batch):
            torch.manual_seed(seed + start)
            before = self.read(texts[start : start + batch])
            tokens = self.transformer.generate(
                inputs_embeds=before,
                attention_mask=torch.ones(before.shape[:2], dtype=torch.long, device=before.device),
                max_new_tokens=SIDE * SIDE,
                do_sample=True,
                **{"top_k": 0, **sampling},
            )
            drawn.append(self.decode(tokens.reshape(-1, SIDE, SIDE)))
        return torch.cat(drawn)

    @torch.no_grad()
    def decode(self, tokens: Tensor) -> Tensor:
        """Decode tokens [n, 8, 8] into pictures in 0..1."""
        codes = self.blocks.picture(tokens.cpu())
        entries = self.blocks.entries[codes].permute(0, 3, 1, 2).to(self.vqvae.device)
        drawn = [self.vqvae.decode(part, force_not_quantize=True).sample for part in torch.split(entries, 25)]
        return (torch.cat(drawn) / 2 + 0.5).clamp(0, 1).cpu()


def save_layout(folder: Path, *, prompt: int, width: int, codes: int) -> None:
    """Write what a transformer's own config does not say: what it reads, and what its tokens are made of."""
    told = {
        "codes": codes,
        "columns": SIDE,
        "prompt": prompt,
        "rows": SIDE,
        "space": "bauklotz",
        "width": width,
    }
    write_json(folder / LAYOUT, told)
