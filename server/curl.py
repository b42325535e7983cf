"""Write a run as a call of curl, and find the order in such a call again.

Guarantees
1. Nothing of the order is read by the shell: it stands in a quoted here-document, as ASCII.
2. The token and the address are names of variables, never values.
"""

import json
from collections.abc import Mapping

from pydantic import JsonValue

from graphs import GraphError

_MARK = "PROMPTOGRAPH"
_CALL = f"""curl --fail-with-body -X POST "${{PROMPTOGRAPH_URL:-http://127.0.0.1:8420}}/api/v1/runs?wait=300" \\
  -H "Authorization: Bearer $PROMPTOGRAPH_TOKEN" \\
  -H "Content-Type: application/json" \\
  --data-binary @- <<'{_MARK}'
"""


def curl(document: Mapping[str, JsonValue], inputs: Mapping[str, JsonValue]) -> str:
    """Write the call."""
    order = {"graph": document, "inputs": inputs}
    return f"{_CALL}{json.dumps(order, indent=2, sort_keys=True, allow_nan=False)}\n{_MARK}\n"


def order_in(call: bytes) -> bytes:
    """Give the JSON in a call that was written here."""
    _, mark, rest = call.partition(f"<<'{_MARK}'\n".encode())
    order, end, _ = rest.partition(f"\n{_MARK}\n".encode())
    if not mark or not end:
        raise GraphError("this is no call that Promptograph wrote", hint="take a graph as JSON or PNG")
    return order
