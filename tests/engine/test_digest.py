"""Equal content has one digest, and different content another, on every machine."""

import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Blob, Stored
from engine.codec import DTYPES, canonical, pack, unpack
from engine.digest import digest_of, digest_of_file, digest_of_json
from tests.graphs.documents import VALUES, examples

VALUE = Stored(
    "Latent", {"scale": 0.18215, "family": "sd"}, {"x": Blob("F32", (2, 1), b"12345678"), "m": Blob("U8", (1,), b"1")}
)


def test_a_digest_is_the_same_on_every_machine_and_in_every_version() -> None:
    assert digest_of(Stored("int", 1)) == "d09415233320100bf34885466c54522dcf6dcb71bc397884cd0463db7591e7d1"
    assert (
        digest_of_json({"b": 1, "a": [True, None, 1.5, "ä"]})
        == "352c7c6df45062af623657fc19f330f79b3498263808f738dd50b2db097b7682"
    )
    assert digest_of(VALUE) == "2e0620127433aa0784f50cdb6265a79fd6d7c2cbebd6276efe8b90964d70dd94"


def test_the_order_of_fields_and_of_tensors_does_not_matter() -> None:
    turned = Stored("Latent", {"family": "sd", "scale": 0.18215}, dict(reversed(list(VALUE.tensors.items()))))
    assert digest_of(turned) == digest_of(VALUE)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_the_container_of_the_bytes_does_not_matter(kind: Any) -> None:
    same = Stored(
        VALUE.type, VALUE.fields, {name: Blob(b.dtype, b.shape, kind(b.data)) for name, b in VALUE.tensors.items()}
    )
    assert digest_of(same) == digest_of(VALUE)


def _with(**tensors: Blob) -> Stored:
    return Stored(VALUE.type, VALUE.fields, tensors)


OTHERS = {
    "type": Stored("Image", VALUE.fields, VALUE.tensors),
    "field": Stored("Latent", {"scale": 0.18215, "family": "sdxl"}, VALUE.tensors),
    "no fields": Stored("Latent", None, VALUE.tensors),
    "no tensors": Stored("Latent", VALUE.fields),
    "dtype": _with(x=Blob("I32", (2, 1), b"12345678"), m=Blob("U8", (1,), b"1")),
    "shape": _with(x=Blob("F32", (1, 2), b"12345678"), m=Blob("U8", (1,), b"1")),
    "bytes": _with(x=Blob("F32", (2, 1), b"12345679"), m=Blob("U8", (1,), b"1")),
    "name": _with(y=Blob("F32", (2, 1), b"12345678"), m=Blob("U8", (1,), b"1")),
    "swapped names": _with(m=Blob("F32", (2, 1), b"12345678"), x=Blob("U8", (1,), b"1")),
    "bytes moved from one to the other": _with(x=Blob("F32", (2, 1), b"1234567"), m=Blob("U8", (1,), b"81")),
    "one more": _with(x=Blob("F32", (2, 1), b"12345678"), m=Blob("U8", (1,), b"1"), z=Blob("U8", (0,), b"")),
}


def test_any_difference_gives_another_digest() -> None:
    digests = {name: digest_of(other) for name, other in {"as it is": VALUE, **OTHERS}.items()}
    assert len(set(digests.values())) == len(digests)


def test_one_as_a_whole_number_a_number_a_flag_and_a_text_differ() -> None:
    assert (
        len({digest_of(Stored("x", value)) for value in (1, 1.0, True, "1", [1], None, 0, 0.0, -0.0, False, "")}) == 11
    )


@given(VALUES, VALUES)
@examples(200)
def test_canonical_json_is_equal_for_equal_values_and_only_for_those(one: Any, other: Any) -> None:
    assert (canonical(one) == canonical(other)) == (repr(_sorted(one)) == repr(_sorted(other)))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def test_what_is_no_number_cannot_be_digested() -> None:
    for number in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not JSON compliant"):
            digest_of_json([number])


BLOBS = st.sampled_from(sorted(DTYPES)).flatmap(
    lambda dtype: st.builds(
        lambda count: Blob(dtype, (count,), bytes(range(count)) * _width(dtype) if dtype != "BOOL" else b"\1" * count),
        st.integers(0, 9),
    )
)


def _width(dtype: str) -> int:
    return int("".join(filter(str.isdigit, dtype)) or 8) // 8


@given(VALUES, st.dictionaries(st.text(max_size=5).filter(lambda name: name != "__metadata__"), BLOBS, max_size=3))
@examples(150)
def test_a_value_that_was_packed_and_unpacked_has_the_same_digest(fields: Any, tensors: dict[str, Blob]) -> None:
    value = Stored("Thing", fields, tensors)
    assert unpack(pack(value)) == value
    assert digest_of(unpack(pack(value))) == digest_of(value)


@given(st.binary(max_size=200))
@examples(300)
def test_no_bytes_make_unpack_raise_anything_but_a_value_error(data: bytes) -> None:
    for damaged in (data, struct.pack("<Q", len(data)) + data, pack(VALUE)[:-9] + data):
        try:
            unpack(damaged)
        except ValueError as error:
            assert isinstance(error, ValueError)  # noqa: PT017 - any of its kinds will do


def test_the_digest_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    for name, data in (("empty", b""), ("small", b"x"), ("large", b"x" * 3_000_000)):
        (tmp_path / name).write_bytes(data)
    digests = [digest_of_file(tmp_path / name) for name in ("empty", "small", "large")]
    assert digests[0] == "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"  # of no bytes, as published
    assert len(set(digests)) == 3
    (tmp_path / "copy").write_bytes(b"x")
    assert digest_of_file(tmp_path / "copy") == digests[1]


def test_a_tensor_of_an_unknown_dtype_is_refused() -> None:
    with pytest.raises(ValueError, match="C64 is not a dtype that can be stored"):
        Blob("C64", (1,), b"12345678")
