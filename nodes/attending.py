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
from typing import TYPE_CHECKING, Any

from nodes.attention_edits import changed, fitting, itself
from nodes.attention_values import Attention, AttentionLayer, AttentionMaps, Edit, Follow

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
    own: dict[str, list[Tensor]] = field(default_factory=dict)  # self-attention
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
        watched.set_attn_processor({name: self._watcher(name, each) for name, each in processors.items()})
        return watched

    def _watcher(self, name: str, processor: Any) -> Any:
        layer = name.removesuffix(".processor")
        if ".attn2." in name:
            return Watcher(self, layer, processor)
        inward = self.plan.own > 0 or any(edit.own > 0 for edit in self._followed)
        return SelfWatcher(self, layer, processor) if inward and ".attn1." in name else processor

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

    @property
    def _followed(self) -> list[Follow]:
        return [each.edit for each in self.plan.edits if isinstance(each.edit, Follow)]

    def keeps_own(self, cells: int) -> bool:
        """Whether the self-attention of a layer of so many cells is kept in this step."""
        now = self.keeping and self.step < int(self.plan.own * self.total)
        return now and max(self.size(cells)) <= self.plan.own_largest

    @property
    def follows(self) -> list[Follow]:
        """Give the edits by which cells look in this step where those of another run looked in their own picture."""
        return [edit for edit in self._followed if self.step < int(edit.own * self.total)]

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

    def keep_own(self, name: str, maps: Float[Tensor, "batch heads cells cells"]) -> None:
        """Keep where the cells of a layer looked in their own picture."""
        self.sizes[name] = self.size(maps.shape[2])
        self.own.setdefault(name, []).append(maps.detach().cpu())

    def maps(self) -> AttentionMaps | None:
        """Give everything that was kept."""
        import torch

        if not self.plan.every and not self.own:
            return None
        layers, own = (
            tuple(AttentionLayer(name, *self.sizes[name], torch.stack(kept[name][:steps])) for name in sorted(kept))
            for kept, steps in ((self.kept, len(self.steps)), (self.own, self.total))
        )
        return AttentionMaps(self.plan.words, self.length, tuple(self.steps), self.total, layers, own)


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
        looked, rows = _looked(attn, x, context, mask), self.desk.prompted or slice(0, 0)
        ours = looked[rows]
        desk, size = self.desk, self.desk.size(looked.shape[2])
        for edit in edits:
            ours = changed(ours, edit, layer=self.name, step=desk.step, length=desk.length, size=size)
        if desk.keeps:
            desk.keep(self.name, ours)
        seen = _seen(attn, _put(looked, rows, ours), context)
        if pictures:
            seen = seen + _pictured(attn, x, pictures, self.plain)
        return _given(attn, x, seen)


@dataclass(frozen=True, eq=False)
class SelfWatcher:
    """Stands where the library's processor of a self-attention stood, which it still asks."""

    desk: Desk
    name: str
    plain: Any

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
        **options: Any,
    ) -> Tensor:
        x, rows = hidden_states, self.desk.prompted
        theirs = None if rows is None else self._theirs()
        keeps = rows is not None and self.desk.keeps_own(x.shape[1])
        if rows is None or not (keeps or theirs is not None):
            return self._asked(attn, x, encoder_hidden_states, attention_mask, temb, **options)
        looked = _looked(attn, x, x, attention_mask)
        ours = looked[rows] if theirs is None else fitting(theirs, looked[rows])
        if keeps:
            self.desk.keep_own(self.name, ours)
        if theirs is None:
            return self._asked(attn, x, encoder_hidden_states, attention_mask, temb, **options)
        return _given(attn, x, _seen(attn, _put(looked, rows, ours), x))

    def _theirs(self) -> Tensor | None:
        """Give where the cells of a run that is followed in this step looked, where that layer was kept."""
        found = (itself(edit, self.name, self.desk.step) for edit in self.desk.follows)
        return next((each for each in found if each is not None), None)

    def _asked(self, attn: Any, *states: Tensor | None, **options: Any) -> Tensor:
        answer: Tensor = self.plain(attn, *states, **options)
        return answer


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


def _put(looked: Tensor, rows: slice, ours: Tensor) -> Tensor:
    """Put other maps in the place of some of a batch."""
    import torch

    return torch.cat([looked[: rows.start], ours, looked[rows.stop :]])


def _seen(attn: Any, looked: Tensor, context: Tensor | None) -> Tensor:
    """Give what cells see where they look."""
    import torch

    value = attn.head_to_batch_dim(attn.to_v(_normed(attn, context)))
    seen: Tensor = attn.batch_to_head_dim(torch.bmm(looked.flatten(0, 1), value))
    return seen


def _given(attn: Any, x: Tensor, seen: Tensor) -> Tensor:
    """Give what a layer makes of what was seen."""
    answer: Tensor = attn.to_out[1](attn.to_out[0](seen))
    if attn.residual_connection:
        answer = answer + x
    scaled: Tensor = answer / attn.rescale_output_factor
    return scaled


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
