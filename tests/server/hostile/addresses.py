"""Addresses that lead elsewhere: paths, ids, links, cursors and numbers that are none of ours."""

from tests.server.hostile.rows import Ask, Rows, get, post

NONE, BAD = (404, "not_found"), (422, "bad_request")
NO_VALUE = (404, "no_such_value")
VALUES = "/api/v1/runs/<run>/values/"
A22, A43 = "A" * 22, "A" * 43

PATHS: Rows = [
    get("static: encoded slashes", "/static/..%2f..%2ftoken", NONE),
    get("static: encoded twice", "/static/%252e%252e%252ftoken", NONE),
    get("static: dots that survive one removal", "/static/....//....//token", NONE),
    get("static: backslashes", "/static/..%5c..%5capp.py", NONE),
    get("static: absolute", "/static//etc/passwd", NONE),
    get("static: a file address", "/static/file:%2f%2f%2fetc%2fpasswd", NONE),
    get("static: NUL before the suffix", "/static/index.html%00.js", NONE),
    get("static: dots of two bytes each", "/static/%c0%ae%c0%ae/app.py", NONE),
    get("static: full-width dots", "/static/%EF%BC%8E%EF%BC%8E/app.py", NONE),
    get("static: a folder", "/static/assets/", NONE),
    get("static: a name of 7,000 characters", "/static/" + "a" * 7_000, NONE),
    get("library: encoded slashes", "/api/v1/library/..%2f..%2fapp", NONE),
    get("library: with its suffix", "/api/v1/library/seeds.json", NONE),
    get("library: a line end after the name", "/api/v1/library/seeds%0a", NONE),
    get("library: a format field", "/api/v1/library/%7B0.__class__%7D", NONE),
    get("asset: a path", "/api/v1/assets/..%2f..%2ftoken", NONE),
    get("asset: a line end after the digest", "/api/v1/assets/" + "0" * 64 + "%0a", NONE),
    get("asset: full-width digits", "/api/v1/assets/" + "%EF%BC%90" * 64, NONE),
    get("asset: capital letters", "/api/v1/assets/" + "A" * 64, NONE),
    get("asset: the reference of a document", "/api/v1/assets/asset:" + "0" * 64, NONE),
    get("run: a line end after the id", "/api/v1/runs/<run>%0a", NONE),
    get("run: NUL after the id", "/api/v1/runs/<run>%00", NONE),
    get("run: a path parameter", "/api/v1/runs/<run>;admin=1", NONE),
    get("run: SQL", "/api/v1/runs/r_'%20OR%20'1'='1", NONE),
    get("run: dots after it", "/api/v1/runs/<run>/../../token", NONE),
    get("run: the id of a graph", "/api/v1/runs/<graph>", NONE),
    get("graph: the id of a run", "/api/v1/graphs/<run>", NONE),
    get("two slashes in front", "//api/v1/runs", NONE),
    get("an address of another host", "//evil.test/api/v1/runs", NONE),
    get("share: unknown", f"/s/{A43}", NONE),
    get("share: a path for an output", f"/s/{A43}/..%2f..%2ftoken/0.png", NONE),
    get("share: a place below zero", f"/s/{A43}/sum/-1.png", NONE),
    get("share: a place beyond 64 bits", f"/s/{A43}/sum/99999999999999999999.png", NONE),
    get("share: an output of 8,000 characters", f"/s/{A43}/{'a' * 8_000}/0.png", NONE),
    get("revision zero", "/api/v1/graphs/<graph>/revisions/0", NONE),
    get("revision beyond 32 bits", "/api/v1/graphs/<graph>/revisions/2147483648", NONE),
    get("revision of another script", "/api/v1/graphs/<graph>/revisions/%F0%9F%92%A9", NONE),
    get("revision with an exponent", "/api/v1/graphs/<graph>/revisions/1e9", NONE),
    Ask(name="cancel: a sweep as a run", refusal=NONE, method="POST", path="/api/v1/runs/<sweep>/cancel"),
    Ask(name="cancel: unknown", refusal=NONE, method="POST", path=f"/api/v1/runs/r_{A22}/cancel"),
    Ask(name="retry: unknown", refusal=NONE, method="POST", path=f"/api/v1/runs/r_{A22}/retry"),
    Ask(name="revoke: unknown", refusal=NONE, method="DELETE", path=f"/api/v1/shares/s_{A22}"),
]

NAMES: Rows = [
    get(f"asset: {name}", f"/api/v1/assets/{name}", NONE)
    for name in (
        "asset:%2e%2e%2ftoken", "asset:%2fetc%2fpasswd", "file:%2f%2f%2fetc%2fpasswd", "0" * 63, "0" * 65,
        "%7B0.__class__%7D", "~%2ftoken", "incoming", "%2e", "http:%2f%2f169.254.169.254%2flatest",
    )
]  # fmt: skip

