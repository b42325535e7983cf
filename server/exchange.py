"""Write a graph, or a run of one, in the form that somebody else can use; nothing private goes along."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, assert_never

from pydantic import JsonValue

from server.clerks import Clerks, Document, Evicted
from server.curl import curl
from server.errors import ApiError
from server.shares import Picture

Form = Literal["json", "png", "python", "curl"]
_MEDIA: Mapping[Form, tuple[str, str]] = {
    "json": ("application/json", ".json"),
    "png": ("image/png", ".png"),
    "python": ("text/x-python; charset=utf-8", ".py"),
    "curl": ("text/x-shellscript; charset=utf-8", ".sh"),
}


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent: a graph with the inputs of its run, and a picture that it made."""

    document: Document
    inputs: Mapping[str, JsonValue]
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A file to take away."""

    content: bytes
    media_type: str
    suffix: str


async def written(parcel: Parcel, form: Form, clerks: Clerks) -> Written:
    """Write a graph in one form. Raises GraphError, and ApiError 410 if its picture is gone."""
    return Written(await _content(parcel, form, clerks), *_MEDIA[form])


async def _content(parcel: Parcel, form: Form, clerks: Clerks) -> bytes:
    match form:
        case "json":
            return (await clerks.settled(parcel.document, parcel.inputs)).encode()
        case "python":
            return await clerks.script(parcel.document, parcel.inputs)
        case "curl":
            resolved = await clerks.open(parcel.document)
            return curl(json.loads(resolved.text), parcel.inputs).encode()
        case "png":
            return await _picture(parcel, clerks)
        case _:
            assert_never(form)


async def _picture(parcel: Parcel, clerks: Clerks) -> bytes:
    picture = parcel.picture
    digest, output = (None, "") if picture is None else (picture.digest, picture.output)
    made = await clerks.png(parcel.document, parcel.inputs, digest, output)
    if isinstance(made, Evicted):
        raise ApiError(410, "evicted", f"the picture {output} has left the cache", hint="run the graph again")
    return made
