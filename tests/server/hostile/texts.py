"""Bodies that are no JSON as we read it: other encodings, other grammars, numbers and depths beyond all bounds."""

import gzip
from collections.abc import Callable

from tests.server.hostile.rows import Body, Rows, post

BROKEN, SHAPE, LARGE = (400, "bad_json"), (422, "bad_request"), (413, "too_large")
MEGABYTE = 2**20


def repeated(start: bytes, piece: bytes, times: int, end: bytes = b"") -> Callable[[], bytes]:
    """Make a large body when it is sent."""
    return lambda: start + piece * times + end


UNREADABLE: dict[str, Body] = {
    "UTF-16 with a mark": '{"graph": {}}'.encode("utf-16"),
    "UTF-16 without a mark": '{"graph": {}}'.encode("utf-16-le"),
    "UTF-16, the other way round": '{"graph": {}}'.encode("utf-16-be"),
    "UTF-32": '{"graph": {}}'.encode("utf-32"),
    "UTF-7": '{"graph": "+AGE-"'.encode("utf-7"),
    "Latin-1": '{"graph": "schön"}'.encode("latin-1"),
    "a mark in the middle": b'{\xef\xbb\xbf"graph": {}}',
    "two bytes for NUL": b'{"graph": "\xc0\x80"}',
    "five bytes for one letter": b'{"graph": "\xf8\x88\x80\x80\x80"}',
    "beyond Unicode": b'{"graph": "\xf4\x90\x80\x80"}',
    "half a letter at the end": b'{"graph": "\xe2\x82',
    "surrogates as UTF-8": b'{"graph": "\xed\xa0\xbd\xed\xb8\x80"}',
    "surrogates the wrong way round": b'{"graph": "\\udc00\\ud800"}',
    "half a pair in a key": b'{"graph": {"\\udfff": 1}}',
    "NUL": b"\x00",
    "NUL in a text": b'{"graph": "a\x00b"}',
    "NUL in a key": b'{"graph": {"\\u0000": 1}}',
    "a control sign in a text": b'{"graph": "\x1b[2J"}',
    "a line end in a text": b'{"graph": "a\nb"}',
    "a broken escape": b'{"graph": "\\u12"}',
    "an unknown escape": b'{"graph": "\\x41"}',
    "an unclosed text of 2 MB": repeated(b'{"graph": "', b"\\\\", MEGABYTE),
    "a comment": b'{"graph": /* none */ {}}',
    "a comma too many": b'{"graph": {},}',
    "a number with a plus": b'{"graph": +1}',
    "a number with zeros in front": b'{"graph": 007}',
    "a number without an end": b'{"graph": 1.}',
    "a hexadecimal number": b'{"graph": 0x7fffffff}',
    "Arabic digits": '{"graph": ٣}'.encode(),
    "True": b'{"graph": True}',
    "undefined": b'{"graph": undefined}',
    "minus infinity": b'{"graph": -Infinity}',
    "minus infinity as a power": b'{"graph": -1e309}',
    "below 64 bits": b'{"graph": -9223372036854775809}',
    "three million digits": repeated(b'{"graph": ', b"9", 3 * MEGABYTE, b"}"),
    "three million digits behind the point": repeated(b'{"graph": 0.', b"9", 3 * MEGABYTE, b"e999999999}"),
    "the same key, escaped": b'{"graph": {"a": 1, "\\u0061": 2}}',
    "the same key, empty": b'{"graph": {"": 1, "": 2}}',
    "a key of two million letters": repeated(b'{"graph": {"', b"k", 2 * MEGABYTE, b'": 1}}'),
    "65 lists": b'{"graph": ' + b"[" * 65 + b"]" * 65 + b"}",
    "two million open lists": repeated(b"", b"[", 2 * MEGABYTE),
    "half a million open objects": repeated(b"", b'{"a":', MEGABYTE // 2),
    "a million empty objects": repeated(b'{"graph":[', b"{},", MEGABYTE, b"{}]}"),
    "four million closing brackets": repeated(b"", b"]", 4 * MEGABYTE - 1),
    "half a million of commas": repeated(b'{"graph":[', b",", 600_000, b"]}"),
    "580,000 values": lambda: b'{"graph":{%s}}' % b",".join(b'"k%d":{}' % n for n in range(290_000)),
    "YAML that makes an object": b"!!python/object/apply:os.system ['true']",
    "a pickle": b"\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R.",
    "an XML bomb": b'<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><a>&b;</a>',
    "a form": b"graph=%7B%7D&inputs=%7B%7D",
    "two values": b'{"graph": {}}\n{"graph": {}}',
    "compressed and not said to be": gzip.compress(b'{"graph": {}}'),
}

SHAPES: dict[str, Body] = {
    "a list as deep as may be": b"[" * 63 + b"]" * 63,
    "a number beyond doubles made small": b"1e-999999999",
    "a prototype": b'{"__proto__": {"graph": {}}}',
    "a class": b'{"__class__": "Question", "graph": {}}',
    "names in another case": b'{"Graph": {}}',
    "a graph in a text": b'{"graph": "{}"}',
    "inputs under an endless name": b'{"graph": {}, "inputs": {"' + b"x" * 5_000 + b'": 1}}',
    "1,001 inputs": b'{"graph": {}, "inputs": {' + b",".join(b'"a%d": 1' % n for n in range(1_001)) + b"}}",
    "a target of 2,001 letters": b'{"graph": {}, "targets": ["' + b"a" * 2_001 + b'"]}',
    "100,000 unknown fields": lambda: b"{" + b",".join(b'"f%d": 1' % n for n in range(100_000)) + b"}",
    "100,000 wrong targets": repeated(b'{"graph": {}, "targets": [', b"1,", 100_000, b"1]}"),
}


def many_keys() -> bytes:
    """Make an object with as many keys as fit."""
    return b'{"graph":{%s}}' % b",".join(b'"k%d":1' % number for number in range(300_000))


TOO_LARGE: Rows = [
    post(f"text: one byte too many for {address}", address, repeated(b'"', b" ", 4 * MEGABYTE), LARGE)
    for address in ("/api/v1/graphs", "/api/v1/plan", "/api/v1/session")
]

TEXTS: Rows = [
    *(post(f"text: {name}", "/api/v1/check", body, BROKEN) for name, body in UNREADABLE.items()),
    *(post(f"shape: {name}", "/api/v1/check", body, SHAPE) for name, body in SHAPES.items()),
    post("text: 300,000 keys", "/api/v1/check", many_keys, (422, "bad_graph")),
    *TOO_LARGE,
]
