"""Headers that claim what is not so: hosts, origins, tokens, types, revisions and keys."""

from tests.server.hostile.rows import OK_DOCUMENT, Ask, Rows, get, post

HOST, ORIGIN, TOKEN = (421, "wrong_host"), (403, "wrong_origin"), (401, "no_token")
TYPE, BAD = (415, "wrong_type"), (400, "bad_request")
LIMITS, CHECK, GRAPH = "/api/v1/limits", "/api/v1/check", "/api/v1/graphs/<graph>"

HOSTS: Rows = [
    get(f"host: {host or 'empty'}", LIMITS, HOST, Host=host)
    for host in (
        "evil.test", "127.0.0.1.nip.io", "localhost.evil.test", "evil.test:<port>", "0x7f000001", "2130706433",
        "127.1", "0.0.0.0", "[::ffff:127.0.0.1]", "[::1", "localhost.", "localhost:999999", "localhost:80:80",
        "localhost, evil.test", "localhost/evil", "localhost#", "127.0.0.1%00.evil.test", "xn--lcalhost-0ra",
    )
]  # fmt: skip

ORIGINS: Rows = [
    get(f"origin: {origin}", LIMITS, ORIGIN, Origin=origin)
    for origin in (
        "http://localhost.evil.test:<port>", "http://127.0.0.1:<port>.evil.test", "http://evil@127.0.0.1:<port>",
        "http://127.0.0.1:<port>@evil.test", "http://127.0.0.1:<port>/", "http://127.0.0.1", "http://localhost:<port>",
        "http://[::1]:<port>", "ws://127.0.0.1:<port>", "chrome-extension://promptograph", "about:blank",
        "http://127.0.0.1:<port> http://evil.test", "http://127.0.0.1:<port>, http://evil.test", "NULL",
    )
] + [
    get(f"fetch site: {site}", LIMITS, ORIGIN, **{"Sec-Fetch-Site": site})
    for site in ("cross-site", "same-origin, cross-site", "none;", "nobody-knows")
]  # fmt: skip

TOKENS: Rows = [
    get("token: nothing after Bearer", LIMITS, TOKEN, Authorization="Bearer"),
    get("token: null", LIMITS, TOKEN, Authorization="Bearer null"),
    get("token: one letter more", LIMITS, TOKEN, Authorization="Bearer <token>x"),
    get("token: twice", LIMITS, TOKEN, Authorization="Bearer <token> <token>"),
    get("token: Latin letters", LIMITS, TOKEN, Authorization="Bearer \xfc\xff\x80"),
    get("token: 20,000 letters", LIMITS, TOKEN, Authorization="Bearer " + "x" * 20_000),
    get("token: without its kind", LIMITS, TOKEN, Authorization="<token>"),
    get("token: of another kind", LIMITS, TOKEN, Authorization="Token <token>"),
    get("token: as a cookie", LIMITS, TOKEN, Authorization=None, Cookie="promptograph=<token>; token=<token>"),
    get("token: in headers of proxies", LIMITS, TOKEN, Authorization=None, **{"X-Forwarded-User": "root"}),
    get("token: 2,000 cookies", LIMITS, TOKEN, Authorization=None, Cookie="a=b; " * 2_000),
    post("log in: letters outside ASCII", "/api/v1/session", {"token": "ü" * 43}, TOKEN, Authorization=None),
    post("log in: a number", "/api/v1/session", {"token": 0}, (422, "bad_request"), Authorization=None),
    post("log in: a list", "/api/v1/session", {"token": ["<token>"]}, (422, "bad_request"), Authorization=None),
    post("log in: true", "/api/v1/session", {"token": True}, (422, "bad_request"), Authorization=None),
    post("log in: too long", "/api/v1/session", {"token": "x" * 257}, (422, "bad_request"), Authorization=None),
    post("log in: from elsewhere", "/api/v1/session", {"token": "<token>"}, ORIGIN, Origin="http://evil.test"),
]

TYPES: Rows = [
    post(f"type: {kind}", CHECK, {"graph": OK_DOCUMENT}, TYPE, **{"Content-Type": kind})
    for kind in (
        "application/json, text/plain", "text/plain; application/json", "text/json", "application/x-json",
        "application/json; charset=utf-7", "application/json; charset=utf-8; boundary=x", "application/json/",
        "application/ld+json", "application/xml", "application/x-python-pickle", "application/x-yaml", "*/*",
    )
] + [
    post(f"encoding: {coding}", CHECK, b"\x1f\x8b\x08" + bytes(40), TYPE, **{"Content-Encoding": coding})
    for coding in ("br", "deflate", "zstd", "identity, gzip", "gzip, identity", "x-gzip", "none")
] + [
    post("type: none at all", CHECK, {"graph": OK_DOCUMENT}, TYPE, **{"Content-Type": None}),
    post("upload: compressed", "/api/v1/assets", b"\x1f\x8b\x08" + bytes(40), TYPE, **{"Content-Encoding": "gzip"}),
]  # fmt: skip

CHANGES: Rows = [
    Ask(name=f"If-Match: {tag}", refusal=refusal, method="PUT", path=GRAPH, headers={"If-Match": tag},
        body=b'{"document": {"format": "promptograph/1"}}')
    for tag, refusal in (
        ('"0"', (412, "changed")), ('"2"', (412, "changed")), ('"999999999"', (412, "changed")), ('"\xb2"', BAD),
        ('""', BAD), ('"1e0"', BAD), ('"1', BAD), ("'1'", BAD), ('"1";"1"', BAD), ('"0x1"', BAD), ('"+1"', BAD),
        ('"' + "1" * 80 + '"', (422, "bad_request")),
    )
] + [
    Ask(name="delete: of another revision", refusal=(412, "changed"), method="DELETE", path=GRAPH,
        headers={"If-Match": '"7"'}),
    Ask(name="delete: a graph that is not", refusal=(404, "not_found"), method="DELETE",
        path="/api/v1/graphs/g_" + "A" * 22, headers={"If-Match": '"1"'}),
] + [
    post(f"key: {name}", "/api/v1/runs", {"graph": OK_DOCUMENT}, (422, "bad_request"), **{"Idempotency-Key": key})
    for name, key in (
        ("a tab", "a\tb"), ("outside ASCII", "sch\xf6n"), ("delete", "a\x7fb"), ("20,000 letters", "k" * 20_000),
    )
]  # fmt: skip

METHODS: Rows = [
    Ask(name="method: TRACE", refusal=(405, "method_not_allowed"), method="TRACE"),
    Ask(name="method: PROPFIND", refusal=(405, "method_not_allowed"), method="PROPFIND"),
    Ask(name="method: in small letters", refusal=(405, "method_not_allowed"), method="get"),
    Ask(name="method: 8,000 letters", refusal=(405, "method_not_allowed"), method="G" * 8_000),
    Ask(name="method: a dunder", refusal=(405, "method_not_allowed"), method="__class__"),
    Ask(name="method: overridden", refusal=(405, "method_not_allowed"), method="POST",
        headers={"X-HTTP-Method-Override": "GET"}),
    Ask(name="headers: 2,000 of them", refusal=(431, "too_large"),
        headers={f"X-{number}": "x" * 20 for number in range(2_000)}),
    Ask(name="headers: one of 33,000 letters", refusal=(431, "too_large"), headers={"X-Large": "x" * 33_000}),
    Ask(name="headers: an address of 9,000 letters", refusal=(414, "too_large"), path="/" + "a" * 9_000),
]  # fmt: skip

HEADERS = [*HOSTS, *ORIGINS, *TOKENS, *TYPES, *CHANGES, *METHODS]
