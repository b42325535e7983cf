"""Pictures in and out: assets, sizes, autoencoders, files."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import PIL.Image
import pytest
import torch

from engine.codec import Stored, unpack
from engine.errors import InputError
from engine.files import Files
from engine.run import Run
from nodes import CATALOG, image, latent, vae, views, vqgan
from nodes.load import Loaded
from nodes.values import Codes, Image, Latent, Mask


@pytest.fixture
def bring(files: Files, tmp_path: Path) -> Callable[[bytes], str]:
    def brought(content: bytes) -> str:
        (tmp_path / "file").write_bytes(content)
        return files.bring(tmp_path / "file")

    return brought


def encoded(picture: PIL.Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def test_a_picture_is_read_as_it_is(run: Run, bring: Callable[[bytes], str]) -> None:
    drawn = PIL.Image.new("RGB", (3, 2), (255, 0, 51))
    read = image.load_image(bring(encoded(drawn, "PNG")), run=run)
    assert read.image.pixels.shape == (1, 3, 2, 3)
    assert read.image.pixels[0, :, 0, 0].tolist() == pytest.approx([1.0, 0.0, 0.2])
    assert torch.equal(read.mask.pixels, torch.ones(1, 1, 2, 3))


def test_a_turned_picture_is_set_upright(run: Run, bring: Callable[[bytes], str]) -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    turned = encoded(PIL.Image.new("RGB", (30, 20)), "JPEG", exif=exif)
    assert image.load_image(bring(turned), run=run).image.pixels.shape == (1, 3, 30, 20)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_picture_is_refused(content: bytes, run: Run, bring: Callable[[bytes], str]) -> None:
    with pytest.raises(InputError, match="not a picture that can be read"):
        image.load_image(bring(content), run=run)


def test_a_picture_cut_short_is_refused(run: Run, bring: Callable[[bytes], str]) -> None:
    whole = encoded(PIL.Image.effect_noise((64, 64), 50).convert("RGB"), "PNG")
    with pytest.raises(InputError, match="not a picture that can be read"):
        image.load_image(bring(whole[: len(whole) // 2]), run=run)


def test_a_huge_picture_is_refused_before_it_is_unpacked(run: Run, bring: Callable[[bytes], str]) -> None:
    bomb = encoded(PIL.Image.new("1", (20_000, 8_000)), "PNG")
    with pytest.raises(InputError):
        image.load_image(bring(bomb), run=run)


def test_resizing_covers_or_stretches() -> None:
    wide = torch.zeros(1, 3, 8, 24)
    wide[..., 8:16] = 1.0
    assert image.resize_image(Image(wide), 8, 8).pixels.min() > 0.9  # only the middle is left
    stretched = image.resize_image(Image(wide), 8, 8, "stretch").pixels
    assert stretched.shape == (1, 3, 8, 8)
    assert stretched.min() < 0.1


def test_the_kl_autoencoder_gives_mean_and_spread(sd: Loaded, run: Run) -> None:
    picture = Image(torch.rand(2, 3, 16, 16))
    made = vae.vae_encode(picture, sd.autoencoder, run=run)
    with torch.inference_mode():
        theirs = run.load(sd.autoencoder).encode(2.0 * picture.pixels - 1.0).latent_dist
    assert torch.equal(made.gaussian.mean, theirs.mean)
    assert torch.equal(made.gaussian.spread, theirs.std)
    assert torch.equal(made.latent.tensor, 0.18215 * theirs.mean)
    drawn = latent.draw_latent(made.gaussian, 7)
    assert torch.equal(drawn.tensor, 0.18215 * theirs.sample(torch.Generator().manual_seed(7)))


def test_the_vqgan_equals_the_library_s(vq: Loaded, run: Run) -> None:
    picture = Image(torch.rand(1, 3, 16, 16))
    net = run.load(vq.autoencoder)
    made = vqgan.vqgan_encode(picture, vq.autoencoder, run=run)
    scaling = vq.autoencoder.scaling.factor
    with torch.inference_mode():
        z = net.encode(2.0 * picture.pixels - 1.0).latents
        both = (net.decode(made.latent.tensor / scaling, force_not_quantize=plain).sample for plain in (False, True))
        quantized, plain = ((each * 0.5 + 0.5).clamp(0, 1) for each in both)
    assert torch.equal(made.latent.tensor, scaling * z)
    assert torch.equal(vqgan.vqgan_decode(made.latent, vq.autoencoder, run=run).pixels, quantized)
    assert torch.equal(vqgan.vqgan_decode(made.latent, vq.autoencoder, quantize=False, run=run).pixels, plain)
    assert torch.equal(vae.vae_decode(made.latent, vq.autoencoder, run=run).pixels, plain)
    assert torch.equal(vae.vae_encode(picture, vq.autoencoder, run=run).latent.tensor, made.latent.tensor)


def test_codes_and_latents_of_a_vqgan_mean_the_same(vq: Loaded, run: Run) -> None:
    made = vqgan.vqgan_encode(Image(torch.rand(2, 3, 16, 16)), vq.autoencoder, run=run)
    assert made.codes.indices.shape == (2, 8, 8)
    looked_up = vqgan.vqgan_lookup(made.codes, vq.autoencoder, run=run)
    # the library's straight-through estimator adds and subtracts the latent: equal up to rounding
    quantized = vqgan.vqgan_decode(made.latent, vq.autoencoder, run=run).pixels
    plain = vqgan.vqgan_decode(looked_up, vq.autoencoder, quantize=False, run=run).pixels
    assert torch.allclose(quantized, plain, atol=1e-5)


def test_the_wrong_autoencoder_is_refused_with_the_right_one(sd: Loaded, vq: Loaded, run: Run) -> None:
    picture = Image(torch.rand(1, 3, 16, 16))
    blank = latent.empty_latent(sd.denoiser)
    with pytest.raises(InputError, match="use VAEDecode"):
        vqgan.vqgan_decode(blank, sd.autoencoder, run=run)
    with pytest.raises(InputError, match="use VAEEncode"):
        vqgan.vqgan_encode(picture, sd.autoencoder, run=run)
    other = replace(sd.autoencoder, space="another")
    with pytest.raises(InputError, match="the autoencoder reads another"):
        vae.vae_decode(blank, other, run=run)
    with pytest.raises(InputError, match="another codebook"):
        vqgan.vqgan_lookup(Codes(torch.tensor([[[64]]]), vq.autoencoder.space), vq.autoencoder, run=run)


def test_sides_that_do_not_fit_are_refused_with_what_fits(sd: Loaded, run: Run) -> None:
    with pytest.raises(InputError, match=r"17 x 16 pixels is no multiple of 2; resize it to 16 x 16"):
        vae.vae_encode(Image(torch.rand(1, 3, 16, 17)), sd.autoencoder, run=run)
    with pytest.raises(InputError, match=r"a width of 13 is no multiple of 2; take 12"):
        latent.empty_latent(sd.denoiser, width=13)


def test_a_blank_latent_has_the_model_s_own_size(sd: Loaded) -> None:
    assert latent.empty_latent(sd.denoiser).tensor.shape == (1, 4, 8, 8)
    assert latent.empty_latent(sd.denoiser, 24, 32, 3).tensor.shape == (3, 4, 16, 12)


def stored(value: object) -> Stored:
    return CATALOG.codecs.encode(value)


def test_pictures_become_png_files_of_the_same_pixels() -> None:
    pixels = torch.randint(0, 256, (2, 3, 5, 7)).float() / 255
    made = list(views.files(stored(Image(pixels))))
    assert [file.suffix for file in made] == [".png", ".png"]
    assert made[0].media_type == "image/png"
    for file, picture in zip(made, pixels, strict=True):
        read = torch.frombuffer(bytearray(PIL.Image.open(BytesIO(file.data)).tobytes()), dtype=torch.uint8)
        assert torch.equal(read.reshape(5, 7, 3).permute(2, 0, 1).float() / 255, picture)


def test_values_between_two_levels_are_rounded_to_the_nearer() -> None:
    (file,) = views.files(stored(Image(torch.full((1, 3, 1, 1), 10.6 / 255))))
    assert PIL.Image.open(BytesIO(file.data)).getpixel((0, 0)) == (11, 11, 11)


def test_other_values_become_the_files_that_people_open(sd: Loaded) -> None:
    def only(value: object) -> tuple[str, bytes]:
        (file,) = views.files(stored(value))
        return file.suffix, file.data

    assert only("ein roter Kreis – so") == (".txt", "ein roter Kreis – so".encode())
    assert only(3) == (".json", b"3\n")
    assert only(sd.defaults)[0] == ".json"
    (mask,) = views.files(stored(Mask(torch.ones(1, 1, 4, 6))))
    assert PIL.Image.open(BytesIO(mask.data)).size == (6, 4)
    suffix, data = only(Latent(torch.zeros(1, 4, 2, 2), "space"))
    assert suffix == ".safetensors"
    assert unpack(data).type == "Latent"
