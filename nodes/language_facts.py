"""Say what nodes of language give from what they are given, without opening a model; see `nodes.facts`."""

from __future__ import annotations

from engine.describing import Unfit
from engine.files import Files
from nodes.facts import Given
from nodes.fits import Known, check_reader


def of_language_model(source: str | None, files: Files) -> Given:
    """Read whether a language model knows how a chat is written; what does not go on with text is refused."""
    from nodes.language_model import architecture, chats, is_causal, language_files

    if not source or source.startswith("hub:"):
        return {}
    found = language_files(source, files)
    if not is_causal(architecture(found)):
        raise Unfit(
            "source",
            f"{source} is of {architecture(found)}, which does not go on with text",
            hint="take a causal language model; for one that reads pictures, a Load picture reader",
        )
    return {"language_model": {"model": source, "chats": chats(found)}}


def of_writer(model: Known, chat: Known | str) -> Given:
    if model and chat == "always" and not model["chats"]:
        raise Unfit(
            "model",
            f"the tokenizer of {model['model']} has no chat template",
            hint="set chat to auto, or take a chat model",
        )
    return {}


def of_picture_reader(source: str | None, files: Files) -> Given:
    """Read what a model that reads pictures was trained to write."""
    from nodes.picture_reader import asks_of, kind_of, reader_files

    if not source or source.startswith("hub:"):
        return {}
    found = reader_files(source, files)
    return {"picture_reader": {"model": source, "writes": kind_of(found), "describes": bool(asks_of(found))}}


def of_caption(reader: Known) -> Given:
    check_reader(reader, "caption")
    return {}


def of_answer(reader: Known) -> Given:
    check_reader(reader, "answer")
    return {}
