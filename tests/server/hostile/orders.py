"""Orders that cannot be carried out: sweeps, files, models, exports, shares and moves."""

import struct
import zlib
from typing import Any

from tests.server.hostile.rows import OK_DOCUMENT, Ask, Rows, post, run

BAD, BAD_GRAPH, SWEEP, LARGE = (422, "bad_request"), (422, "bad_graph"), (422, "bad_sweep"), (422, "too_large")
A22 = "A" * 22


def sweep(name: str, axes: Any, refusal: tuple[int, str], **more: object) -> Ask:
    """Make a row that submits a sweep."""
    return post(f"sweep: {name}", "/api/v1/sweeps", {"graph": OK_DOCUMENT, "axes": axes, **more}, refusal)


def values(**named: Any) -> dict[str, Any]:
    """Give one axis."""
    return {"values": named}


SWEEPS: Rows = [
    sweep("no axes", [], BAD),
    sweep("an axis of nothing", [{}], BAD),
    sweep("an axis without names", [values()], BAD),
    sweep("an axis without values", [values(a=[])], BAD),
    sweep("null for values", [values(a=None)], BAD),
    sweep("a range for values", [values(a={"from": 0, "to": 10**9})], BAD),
    sweep("axes as an object", values(a=[1]), BAD),
    sweep("a field too many", [{"values": {"a": [1]}, "code": "range(10)"}], BAD),
    sweep("unequal lengths", [values(a=[1, 2, 3], b=[1])], SWEEP),
    sweep("the same name twice", [values(a=[1]), values(a=[1])], SWEEP),
    sweep("10,001 values", [values(a=list(range(10_001)))], BAD),
    sweep("10,001 cells", [values(a=list(range(73))), values(b=list(range(137)))], LARGE),
    sweep("ten to the 24th cells", [values(**{f"a{n}": list(range(1_000))}) for n in range(8)], LARGE),
    sweep("nine axes", [values(**{f"a{n}": [1]}) for n in range(9)], BAD),
    sweep("101 names on an axis", [values(**{f"a{n}": [1] for n in range(101)})], BAD),
    sweep("a name of 257 letters", [values(**{"a" * 257: [1]})], BAD),
    sweep("not a public input", [values(__class__=[1])], BAD_GRAPH),
    sweep("a param that is not public", [values(**{"count.a": [1]})], BAD_GRAPH),
    sweep("the last value of another type", [values(a=[*range(500), "x"])], BAD_GRAPH),
    sweep("values that are lists", [values(a=[[1], [2]])], BAD_GRAPH),
    sweep("values of a million letters", [values(a=["x" * 900_000])], LARGE),
    sweep("priority without end", [values(a=[1])], BAD, priority=10**6),
    sweep("targets of no node", [values(a=[1])], BAD_GRAPH, targets=["nobody.number"]),
    Ask(name="sweep: of another kind of id", refusal=(404, "not_found"), method="POST",
        path="/api/v1/sweeps/<run>/cancel"),
]  # fmt: skip


def using(type_: str, port: str, value: object) -> dict[str, Any]:
    """Give a document whose node names something outside of it."""
    return {"format": "promptograph/1", "nodes": {"n": {"type": type_, "params": {port: value}}}, "outputs": {}}


FILES: Rows = [
    run(f"asset: {value!r} for a name", using("AssetSize", "asset", value), targets=["n.number"])
    for value in (7, ["asset:x"], None, {"path": "/etc/passwd"})
] + [
    run(f"model: {value!r} for a name", using("Model", "source", value), targets=["n.text"])
    for value in (7, ["hub:a/b"], {"file": "a.ckpt"}, None, "x" * 301)
]  # fmt: skip


