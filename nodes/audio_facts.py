"""Say what the nodes that write sounds give, without opening a model, so that wires that do not fit are refused."""

from __future__ import annotations

from engine.describing import Unfit
from engine.files import Files
from nodes.facts import Given, weights_in
from nodes.fits import Known, some


def of_audio_model(source: str | None, files: Files) -> Given:
    """Read how wide the vectors are that a model of sounds reads; one that is to be downloaded is not known yet."""
    from nodes.audio_model import audio_files, read_sizes

    if not source or source.startswith("hub:"):
        return {}
    sizes = read_sizes(audio_files(source, files))
    return {"audio_model": {"model": source, "reads": sizes["width"], "width": sizes["width"]}}


def of_audio_prompt(model: Known) -> Given:
    return {"conditioning": {} if model is None else some(model, "width", "model")}


def of_audio_gen(model: Known, guidance: Known) -> Given:
    if model and guidance and guidance.get("width") not in (None, model["reads"]):
        raise Unfit(
            "guidance",
            f"its prompt is {guidance['width']} wide, from {guidance['model']}; {model['model']} reads "
            f"{model['reads']}",
            hint=f"encode the prompt with an AudioPrompt of {model['model']}",
        )
    return {}


def of_clap(source: str | None, files: Files) -> Given:
    """Read how wide the vectors of a CLAP are."""
    from nodes.clap_model import clap_files, width_of

    if not source or source.startswith("hub:"):
        return {}
    found = clap_files(source, files)
    return {"clap_model": {"model": source, "kind": "CLAP", "embeds": width_of(found), "file": weights_in(found)}}


def of_clap_embedding(clap: Known) -> Given:
    return {"embedding": clap or {}}
