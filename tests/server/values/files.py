"""Small files of every type, and hostile ones."""

import io
import struct
import zlib
from typing import Any

import av
import numpy
import soundfile  # type: ignore[import-untyped]
from PIL import Image


def picture(kind: str, size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 10, 20)).save(file, kind, **more)
    return file.getvalue()


def sound(kind: str, seconds: float = 0.1, rate: int = 8_000, subtype: str | None = None) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, numpy.zeros((int(seconds * rate), 1), "f4"), rate, format=kind, subtype=subtype)
    return file.getvalue()


def film(kind: str, codec: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=kind) as container:
        stream: Any = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        frame = av.VideoFrame.from_ndarray(numpy.zeros((48, 64, 3), "u1"), format="rgb24")
        for packet in (packet for each in (*[frame] * 5, None) for packet in stream.encode(each)):
            container.mux(packet)
    return file.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(side: int) -> bytes:
    """Give a PNG of few bytes with side x side black pixels."""
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def many_frames(count: int) -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), (at % 256, at // 256, at % 7)) for at in range(count)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    return file.getvalue()


def text_bomb() -> bytes:
    """Give a PNG with a compressed comment of 256 MB."""
    whole = picture("PNG")
    comment = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(2**28), 9))
    return whole[:33] + comment + whole[33:]


GOOD: dict[str, tuple[bytes, str, dict[str, Any]]] = {
    "png": (picture("PNG"), "image/png", {"width": 40, "height": 30}),
    "jpeg": (picture("JPEG"), "image/jpeg", {"width": 40, "height": 30}),
    "gif": (picture("GIF"), "image/gif", {"width": 40, "height": 30}),
    "webp": (picture("WEBP"), "image/webp", {"width": 40, "height": 30}),
    "wav": (sound("WAV"), "audio/wav", {"seconds": 0.1}),
    "flac": (sound("FLAC"), "audio/flac", {"seconds": 0.1}),
    "ogg": (sound("OGG"), "audio/ogg", {"seconds": 0.1}),
    "mp3": (sound("MP3", rate=16_000), "audio/mpeg", {"seconds": 0.1}),
    "mp4": (film("mp4", "libx264"), "video/mp4", {"width": 64, "height": 48, "seconds": 0.5}),
    "webm": (film("webm", "libvpx"), "video/webm", {"width": 64, "height": 48, "seconds": 0.5}),
}
UNKNOWN = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "svg with a prologue": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "text": b"hello",
    "json": b'{"format": "promptograph/1"}',
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04" + bytes(100),
    "pickle": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94.",
    "safetensors": struct.pack("<Q", 2) + b"{}",
    "elf": b"\x7fELF" + bytes(100),
    "tiff": picture("TIFF"),
    "bmp": picture("BMP"),
    "ico": picture("ICO"),
    "mkv": film("matroska", "libx264"),
    "heic": b"\0\0\0\x18ftypheic" + bytes(100),
    "avi": b"RIFF\x10\0\0\0AVI " + bytes(100),
    "m3u": b"#EXTM3U\nfile:///etc/passwd\n",
    "concat": b"ffconcat version 1.0\nfile '/etc/passwd'\n",
    "nul": b"\0" * 1_000,
    "short": b"\x89",
}
DAMAGED = {
    "png cut": picture("PNG")[:60],
    "png with a wrong checksum": picture("PNG")[:40] + b"x" + picture("PNG")[41:],
    "png of no size": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"IEND", b""),
    "png and no more": b"\x89PNG\r\n\x1a\n",
    "png with a text bomb": text_bomb(),
    "jpeg cut": picture("JPEG")[:100],
    "gif with a script": b"GIF89a/*\xff\xff*/=1;alert(1)//",
    "webp cut": picture("WEBP")[:20],
    "wav cut": sound("WAV")[:30],
    "wav that lies": b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff",
    "flac cut": sound("FLAC")[:20],
    "ogg cut": sound("OGG")[:30],
    "mp3 of noise": b"\xff\xfb" + bytes(range(256)) * 10,
    "id3 and no more": b"ID3\x04\0\0\0\0\0\0",
    "mp4 cut": film("mp4", "libx264")[:100],
    "mp4 and no more": b"\0\0\0\x10ftypisom\0\0\0\0",
    "webm cut": film("webm", "libvpx")[:60],
}
UNFIT = {
    "png of 400 million pixels": bomb(20_000),
    "gif of 1,200 frames": many_frames(1_200),
    "wav without sound": sound("WAV", seconds=0),
}
