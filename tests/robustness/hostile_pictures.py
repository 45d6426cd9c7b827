"""Hostile picture files, made in code. Each function returns the bytes of one file."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

from tests.robustness.making import (
    Cases,
    app,
    chunk,
    deflated_zeros,
    exif_that_repeats_itself,
    jpeg_with,
    photo,
    png_of,
    png_with,
    saved,
)

CASES = Cases()


@CASES("refused")
def empty() -> bytes:
    return b""


@CASES("refused")
def one_byte() -> bytes:
    return b"\x89"


@CASES("refused")
def random_bytes() -> bytes:
    return np.random.default_rng(9).bytes(100_000)


@CASES("refused")
def png_truncated() -> bytes:
    return saved(photo(), "PNG")[:-400]


@CASES("refused")
def png_cut_in_header() -> bytes:
    return saved(photo(), "PNG")[:20]


@CASES("refused")
def jpeg_truncated() -> bytes:
    whole = saved(photo(400, 300), "JPEG")
    return whole[: len(whole) // 2]


@CASES("refused")
def jpeg_cut_in_header() -> bytes:
    return saved(photo(), "JPEG")[:30]


@CASES("refused")
def webp_truncated() -> bytes:
    whole = saved(photo(400, 300), "WEBP")
    return whole[: len(whole) // 2]


@CASES("refused")
def gif_truncated() -> bytes:
    whole = saved(photo(400, 300), "GIF")
    return whole[: len(whole) // 2]


@CASES("refused")
def bmp_truncated() -> bytes:
    return saved(photo(), "BMP")[:3_000]


@CASES("refused")
def png_broken_checksum() -> bytes:
    whole = bytearray(saved(photo(), "PNG"))
    whole[60] ^= 0xFF
    return bytes(whole)


@CASES("refused")
def png_bomb() -> bytes:
    return png_of(50_000, 50_000, deflated_zeros(2_500 << 20))


@CASES("refused")
def png_just_above_the_limit() -> bytes:
    return png_of(10_000, 8_000, b"")


@CASES("decodes")
def png_large_but_allowed() -> bytes:
    return png_of(8_000, 6_200, deflated_zeros(48 << 20))


@CASES("refused")
def png_of_nothing_but_a_size() -> bytes:
    return png_of(7_000, 7_000, b"")


@CASES("refused")
def bmp_bomb() -> bytes:
    return (
        b"BM" + struct.pack("<IHHI", 100, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 60_000, 60_000, 1, 24, *[0] * 6)
    )


@CASES("refused")
def gif_bomb() -> bytes:
    return b"GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x02D\x01\x00;"


@CASES("refused")
def gif_frame_larger_than_its_screen() -> bytes:
    return b"GIF89a\x10\x00\x10\x00\x00\x00\x00,\x00\x00\x00\x00\x40\x1f\x40\x1f\x00\x02\x02D\x01\x00;"


@CASES("refused")
def webp_bomb() -> bytes:
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x00" * 4 + b"\xff\xff\xff" * 2
    return b"RIFF" + struct.pack("<I", len(body)) + body


@CASES("decodes")
def png_40_mb_comment() -> bytes:
    return png_with(chunk(b"iTXt", b"Comment\x00\x00\x00\x00\x00" + bytes(40_000_000)))


@CASES("decodes")
def png_comment_that_inflates_to_2_gb() -> bytes:
    return png_with(chunk(b"zTXt", b"Comment\x00\x00" + deflated_zeros(2_000 << 20)))


@CASES("refused")
def png_of_two_million_chunks() -> bytes:
    return png_with(chunk(b"tEXt", b"a\x00") * 2_000_000)


@CASES("decodes")
def jpeg_40_mb_exif() -> bytes:
    return jpeg_with(*[app(0xE1, b"Exif\x00\x00" + bytes(65_000))] * 615)


@CASES("decodes")
def jpeg_exif_that_repeats_itself() -> bytes:
    return jpeg_with(app(0xE1, exif_that_repeats_itself()[:65_533]))


@CASES("decodes")
def jpeg_15_mb_icc() -> bytes:
    return jpeg_with(*[app(0xE2, b"ICC_PROFILE\x00" + bytes([i, 250]) + bytes(60_000)) for i in range(1, 251)])


@CASES("refused")
def jpeg_of_five_million_comments() -> bytes:
    return jpeg_with(app(0xFE, b"") * 5_000_000)


@CASES("refused")
def jpeg_of_two_thousand_scans() -> bytes:
    """A progressive picture whose last scan is repeated; each passes over all of its 36 million pixels."""
    whole = saved(Image.new("L", (6_000, 6_000)), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * 2_000 + whole[-2:]


@CASES("decodes")
def jpeg_with_rubbish_behind() -> bytes:
    return saved(photo(), "JPEG") + np.random.default_rng(2).bytes(300_000)


@CASES("decodes")
def gif_40_mb_comment() -> bytes:
    whole = saved(photo(), "GIF")
    screen = 13 + (3 << ((whole[10] & 7) + 1))
    return whole[:screen] + b"!\xfe" + (b"\xff" + b"A" * 255) * 156_000 + b"\x00" + whole[screen:]


@CASES("refused")
def bmp_of_endless_runs() -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, 7_000, 7_000, 1, 8, 1, 0, 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 1_078) + header + bytes(1_024) + b"\x00\x00" * 20_000_000


@CASES("decodes")
def png_malformed_icc() -> bytes:
    return png_with(chunk(b"iCCP", b"x\x00\x00" + zlib.compress(b"not a profile" * 20)))


@CASES("decodes")
def jpeg_icc_of_another_colour_space() -> bytes:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    return saved(photo(), "JPEG", icc_profile=profile)


@CASES("decodes")
def jpeg_cmyk() -> bytes:
    return saved(photo(mode="CMYK"), "JPEG")


@CASES("decodes")
def gif_animated() -> bytes:
    return saved(photo(), "GIF", save_all=True, append_images=[photo(96, 64, "L")] * 5)


@CASES("decodes")
def webp_animated() -> bytes:
    return saved(photo(), "WEBP", save_all=True, append_images=[photo(96, 64, "L").convert("RGB")] * 3)


@CASES("decodes")
def png_animated() -> bytes:
    return saved(photo(), "PNG", save_all=True, append_images=[photo(96, 64, "L").convert("RGB")] * 3)


@CASES("refused")
def svg_with_script() -> bytes:
    return b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@CASES("refused")
def svg_billion_laughs() -> bytes:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY l0 "ha">{laughs}]><svg>&l9;</svg>'.encode()


@CASES("refused")
def html() -> bytes:
    return b"<!DOCTYPE html><html><body><img src=x onerror=alert(1)></body></html>"


@CASES("refused")
def pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript >> >> endobj"


@CASES("refused")
def program() -> bytes:
    return b"\x7fELF\x02\x01\x01" + bytes(500)


@CASES("refused")
def postscript() -> bytes:
    return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n(/etc/passwd) (r) file\n"


@CASES("refused")
def zip_bomb() -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(50_000_000))
    return out.getvalue()


@CASES("refused")
def sound_as_picture() -> bytes:
    return b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40)


@CASES("decodes")
def picture_and_zip_in_one() -> bytes:
    return saved(photo(), "GIF") + zip_bomb()


@CASES("decodes")
def picture_and_page_in_one() -> bytes:
    return jpeg_with(app(0xFE, b"<html><script>alert(1)</script></html>"))


@CASES("refused")
def picture_1x1() -> bytes:
    return saved(photo(1, 1), "PNG")


@CASES("refused")
def picture_1x40000() -> bytes:
    return saved(Image.new("RGB", (1, 40_000)), "PNG")


@CASES("refused")
def picture_40000x10() -> bytes:
    return saved(Image.new("RGB", (40_000, 10)), "PNG")


@CASES("refused")
def png_no_pixels() -> bytes:
    return png_of(0, 0, b"")


@CASES("decodes")
def jpeg_with_gps() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "SECRETCAMERA"
    return saved(photo(), "JPEG", exif=exif)
