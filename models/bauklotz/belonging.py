"""Say in a folder of weights which CLIP they belong to: by name for people, by content for the program."""

import json
from pathlib import Path

from blake3 import blake3


def write_clip(folder: Path, clip: Path, *, unit: bool) -> None:
    """Write promptograph.json; `unit` says whether the embeddings of this CLIP have length 1 here."""
    digest = blake3((clip / "open_clip_model.safetensors").read_bytes()).hexdigest()
    told = {"clip": "bauklotz", "space": f"clip-{digest[:12]}", "unit": unit}
    (folder / "promptograph.json").write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")
