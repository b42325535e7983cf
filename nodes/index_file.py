"""Bring back an index that was saved, to search in it without the pictures that it was made of."""

from pathlib import Path

from engine.codec import unpack
from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes.values import Embedding
from nodes.widgets import FileName


def _asset(index: str, files: Files) -> tuple[Path, ...]:
    return (files.asset(index),)


@node("LoadIndex", category="embedding", lane="io", libs=("torch",), reads=_asset)
def load_index(index: FileName, *, run: Run) -> Embedding:
    """Bring in vectors that a run wrote as .safetensors, such as the index of `clip-search`, to search in them.

    On the command line, `--set load.index=@index.safetensors` brings the file. A query must be embedded by the model
    that the vectors are of.
    """
    from nodes.tensors import tensor

    try:
        stored = unpack(run.asset(index).read_bytes())
        told, vectors = stored.fields, tensor(stored.tensors["vectors"])
        found = Embedding(vectors, str(told["space"]), tuple(map(str, told["names"])), float(told["scale"]))
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("the asset is no index", hint="take the .safetensors file that a run wrote of one") from error
    if vectors.ndim != 2 or len(found.names) != len(vectors) or not vectors.is_floating_point():
        raise InputError(f"the index has {len(found.names)} names for other vectors", hint="save it again by a run")
    return found
