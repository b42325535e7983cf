"""Measure the memory that one node takes at its peak, where it runs alone in the process."""

import threading
from dataclasses import dataclass
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


@dataclass
class Reading:
    """A measurement that has begun."""

    before: int | None
    alone: bool


class Meter:
    """Counts who runs, so that no node is blamed for what another took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readings: list[Reading] = []

    def start(self) -> Reading:
        with self._lock:
            reading = Reading(_reset_peak(), alone=not self._readings)
            for other in self._readings:
                other.alone = False
            self._readings.append(reading)
            return reading

    def stop(self, reading: Reading) -> int | None:
        """Give the bytes above the start, or None where they cannot be told apart."""
        with self._lock:
            self._readings.remove(reading)
            if reading.before is None or not reading.alone:
                return None
        peak = _read("VmHWM")
        return None if peak is None else max(0, peak - reading.before)


def _reset_peak() -> int | None:
    try:
        _CLEAR.write_text("5")  # man 5 proc: reset the peak resident set size
    except OSError:
        return None
    return _read("VmRSS")


def _read(name: str) -> int | None:
    try:
        for line in _STATUS.read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None
