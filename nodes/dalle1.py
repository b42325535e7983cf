"""Write a picture token by token after its prompt, as DALL-E 1 does (Ramesh et al. 2021), by transformers."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import facts
from nodes.handles import Autoencoder, Precision
from nodes.image_transformer import ImageTransformer, Writer, describe_transformer, transformer_files
from nodes.preview import DECODED, jpeg
from nodes.sources import EMBEDDED
from nodes.steering import plain_cfg
from nodes.values import CFG, Codes, Guidance, Scores
from nodes.widgets import Batch, Fraction, ModelName, Seed, TopK, TopP, Warmth
from nodes.writing import Draw, Page

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor


def _files_of(source: str, files: Files) -> Iterable[Path]:
    return transformer_files(source, files).values()


@node("LoadImageTransformer", category="model", lane="io", reads=_files_of, describe=facts.of_image_transformer)
def load_transformer(source: ModelName = EMBEDDED, precision: Precision = "auto", *, run: Run) -> ImageTransformer:
    """Open a transformer that writes pictures in the codes of a VQGAN, without loading its weights yet.

    `source` is `bauklotz`, which comes with the program, or the name of a folder below a models folder: a causal
    language model in transformers' layout (GPT-2, Llama), and promptograph.json, which says what it reads and writes.
    """
    return describe_transformer(source, precision, run.files)


class Written(NamedTuple):
    codes: Codes
    likelihood: Scores


@node(
    "TokenSampler",
    category="sampling",
    lane="gpu",
    libs=("torch", "transformers", "diffusers"),
    describe=facts.of_token_sampler,
)
def sample_tokens(
    transformer: ImageTransformer,
    guidance: Guidance,
    autoencoder: Autoencoder,
    start: Codes | None = None,
    keep: Fraction = 0.5,
    count: Batch = 1,
    temperature: Warmth = 1.0,
    top_k: TopK = 0,
    top_p: TopP = 1.0,
    seed: Seed = 0,
    seeds: Sequence[Seed] = (),
    *,
    run: Run,
) -> Written:
    """Write a picture in the codes of a VQGAN, token by token and row by row, each drawn from what the model expects.

    `temperature` 0 always takes the likeliest token; `top_k` (0 is all) and `top_p` leave unlikely ones out. With
    `start`, the share `keep` of its rows, from the top, is kept code by code, and the rest is written anew. Each of
    `count` pictures has a seed of its own, counted up from `seed`, or one of `seeds`. `likelihood` is the logarithm of
    how likely each picture's tokens were, to rank them by.
    """
    import torch

    rule = plain_cfg(guidance, "tokens")
    _check_spaces(transformer, autoencoder, start)
    writer, net = run.load(transformer), run.load(autoencoder)
    with torch.inference_mode():
        prompts = _prompts(writer, rule)
        numbers = seeds or range(seed, seed + max(count, prompts.shape[1]))
        kept = _kept(start, keep, writer, len(numbers))
        draw = Draw(temperature, top_k, top_p, [torch.Generator("cpu").manual_seed(each) for each in numbers])
        tokens = writer.blocks.tokens(kept, _entries(net, transformer)).flatten(1)
        asked = _repeated(prompts, len(numbers), "prompts", axis=1).flatten(0, 1)
        sheet = Sheet(Page(writer, rule, draw, asked, tokens), kept, net)
        sheet.write(run)
        names = tuple(f"seed {number}" for number in numbers)
        likelihood = Scores(sheet.page.likelihood[:, None], names, ("log likelihood",))
        return Written(Codes(sheet.codes(), transformer.space), likelihood)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What is kept of the pictures given, and the page that is written below it."""

    page: Page
    kept: Int[Tensor, "batch height width"]
    net: Any  # the library's VQModel

    def write(self, run: Run) -> None:
        """Write every row, and show the first picture after each."""
        rows, columns = self.page.writer.handle.rows, self.page.writer.handle.columns

        def after(count: int) -> None:
            run.check()
            if count % columns:
                return
            run.progress(count // columns, rows)
            if run.previews:
                run.preview(jpeg(self._decoded(), DECODED))

        self.page.write(rows * columns, after)

    def codes(self) -> Int[Tensor, "batch height width"]:
        """Give the codes of all rows that are there."""
        import torch

        blocks, columns = self.page.writer.blocks, self.page.writer.handle.columns
        written = self.page.tokens[:, self.kept.shape[1] // blocks.side * columns :]
        squares = written.reshape(len(written), -1, columns)
        return torch.cat([self.kept, blocks.picture(squares)], dim=1)

    def _decoded(self) -> Float[Tensor, "1 3 height width"]:
        """Decode the first picture, with nothing where no row is yet."""
        from torch.nn.functional import pad

        codes = self.codes()[:1]
        z = self.net.quantize.embedding.weight[codes.to(self.net.device)].permute(0, 3, 1, 2)
        missing = self.page.writer.handle.rows * self.page.writer.blocks.side - codes.shape[1]
        whole = pad(z, (0, 0, 0, missing)).contiguous()
        decoded: Tensor = self.net.decode(whole, force_not_quantize=True, return_dict=False)[0]
        return decoded


def _prompts(writer: Writer, rule: CFG) -> Float[Tensor, "kinds batch prompt hidden"]:
    """Read the prompt that steers and, before it, the one that it leads away from, where that ever acts."""
    import torch

    positive = writer.read(rule.positive)
    if rule.scale <= 1:
        return positive[None]
    negative = writer.read(rule.negative)
    return torch.stack([_repeated(negative, len(positive), "negative prompts"), positive])


def _kept(start: Codes | None, keep: float, writer: Writer, count: int) -> Int[Tensor, "batch height width"]:
    """Give the rows of codes that stay as they are, once for each picture."""
    import torch

    handle, side = writer.handle, writer.blocks.side
    if start is None:
        return torch.empty(count, 0, handle.columns * side, dtype=torch.long)
    writer.check_size(start)
    rows = int(keep * handle.rows) * side
    return _repeated(start.indices, count, "pictures to go on with")[:, :rows]


def _entries(net: Any, transformer: ImageTransformer) -> Float[Tensor, "codes channels"]:
    entries: Tensor = net.quantize.embedding.weight.float().cpu()
    if len(entries) != transformer.codes:
        raise InputError(
            f"the codebook has {len(entries)} entries, the transformer writes in one of {transformer.codes}",
            hint="take the autoencoder that the transformer was trained with",
        )
    return entries


def _repeated(tensor: Tensor, count: int, what: str, *, axis: int = 0) -> Tensor:
    """Repeat what there is along an axis until there is one for each of `count` pictures."""
    given = tensor.shape[axis]
    if count % given:
        raise InputError(f"{given} {what} do not fit {count} pictures", hint="give one, or one for each")
    return tensor.repeat_interleave(count // given, dim=axis)


def _check_spaces(transformer: ImageTransformer, autoencoder: Autoencoder, start: Codes | None) -> None:
    if autoencoder.kind != "vq" or autoencoder.space != transformer.space:
        raise InputError(
            f"the transformer writes codes of {transformer.space}, this autoencoder is of {autoencoder.space}",
            hint="take the VQGAN that the transformer was trained with",
        )
    if start is not None and start.space != transformer.space:
        raise InputError(
            f"the codes are of {start.space}, the transformer writes those of {transformer.space}",
            hint="encode the picture with the VQGAN that is wired here",
        )
