"""The codec of sounds is a transform that loses nothing but by its codebooks; codes are laid out as in the library."""

from pathlib import Path

import numpy as np
import torch
from transformers import AutoTokenizer, EncodecModel

from models.bauklotz.lapped import fit_codebooks, lapped_codec
from models.bauklotz.recipes.sound import build_sound, delayed
from models.bauklotz.recipes.sound_codec import BOOKS, CODES, build_codec
from models.bauklotz.recipes.sound_text import build_reader, mean_read, say_sounds, teach_words
from models.bauklotz.recipes.tokenizer import write_tokenizer
from models.bauklotz.sound import training_sounds

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


def test_each_band_is_coded_for_itself_and_soft_sounds_like_loud_ones() -> None:
    codec = small(books=3, codes=64)
    bands = (0, 6, 12, HOP)
    generator = torch.Generator().manual_seed(2)
    tones = torch.sin(torch.arange(40 * HOP) * torch.linspace(0.1, 2.8, 24)[:, None])[:, None]
    sound = torch.cat([tones, 0.1 * tones])
    with torch.inference_mode():
        latent = codec.encoder(sound)
        fit_codebooks(codec, latent.transpose(1, 2).flatten(0, 1), bands=bands, generator=generator)
        codes = codec.encode(sound).audio_codes[0].transpose(0, 1)
        again = codec.quantizer.decode(codes)
        other = codes.clone()
        other[1] = 0
        low, high = slice(bands[0], bands[1]), slice(bands[2], bands[3])
        for kept in (low, high):
            assert torch.equal(codec.quantizer.decode(other)[:, kept], again[:, kept])
    lost = (again - latent).square().sum((1, 2)) / latent.square().sum((1, 2))
    for some in (slice(0, 24), slice(24, 48)):
        assert float(lost[some].mean()) < 0.3


def test_the_text_encoder_is_taught_what_captions_tell(tmp_path: Path) -> None:
    write_tokenizer(tmp_path, iter(say_sounds(training_sounds(0, 400), np.random.default_rng(0))[0]))
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    encoder = teach_words(tokenizer, steps=60)
    with torch.inference_mode():
        soft, softly, loud = mean_read(
            encoder, tokenizer, ["a soft sine tone on low C", "ein leiser Sinuston auf dem tiefen C", "a loud noise"]
        )
    near, far = torch.cosine_similarity(soft, softly, dim=0), torch.cosine_similarity(soft, loud, dim=0)
    assert near > far + 0.3


def test_codes_are_delayed_as_the_library_does_it() -> None:
    decoder = build_sound(build_codec(), build_reader(40)).decoder
    codes = torch.randint(CODES, (2, BOOKS, 8))
    begun = torch.cat([torch.full((2 * BOOKS, 1), CODES), codes.flatten(0, 1)], dim=1)
    _, pattern = decoder.build_delay_pattern_mask(begun, CODES, max_length=8 + BOOKS)
    assert torch.equal(delayed(codes).flatten(0, 1), pattern)
