"""A graph inside a PNG: read back as it was, without touching the picture."""

import contextlib
import io
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydantic import JsonValue

from graphs import Graph, GraphError, Limits
from graphs.png import embed, extract
from tests.graphs.documents import TEXTS, VALUES, examples, graphs

GRAPH = Graph.load({"format": "promptograph/1", "name": "Größe 😀", "nodes": {"a": {"type": "A"}}})
MANIFEST: dict[str, JsonValue] = {"digest": "abc", "versions": {"torch": "2"}, "seconds": 1.5}


def picture(info: PngInfo | None = None) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((16, 12), 90).convert("RGB").save(file, "PNG", pnginfo=info)
    return file.getvalue()


PICTURE = picture()


def pixels(png: bytes) -> bytes:
    with Image.open(io.BytesIO(png)) as image:
        return image.tobytes()


@given(graphs(), st.dictionaries(TEXTS, VALUES, max_size=2))
@examples(40)
def test_what_was_put_in_is_read_back(graph: Graph, manifest: dict[str, JsonValue]) -> None:
    assert extract(embed(PICTURE, graph, manifest)) == (graph, manifest)


def test_the_picture_keeps_its_pixels_and_every_chunk_of_its_own() -> None:
    info = PngInfo()
    info.add_text("Software", "somebody")
    png = picture(info)
    made = embed(png, GRAPH, MANIFEST)
    assert (pixels(made), len(made) > len(png)) == (pixels(png), True)
    start = made.index(b"IHDR") + 21
    texts = made.index(b"Software") - 8 - start
    assert made[:start] + made[start + texts :] == png


def test_pillow_reads_what_was_put_in() -> None:
    with Image.open(io.BytesIO(embed(PICTURE, GRAPH, MANIFEST))) as image:
        assert image.info["promptograph"] == GRAPH.dumps()


def test_embedding_again_replaces_the_graph() -> None:
    other = GRAPH.set({"a.x": 1})
    again = embed(embed(PICTURE, GRAPH, MANIFEST), other, {})
    assert (extract(again), again.count(b"promptograph-manifest")) == ((other, {}), 1)
    assert embed(again, GRAPH, MANIFEST) == embed(PICTURE, GRAPH, MANIFEST)


def test_a_picture_is_loaded_like_any_graph(tmp_path: Any) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(embed(PICTURE, GRAPH, MANIFEST))
    assert Graph.load(path) == Graph.load(path.read_bytes()) == GRAPH


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("international", [False, True])
def test_texts_that_other_programs_rewrote_are_read(packed: bool, international: bool) -> None:
    graph = GRAPH.model_copy(update={"name": "Größe"})
    info = PngInfo()
    if international:
        info.add_itxt("promptograph", graph.dumps(), zip=packed)
    else:
        info.add_text("promptograph", graph.dumps(), zip=packed)
    assert extract(picture(info)) == (graph, {})


def refusal(png: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(GraphError) as raised:
        extract(png, limits=limits or Limits())
    assert raised.value.problems[0].hint
    return raised.value.problems[0].message


def test_a_picture_without_a_graph_is_refused() -> None:
    assert refusal(PICTURE) == "the picture carries no graph"
    assert refusal(b"GIF89a") == "this is not a PNG"


def test_a_picture_cut_short_anywhere_is_refused() -> None:
    png = embed(PICTURE, GRAPH, MANIFEST)
    for length in range(len(png)):
        assert "PNG" in refusal(png[:length])


def test_a_flipped_bit_in_the_graph_is_refused() -> None:
    png = bytearray(embed(PICTURE, GRAPH, MANIFEST))
    png[png.index(b"nodes")] ^= 1
    assert refusal(bytes(png)) == "the PNG is damaged: a checksum of its texts is wrong"


def test_a_text_that_unpacks_to_too_much_is_refused() -> None:
    info = PngInfo()
    info.add_text("promptograph", " " * 10_000_000, zip=True)
    png = picture(info)
    assert refusal(png, Limits(bytes=1_000_000)) == "the document has 1,000,001 bytes"
    assert refusal(png, Limits(picture_bytes=len(png) - 1)) == f"the picture has {len(png):,} bytes"


def test_a_text_that_cannot_be_unpacked_is_refused() -> None:
    png = embed(PICTURE, GRAPH, MANIFEST)
    for packed, why in ((b"no zlib", "cannot be unpacked"), (zlib.compress(b"{}")[:-1], "is cut short")):
        body = b"zTXtpromptograph\0\0" + packed
        chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
        assert refusal(PICTURE[:33] + chunk + PICTURE[33:]) == f"the PNG is damaged: a text in it {why}"
    assert extract(png)


def test_a_manifest_that_is_not_json_is_refused() -> None:
    with pytest.raises(GraphError, match="nan is not a JSON number"):
        embed(PICTURE, GRAPH, {"x": float("nan")})
    with pytest.raises(GraphError, match="this is not a PNG"):
        embed(b"GIF89a", GRAPH, {})


@given(st.integers(0), st.binary(max_size=6), st.integers(0, 6))
@examples(100)
def test_any_bytes_give_a_graph_or_a_graph_error(at: int, put: bytes, cut: int) -> None:
    png = embed(PICTURE, GRAPH, MANIFEST)
    at %= len(png)
    with contextlib.suppress(GraphError):
        assert extract(png[:at] + put + png[at + cut :])
