"""Pictures and sounds as the catalogue stores them."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from mmrec_core.catalogue.pictures import colour_distance, prepare_picture, shape_hash
from mmrec_core.catalogue.sounds import prepare_sound
from mmrec_core.errors import LimitError, UnreadableError
from tests.unit.catalogue_helpers import picture, tone

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}">{body}</svg>'
DISC = '<circle cx="{x}" cy="{y}" r="{r}" fill="{colour}"/>'


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def test_a_transparent_picture_lies_on_white_and_is_trimmed():
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (100, 100, 200, 300))
    found = prepare_picture(encoded(image, "PNG"))
    shown = pixels(found.data)
    assert found.suffix == "jpg" and shown.shape == (216, 116, 3)  # 4% of 200 px around
    assert shown[2, 2].min() > 245 and shown[108, 58, 0] > 245 and shown[108, 58, 1] < 10


def test_a_large_picture_shrinks_and_loses_its_metadata():
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6  # turned: width and height change places
    found = prepare_picture(encoded(Image.open(io.BytesIO(picture(1, (1200, 600)))), "JPEG", exif=exif))
    stored = Image.open(io.BytesIO(found.data))
    assert stored.size == (256, 512) and not stored.getexif() and b"taken at home" not in found.data


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "I;16", "1", "LA"])
def test_any_mode_becomes_rgb(mode):
    source = Image.open(io.BytesIO(picture(2)))
    image = (
        Image.fromarray(np.asarray(source.convert("L")).astype(np.uint16) * 257)
        if mode == "I;16"
        else source.convert(mode)
    )
    found = prepare_picture(encoded(image, "TIFF"))
    assert pixels(found.data).shape[2] == 3


def test_a_drawing_is_drawn_large_however_small_on_its_page():
    body = DISC.format(x=30, y=30, r=20, colour="blue")
    found = prepare_picture(SVG.format(w="210mm", h="297mm", body=body).encode())
    shown = pixels(found.data)
    assert max(shown.shape) >= 40 and (shown[..., 2] - shown[..., 0].astype(int) > 100).mean() > 0.5


def test_a_drawing_measured_in_points_is_drawn():
    found = prepare_picture(
        SVG.format(w="100pt", h="100pt", body=DISC.format(x=60, y=60, r=50, colour="green")).encode()
    )
    assert max(pixels(found.data).shape) > 300


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "unreadable"),
        (b"\x89PNG\r\n\x1a\nbroken", "unreadable"),
        (picture(3)[:300], "unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>never closed", "drawing unreadable"),
        (SVG.format(w=50, h=50, body="").encode(), "blank"),
        (encoded(Image.new("RGBA", (90, 90)), "PNG"), "blank"),
        (encoded(Image.new("RGB", (90, 90), "grey"), "PNG"), "blank"),
        (encoded(Image.effect_noise((16, 16), 90), "PNG"), "too small"),
    ],
)
def test_what_shows_nothing_is_refused(data, reason):
    with pytest.raises(UnreadableError, match=reason):
        prepare_picture(data)


def test_a_bomb_is_refused_before_it_is_decoded():
    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    with pytest.raises((LimitError, UnreadableError)):
        prepare_picture(b"\x89PNG\r\n\x1a\n" + chunk + b"\x00\x00\x00\x00IDAT\x35\xaf\x06\x1e")


def test_fingerprints_know_a_copy_and_tell_colours_apart():
    one, other = prepare_picture(picture(5, (300, 300))), prepare_picture(picture(6, (300, 300)))
    copy = prepare_picture(
        encoded(Image.open(io.BytesIO(picture(5, (300, 300)))).resize((150, 150)), "JPEG", quality=60)
    )
    assert (one.shape_hash ^ copy.shape_hash).bit_count() <= 4 < (one.shape_hash ^ other.shape_hash).bit_count()
    grids = np.stack([np.frombuffer(p.colours, dtype=np.uint8) for p in (one, copy, other)])
    near, nearer, far = colour_distance(one.colours, grids)
    assert near == 0 and nearer < 6 and far > 30


def test_the_shape_hash_is_64_bit():
    assert 0 < shape_hash(Image.open(io.BytesIO(picture(7)))) < 2**64


@pytest.mark.parametrize(("kind", "suffix"), [("WAV", "wav"), ("FLAC", "flac"), ("OGG", "ogg"), ("MP3", "mp3")])
def test_a_sound_is_kept_as_it_is(kind, suffix):
    data = tone(kind=kind)
    found = prepare_sound(data)
    assert (found.data, found.suffix) == (data, suffix)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "unreadable"),
        (b"OggS and no more", "unreadable"),
        (tone(seconds=0.04), "too short"),
        (tone(loudness=0.0), "silent"),
        (tone(loudness=0.0005), "silent"),
        (tone(kind="AIFF"), "another format"),
    ],
)
def test_what_cannot_be_heard_is_refused(data, reason):
    with pytest.raises(UnreadableError, match=reason):
        prepare_sound(data)
