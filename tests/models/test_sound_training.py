"""The codebooks of sounds are trained as the library reads them, and codes are laid out as it writes them."""

import torch
from transformers import EncodecModel

from models.bauklotz.recipes.sound import build_sound, delayed
from models.bauklotz.recipes.sound_codec import BOOKS, CODES, build_codec
from models.bauklotz.residual import quantise


def trained() -> EncodecModel:
    torch.manual_seed(0)
    codec = build_codec().eval()
    sound = torch.rand(4, 1, 1600) - 0.5
    with torch.no_grad():
        quantise(codec, codec.encoder(sound), generator=torch.Generator().manual_seed(1))
    return codec


def test_a_trained_codebook_is_that_of_the_library() -> None:
    codec = trained()
    sound = torch.rand(1, 1, 1600, generator=torch.Generator().manual_seed(2)) - 0.5
    with torch.no_grad():
        latent = codec.encoder(sound)
        codes = codec.encode(sound).audio_codes
        expected = codec.quantizer.decode(codes[0].transpose(0, 1))
        found, _ = quantise(codec, latent, generator=torch.Generator())
    assert len(codes.unique()) > 4
    assert float((found - expected).abs().max()) < 0.5 * float((latent - expected).abs().max())


def test_the_gradient_passes_straight_through() -> None:
    codec = trained()
    latent = torch.randn(1, 64, 5, requires_grad=True)
    found, apart = quantise(codec, latent, generator=torch.Generator().manual_seed(3))
    found.sum().backward(retain_graph=True)  # type: ignore[no-untyped-call]
    assert latent.grad is not None
    assert torch.equal(latent.grad, torch.ones_like(latent))
    assert float(apart.detach()) > 0


def test_codes_are_delayed_as_the_library_does_it() -> None:
    decoder = build_sound(build_codec(), words=40).decoder
    codes = torch.randint(CODES, (2, BOOKS, 6))
    begun = torch.cat([torch.full((2 * BOOKS, 1), CODES), codes.flatten(0, 1)], dim=1)
    _, pattern = decoder.build_delay_pattern_mask(begun, CODES, max_length=6 + BOOKS)
    assert torch.equal(delayed(codes).flatten(0, 1), pattern)
