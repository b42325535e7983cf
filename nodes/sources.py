"""Find the files of a checkpoint by the name that a document gives it."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from engine.errors import InputError
from engine.files import Files

EMBEDDED = "bauklotz"
_HUB = "hub:"
_READERS = {  # how their weights are named there
    "clip": "open_clip_*.safetensors",
    "clap": "model*.safetensors",
    "dino": "model*.safetensors",
    "language": "model*.safetensors",
    "pictures": "model*.safetensors",
    "motion": "diffusion_pytorch_model*.safetensors",
    "sound": "model*.safetensors",
}
_PARTS = (
    "scheduler", "tokenizer", "tokenizer_2", "text_encoder", "text_encoder_2", "unet", "transformer", "vae", "vqvae",
)  # fmt: skip
_DENOISERS = ("unet/*.safetensors", "transformer/*.safetensors")


def locate(source: str, files: Files) -> Path:
    """Give the folder or the .safetensors file of a checkpoint.

    `bauklotz` comes with the program. `hub:org/name` is taken from the local Hugging Face cache, and downloaded into
    it if it is not there: only because it was asked for by that name. Anything else lies below a models folder.
    """
    if source == EMBEDDED:
        return _embedded("text_to_image")
    if source.startswith(_HUB):
        wanted = [f"{part}/*.{kind}" for part in _PARTS for kind in ("json", "txt", "model", "safetensors")]
        return _from_hub(source.removeprefix(_HUB), ["model_index.json", *wanted], *_DENOISERS)
    found = files.source(source)
    if found.is_file() and found.suffix != ".safetensors":
        raise InputError(
            f"{found.name} may be a pickle: opening it could run code",
            hint="use a .safetensors file or a folder of them",
        )
    return found


def locate_reader(source: str, part: str, files: Files) -> Path:
    """Give the folder of a model that reads pictures or texts; `part` is its folder in the embedded model.

    `hub:org/name` is taken from the local Hugging Face cache, or downloaded, as checkpoints are.
    """
    if source == EMBEDDED:
        return _embedded(part)
    if source.startswith(_HUB):
        if part not in _READERS:
            raise InputError(f"a {part} is not downloaded by itself", hint="put its folder below a models folder")
        weights = _READERS[part]
        return _from_hub(source.removeprefix(_HUB), ["*.json", "*.txt", weights], weights, whole=False)
    found = files.source(source)
    if not found.is_dir():
        raise InputError(f"{found.name} is a file; this model is a folder", hint="give the folder with its config")
    return found


def _embedded(part: str) -> Path:
    spec = find_spec("models.bauklotz")
    places = (spec and spec.submodule_search_locations) or []
    for place in places:
        return Path(place) / part
    raise InputError("the embedded model is not installed", hint="install promptograph again")


def _from_hub(name: str, wanted: Sequence[str], *weights: str, whole: bool = True) -> Path:
    """Give a snapshot with the files that are wanted; without `whole`, only those that lie in no folder.

    One of the `weights` tells whether a snapshot is there at all.
    """
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        found = _snapshot(name, wanted, whole=whole, local_files_only=True)
        if any(any(found.glob(each)) for each in weights):  # a snapshot may be there in part
            return found
    except HFValidationError as error:
        raise InputError(f"{name[:80]!r} is not a hub id", hint="write hub:org/name") from error
    except LocalEntryNotFoundError:
        pass
    try:
        return _snapshot(name, wanted, whole=whole, local_files_only=False)
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise InputError(
            f"{name} is not in the local cache and cannot be downloaded", hint="check the name and the network"
        ) from error


def _snapshot(name: str, wanted: Sequence[str], *, whole: bool, local_files_only: bool) -> Path:
    from huggingface_hub import snapshot_download

    return Path(
        snapshot_download(
            name,
            allow_patterns=[*wanted],
            ignore_patterns=["*.fp16.*", "*.non_ema.*", *([] if whole else ["*/*"])],
            local_files_only=local_files_only,
        )
    )
