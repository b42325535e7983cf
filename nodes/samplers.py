"""Make the library's samplers by the names that this field gives them.

What the diffusers library calls a scheduler is two things here: a sampler (the rule for one step) and a schedule (which
noise levels it visits). Both are made from the checkpoint's own config, so that they fit what the model was trained on.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

from engine.errors import InputError
from engine.spec import Json

if TYPE_CHECKING:
    from nodes.handles import Denoiser
    from nodes.sound_diffuser import SoundDenoiser

SamplerName = Literal[
    "auto", "cogvideox_ddim", "ddim", "ddim_inverse", "ddim_parallel", "ddpm", "ddpm_parallel", "deis", "dpm_2",
    "dpm_2_ancestral", "dpmpp_2m", "dpmpp_2m_inverse", "dpmpp_2m_sde", "dpmpp_2s", "dpmpp_3m", "dpmpp_sde", "euler",
    "euler_ancestral", "heun", "ipndm", "lcm", "lms", "plms", "sa_solver", "tcd", "unipc",
]  # fmt: skip
ScheduleName = Literal["auto", "karras", "exponential", "beta"]

_SDE = "DPMSolverSDEScheduler"
_SAMPLERS: Mapping[str, tuple[str, Mapping[str, Json]]] = {
    "cogvideox_ddim": ("CogVideoXDDIMScheduler", {}),
    "ddim": ("DDIMScheduler", {}),
    "ddim_inverse": ("DDIMInverseScheduler", {}),
    "ddim_parallel": ("DDIMParallelScheduler", {}),
    "ddpm": ("DDPMScheduler", {}),
    "ddpm_parallel": ("DDPMParallelScheduler", {}),
    "deis": ("DEISMultistepScheduler", {}),
    "dpm_2": ("KDPM2DiscreteScheduler", {}),
    "dpm_2_ancestral": ("KDPM2AncestralDiscreteScheduler", {}),
    "dpmpp_2m": ("DPMSolverMultistepScheduler", {"algorithm_type": "dpmsolver++", "solver_order": 2}),
    "dpmpp_2m_inverse": ("DPMSolverMultistepInverseScheduler", {}),
    "dpmpp_2m_sde": ("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++", "solver_order": 2}),
    "dpmpp_2s": ("DPMSolverSinglestepScheduler", {}),
    "dpmpp_3m": ("DPMSolverMultistepScheduler", {"algorithm_type": "dpmsolver++", "solver_order": 3}),
    "dpmpp_sde": (_SDE, {}),
    "euler": ("EulerDiscreteScheduler", {}),
    "euler_ancestral": ("EulerAncestralDiscreteScheduler", {}),
    "heun": ("HeunDiscreteScheduler", {}),
    "ipndm": ("IPNDMScheduler", {}),
    "lcm": ("LCMScheduler", {}),
    "lms": ("LMSDiscreteScheduler", {}),
    "plms": ("PNDMScheduler", {}),
    "sa_solver": ("SASolverScheduler", {}),
    "tcd": ("TCDScheduler", {}),
    "unipc": ("UniPCMultistepScheduler", {}),
}
_FLOWS: Mapping[str, tuple[str, Mapping[str, Json]]] = {  # those that can follow a flow instead of taking noise away
    "euler": ("FlowMatchEulerDiscreteScheduler", {}),
    "unipc": ("UniPCMultistepScheduler", {}),
    "dpmpp_2m": _SAMPLERS["dpmpp_2m"],
}
_PACKAGES = {"LMSDiscreteScheduler": "scipy", _SDE: "torchsde", "CosineDPMSolverMultistepScheduler": "torchsde"}
_PREDICTIONS = {"IPNDMScheduler": ("epsilon",), "PNDMScheduler": ("epsilon", "v_prediction")}  # all others know all
_SPACINGS = {"karras": "use_karras_sigmas", "exponential": "use_exponential_sigmas", "beta": "use_beta_sigmas"}


def scheduler(
    denoiser: Denoiser | SoundDenoiser, name: SamplerName, schedule: ScheduleName, *, seeds: Sequence[int]
) -> Any:
    """Make a diffusers scheduler for a denoiser: of this name, or (`auto`) the checkpoint's own.

    `seeds` are for the one that draws by itself, from no generator.
    """
    config = json.loads(denoiser.schedule)
    flows = denoiser.prediction == "flow"
    config = _flow(config) if flows else config
    samplers = _FLOWS if flows else _SAMPLERS
    class_name, options = samplers.get(name, (config.get("_class_name", "PNDMScheduler"), {}))
    if name not in ("auto", *samplers) or denoiser.prediction not in _PREDICTIONS.get(
        class_name, (denoiser.prediction,)
    ):
        raise InputError(
            f"the sampler {name} cannot follow a model that predicts {denoiser.prediction}",
            hint="take another sampler, such as unipc or euler",
        )
    kind = _class(class_name, name)
    own_seed = {"noise_sampler_seed": seeds[0] if len(seeds) == 1 else list(seeds)} if class_name == _SDE else {}
    known = inspect.signature(kind.__init__).parameters  # the library complains of every other setting
    kept = {setting: value for setting, value in config.items() if setting in known}
    return kind.from_config(kept, **options, **_spacing(kind, name, schedule), **own_seed)


def _flow(config: Mapping[str, Json]) -> dict[str, Json]:
    """Say the same to all samplers that follow a flow: they have two names for how far noise levels are shifted."""
    shift = config.get("flow_shift", config.get("shift", 1.0))
    return {
        **config,
        "prediction_type": "flow_prediction",
        "use_flow_sigmas": True,
        "flow_shift": shift,
        "shift": shift,
    }


def _class(class_name: str, name: str) -> Any:
    import diffusers
    from diffusers.utils import is_scipy_available, is_torchsde_available

    package = _PACKAGES.get(class_name)
    here = {"scipy": is_scipy_available, "torchsde": is_torchsde_available}
    if package and not here[package]():
        raise InputError(f"the sampler {name} needs the package {package}", hint=f"pip install {package}")
    found = getattr(diffusers, class_name, None) if class_name.endswith("Scheduler") else None
    if found is None:
        raise InputError(f"the model's own sampler {class_name[:60]!r} is not known here", hint="choose a sampler")
    return found


def _spacing(kind: Any, name: str, schedule: ScheduleName) -> dict[str, Json]:
    """Choose the noise levels; the checkpoint's own choice is switched off if another one is asked for."""
    known = inspect.signature(kind.__init__).parameters
    if schedule == "auto":
        return {}
    if _SPACINGS[schedule] not in known:
        raise InputError(f"the sampler {name} has no {schedule} schedule", hint="leave the schedule at auto")
    if schedule == "beta":
        _class("LMSDiscreteScheduler", f"{name} on a beta schedule")  # it needs scipy as well
    return {flag: each == schedule for each, flag in _SPACINGS.items() if flag in known}


assert set(_SAMPLERS) == set(get_args(SamplerName)) - {"auto"}
