"""Bound the inputs of a run: they are shown with it wherever it is listed."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

from server.errors import ApiError
from server.limits import LIMITS


def bounded(inputs: Mapping[str, Any], *, field: str = "body.inputs") -> None:
    """Refuse inputs that are too large to be listed."""
    if len(to_json(inputs)) > LIMITS.inputs_bytes:
        message = f"the inputs are larger than {LIMITS.inputs_bytes:,} bytes"
        raise ApiError(422, "too_large", message, field=field, hint="put large values into the graph itself")
