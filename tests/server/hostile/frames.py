"""Messages on a websocket that are none of the protocol's."""

import json

from tests.server.hostile.rows import Frame, Rows

JSON, MESSAGE, TYPE, RUN = (0, "bad_json"), (0, "bad_message"), (0, "unknown_type"), (0, "unknown_run")


def subscribe(**fields: object) -> str:
    """Give a message that subscribes to a run."""
    return json.dumps({"type": "subscribe", "run": "r_" + "A" * 22, **fields})


FRAMES: Rows = [
    Frame(name="frame: a class for a type", refusal=TYPE, message='{"type": "__init__"}'),
    Frame(name="frame: a message of the server", refusal=TYPE, message='{"type": "events", "run": "r", "events": []}'),
    Frame(name="frame: a prototype", refusal=MESSAGE, message='{"type": "ping", "__proto__": {"type": "subscribe"}}'),
    Frame(name="frame: a reducer", refusal=MESSAGE, message='{"type": "ping", "__reduce__": ["os.system", "true"]}'),
    Frame(name="frame: the type, escaped, twice", refusal=JSON, message='{"type": "ping", "\\u0074ype": "ping"}'),
    Frame(name="frame: minus infinity", refusal=JSON, message='{"type": "subscribe", "after": -Infinity}'),
    Frame(name="frame: 16,000 digits", refusal=JSON, message='{"type": ' + "9" * 16_000 + "}"),
    Frame(name="frame: a power beyond doubles", refusal=JSON, message='{"type": -1e400}'),
    Frame(name="frame: 5,000 open objects", refusal=JSON, message='{"a":' * 3_000),
    Frame(name="frame: 8,000 closing brackets", refusal=JSON, message="]" * 8_000),
    Frame(name="frame: 8,000 commas", refusal=JSON, message="[" + "," * 8_000 + "]"),
    Frame(name="frame: a key of 16,000 letters", refusal=TYPE, message=json.dumps({"k" * 16_000: 1})),
    Frame(name="frame: half a pair", refusal=JSON, message='{"type": "\\udfff"}'),
    Frame(name="frame: NUL in a key", refusal=JSON, message='{"\\u0000": 1}'),
    Frame(name="frame: a raw control sign", refusal=JSON, message='{"type": "\x1b"}'),
    Frame(name="frame: YAML", refusal=JSON, message="!!python/object:os.system"),
    Frame(name="frame: an object for a run", refusal=MESSAGE, message=subscribe(run={"$ne": None})),
    Frame(name="frame: a run of 20,000 letters", refusal=MESSAGE, message=subscribe(run="r" * 15_000)),
    Frame(name="frame: a line end after a run", refusal=RUN, message=subscribe(run="r_" + "A" * 22 + "\n")),
    Frame(name="frame: a path for a run", refusal=RUN, message=subscribe(run="../../server.sqlite")),
    Frame(name="frame: a template for a run", refusal=RUN, message=subscribe(run="{0.__class__}")),
    Frame(name="frame: SQL for a run", refusal=RUN, message=subscribe(run="' UNION SELECT token--")),
    Frame(name="frame: the id of a graph", refusal=RUN, message='{"type": "subscribe", "run": "<graph>"}'),
    Frame(name="frame: the id of a sweep", refusal=RUN, message='{"type": "subscribe", "run": "<sweep>"}'),
    Frame(name="frame: after minus 2**63", refusal=MESSAGE, message=subscribe(after=-(2**63))),
    Frame(name="frame: after a list", refusal=MESSAGE, message=subscribe(after=[0])),
    Frame(name="frame: a field of the server", refusal=MESSAGE, message=subscribe(epoch="x")),
    Frame(name="frame: previews as a number", refusal=MESSAGE, message=subscribe(previews=1)),
    Frame(name="frame: bytes", refusal=(0, "binary"), message=b"\x80\x04\x95."),
    Frame(name="frame: 16,000 bytes", refusal=(0, "binary"), message=bytes(16_000)),
    Frame(name="frame: 20,000 letters", refusal=(1009, ""), message='"' + "x" * 20_000 + '"'),
    Frame(name="frame: 17,000 bytes", refusal=(1009, ""), message=bytes(17_000)),
]