def picture(width: int, height: int) -> bytes:
    """Give a PNG that says how large it is and holds nothing."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [header, b"IDAT" + zlib.compress(b"\0" * 100), b"IEND"]
    packed = (struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


UPLOADS: Rows = [
    post("upload: a picture of 2**31 by 2**31", "/api/v1/assets", picture(2**31 - 1, 2**31 - 1), (422, "unfit_file")),
    post("upload: a picture without width", "/api/v1/assets", picture(0, 5), (422, "damaged_file")),
    post("upload: a text named as a picture", "/api/v1/assets", b"#!/bin/sh\n", (415, "unknown_type"),
         **{"X-Filename": "..%2f..%2fa.png"}),
    post("upload: a pickle", "/api/v1/assets", b"\x80\x04\x95.", (415, "unknown_type")),
    post("upload: a checkpoint", "/api/v1/assets", b"PK\x03\x04archive/data.pkl", (415, "unknown_type")),
    post("upload: a name of 3,000 letters", "/api/v1/assets", picture(1, 1), BAD, **{"X-Filename": "x" * 3_000}),
    post("import: a pickle", "/api/v1/import", b"\x80\x04\x95\x00cos\nsystem\n(S'true'\ntR.", BAD_GRAPH),
    post("import: a picture without a graph", "/api/v1/import", picture(1, 1), BAD_GRAPH),
    post("import: two million open lists", "/api/v1/import", lambda: b"[" * 2**21, BAD_GRAPH),
    post("import: UTF-16", "/api/v1/import", '{"format": "promptograph/1"}'.encode("utf-16"), BAD_GRAPH),
    post("import: a script of somebody else", "/api/v1/import", b"import os\nos.system('true')\n", BAD_GRAPH),
    post("import: 60,000 nodes", "/api/v1/import", lambda: b'{"format":"promptograph/1","nodes":{%s}}' % b",".join(
        b'"n%d":{"type":"Step"}' % number for number in range(60_000)), BAD_GRAPH),
]  # fmt: skip

OTHERS: Rows = [
    post("export: code as a form", "/api/v1/export", {"as": "__class__", "graph": OK_DOCUMENT}, BAD),
    post("export: a path as a form", "/api/v1/export", {"as": "../json", "graph": OK_DOCUMENT}, BAD),
    post("export: a run that is not", "/api/v1/export", {"as": "json", "run": f"r_{A22}"}, (404, "not_found")),
    post("export: a run with inputs", "/api/v1/export", {"as": "json", "run": "<run>", "inputs": {"a": 1}}, BAD),
    post("export: an input that is not", "/api/v1/export", {"as": "python", "graph": OK_DOCUMENT,
         "inputs": {"$(x)": 1}}, BAD_GRAPH),
    post("why: no node", "/api/v1/why", {"graph": OK_DOCUMENT, "node": "nobody"}, (404, "no_such_node")),
    post("why: the class", "/api/v1/why", {"graph": OK_DOCUMENT, "node": "__class__"}, (404, "no_such_node")),
    post("why: a path", "/api/v1/why", {"graph": OK_DOCUMENT, "node": "../" * 600}, (404, "no_such_node")),
    post("diff: no graph", "/api/v1/diff", {"old": OK_DOCUMENT, "new": {"nodes": 7}}, BAD_GRAPH),
    post("diff: one only", "/api/v1/diff", {"old": OK_DOCUMENT}, BAD),
    post("share: a run that is not", "/api/v1/shares", {"run": f"r_{A22}"}, (404, "not_found")),
    post("share: a path", "/api/v1/shares", {"run": "../../token"}, BAD),
    post("share: a line end", "/api/v1/shares", {"run": f"r_{A22}\n"}, BAD),
    post("save: a name of 1,001 letters", "/api/v1/graphs", {"document": OK_DOCUMENT, "name": "x" * 1_001}, BAD),
    post("save: no document", "/api/v1/graphs", {"document": None}, BAD),
    post("save: a document that is a path", "/api/v1/graphs", {"document": "/etc/passwd"}, BAD),
    *(
        Ask(name=f"move: {name}", refusal=refusal, method="PATCH", path=f"/api/v1/runs/{id_}", body=body)
        for name, id_, body, refusal in (
            ("a run that has ended", "<run>", b'{"priority": 1}', (409, "conflict")),
            ("an ended one before another", "<run>", b'{"before": "r_AAAAAAAAAAAAAAAAAAAAAA"}', (409, "conflict")),
            ("before a path", "<run>", b'{"before": "../x"}', BAD),
            ("priority beyond bounds", "<run>", b'{"priority": -1001}', BAD),
            ("priority as a text", "<run>", b'{"priority": "1"}', BAD),
            ("a status", "<run>", b'{"status": "done"}', BAD),
            ("a run that is not", f"r_{A22}", b'{"priority": 1}', (404, "not_found")),
        )
    ),
]  # fmt: skip

ORDERS = [*SWEEPS, *FILES, *UPLOADS, *OTHERS]
