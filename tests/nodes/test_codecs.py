"""Values are stored bit for bit, whatever their dtype."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.codec import DTYPES, pack, unpack
from engine.digest import digest_of
from nodes import CATALOG
from nodes.tensors import blob, tensor
from nodes.values import CFG, Codes, Conditioning, Gaussian, Guidance, Latent, Scaling


@pytest.mark.parametrize("dtype", sorted(DTYPES.values()))
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3, 5)])
def test_a_tensor_keeps_its_bits(dtype: str, shape: tuple[int, ...]) -> None:
    bits = torch.randint(0, 256, (*shape, getattr(torch, dtype).itemsize), dtype=torch.uint8)
    bits = bits % 2 if dtype == "bool" else bits
    given_ = bits.view(getattr(torch, dtype)).reshape(shape)
    again = tensor(blob(given_))
    assert (again.dtype, again.shape) == (given_.dtype, given_.shape)
    assert torch.equal(again.reshape(-1).view(torch.uint8), given_.reshape(-1).view(torch.uint8))


def test_a_tensor_is_stored_by_its_content_and_not_by_its_strides() -> None:
    whole = torch.randn(4, 6)
    assert bytes(blob(whole.T).data) == bytes(blob(whole.T.contiguous()).data)
    assert bytes(blob(whole[1:3]).data) == bytes(blob(whole[1:3].clone()).data)


def test_encoding_does_not_copy() -> None:
    held = torch.zeros(8)
    stored = blob(held)
    held[0] = 1.0
    assert bytes(stored.data) == bytes(blob(held).data)


def random(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.randn(*shape).to(dtype)


def conditioning(dtype: torch.dtype) -> Conditioning:
    return Conditioning(random(1, 7, 4, dtype=dtype), random(1, 4), random(1, 7, 4), random(1, 4), zero_empty=True)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
def test_values_with_tensors_come_back_whole(dtype: torch.dtype) -> None:
    gaussian = Gaussian(random(1, 4, 2, 2, dtype=dtype), random(1, 4, 2, 2), "a space", Scaling(0.5, (1.0,), (2.0,)))
    values: list[Any] = [
        conditioning(dtype),
        Guidance(CFG(conditioning(dtype), conditioning(torch.float32), 7.5, 0.3, 0.1, 0.9)),
        gaussian,
        Latent(random(1, 4, 2, 2, dtype=dtype), "a space", gaussian=gaussian),
        Latent(random(1, 4, 2, 2, dtype=dtype), "a space", blank=True),
        Codes(torch.arange(8).reshape(1, 2, 4), "a space"),
    ]
    for value in values:
        kind = CATALOG.codecs.kind(value)
        stored = kind.encode(value)
        again = kind.decode(unpack(pack(stored)))
        assert digest_of(kind.encode(again)) == digest_of(stored)
        assert _equal(again, value)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    if hasattr(one, "__dataclass_fields__"):
        return all(_equal(getattr(one, name), getattr(other, name)) for name in one.__dataclass_fields__)
    return bool(one == other)


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20))
def test_a_changed_field_is_another_digest(scale: float, space: str) -> None:
    positive = Conditioning(torch.ones(1, 1, 1), torch.ones(1, 1), torch.ones(1, 1, 1), torch.ones(1, 1))

    def digest(value: Any) -> str:
        return digest_of(CATALOG.codecs.encode(value))

    same = digest(Guidance(CFG(positive, positive, scale))) == digest(Guidance(CFG(positive, positive, 7.25)))
    assert same == (scale == 7.25)
    x = torch.ones(1, 1, 1, 1)
    assert (digest(Latent(x, space)) == digest(Latent(x, "a space"))) == (space == "a space")
    assert digest(Latent(x, space)) != digest(Latent(x, space, blank=True))
