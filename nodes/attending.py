"""Look into a denoiser's cross-attention while it works, and change where it looks.

Guarantees
1. Watching changes no bit: the library's own processor makes the answer, the maps are computed beside it.
2. The shared module is never touched: what is watched is a twin that shares its weights.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import sqrt
from typing import TYPE_CHECKING, Any, assert_never

from engine.errors import InputError
from nodes.values import Attention, AttentionLayer, AttentionMaps, Confine, Edit, Follow, Place, Reweight

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


def twin(net: Any) -> Any:
    """Give a module of its own whose weights are shared, so that hooks and processors change only the twin."""
    return copy.deepcopy(net, {id(weight): weight for weight in chain(net.parameters(), net.buffers())})


@dataclass(eq=False)
class Desk:
    """What the processors of one run share: which step it is, which pictures of the batch have the prompt, the maps."""

    plan: Attention
    length: int  # tokens in a chunk
    total: int  # steps
    shape: tuple[int, int]  # of the latent
    step: int = 0
    prompted: slice | None = None
    kept: dict[str, list[Tensor]] = field(default_factory=dict)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    steps: list[int] = field(default_factory=list)
    keeping: bool = True

    def __deepcopy__(self, memo: object) -> Desk:
        """Stay one: a twin of a watched denoiser reports to the same desk."""
        return self

    def watch(self, net: Any) -> Any:
        """Give a twin of the denoiser that is watched."""
        watched = twin(net)
        processors = watched.attn_processors
        watched.set_attn_processor(
            {
                name: Watcher(self, name.removesuffix(".processor"), processor) if ".attn2." in name else processor
                for name, processor in processors.items()
            }
        )
        return watched

    def begin(self, step: int, prompted: slice | None, *, keeping: bool) -> None:
        """Say what the next pass of the denoiser is for."""
        self.step, self.prompted, self.keeping = step, prompted, keeping
        if prompted is not None and self.keeps and step not in self.steps:
            self.steps.append(step)

    @property
    def keeps(self) -> bool:
        return self.keeping and self.plan.every > 0 and self.step % self.plan.every == 0

    @property
    def edits(self) -> list[Edit]:
        """Give the edits that act in this step."""
        if self.prompted is None:
            return []
        return [each.edit for each in self.plan.edits if _acts(each.edit, self.step, self.total)]

    def size(self, cells: int) -> tuple[int, int]:
        """Give height and width of a layer that has so many cells."""
        height, width = self.shape
        shrink = sqrt(height * width / cells)
        rows = max(1, -(-height // max(1, round(shrink))))
        return rows, cells // rows

    def keep(self, name: str, maps: Float[Tensor, "batch heads cells tokens"]) -> None:
        """Keep what a layer did in this step, if it is small enough."""
        size = self.size(maps.shape[2])
        if max(size) <= self.plan.largest:
            self.sizes[name] = size
            self.kept.setdefault(name, []).append(maps.detach().cpu())

    def maps(self) -> AttentionMaps | None:
        """Give everything that was kept."""
        import torch

        if not self.plan.every:
            return None
        layers = (
            AttentionLayer(name, *self.sizes[name], torch.stack(self.kept[name][: len(self.steps)]))
            for name in sorted(self.kept)
        )
        return AttentionMaps(self.plan.words, self.length, tuple(self.steps), self.total, tuple(layers))


@dataclass(frozen=True, eq=False)
class Watcher:
    """Stands where the library's processor of a cross-attention stood, which it still asks."""

    desk: Desk
    name: str
    plain: Any

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | tuple[Tensor, Sequence[Tensor]] | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
        **options: Any,
    ) -> Tensor:
        text, pictures = _parted(encoder_hidden_states)
        edits = self.desk.edits
        if edits:
            return self._edited(attn, hidden_states, text, pictures, attention_mask, edits)
        answer: Tensor = self.plain(attn, hidden_states, encoder_hidden_states, attention_mask, temb, **options)
        rows = self.desk.prompted
        if rows is not None and text is not None and self.desk.keeps:
            self.desk.keep(self.name, _looked(attn, hidden_states[rows], text[rows], attention_mask))
        return answer

    def _edited(
        self,
        attn: Any,
        x: Tensor,
        context: Tensor | None,
        pictures: Sequence[Tensor],
        mask: Tensor | None,
        edits: Sequence[Edit],
    ) -> Tensor:
        """Attend as diffusers' AttnProcessor does, with changed maps for the pictures that have the prompt."""
        import torch

        looked, rows = _looked(attn, x, context, mask), self.desk.prompted or slice(0, 0)
        changed = looked[rows]
        for edit in edits:
            changed = self._changed(changed, edit)
        if self.desk.keeps:
            self.desk.keep(self.name, changed)
        looked = torch.cat([looked[: rows.start], changed, looked[rows.stop :]])
        value = attn.head_to_batch_dim(attn.to_v(_normed(attn, context)))
        seen = attn.batch_to_head_dim(torch.bmm(looked.flatten(0, 1), value))
        if pictures:
            seen = seen + _pictured(attn, x, pictures, self.plain)
        answer: Tensor = attn.to_out[1](attn.to_out[0](seen))
        if attn.residual_connection:
            answer = answer + x
        scaled: Tensor = answer / attn.rescale_output_factor
        return scaled

    def _changed(self, looked: Tensor, edit: Edit) -> Tensor:
        match edit:
            case Reweight():
                return _reweighted(looked, edit, self.desk.length)
            case Confine():
                return _confined(looked, edit, self.desk.length, self.desk.size(looked.shape[2]))
            case Follow():
                return _followed(looked, edit, self.name, self.desk.step)
        assert_never(edit)


