"""Choose the device to compute on, without importing torch."""

import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine import InputError

DEVICES = ("cpu", "cuda", "mps")
_DRIVERS = (Path("/proc/driver/nvidia/version"), Path("/dev/nvidiactl"), Path("/dev/dxg"))


def device_of(name: str) -> str:
    """Give the device of this name; `auto` is cuda where a driver, and a torch that can use it, are there."""
    if name == "auto":
        return "cuda" if _cuda() else "cpu"
    if name.partition(":")[0] not in DEVICES:
        raise InputError(f"--device {name[:40]}: no such device", hint=f"choose auto, {', '.join(DEVICES)}")
    return name


def _cuda() -> bool:
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES", "0") in ("", "-1")
    return not hidden and not _built_for_cpu() and any(driver.exists() for driver in _DRIVERS)


def _built_for_cpu() -> bool:
    try:
        return version("torch").endswith("+cpu")
    except PackageNotFoundError:
        return True
