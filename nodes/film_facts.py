"""Say what fits to models that draw films by themselves, without opening one; see `nodes.facts`."""

from __future__ import annotations

from collections.abc import Sequence

from engine.describing import Unfit
from nodes import facts
from nodes.facts import Given
from nodes.fits import Known


def of_empty_latent(denoiser: Known) -> Given:
    _check_draws_pictures("denoiser", denoiser, hint="take an EmptyFilmLatent")
    return facts.of_empty_latent(denoiser)


def of_empty_film(denoiser: Known) -> Given:
    if denoiser and not denoiser.get("films"):
        raise Unfit(
            "denoiser",
            f"that of {denoiser['model']} draws pictures, not films by itself",
            hint="lift it into time by VideoTemporal, and take an EmptyLatent",
        )
    return facts.of_empty_latent(denoiser)


def of_clip_latent(denoiser: Known) -> Given:
    _check_draws_pictures("denoiser", denoiser, hint="take an EmptyFilmLatent: it begins and ends films as it likes")
    return facts.of_empty_latent(denoiser)


def of_lifted(denoiser: Known) -> Given:
    _check_draws_pictures("denoiser", denoiser, hint="wire it to a Sampler, with an EmptyFilmLatent")
    return facts.of_adapter(denoiser)


def of_adapter(denoiser: Known) -> Given:
    _check_draws_pictures("denoiser", denoiser, hint="LoRAs are for models that draw pictures")
    return facts.of_adapter(denoiser)


def of_sampler(
    denoiser: Known,
    guidance: Known,
    latent: Known,
    attention: Known = None,
    controls: Sequence[Known] = (),
    pictures: Sequence[Known] = (),
) -> Given:
    beside = {"attention": attention, "controls": any(controls), "pictures": any(pictures)}
    for port in (port for port, given in beside.items() if given):
        _check_draws_pictures(port, denoiser, hint="steer it by CFG and its kin")
    return facts.of_sampler(denoiser, guidance, latent, attention, controls, pictures)


def of_difference(denoiser: Known, guidance: Known, latent: Known) -> Given:
    _check_draws_pictures("denoiser", denoiser, hint="take a model that draws pictures")
    return facts.of_difference(denoiser, guidance, latent)


def of_encode(autoencoder: Known) -> Given:
    _check_draws_pictures("autoencoder", autoencoder, hint="take one of pictures")
    return facts.of_encode(autoencoder)


def of_decode(latent: Known, autoencoder: Known) -> Given:
    given = facts.of_decode(latent, autoencoder)
    _check_draws_pictures("autoencoder", autoencoder, hint="use DecodeVideo")
    return given


def _check_draws_pictures(port: str, known: Known, *, hint: str) -> None:
    if known and known.get("films"):
        raise Unfit(port, f"{known['model']} draws films, not pictures", hint=hint)
