"""Pictures: colours, orientation, transparency, depth, profiles, sizes."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from mmrec_core.errors import LimitError, UnreadableError
from mmrec_core.media.encode import encode_jpeg
from mmrec_core.media.image import decode_image
from mmrec_core.media.limits import LIMITS
from mmrec_core.media.strip.orientation import orientation
from tests.robustness.making import chunk, png_of, saved

COLOURS = {"red": (220, 30, 40), "green": (20, 160, 60), "blue": (30, 60, 200), "grey": (128, 128, 128)}


def flags() -> Image.Image:
    """Four patches of 16 x 24 side by side."""
    patches = [np.full((24, 16, 3), colour, np.uint8) for colour in COLOURS.values()]
    return Image.fromarray(np.concatenate(patches, axis=1))


def patch_colours(image: np.ndarray) -> np.ndarray:
    return np.stack([image[8:16, 16 * i + 4 : 16 * i + 12].mean(axis=(0, 1)) for i in range(len(COLOURS))])


WANTED = np.array(list(COLOURS.values()), float)


@pytest.mark.parametrize(
    ("form", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("BMP", {}, 0),
        ("GIF", {}, 3),
        ("TIFF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("TIFF", {"compression": "tiff_adobe_deflate"}, 0),
        ("TIFF", {"compression": "jpeg"}, 6),
        ("WEBP", {"lossless": True}, 0),
        ("WEBP", {"quality": 95}, 8),
        ("JPEG", {"quality": 95}, 4),
        ("JPEG", {"quality": 95, "progressive": True}, 4),
    ],
)
def test_colours_of_every_format(form: str, options: dict, tolerance: float) -> None:
    image = decode_image(saved(flags(), form, **options))
    assert image.shape == (24, 64, 3)
    assert image.dtype == np.uint8
    assert np.abs(patch_colours(image) - WANTED).max() <= tolerance


@pytest.mark.parametrize("form", ["PNG", "GIF", "TIFF", "BMP"])
def test_palette(form: str) -> None:
    image = decode_image(saved(flags().quantize(16), form))
    assert np.abs(patch_colours(image) - WANTED).max() <= 3


@pytest.mark.parametrize(("mode", "form"), [("L", "PNG"), ("L", "JPEG"), ("1", "PNG"), ("1", "TIFF"), ("LA", "PNG")])
def test_grey(mode: str, form: str) -> None:
    source = Image.new("L", (16, 16), 255 if mode == "1" else 90).convert(mode)
    image = decode_image(saved(source, form))
    assert np.abs(image.astype(int) - (255 if mode == "1" else 90)).max() <= 1


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile_has_the_colours_of_its_inks(form: str) -> None:
    image = decode_image(saved(flags().convert("CMYK"), form))
    assert np.abs(patch_colours(image) - WANTED).max() <= 8


def test_lab_tiff() -> None:
    lab = ImageCms.profileToProfile(
        flags(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    image = decode_image(saved(lab, "TIFF"))
    assert np.abs(patch_colours(image) - WANTED).max() <= 8


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_scaled_not_clipped(form: str) -> None:
    ramp = np.tile(np.linspace(0, 65_535, 64).astype(np.uint16), (16, 1))
    image = decode_image(saved(Image.fromarray(ramp), form))
    assert np.abs(image[0, :, 0].astype(int) - np.rint(ramp[0] / 257).astype(int)).max() <= 1


def test_sixteen_bit_colour_png() -> None:
    row = b"\x00" + struct.pack(">3H", 56_540, 7_710, 10_280) * 16
    body = chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 16, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(row * 16))
    image = decode_image(b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b""))
    assert np.abs(image[3, 3].astype(int) - COLOURS["red"]).max() <= 1


@pytest.mark.parametrize(
    "values", [np.linspace(-3.0, 900.0, 256, dtype=np.float32), np.linspace(0, 2**30, 256).astype(np.int32)]
)
def test_wide_tiff_is_stretched_from_its_own_black_to_its_own_white(values: np.ndarray) -> None:
    image = decode_image(saved(Image.fromarray(np.tile(values, (16, 1))), "TIFF"))
    assert np.abs(image[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_not_a_number_shows_black() -> None:
    values = np.full((16, 16), np.nan, np.float32)
    assert decode_image(saved(Image.fromarray(values), "TIFF")).max() == 0


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
def test_transparent_parts_lie_on_white(form: str) -> None:
    source = Image.new("RGBA", (32, 16), (200, 0, 0, 255))
    source.paste((0, 0, 0, 0), (16, 0, 32, 16))
    source.paste((200, 0, 0, 128), (0, 0, 8, 16))
    image = decode_image(saved(source, form, **({"lossless": True} if form == "WEBP" else {}))).astype(int)
    assert np.abs(image[8, 12] - (200, 0, 0)).max() <= 1
    assert np.abs(image[8, 24] - 255).max() == 0
    assert np.abs(image[8, 4] - (227, 127, 127)).max() <= 2


@pytest.mark.parametrize("form", ["PNG", "GIF"])
def test_transparent_palette_entry(form: str) -> None:
    source = flags().quantize(16)
    image = decode_image(saved(source, form, transparency=source.getpixel((2, 2))))
    assert (image[12, 8] == 255).all()
    assert np.abs(image[12, 24].astype(int) - COLOURS["green"]).max() <= 3


def test_transparent_colour_of_png_without_alpha() -> None:
    image = decode_image(saved(flags(), "PNG", transparency=COLOURS["red"]))
    assert (image[12, 8] == 255).all()
    assert tuple(image[12, 24]) == COLOURS["green"]


# For each EXIF orientation: where in the stored picture its top left corner is seen, (right?, bottom?).
STORED_CORNER = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (0, 1), 7: (1, 1), 8: (1, 0)}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("value", range(1, 9))
def test_every_orientation_is_turned_upright(form: str, value: int) -> None:
    right, bottom = STORED_CORNER[value]
    stored = np.zeros((32, 64, 3), np.uint8)
    stored[16 * bottom : 16 * bottom + 16, 48 * right : 48 * right + 16] = (255, 0, 0)
    exif = Image.Exif()
    exif[0x0112] = value
    image = decode_image(saved(Image.fromarray(stored), form, exif=exif)).astype(int)
    assert image.shape == ((64, 32, 3) if value >= 5 else (32, 64, 3))
    assert image[4, 4, 0] > 200
    assert image[-5, -5, 0] < 60
    assert image[4, -5, 0] < 60


@pytest.mark.parametrize(
    "exif", [b"", b"Exif\x00\x00", b"II*\x00\xff\xff\xff\xff", b"MM\x00*\x00\x00\x00\x08\xff\xff", b"XX" + bytes(90)]
)
def test_a_damaged_exif_block_means_upright(exif: bytes) -> None:
    assert orientation(exif) == 1


def wide_profile() -> bytes:
    """A profile whose red and green are swapped: sRGB with the two primaries exchanged by their tags."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_an_embedded_profile_is_applied(form: str) -> None:
    options = {"lossless": True} if form == "WEBP" else {}
    image = decode_image(saved(flags(), form, icc_profile=wide_profile(), **options))
    swapped = WANTED[:, [1, 0, 2]]
    assert np.abs(patch_colours(image) - swapped).max() <= 12


