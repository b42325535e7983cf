"""Say what the nodes that denoise sounds give, without opening a model, so that wires that do not fit are refused."""

from __future__ import annotations

from engine.describing import Unfit
from engine.files import Files
from nodes.facts import Given
from nodes.fits import Known, check_space


def of_diffuser(source: str | None, files: Files) -> Given:
    """Read what a model of sounds reads, and in which space it works."""
    from nodes.sound_diffuser import sizes_of

    if not source:
        return {}
    family, sizes = sizes_of(source, files)
    told = {"model": source, "family": family, "reads": sizes.width, "space": sizes.space}
    return {"reader": told, "denoiser": told, "decoder": told}


def of_sound_prompt(reader: Known) -> Given:
    return {"sound_prompt": reader or {}}


def of_sound_sampler(denoiser: Known, prompt: Known) -> Given:
    _check_prompt(prompt, denoiser)
    return {"latent": {"space": denoiser["space"], "model": denoiser["model"]} if denoiser else {}}


def of_sound_decode(latent: Known, decoder: Known, prompt: Known) -> Given:
    check_space("latent", latent, decoder)
    _check_prompt(prompt, decoder)
    return {}


def _check_prompt(prompt: Known, model: Known) -> None:
    """See that a prompt was read by a model like the one that goes on with it."""
    if prompt and model and any(prompt.get(name) != model[name] for name in ("family", "reads")):
        raise Unfit(
            "prompt",
            f"it is {prompt.get('reads')} wide, of the {prompt.get('family')} {prompt.get('model')}; {model['model']} "
            f"is of the family {model['family']} and reads {model['reads']}",
            hint=f"read it with a SoundPrompt of {model['model']}",
        )
