"""What every answer has to be."""

import httpx

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
KEYS = {"code", "message", "node", "port", "field", "hint", "problems", "current", "seconds"}


def is_shielded(answer: httpx.Response) -> bool:
    """Say whether an answer has the headers that keep browsers from misusing it."""
    policy = answer.headers.get("content-security-policy", "")
    safe = "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    return safe and all(answer.headers.get(name) == value for name, value in HEADERS.items())


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Give the status and the code of an error, once its shape was looked at."""
    assert is_shielded(answer), answer.headers
    assert answer.headers["content-type"] == "application/json", answer.text[:300]
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) <= KEYS
    assert body["error"]["message"]
    for word in ("Traceback", "/work/", "/tmp/", "/root/", "sqlite", "SELECT", ".py"):
        assert word not in answer.text, answer.text[:1000]
    return answer.status_code, body["error"]["code"]
