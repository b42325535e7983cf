"""Go between pictures and the latents of a KL autoencoder."""

from typing import NamedTuple

from engine.errors import InputError
from engine.node import node
from engine.run import Run
from nodes import film_facts
from nodes.handles import Autoencoder, check_draws_pictures
from nodes.latent import mean_of
from nodes.pixels import as_image, centred
from nodes.scaling import scaled, unscaled
from nodes.tensors import like
from nodes.values import Gaussian, Image, Inpaint, Latent, Mask


class Encoded(NamedTuple):
    latent: Latent
    gaussian: Gaussian | None


@node(
    "VAEEncode",
    title="VAE encode",
    category="autoencoder",
    lane="gpu",
    libs=("torch", "diffusers"),
    describe=film_facts.of_encode,
)
def vae_encode(image: Image, autoencoder: Autoencoder, *, run: Run) -> Encoded:
    """Bring a picture into a model's latent space: what the encoder believes, as a mean and a spread.

    `latent` is the mean; a sampler that changes it draws from the spread first, with its own seed. A VQGAN has no
    spread: there is a latent, not yet moved to the codebook, and no `gaussian`.
    """
    import torch

    check_draws_pictures(autoencoder, hint="take one of pictures")
    net = run.load(autoencoder)
    with torch.inference_mode():
        x = centred(image, autoencoder.factor).to(like(net))
        if autoencoder.kind == "vq":
            return Encoded(Latent(scaled(net.encode(x).latents, autoencoder.scaling).cpu(), autoencoder.space), None)
        believed = net.encode(x).latent_dist
        gaussian = Gaussian(believed.mean.cpu(), believed.std.cpu(), autoencoder.space, autoencoder.scaling)
        return Encoded(mean_of(gaussian), gaussian)


@node(
    "InpaintLatent",
    category="autoencoder",
    lane="gpu",
    libs=("torch", "diffusers"),
    describe=film_facts.of_encode,
)
def inpaint_latent(image: Image, mask: Mask, autoencoder: Autoencoder, *, run: Run) -> Latent:
    """Bring a picture into a model's latent space, to be drawn anew inside a mask only.

    Works with any text-to-image model, and better with one made for inpainting, which also reads what is around the
    mask. Decoded, the rest has changed a little: put the original around it again with Composite.
    """
    import torch

    if mask.pixels.shape[-2:] != image.pixels.shape[-2:]:
        raise InputError("mask and picture are not of one size", hint="make the mask from the same picture")
    hard = (mask.pixels >= 0.5).to(image.pixels)
    around = Image(torch.where(hard < 0.5, image.pixels, 0.5))
    latent, rest = (vae_encode(each, autoencoder, run=run).latent for each in (image, around))
    small = torch.nn.functional.interpolate(hard, size=latent.tensor.shape[-2:])
    return Latent(latent.tensor, latent.space, gaussian=latent.gaussian, inpaint=Inpaint(small, rest))


@node(
    "VAEDecode",
    title="VAE decode",
    category="autoencoder",
    lane="gpu",
    libs=("torch", "diffusers"),
    describe=film_facts.of_decode,
)
def vae_decode(latent: Latent, autoencoder: Autoencoder, *, run: Run) -> Image:
    """Turn a latent into a picture; a VQGAN's as it is, not moved to the codebook."""
    import torch

    check_space(latent, autoencoder)
    check_draws_pictures(autoencoder, hint="use DecodeVideo")
    net = run.load(autoencoder)
    with torch.inference_mode():
        z = unscaled(latent.tensor.to(like(net)), autoencoder.scaling)
        options = {"force_not_quantize": True} if autoencoder.kind == "vq" else {}
        return as_image(net.decode(z, return_dict=False, **options)[0])


def check_space(latent: Latent, autoencoder: Autoencoder) -> None:
    """See that the autoencoder can read this latent."""
    if latent.space != autoencoder.space:
        raise InputError(
            f"the latent is in the space {latent.space}, the autoencoder reads {autoencoder.space}",
            hint="take the autoencoder of the checkpoint that made the latent",
        )
