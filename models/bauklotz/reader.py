"""A BLIP that sees through CLIP's convolutions: it answers questions about a picture, and says what it shows.

The texts are transformers' own BLIP. Its picture tower is a ViT, which does not learn shapes in so few pictures; in its
place stands the tower that CLIP was trained with, two of its maps seen as one row of vectors.
"""

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.asking import describe
from models.bauklotz.json_file import write_json
from models.bauklotz.recipes.tokenizer import copy_tokenizer
from models.bauklotz.vocabulary import SIDE

if TYPE_CHECKING:
    from transformers import BlipForQuestionAnswering

WIDTH: Final = 128
LAYERS: Final = 2
LENGTH: Final = 64
CELLS: Final = 16
"""How many cells the finer of the two maps has."""
FINE: Final = 3
"""How many of the tower's stages make the finer map."""
TOWER: Final = "test_convnext2"
LAYOUT: Final = "promptograph.json"
PROCESSOR: Final = {
    "image_processor_type": "BlipImageProcessor",
    "do_convert_rgb": True,
    "do_normalize": True,
    "do_rescale": True,
    "do_resize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5],
    "resample": 3,
    "rescale_factor": 1 / 255,
    "size": {"height": SIDE, "width": SIDE},
}


class Tower(nn.Module):
    """The convolutions of CLIP's picture tower, two of their maps seen as one row of vectors."""

    def __init__(self, width: int = WIDTH) -> None:
        import timm

        super().__init__()
        trunk: Any = timm.create_model(TOWER, pretrained=False, num_classes=0)
        self.stem, self.stages = trunk.stem, trunk.stages
        channels = sum(each["num_chs"] for each in trunk.feature_info[FINE - 1 : FINE + 1])
        self.mix = nn.Linear(channels, width)
        self.norm = nn.LayerNorm(width)
        self.place = nn.Parameter(0.3 * torch.randn(CELLS, width))

    def forward(self, pixel_values: Tensor) -> tuple[Tensor]:
        """See pictures [n, 3, 64, 64] in -1..1 as vectors [n, cells, width], in a tuple as the library's towers do."""
        return (self.vectors(self.maps(pixel_values)),)

    def maps(self, pixels: Tensor) -> Tensor:
        """See pictures as one map [n, cells, channels]; a cell also holds what the coarser map sees there."""
        fine = self.stages[:FINE](self.stem(pixels))
        coarse = F.interpolate(self.stages[FINE](fine), size=fine.shape[-2:])
        each = (map_.flatten(2).mT for map_ in (fine, coarse))
        return torch.cat([F.layer_norm(map_, map_.shape[-1:]) for map_ in each], dim=-1)

    def vectors(self, maps: Tensor) -> Tensor:
        """Give a row of vectors, each of which knows its place."""
        found: Tensor = self.norm(self.mix(maps)) + self.place
        return found


def build(words: int, start: int, end: int) -> "BlipForQuestionAnswering":
    """Build the network for a vocabulary of so many words, with random weights."""
    from transformers import BlipConfig

    text = {
        "vocab_size": words,
        "hidden_size": WIDTH,
        "encoder_hidden_size": WIDTH,
        "intermediate_size": 4 * WIDTH,
        "projection_dim": WIDTH,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": 4,
        "max_position_embeddings": LENGTH,
        "initializer_range": 0.05,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
        "bos_token_id": start,
        "eos_token_id": end,
        "sep_token_id": end,
        "pad_token_id": end,
    }
    seen = {"hidden_size": WIDTH, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 1}
    return with_tower(
        BlipConfig(
            text_config=text, vision_config={**seen, "image_size": SIDE}, projection_dim=WIDTH, initializer_range=0.05
        )
    )


def with_tower(config: Any) -> "BlipForQuestionAnswering":
    """Build the library's network, with the tower in the place of its own."""
    from transformers import BlipForQuestionAnswering

    model = BlipForQuestionAnswering(config)
    model.vision_model = Tower(config.text_config.hidden_size)
    return model


def open_reader(folder: Path) -> "BlipForQuestionAnswering":
    """Open the network from its folder, in float32."""
    from transformers import BlipConfig

    model = with_tower(BlipConfig.from_pretrained(folder))
    told = model.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
    tied = set(model.all_tied_weights_keys)
    if wrong := sorted({*told.missing_keys} - tied | {*told.unexpected_keys}):
        raise KeyError(f"the weights do not fit at {wrong[0]}")
    model.tie_weights()
    return model.float().eval()


def start_tower(tower: Tower, clip: Path) -> None:
    """Let the tower see what that of a trained CLIP sees."""
    before = "visual.trunk."
    weights = load_file(clip / "open_clip_model.safetensors")
    own = {name.removeprefix(before): each.float() for name, each in weights.items() if name.startswith(before)}
    kept = {name: each for name, each in own.items() if name.startswith(("stem.", "stages."))}
    told = tower.load_state_dict(kept, strict=False)
    assert not told.unexpected_keys
    assert {name.partition(".")[0] for name in told.missing_keys} <= {"mix", "norm", "place"}


def start_words(model: "BlipForQuestionAnswering", encoder: Path) -> None:
    """Let the words mean what they mean to a trained text encoder with the same tokenizer."""
    weights = load_file(encoder / "model.safetensors")["embeddings.token_embedding.weight"].float()
    for text in (model.text_encoder, model.text_decoder):
        table = text.get_input_embeddings().weight
        with torch.no_grad():
            table.copy_(weights * table.std() / weights.std())


def save(model: "BlipForQuestionAnswering", folder: Path, *, tokenizer: Path) -> None:
    """Write the weights in half precision, and what the library needs beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    deepcopy(model).half().save_pretrained(folder)
    copy_tokenizer(tokenizer, folder)
    write_json(folder / "preprocessor_config.json", PROCESSOR)
    write_json(folder / LAYOUT, {"asks": describe("en"), "tower": TOWER})
