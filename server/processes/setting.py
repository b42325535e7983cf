"""What a worker is told once, when it is forked."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What one worker is told by the server; all of it has a JSON form."""

    device: str
    cache: str
    data: str
    limit: int | None  # bytes that it can ask for
    heartbeat: float
    values: int  # bytes of values that are kept in memory
    residency: int  # bytes of models that are kept loaded
    roots: Sequence[str]  # folders of model files