def test_a_broken_profile_is_ignored() -> None:
    image = decode_image(saved(flags(), "PNG", icc_profile=b"no profile" * 30))
    assert np.abs(patch_colours(image) - WANTED).max() == 0


def test_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in COLOURS.values()]
    for form in ("GIF", "WEBP", "PNG", "TIFF"):
        options = {"lossless": True} if form == "WEBP" else {}
        image = decode_image(saved(frames[0], form, save_all=True, append_images=frames[1:], **options))
        assert np.abs(image[8, 8].astype(int) - COLOURS["red"]).max() <= 3, form


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_large_picture_is_reduced_and_keeps_its_shape(form: str) -> None:
    large = flags().resize((64 * 80, 24 * 80), Image.Resampling.NEAREST)
    image = decode_image(saved(large, form))
    height, width, _ = image.shape
    assert LIMITS.draft_side <= width <= LIMITS.max_side
    assert abs(width / height - 64 / 24) < 0.01
    centres = image[height // 2, [width * (2 * i + 1) // 8 for i in range(4)]]
    assert np.abs(centres.astype(int) - WANTED).max() <= 4


def test_a_transparent_edge_does_not_bleed_when_reduced() -> None:
    source = Image.new("RGBA", (4_000, 80), (255, 255, 255, 255))
    source.paste((0, 0, 0, 0), (2_000, 0, 4_000, 80))
    assert decode_image(saved(source, "PNG")).min() >= 254


def test_content_decides_not_the_name() -> None:
    assert decode_image(saved(flags(), "PNG"), "photo.jpg").shape == (24, 64, 3)


def test_a_jpeg_round_trip_is_close() -> None:
    image = np.array(flags())
    assert np.abs(patch_colours(decode_image(encode_jpeg(image, 95))) - WANTED).max() <= 4


def test_no_metadata_in_what_is_written() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    image = decode_image(saved(flags(), "JPEG", exif=exif))
    data = encode_jpeg(image)
    assert b"SECRETCAMERA" not in data
    assert not Image.open(io.BytesIO(data)).getexif()


def test_the_result_is_owned_and_writable() -> None:
    image = decode_image(saved(flags(), "PNG"))
    image[0, 0] = 7
    assert image.flags["C_CONTIGUOUS"]


def test_too_many_bytes_are_refused_first() -> None:
    with pytest.raises(LimitError, match=r"holiday\.png is 50\.0 MB; the limit is 50 MB"):
        decode_image(bytes(LIMITS.max_bytes + 1), "holiday.png")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='x'/>", "is an SVG drawing"),
        (b"%PDF-1.4", "is a PDF document"),
        (b"<!doctype html><p>", "is an HTML page"),
        (b"\x00\x00\x00\x1cftypheic", "is a HEIC image"),
        (b"hello", "is a text file"),
        (bytes(40), "is of no known type"),
    ],
)
def test_another_kind_of_file_is_named(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=words) as refusal:
        decode_image(data, "x.png")
    assert "PNG, JPEG, WebP, GIF, BMP and TIFF" in str(refusal.value)


