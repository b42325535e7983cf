"""Put the headers on every answer that keep browsers from misusing it.

Guarantees
1. Every answer has nosniff, no-referrer, a policy without inline script, and may be framed and embedded by no one.
2. A route may say its own Content-Security-Policy or Cache-Control; nothing else is left to it.
"""

from collections.abc import Iterable

Header = tuple[bytes, bytes]

API_POLICY = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

ALWAYS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
UNLESS_SAID: tuple[Header, ...] = (
    (b"content-security-policy", API_POLICY),
    (b"cache-control", b"no-store"),
)


def shielded(headers: Iterable[Header]) -> list[Header]:
    """Give the headers of an answer with ours added."""
    fixed = {name for name, _ in ALWAYS}
    kept = [(name, value) for name, value in headers if name.lower() not in fixed]
    said = {name.lower() for name, _ in kept}
    return [*kept, *ALWAYS, *(pair for pair in UNLESS_SAID if pair[0] not in said)]
