"""Train DINO: a student sees views of a picture and learns to say what its own average, the teacher, says of others.

No label and no caption is used (Caron et al. 2021): two large views go to both, small ones to the student alone. The
teacher's answers are sharpened, and centred over the batch as in DINOv2 (Oquab et al. 2023), since a running centre
was outrun in the first fifty steps: all pictures got one answer. Large views are cut smaller than the picture, to
save time.
"""

import math
from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.draw import draw
from models.bauklotz.neighbours import evaluate
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.views import Cut, view
from models.bauklotz.scene import training_scenes
from models.bauklotz.vocabulary import SIDE

if TYPE_CHECKING:
    from transformers import Dinov2Model

BATCH: Final = 64
WIDTH: Final = 128
LAYERS: Final = 5
PATCH: Final = 8
PAIRS: Final = 0.3
"""The share of scenes with two objects."""

LARGE: Final = Cut(side=56, zoom=(0.93, 1.08), aimed=False)
SMALL: Final = Cut(side=40, zoom=(0.93, 1.08), aimed=True)
LARGE_VIEWS: Final = 2
SMALL_VIEWS: Final = 2
AS_FAR_AT: Final = 250
"""The step from which views differ as much as they may; at the first they are almost the same picture."""

ANSWERS: Final = 192
STUDENT_TEMPERATURE: Final = 0.1
TEACHER_TEMPERATURE: Final = 0.05
TEACHER_MEMORY: Final = 0.996


class Head(nn.Module):
    """Turn a class vector into answers; thrown away after training."""

    def __init__(self) -> None:
        super().__init__()
        self.narrow = nn.Sequential(
            nn.Linear(WIDTH, 2 * WIDTH), nn.GELU(), nn.Linear(2 * WIDTH, 2 * WIDTH), nn.GELU(), nn.Linear(2 * WIDTH, 64)
        )
        self.answers = nn.Parameter(torch.randn(ANSWERS, 64))

    def forward(self, seen: Tensor) -> Tensor:
        # Evened out over the batch: at first all class vectors are almost the same.
        even = F.batch_norm(self.narrow(seen), None, None, training=True)
        return F.normalize(even) @ F.normalize(self.answers).T


class Reader(nn.Module):
    """The encoder and its head."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = build_encoder()
        # In bfloat16 on a CPU the gradient of fused attention costs twice as much.
        self.encoder.set_attn_implementation("eager")
        self.head = Head()

    def forward(self, picture: Tensor) -> Tensor:
        """Answer for pictures [n, 3, side, side] in 0..1."""
        with torch.autocast(picture.device.type, torch.bfloat16):
            seen = self.encoder(picture * 2 - 1).last_hidden_state[:, 0]
        return self.head(seen.float())  # type: ignore[no-any-return]


class DinoTask:
    """Student and teacher."""

    def __init__(self, place: Place, *, batch: int = BATCH) -> None:
        self.place = place
        self.batch = batch
        torch.manual_seed(0)
        self.student = Reader().to(place.device)
        start_with_patches(self.student.encoder)
        self.teacher = deepcopy(self.student).requires_grad_(False)

    @property
    def module(self) -> nn.Module:
        return self.student

    def memory(self) -> Mapping[str, Tensor]:
        """Give what the next step depends on beside the student."""
        return {f"teacher.{name}": tensor for name, tensor in self.teacher.state_dict().items()}

    def loss(self, step: int) -> Tensor:
        if step:
            self._follow(step)
        seed = self.place.seed(7_000_000, step)
        picture = torch.from_numpy(draw(training_scenes(seed, self.batch, pairs=PAIRS)))
        generator = torch.Generator().manual_seed(seed)
        far = min(1, (step + 10) / AS_FAR_AT)
        large, small = (
            torch.cat([view(picture, cut, far, generator) for _ in range(count)]).to(self.place.device)
            for cut, count in ((LARGE, LARGE_VIEWS), (SMALL, SMALL_VIEWS))
        )
        with torch.no_grad():
            target = centred(self.teacher(large))
        said = torch.cat([self.student(large), self.student(small)]) / STUDENT_TEMPERATURE
        return agreement(target, said.log_softmax(-1))

    def _follow(self, step: int) -> None:
        """Move the teacher towards the student; its memory is short at first."""
        memory = min(TEACHER_MEMORY, (30 + step) / (40 + step))
        with torch.no_grad():
            for kept, learned in zip(self.teacher.parameters(), self.student.parameters(), strict=True):
                kept.lerp_(learned, 1 - memory)

    def report(self, step: int) -> Mapping[str, float]:
        """Ask the neighbours of fewer pictures than the evaluation does."""
        found = evaluate(self.teacher.encoder.eval(), bank=1500, count=400)
        return {name: round(share, 3) for name, share in found["features"].items()}

    def export(self) -> None:
        from transformers import BitImageProcessor

        folder = self.place.out / "dino"
        deepcopy(self.teacher.encoder).half().save_pretrained(folder)
        BitImageProcessor(
            size={"height": SIDE, "width": SIDE},
            do_center_crop=False,
            image_mean=[0.5, 0.5, 0.5],
            image_std=[0.5, 0.5, 0.5],
        ).save_pretrained(folder)


def build_encoder() -> "Dinov2Model":
    """Build a small ViT in the layout of DINOv2."""
    from transformers import Dinov2Config, Dinov2Model

    config = Dinov2Config(
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=WIDTH // 32,
        mlp_ratio=3,
        image_size=SIDE,
        patch_size=PATCH,
        layerscale_value=1.0,
        use_mask_token=False,
        initializer_range=0.08,
    )
    return Dinov2Model(config)


def centred(answers: Tensor) -> Tensor:
    """Sharpen answers [n, answers] so that over the batch each answer is given equally often (Sinkhorn and Knopp)."""
    shares = ((answers - answers.max()) / TEACHER_TEMPERATURE).exp()
    for _ in range(3):
        shares = shares / shares.sum(0, keepdim=True)
        shares = shares / shares.sum(1, keepdim=True)
    return shares


def agreement(target: Tensor, said: Tensor) -> Tensor:
    """Give the cross entropy of what is said of each view against the target of every other large view."""
    targets, views = target.chunk(LARGE_VIEWS), said.chunk(LARGE_VIEWS + SMALL_VIEWS)
    pairs = [(t, s) for i, t in enumerate(targets) for j, s in enumerate(views) if i != j]
    return torch.stack([-(t * s).sum(-1).mean() for t, s in pairs]).mean()


def start_with_patches(encoder: "Dinov2Model") -> None:
    """Give the patch embedding the principal components of patches less their mean colour, evened out; it stays so.

    Flat colour is most of a patch, and neighbours by colour have other shapes. Kept as in MoCo v3 (Chen et al. 2021).
    """
    picture = torch.from_numpy(draw(training_scenes(7, 200))) * 2 - 1
    patches = F.unfold(picture, PATCH, stride=PATCH).transpose(1, 2).reshape(-1, 3, PATCH * PATCH)
    values, vectors = torch.linalg.eigh(torch.cov((patches - patches.mean(2, keepdim=True)).flatten(1).T))
    parts = vectors[:, -WIDTH:] / (values[-WIDTH:].clamp(min=0) + values[-1] / 10).sqrt()
    projection = encoder.embeddings.patch_embeddings.projection.requires_grad_(False)
    with torch.no_grad():
        projection.weight.copy_(parts.T.reshape(projection.weight.shape) / math.sqrt(2))
        projection.bias.zero_()


DINO: Final = Recipe("dino", DinoTask, steps=800, rate=1e-3, average=0.99, report_every=100, save_every=50)