def test_pixels_are_counted_before_decoding() -> None:
    with pytest.raises(LimitError, match="is 80 megapixels; the limit is 50 megapixels"):
        decode_image(png_of(10_000, 8_000, b""))


def test_a_tiny_or_thin_picture_is_refused() -> None:
    with pytest.raises(LimitError, match="is 7 × 20 pixels"):
        decode_image(saved(Image.new("RGB", (7, 20)), "PNG"))
    with pytest.raises(LimitError, match="50 times"):
        decode_image(saved(Image.new("RGB", (8, 401)), "PNG"))
    assert decode_image(saved(Image.new("RGB", (8, 400)), "PNG")).shape == (400, 8, 3)


def test_a_hostile_name_is_made_fit_to_show() -> None:
    with pytest.raises(UnreadableError) as refusal:
        decode_image(b"", "\u202egnp.exe\n\x00" + "a" * 5_000)
    assert len(str(refusal.value)) < 200
    assert str(refusal.value).isprintable()


def test_a_picture_that_is_transparent_all_over_is_refused() -> None:
    clear = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    with pytest.raises(UnreadableError, match="transparent all over"):
        decode_image(saved(clear, "PNG"))
    clear.putpixel((3, 3), (255, 0, 0, 255))
    assert decode_image(saved(clear, "PNG"))[3, 3].tolist() == [255, 0, 0]
