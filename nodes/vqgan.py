"""Go between pictures and the latents and codes of a VQGAN."""

from typing import NamedTuple

from engine.errors import InputError
from engine.node import node
from engine.run import Run
from nodes import facts
from nodes.handles import Autoencoder
from nodes.pixels import as_image, centred
from nodes.scaling import scaled, unscaled
from nodes.tensors import like
from nodes.vae import check_space
from nodes.values import Codes, Image, Latent


class Encoded(NamedTuple):
    latent: Latent
    codes: Codes


@node(
    "VQGANEncoder",
    title="VQGAN encoder",
    category="autoencoder",
    lane="gpu",
    libs=("torch", "diffusers"),
    describe=facts.of_vqgan_encode,
)
def vqgan_encode(image: Image, autoencoder: Autoencoder, *, run: Run) -> Encoded:
    """Bring a picture into a VQGAN's latent space: as it is, and as the nearest entries of the codebook."""
    import torch

    _check_kind(autoencoder, "VAEEncode")
    net = run.load(autoencoder)
    with torch.inference_mode():
        x = centred(image, autoencoder.factor).to(like(net))
        z = net.encode(x).latents
        _, _, (_, _, indices) = net.quantize(z)
        codes = indices.reshape(z.shape[0], *z.shape[2:])
        latent = Latent(scaled(z, autoencoder.scaling).cpu(), autoencoder.space)
        return Encoded(latent, Codes(codes.cpu(), autoencoder.space))


@node(
    "VQGANDecoder",
    title="VQGAN decoder",
    category="autoencoder",
    lane="gpu",
    libs=("torch", "diffusers"),
    describe=facts.of_vqgan_decode,
)
def vqgan_decode(latent: Latent, autoencoder: Autoencoder, quantize: bool = True, *, run: Run) -> Image:
    """Turn a latent into a picture; `quantize` moves each cell to the nearest entry of the codebook first."""
    import torch

    _check_kind(autoencoder, "VAEDecode")
    check_space(latent, autoencoder)
    net = run.load(autoencoder)
    with torch.inference_mode():
        z = unscaled(latent.tensor.to(like(net)), autoencoder.scaling)
        return as_image(net.decode(z, force_not_quantize=not quantize, return_dict=False)[0])


@node(
    "VQGANLookup",
    title="VQGAN codebook",
    category="autoencoder",
    lane="gpu",
    libs=("torch", "diffusers"),
    describe=facts.of_lookup,
)
def vqgan_lookup(codes: Codes, autoencoder: Autoencoder, *, run: Run) -> Latent:
    """Look codes up in a VQGAN's codebook."""
    import torch

    _check_kind(autoencoder, "VAEDecode")
    net = run.load(autoencoder)
    entries = net.quantize.embedding.weight
    if codes.space != autoencoder.space or int(codes.indices.max()) >= entries.shape[0]:
        raise InputError("the codes are of another codebook", hint="take the autoencoder that made them")
    with torch.inference_mode():
        z = entries[codes.indices.to(net.device)].permute(0, 3, 1, 2).contiguous()
        return Latent(scaled(z, autoencoder.scaling).cpu(), autoencoder.space)


def _check_kind(autoencoder: Autoencoder, other: str) -> None:
    if autoencoder.kind != "vq":
        raise InputError("this autoencoder has no codebook", hint=f"use {other}")
