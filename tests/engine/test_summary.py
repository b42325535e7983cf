"""A value summed up in a few numbers, for people who have no tensor library."""

import math
import struct
from typing import Any

import numpy as np
import pytest

from engine import Blob, Stored
from engine.codec import DTYPES
from engine.summary import array, summarize

NUMPY = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
         "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?"}  # fmt: skip


def blob(dtype: str, *values: float) -> Blob:
    return Blob(dtype, (len(values),), np.array(values).astype(NUMPY[dtype]).tobytes())


def facts(one: Blob) -> dict[str, Any]:
    summary = summarize(Stored("Thing", None, {"x": one}))
    found: dict[str, Any] = summary["tensors"]["x"]
    return found


def test_a_plain_value_is_its_own_summary() -> None:
    assert [summarize(Stored("int", value)) for value in (3, 2.5, True, None)] == [
        {"type": "int", "value": 3},
        {"type": "int", "value": 2.5},
        {"type": "int", "value": True},
        {"type": "int", "value": None},
    ]


def test_a_long_text_is_cut_and_long_fields_are_left_out() -> None:
    assert summarize(Stored("str", "x" * 200))["value"] == "x" * 200
    assert summarize(Stored("str", "x" * 201))["value"] == "x" * 200 + "..."
    assert summarize(Stored("Words", {"spans": [1, 2]}))["value"] == {"spans": [1, 2]}
    assert summarize(Stored("Words", {"spans": [0] * 500}))["value"] is None


@pytest.mark.parametrize("dtype", sorted(set(DTYPES) - {"BF16", "BOOL"}))
def test_a_tensor_is_summed_up_by_shape_and_moments(dtype: str) -> None:
    assert facts(blob(dtype, 1, 2, 3, 6)) == {
        "dtype": dtype, "shape": [4], "nan": 0, "inf": 0, "min": 1.0, "max": 6.0, "mean": 3.0,
        "std": pytest.approx(math.sqrt(3.5)),
    }  # fmt: skip


def test_flags_are_summed_up_as_ones_and_noughts() -> None:
    assert (facts(blob("BOOL", 1, 0, 1, 1))["mean"], facts(blob("BOOL", 1, 0))["min"]) == (0.75, 0.0)


def test_bfloat16_is_read_as_the_upper_half_of_a_float() -> None:
    values = [1.0, -2.5, 0.0, 3.0]
    data = b"".join(struct.pack("<f", value)[2:] for value in values)
    assert array(Blob("BF16", (2, 2), data)).tolist() == [[1.0, -2.5], [0.0, 3.0]]
    assert facts(Blob("BF16", (4,), data))["min"] == -2.5


def test_what_is_no_number_is_counted_and_left_out_of_the_moments() -> None:
    found = facts(blob("F32", 1, math.nan, 3, math.inf, -math.inf, math.nan))
    assert found == {
        "dtype": "F32", "shape": [6], "nan": 2, "inf": 2, "min": 1.0, "max": 3.0, "mean": 2.0, "std": 1.0,
    }  # fmt: skip


def test_a_tensor_without_any_number_has_no_moments() -> None:
    assert facts(Blob("F32", (0, 3), b"")) == {"dtype": "F32", "shape": [0, 3], "nan": 0, "inf": 0}
    assert facts(blob("F32", math.nan)) == {"dtype": "F32", "shape": [1], "nan": 1, "inf": 0}


def test_half_precision_does_not_overflow_in_its_moments() -> None:
    found = facts(blob("F16", *[60_000.0] * 100))
    assert (found["mean"], found["std"]) == (pytest.approx(60_000, rel=1e-3), 0.0)


def test_a_scalar_tensor_is_summed_up() -> None:
    assert facts(Blob("F32", (), struct.pack("<f", 2.5)))["mean"] == 2.5
