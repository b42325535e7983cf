"""Read what a websocket client sends.

Guarantees
1. Any text gives a message or a refusal that says what was wrong, nothing else.
"""

from pydantic import TypeAdapter, ValidationError

from graphs.errors import GraphError
from graphs.limits import Limits
from graphs.strict_json import read
from server.messages import FromClient, Refused

_LIMITS = Limits(depth=8, values=64)
_MESSAGE: TypeAdapter[FromClient] = TypeAdapter(FromClient)


def read_message(text: str) -> FromClient | Refused:
    """Read one message."""
    try:
        return _MESSAGE.validate_python(read(text.encode(), limits=_LIMITS))
    except GraphError as error:
        return Refused(code="bad_json", message=str(error.problems[0]))
    except ValidationError as error:
        return _refused(error)


def _refused(error: ValidationError) -> Refused:
    fault = error.errors(include_url=False, include_input=False)[0]
    code = "unknown_type" if fault["type"] in ("union_tag_invalid", "union_tag_not_found") else "bad_message"
    place = ".".join(str(part)[:40] for part in fault["loc"][1:])
    return Refused(code=code, message=f"{place}: {fault['msg']}"[:400] if place else str(fault["msg"])[:400])
