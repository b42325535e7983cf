"""Choose what to compute on."""

import torch


def device_of(asked: str) -> torch.device:
    """Give the device of a name; `auto` is a GPU where there is one."""
    if asked == "auto":
        asked = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(asked)
