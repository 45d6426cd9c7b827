"""A decoded Pillow image of any mode -> a reduced RGB image in sRGB, on white."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms

_SIXTEEN_BIT = ("I;16", "I;16L", "I;16B", "I;16N")
_WIDE = ("I", "F")
_PROFILE_SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab "}
_WHITE = (255, 255, 255)


def to_srgb(image: Image.Image, max_side: int) -> Image.Image | None:
    """Reduce ``image`` to a longer side of ``max_side`` and convert it to sRGB; None where every pixel is transparent.

    Reducing comes first, so that every later copy is small. Transparent parts show white. An ICC profile is used where it is valid and
    belongs to the image's colours; otherwise the colours are taken as sRGB (or as Pillow's plain CMYK), as browsers do.
    """
    profile = image.info.get("icc_profile")
    plain = reduce_to(_simple_mode(image), max_side)
    colour, alpha = _split_alpha(plain)
    rgb = _through_profile(colour, profile) or _without_profile(colour)
    if alpha is None:
        return rgb
    if alpha.getbbox() is None:
        return None
    canvas = Image.new("RGB", rgb.size, _WHITE)
    canvas.paste(rgb, mask=alpha)
    return canvas


def reduce_to(image: Image.Image, max_side: int) -> Image.Image:
    """``image`` with a longer side of at most ``max_side``, aspect kept; anti-aliased."""
    longest = max(image.size)
    if longest <= max_side:
        return image
    width, height = (max(1, round(side * max_side / longest)) for side in image.size)
    return image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0)


def _simple_mode(image: Image.Image) -> Image.Image:
    """One of L, LA, RGB, RGBA, CMYK, LAB, YCbCr, with 8 bits a channel."""
    if image.mode in _SIXTEEN_BIT:
        return _from_sixteen_bit(image)
    if image.mode in _WIDE:
        return _from_wide(image)
    if image.mode in ("P", "PA", "RGBa", "La") or (image.has_transparency_data and image.mode in ("1", "L", "RGB")):
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("RGBX", "HSV"):
        return image.convert("RGB")
    return image


def _from_sixteen_bit(image: Image.Image) -> Image.Image:
    """0..65535 to 0..255, rounded. (``convert`` would clip everything above 255 to white.)"""
    values = np.asarray(image)
    rows = max(1, (1 << 20) // image.width)  # in slices: the wider sums of a 50-megapixel picture would take 200 MB
    levels = np.empty(values.shape, dtype=np.uint8)
    for top in range(0, len(values), rows):
        levels[top : top + rows] = (values[top : top + rows].astype(np.uint32) + 128) // 257
    return Image.fromarray(levels)


def _from_wide(image: Image.Image) -> Image.Image:
    """32-bit integers or floats have no agreed white: their own range is stretched to 0..255; non-finite shows black."""
    values = np.asarray(image)
    finite = np.isfinite(values)
    if not finite.any():
        return Image.new("L", image.size)
    low = float(values.min(where=finite, initial=np.inf)) if image.mode == "F" else float(values.min())
    high = float(values.max(where=finite, initial=-np.inf)) if image.mode == "F" else float(values.max())
    span = (high - low) or 1.0
    levels = np.zeros(values.shape, dtype=np.uint8)
    for row in range(len(values)):
        shares = (values[row].astype(np.float64) - low) / span * 255.0
        levels[row] = np.rint(np.nan_to_num(np.clip(shares, 0.0, 255.0), nan=0.0))
    return Image.fromarray(levels)


def _split_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    if image.mode not in ("LA", "RGBA"):
        return image, None
    return image.convert("L" if image.mode == "LA" else "RGB"), image.getchannel("A")


def _through_profile(image: Image.Image, profile: bytes | None) -> Image.Image | None:
    """``image`` converted by its ICC profile; None where there is none or it does not fit."""
    if not profile or image.mode not in _PROFILE_SPACES:
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space != _PROFILE_SPACES[image.mode]:
            return None
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):  # LittleCMS rejects the profile
        return None


def _without_profile(image: Image.Image) -> Image.Image:
    if image.mode != "LAB":
        return image.convert("RGB")
    lab = ImageCms.createProfile("LAB")
    rgb = ImageCms.profileToProfile(image, lab, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert rgb is not None  # noqa: S101  (None only for an in-place conversion)
    return rgb
