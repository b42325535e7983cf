"""Say what is wrong with the answer to a hostile row."""

from tests.server.hostile.rows import Frame, Row
from tests.server.hostile.sending import Answer
from tests.server.http.shape import HEADERS, KEYS
from tests.server.served import ROOT

SECRETS = (
    "Traceback", 'File "', ".py", "site-packages", "/work/", "/tmp/", "/root/", "/home/", "/usr/", "/proc/", str(ROOT),
    "sqlite", "sqlalchemy", "SELECT ", "INSERT ", "pydantic", " object at 0x", "<class ",
)  # fmt: skip


def faults(row: Row, answer: Answer, *, private: tuple[str, ...] = ()) -> list[str]:
    """Give what is wrong: nothing if it is the refusal that the row expects, in our shape, and tells nothing."""
    found = [] if answer.refusal == row.refusal else [f"{answer.refusal} and not {row.refusal}: {answer.text[:300]}"]
    if answer.status < 0:
        return [*found, "neither an answer nor an end"]
    if answer.status >= 500 and not isinstance(row, Frame):
        found.append("the server takes the blame")
    if answer.body is not None or answer.text:
        found += _shape(answer) if not isinstance(row, Frame) else _message(answer)
    told = f"{answer.text}\n{answer.headers}"
    said = [word for word in (*SECRETS, *private) if word in told and word.encode() not in answer.sent]
    return found + [f"{word!r} is told: {answer.text[:300]}" for word in said]


def _shape(answer: Answer) -> list[str]:
    wrong = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
    found = [f"the headers lack {wrong}"] if wrong else []
    if answer.headers.get("content-type") != "application/json":
        found.append(f"the answer is {answer.headers.get('content-type')}")
    return found + _message(answer)


def _message(answer: Answer) -> list[str]:
    body = answer.body
    error = body.get("error") if isinstance(body, dict) and set(body) == {"error"} else None
    if not isinstance(error, dict):
        return [f"it is not our shape: {answer.text[:300]}"]
    found = [f"there is more in it: {more}" for more in set(error) - KEYS - {"type", "run"}]
    if not (isinstance(error.get("code"), str) and isinstance(error.get("message"), str) and error["message"]):
        found.append("it has no code and message")
    return found + (["it is longer than a glimpse"] if len(str(error.get("message"))) > 1_000 else [])