def _parted(given: Tensor | tuple[Tensor, Sequence[Tensor]] | None) -> tuple[Tensor | None, Sequence[Tensor]]:
    """Give what is read of the prompt, and what IP-Adapters read of pictures."""
    return given if isinstance(given, tuple) else (given, ())


def _pictured(attn: Any, x: Tensor, pictures: Sequence[Tensor], processor: Any) -> Tensor:
    """Give what a layer sees of pictures, as diffusers' IPAdapterAttnProcessor2_0 adds it."""
    import torch

    def heads(states: Tensor) -> Tensor:
        return states.reshape(len(x), -1, attn.heads, states.shape[-1] // attn.heads).transpose(1, 2)

    query, added = heads(attn.to_q(x)), torch.zeros((), dtype=x.dtype, device=x.device)
    for shown, scale, to_k, to_v in zip(pictures, processor.scale, processor.to_k_ip, processor.to_v_ip, strict=True):
        if scale:
            seen = torch.nn.functional.scaled_dot_product_attention(query, heads(to_k(shown)), heads(to_v(shown)))
            added = added + scale * seen.transpose(1, 2).flatten(2)
    return added


def _acts(edit: Edit, step: int, total: int) -> bool:
    return int(edit.start * total) <= step < int(edit.stop * total)


def _normed(attn: Any, context: Tensor | None) -> Any:
    return attn.norm_encoder_hidden_states(context) if attn.norm_cross else context


def _looked(
    attn: Any, x: Tensor, context: Tensor | None, mask: Tensor | None
) -> Float[Tensor, "batch heads cells tokens"]:
    """Give what the softmax gives, as the library's plain processor computes it."""
    query = attn.head_to_batch_dim(attn.to_q(x))
    key = attn.head_to_batch_dim(attn.to_k(_normed(attn, context)))
    if mask is not None:
        mask = attn.prepare_attention_mask(mask, key.shape[1], x.shape[0])
    looked: Tensor = attn.get_attention_scores(query, key, mask)
    return looked.reshape(x.shape[0], -1, *looked.shape[1:])


def _columns(places: Sequence[Place], length: int, tokens: int) -> list[int]:
    columns = [chunk * length + position for chunk, position in places]
    return [column for column in columns if column < tokens]


def _reweighted(looked: Tensor, edit: Reweight, length: int) -> Tensor:
    """Multiply, and leave the sum as it comes (Hertz et al., arXiv 2208.01626, attention re-weighting)."""
    changed = looked.clone()
    changed[..., _columns(edit.places, length, looked.shape[-1])] *= edit.factor
    return changed


def _confined(looked: Tensor, edit: Confine, length: int, size: tuple[int, int]) -> Tensor:
    """Hide some tokens from the cells outside of a mask; what those cells looked there goes to the other tokens."""
    import torch

    inside = torch.nn.functional.interpolate(edit.mask, size=size, mode="area").reshape(1, 1, -1, 1).to(looked)
    changed = looked.clone()
    changed[..., _columns(edit.places, length, looked.shape[-1])] *= inside
    return changed / changed.sum(-1, keepdim=True).clamp_min(1e-8)


def _followed(looked: Tensor, edit: Follow, layer: str, step: int) -> Tensor:
    """Take the other run's attention for the tokens that have a twin there (arXiv 2208.01626, replace and refine)."""
    import torch

    found = next((each for each in edit.maps.layers if each.name == layer), None)
    if found is None:  # a layer too large to be kept goes its own way
        return looked
    if step not in edit.maps.steps:
        raise InputError(f"step {step + 1} of the other run was not kept", hint="keep every step there")
    theirs = found.maps[edit.maps.steps.index(step)].to(looked)
    if theirs.shape[0] not in (1, looked.shape[0]) or theirs.shape[1:3] != looked.shape[1:3]:
        raise InputError("the other run drew other sizes", hint="draw both at one size, with as many pictures")
    sources = edit.sources.to(looked)[: theirs.shape[-1], : looked.shape[-1]]
    missing = looked.shape[-1] - sources.shape[1]
    sources = torch.nn.functional.pad(sources, (0, missing))
    theirs = (theirs[..., : sources.shape[0]] @ sources).expand_as(looked)
    return torch.where(sources.any(0), theirs, looked)
