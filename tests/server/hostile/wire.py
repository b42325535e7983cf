"""Bytes that no honest client sends: lengths that lie, pieces without end, versions and handshakes of other worlds."""

from tests.server.hostile.rows import Rows, Wire

BAD, LARGE, HEADERS, CLOSED = (400, "bad_request"), (413, "too_large"), (431, "too_large"), (0, "")
HOST = b"Host: 127.0.0.1:<port>\r\n"
KNOWN = HOST + b"Authorization: Bearer <token>\r\nConnection: close\r\n"
POST = b"POST /api/v1/check HTTP/1.1\r\n" + KNOWN + b"Content-Type: application/json\r\n"
PIECES = POST + b"Transfer-Encoding: chunked\r\n\r\n"
GET = b"GET /api/v1/limits HTTP/1.1\r\n"
UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
KEY = b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
ORIGIN = b"Origin: http://127.0.0.1:<port>\r\n"
SOCKET = b"GET /api/v1/ws HTTP/1.1\r\n" + HOST + b"Authorization: Bearer <token>\r\n" + UPGRADE

LENGTHS: Rows = [
    Wire(name="length: a number with a plus", refusal=BAD, content=POST + b"Content-Length: +5\r\n\r\n{}   "),
    Wire(name="length: two of them", refusal=BAD, content=POST + b"Content-Length: 2, 3\r\n\r\n{}"),
    Wire(name="length: hexadecimal", refusal=BAD, content=POST + b"Content-Length: 0x2\r\n\r\n{}"),
    Wire(name="length: a power", refusal=BAD, content=POST + b"Content-Length: 1e1\r\n\r\n{}"),
    Wire(name="length: other digits", refusal=BAD, content=POST + b"Content-Length: \xb2\r\n\r\n{}"),
    Wire(name="length: a hundred digits", refusal=BAD, content=POST + b"Content-Length: " + b"9" * 100 + b"\r\n\r\n"),
    Wire(name="length: 2**63", refusal=LARGE, content=POST + b"Content-Length: 9223372036854775808\r\n\r\n"),
    Wire(name="length: more than comes", refusal=CLOSED, content=POST + b"Content-Length: 99\r\n\r\n{}",
         ends=True),
    Wire(name="length: and pieces", refusal=(422, "bad_request"),
         content=POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    Wire(name="length: less than comes", refusal=(400, "bad_json"),
         content=POST + b'Content-Length: 1\r\n\r\n{"graph": {}}GET /token HTTP/1.1\r\n\r\n'),
    Wire(name="length: none for a body", refusal=(422, "bad_request"), content=POST + b"\r\n{}"),
    Wire(name="expect: more than may be", refusal=LARGE,
         content=POST + b"Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n"),
]  # fmt: skip

CHUNKS: Rows = [
    Wire(name="pieces: a length below zero", refusal=BAD, content=PIECES + b"-1\r\n{}\r\n0\r\n\r\n"),
    Wire(name="pieces: a length beyond all", refusal=BAD, content=PIECES + b"F" * 21 + b"\r\n{}\r\n"),
    Wire(name="pieces: 2**63 in one", refusal=CLOSED, content=PIECES + b"7FFFFFFFFFFFFFFF\r\n{}", ends=True),
    Wire(name="pieces: hexadecimal twice", refusal=BAD, content=PIECES + b"0x2\r\n{}\r\n0\r\n\r\n"),
    Wire(name="pieces: no end of a line", refusal=BAD, content=PIECES + b"2\r\n{}XX0\r\n\r\n"),
    Wire(name="pieces: a line without end", refusal=HEADERS, content=PIECES + b"2;" + b"x" * 200_000),
    Wire(name="pieces: cut off", refusal=CLOSED, content=PIECES + b"2\r\n{", ends=True),
    Wire(name="pieces: named twice", refusal=BAD,
         content=POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    Wire(name="pieces: two headers", refusal=BAD,
         content=POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
    Wire(name="pieces: compressed", refusal=BAD, content=POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    Wire(name="pieces: 5 MB of one byte each", refusal=LARGE,
         content=lambda: PIECES + b"400\r\n" + (b" " * 1_024 + b"\r\n400\r\n") * 5_000),
    Wire(name="pieces: a trailer without end", refusal=HEADERS,
         content=lambda: PIECES + b"2\r\n{}\r\n0\r\n" + b"X: " + b"x" * 200_000),
    Wire(name="pieces: for a method without a body", refusal=BAD,
         content=GET + KNOWN + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
]  # fmt: skip

LINES: Rows = [
    Wire(name="line: no version", refusal=BAD, content=b"GET /\r\n\r\n"),
    Wire(name="line: version 3", refusal=BAD, content=b"GET / HTTP/3.0\r\n" + KNOWN + b"\r\n"),
    Wire(name="line: version 2 begins", refusal=BAD, content=b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    Wire(name="line: a space in the address", refusal=BAD, content=b"GET /a b HTTP/1.1\r\n" + KNOWN + b"\r\n"),
    Wire(name="line: bytes outside ASCII", refusal=BAD, content=b"GET /\xff\xfe HTTP/1.1\r\n" + KNOWN + b"\r\n"),
    Wire(name="line: NUL", refusal=BAD, content=b"GET /\x00 HTTP/1.1\r\n" + KNOWN + b"\r\n"),
    Wire(name="line: the address of another host", refusal=(404, "not_found"),
         content=b"GET http://evil.test/api/v1/limits HTTP/1.1\r\n" + KNOWN + b"\r\n"),
    Wire(name="line: a tunnel", refusal=(404, "not_found"),
         content=b"CONNECT evil.test:443 HTTP/1.1\r\n" + KNOWN + b"\r\n"),
    Wire(name="line: a star", refusal=(404, "not_found"), content=b"OPTIONS * HTTP/1.1\r\n" + KNOWN + b"\r\n"),
    Wire(name="header: folded", refusal=BAD, content=b"GET / HTTP/1.1\r\n Host: evil.test\r\n\r\n"),
    Wire(name="header: a space before the colon", refusal=BAD, content=GET + b"Host : localhost\r\n\r\n"),
    Wire(name="header: no name", refusal=BAD, content=GET + KNOWN + b": x\r\n\r\n"),
    Wire(name="header: no colon", refusal=BAD, content=GET + KNOWN + b"X\r\n\r\n"),
    Wire(name="header: a carriage return in it", refusal=BAD, content=GET + KNOWN + b"X: a\rb\r\n\r\n"),
    Wire(name="header: 10,000 short ones", refusal=HEADERS,
         content=lambda: GET + KNOWN + b"X: x\r\n" * 10_000 + b"\r\n"),
    Wire(name="header: a host twice", refusal=BAD, content=GET + b"Host: evil.test\r\n" + KNOWN + b"\r\n"),
    Wire(name="header: a type twice", refusal=BAD,
         content=POST + b"Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"),
    Wire(name="header: a key twice", refusal=BAD,
         content=POST.replace(b"check", b"runs") + b"Idempotency-Key: a\r\nIdempotency-Key: b\r\n"
         b'Content-Length: 13\r\n\r\n{"graph": {}}'),
    Wire(name="header: an upgrade to HTTP/2", refusal=(401, "no_token"),
         content=GET + HOST + b"Connection: Upgrade, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"),
]  # fmt: skip

HANDSHAKES: Rows = [
    Wire(name="socket: no key", refusal=BAD,
         content=SOCKET + ORIGIN + b"Sec-WebSocket-Version: 13\r\n\r\n"),
    Wire(name="socket: a key of another length", refusal=BAD,
         content=SOCKET + ORIGIN + b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\n\r\n"),
    Wire(name="socket: version 12", refusal=BAD,
         content=SOCKET + ORIGIN + KEY + b"Sec-WebSocket-Version: 12\r\n\r\n"),
    Wire(name="socket: by POST", refusal=(405, "method_not_allowed"),
         content=SOCKET.replace(b"GET", b"POST") + ORIGIN + KEY + b"Sec-WebSocket-Version: 13\r\n\r\n"),
    Wire(name="socket: no origin", refusal=(403, "wrong_origin"),
         content=SOCKET + KEY + b"Sec-WebSocket-Version: 13\r\n\r\n"),
    Wire(name="socket: another origin", refusal=(403, "wrong_origin"),
         content=SOCKET + KEY + b"Sec-WebSocket-Version: 13\r\nOrigin: http://evil.test\r\n\r\n"),
    Wire(name="socket: origin null", refusal=(403, "wrong_origin"),
         content=SOCKET + KEY + b"Sec-WebSocket-Version: 13\r\nOrigin: null\r\n\r\n"),
    Wire(name="socket: a rebound host", refusal=(421, "wrong_host"),
         content=SOCKET.replace(b"127.0.0.1:<port>", b"evil.test:<port>") + KEY
         + b"Sec-WebSocket-Version: 13\r\nOrigin: http://evil.test:<port>\r\n\r\n"),
    Wire(name="socket: at another address", refusal=(404, "not_found"),
         content=SOCKET.replace(b"/ws", b"/runs") + ORIGIN + KEY + b"Sec-WebSocket-Version: 13\r\n\r\n"),
    Wire(name="socket: an address of 9,000 letters", refusal=(414, "too_large"),
         content=SOCKET.replace(b"/ws", b"/ws?a=" + b"a" * 9_000) + ORIGIN + KEY
         + b"Sec-WebSocket-Version: 13\r\n\r\n"),
]  # fmt: skip

WIRE = [*LENGTHS, *CHUNKS, *LINES, *HANDSHAKES]
