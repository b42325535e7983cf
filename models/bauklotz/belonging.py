"""Say in a folder of weights which CLIP they belong to: by name for people, by content for the program."""

from pathlib import Path

from blake3 import blake3

from models.bauklotz.json_file import write_json


def write_clip(folder: Path, clip: Path, *, unit: bool) -> None:
    """Write promptograph.json; `unit` says whether the embeddings of this CLIP have length 1 here."""
    digest = blake3((clip / "open_clip_model.safetensors").read_bytes()).hexdigest()
    told = {"clip": "bauklotz", "space": f"clip-{digest[:12]}", "unit": unit}
    write_json(folder / "promptograph.json", told)
