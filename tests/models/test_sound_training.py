"""The codec of sounds is a transform that loses nothing but by its codebooks; codes are laid out as in the library."""

import torch
from transformers import EncodecModel

from models.bauklotz.lapped import fit_codebooks, lapped_codec
from models.bauklotz.recipes.sound import build_sound, delayed
from models.bauklotz.recipes.sound_codec import BOOKS, CODES, build_codec

HOP = 24
RATIOS = (3, 2, 4)


def small(*, books: int = 2, codes: int = 16) -> EncodecModel:
    return lapped_codec(RATIOS, rate=960, books=books, codes=codes, loudness=torch.linspace(1, 4, HOP))


def test_without_codebooks_it_gives_back_what_it_hears_one_frame_later() -> None:
    codec = small()
    sound = torch.rand(2, 1, 20 * HOP, generator=torch.Generator().manual_seed(1)) - 0.5
    with torch.inference_mode():
        again = codec.decoder(codec.encoder(sound))
    assert again.shape == sound.shape
    torch.testing.assert_close(again[..., HOP:], sound[..., :-HOP], atol=0.005, rtol=0)


def test_each_codebook_keeps_more_of_soft_sounds_and_of_loud_ones() -> None:
    codec = small(books=3, codes=64)
    generator = torch.Generator().manual_seed(2)
    tones = torch.sin(torch.arange(40 * HOP) * torch.linspace(0.1, 1.2, 12)[:, None])[:, None]
    sound = torch.cat([tones, 0.1 * tones])
    with torch.inference_mode():
        latent = codec.encoder(sound)
        fit_codebooks(codec, latent.transpose(1, 2).flatten(0, 1), generator=generator)
        codes = codec.encode(sound).audio_codes[0]
        lost = [
            (codec.quantizer.decode(codes[:, :books].transpose(0, 1)) - latent).square().sum((1, 2))
            / latent.square().sum((1, 2))
            for books in (1, 2, 3)
        ]
    for some in (slice(0, 12), slice(12, 24)):
        first, second, third = (float(each[some].mean()) for each in lost)
        assert third < second < first < 0.7


def test_codes_are_delayed_as_the_library_does_it() -> None:
    decoder = build_sound(build_codec(), words=40).decoder
    codes = torch.randint(CODES, (2, BOOKS, 8))
    begun = torch.cat([torch.full((2 * BOOKS, 1), CODES), codes.flatten(0, 1)], dim=1)
    _, pattern = decoder.build_delay_pattern_mask(begun, CODES, max_length=8 + BOOKS)
    assert torch.equal(delayed(codes).flatten(0, 1), pattern)