LINKS: Rows = [
    get("value: item 999,999,999,999", VALUES + "a/b.c[999999999999]", NO_VALUE),
    get("value: item beyond 32 bits", VALUES + "count.number[4294967296]", NO_VALUE),
    get("value: an item of no list", VALUES + "count.number[7]", NO_VALUE),
    get("value: item below zero", VALUES + "count.number[-1]", NO_VALUE),
    get("value: an item of an item", VALUES + "count.number[0][0]", NO_VALUE),
    get("value: an item in Arabic digits", VALUES + "count.number[%D9%A3]", NO_VALUE),
    get("value: the class of a node", VALUES + "count.__class__", NO_VALUE),
    get("value: the dictionary of a class", VALUES + "__class__.__dict__", NO_VALUE),
    get("value: an attribute walk", VALUES + "count.number.__class__.__mro__", NO_VALUE),
    get("value: a path", VALUES + "..%2f..%2fetc.passwd", NO_VALUE),
    get("value: NUL", VALUES + "count.number%00", NONE),
    get("value: a line end", VALUES + "count.number%0a", NONE),
    get("value: percent signs", VALUES + "%25s.%25n", NO_VALUE),
    get("value: a format field", VALUES + "%7Bcount.number%7D", NO_VALUE),
    get("value: a Cyrillic letter", VALUES + "c%D0%BEunt.number", NO_VALUE),
    get("value: half a character", VALUES + "%ED%A0%80.number", NO_VALUE),
    get("value: 900 levels", VALUES + "a/" * 900 + "b.c", NO_VALUE),
    get("value: 2,001 characters", VALUES + "a" * 2_001, NONE),
    get("view: a path", VALUES + "count.number?as=../../etc/passwd", BAD),
    get("view: the class", VALUES + "count.number?as=__class__", BAD),
    get("view: none of this type", VALUES + "count.number?as=png", (422, "no_such_view")),
    get("view: pickle", VALUES + "count.number?as=pickle", (422, "no_such_view")),
    get("view: item below zero", VALUES + "count.number?as=json&item=-1", BAD),
    get("view: item beyond 64 bits", VALUES + "count.number?as=json&item=99999999999999999999", BAD),
]

NUMBERS: Rows = [
    get("limit: 5,000 digits", "/api/v1/runs?limit=" + "9" * 5_000, BAD),
    get("limit: not a number", "/api/v1/graphs?limit=NaN", BAD),
    get("limit: below zero", "/api/v1/assets?limit=-1", BAD),
    get("limit: a fraction", "/api/v1/shares?limit=1.5", BAD),
    get("limit: a power", "/api/v1/queue?limit=1e2", BAD),
    get("limit: SQL", "/api/v1/runs?limit=1;DROP%20TABLE%20runs", BAD),
    get("cursor: a path", "/api/v1/graphs?after=../../token", BAD),
    get("cursor: SQL", "/api/v1/assets?after='%20OR%201=1--", BAD),
    get("cursor: none of ours", "/api/v1/assets?after=AAAA", BAD),
    get("cursor: of a share that is not", "/api/v1/shares?after=______", BAD),
    get("cursor: 64 signs", "/api/v1/graphs?after=" + "z" * 64, BAD),
    get("cursor: half a character", "/api/v1/runs?before=%ED%A0%80", BAD),
    get("cursor: pickled", "/api/v1/runs?before=gASVCgAAAAAAAACMBnN5c3RlbZQu", BAD),
    get("events: after 2**53", "/api/v1/runs/<run>/events?after=9007199254740992", BAD),
    get("events: after -2", "/api/v1/runs/<run>/events?after=-2", BAD),
    get("events: a million of them", "/api/v1/runs/<run>/events?limit=1000000", BAD),
    get("wait: not a number", "/api/v1/runs/<run>?wait=NaN", BAD),
    get("wait: for ever", "/api/v1/runs/<run>?wait=inf", BAD),
    get("wait: overflows", "/api/v1/runs/<run>?wait=1e400", BAD),
    get("wait: below zero", "/api/v1/runs/<run>?wait=-1", BAD),
    get("wait: too long", "/api/v1/runs/<run>?wait=300.001", BAD),
    get("diff: from zero", "/api/v1/graphs/<graph>/diff?from=0&to=1", BAD),
    get("diff: to beyond 32 bits", "/api/v1/graphs/<graph>/diff?from=1&to=99999999999", BAD),
    get("diff: to a revision that is not", "/api/v1/graphs/<graph>/diff?from=1&to=2", NONE),
    get("results: after 2**31", "/api/v1/sweeps/<sweep>/results?after=2147483648", BAD),
    get("a query of 4,000 names", "/api/v1/runs?" + "&".join(f"a{n}" for n in range(1_000)), BAD),
    get("a name in brackets", "/api/v1/runs?limit[]=1", BAD),
    get("the same name in another case", "/api/v1/runs?LIMIT=1", BAD),
    get("the prototype as a name", "/api/v1/runs?__proto__=1", BAD),
    get("a token in the query", "/api/v1/runs?token=<token>", BAD),
    post("move: before itself", "/api/v1/runs/<run>/cancel?before=<run>", {}, BAD),
]

ADDRESSES = [*PATHS, *NAMES, *LINKS, *NUMBERS]
