"""Carry a graph in the metadata of a PNG; the pixels are not touched.

Guarantees
1. Embedding keeps every byte of the picture's own chunks.
2. Any bytes give a graph and its manifest or a GraphError; sizes are bounded before anything is unpacked.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from graphs.document import Graph
from graphs.errors import GraphError
from graphs.limits import LIMITS, Limits
from graphs.load import graph_of
from graphs.migrate import NONE, Migrations
from graphs.plain import plain
from graphs.strict_json import read

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GRAPH = b"promptograph"
MANIFEST = b"promptograph-manifest"

_TEXTS = (b"tEXt", b"zTXt", b"iTXt")


@dataclass(frozen=True, slots=True)
class _Chunk:
    kind: bytes
    body: bytes
    raw: bytes  # with length, kind and checksum


def embed(png: bytes, graph: Graph, manifest: Mapping[str, object]) -> bytes:
    """Put a graph and its manifest into a PNG, in place of those that it carries."""
    header, *rest = _chunks(png, LIMITS)
    made = json.dumps(plain(manifest), ensure_ascii=False, sort_keys=True)
    texts = [_text(GRAPH, graph.dumps()), _text(MANIFEST, made)]
    kept = [chunk.raw for chunk in rest if _keyword(chunk) not in (GRAPH, MANIFEST)]
    return b"".join([SIGNATURE, header.raw, *texts, *kept])


def extract(
    png: bytes, *, migrations: Migrations = NONE, limits: Limits = LIMITS
) -> tuple[Graph, Mapping[str, JsonValue]]:
    """Read back the graph and the manifest that a PNG carries."""
    texts = {_keyword(chunk): chunk for chunk in _chunks(png, limits)}
    if GRAPH not in texts:
        raise GraphError(
            "the picture carries no graph", hint="sites that re-save pictures remove it: take the original file"
        )
    graph = graph_of(read(_unpacked(texts[GRAPH], limits), limits=limits), migrations=migrations, limits=limits)
    manifest = read(_unpacked(texts[MANIFEST], limits), limits=limits) if MANIFEST in texts else {}
    if not isinstance(manifest, dict):
        raise _damaged("its manifest is not a JSON object")
    return graph, manifest


def _chunks(png: bytes, limits: Limits) -> Iterator[_Chunk]:
    """Walk the chunks from IHDR to IEND."""
    if len(png) > limits.picture_bytes:
        raise GraphError(f"the picture has {len(png):,} bytes", hint=f"at most {limits.picture_bytes:,} are read")
    if not png.startswith(SIGNATURE):
        raise GraphError("this is not a PNG", hint="only PNG pictures carry graphs")
    at, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        length = int.from_bytes(png[at : at + 4], "big")
        raw = png[at : at + 12 + length]
        if len(raw) < 12 or len(raw) != 12 + length:
            raise _damaged("it is cut short")
        first, kind, body = not kind, raw[4:8], raw[8:-4]
        if first and kind != b"IHDR":
            raise _damaged("it does not start with IHDR")
        if kind in _TEXTS and zlib.crc32(raw[4:-4]) != int.from_bytes(raw[-4:], "big"):
            raise _damaged("a checksum of its texts is wrong")
        yield _Chunk(kind, body, raw)
        at += len(raw)


def _damaged(why: str) -> GraphError:
    return GraphError(f"the PNG is damaged: {why}", hint="take the original file")


def _text(keyword: bytes, text: str) -> bytes:
    body = b"iTXt" + keyword + b"\0\0\0\0\0" + text.encode()
    return (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def _keyword(chunk: _Chunk) -> bytes:
    return chunk.body.partition(b"\0")[0] if chunk.kind in _TEXTS else b""


def _unpacked(chunk: _Chunk, limits: Limits) -> bytes:
    """Give the text of a chunk as UTF-8; other programs may have rewritten it in any of the three kinds."""
    rest = chunk.body.partition(b"\0")[2]
    match chunk.kind:
        case b"zTXt":
            return _utf8(_inflated(rest[1:], limits))
        case b"iTXt":
            packed, text = rest[:1] == b"\x01", rest[2:].partition(b"\0")[2].partition(b"\0")[2]
            return _inflated(text, limits) if packed else text
        case _:
            return _utf8(rest)


def _inflated(packed: bytes, limits: Limits) -> bytes:
    inflating = zlib.decompressobj()
    try:
        text = inflating.decompress(packed, limits.bytes + 1)
    except zlib.error:
        raise _damaged("a text in it cannot be unpacked") from None
    if not inflating.eof and len(text) <= limits.bytes:
        raise _damaged("a text in it is cut short")
    return text


def _utf8(text: bytes) -> bytes:
    """Read Latin-1, which these chunks should hold, unless it is UTF-8 all the same."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1").encode()
    return text
