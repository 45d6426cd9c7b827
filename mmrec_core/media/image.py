"""Bytes of a picture file -> an upright sRGB array."""

from __future__ import annotations

import io
import re
import struct
import zlib

import numpy as np
from PIL import Image, UnidentifiedImageError

from mmrec_core.errors import LimitError, UnreadableError
from mmrec_core.media.colour import to_srgb
from mmrec_core.media.limits import LIMITS
from mmrec_core.media.refuse import IMAGES, check_size, damaged, shown_name, wrong_kind
from mmrec_core.media.sniff import sniff
from mmrec_core.media.strip import STRIPPERS, BadPartsError
from mmrec_core.types import ImageArray, told

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
_DAMAGE = (
    UnidentifiedImageError,  # no decoder takes the header
    OSError,  # truncated or broken stream; also every decoder's own error code
    SyntaxError,  # Pillow's plugins: the header is not what the format demands
    ValueError,  # sizes, modes and lengths that make no sense; BadPartsError
    struct.error,  # a header is cut
    IndexError,  # the same, where bytes are read one by one
    KeyError,  # a tag is missing or has an unknown value
    TypeError,  # a tag has another type or count than its meaning demands
    EOFError,  # no first frame
    zlib.error,  # a compressed chunk is broken
    OverflowError,  # a declared number does not fit
    RuntimeError,  # a decoder gave up; NotImplementedError for an exotic coding
    MemoryError,  # a decoder refused a declared size
)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture of each EXIF orientation upright."""


def decode_image(data: bytes, name: str = "image") -> ImageArray:
    """Decode a PNG, JPEG, WebP, GIF, BMP or TIFF file; the content decides which.

    The first frame or page is taken, turned upright, put on white where it is transparent, converted to sRGB
    (from CMYK, grey, palette, Lab; through the embedded ICC profile where that is valid) and reduced to a longer side of
    ``LIMITS.max_side``. No metadata survives.

    Args:
        data: the whole file.
        name: how messages call it, usually the file's name.

    Returns: uint8, shape (height, width, 3).
    Raises: LimitError for a file or a picture that is too large, too small or too thin; UnreadableError for
        anything that is not a whole picture of a known format, and for one that is transparent all over.
    """
    check_size(data, name)
    kind = sniff(data)
    if kind not in STRIPPERS:
        raise wrong_kind(data, name, IMAGES)
    image, orientation = _load(data, kind, name)
    picture = to_srgb(image, LIMITS.max_side)
    if picture is None:
        raise UnreadableError(
            told("{name} is transparent all over, so there is nothing to see. Choose another one.", name=name)
        )
    turn = _TRANSPOSE.get(orientation)
    return np.array(picture.transpose(turn) if turn is not None else picture, dtype=np.uint8)


def _load(data: bytes, kind: str, name: str) -> tuple[Image.Image, int]:
    """The decoded first picture in the file's own mode, and its orientation."""
    try:
        stripped = STRIPPERS[kind](data)
        # Pillow's own pixel limit is a global of the process and is left alone: it is above ours, and refuses too.
        image = Image.open(io.BytesIO(stripped.data), formats=_FORMATS)
        _check_shape(image.size, name)
        image.draft(None, _draft_size(image.size))
        image.load()
    except _BOMBS as bomb:
        pixels = re.search(r"\d+", str(bomb))
        raise _too_many_pixels(name, int(pixels.group()) if pixels else 0) from bomb
    except _DAMAGE as cause:
        remedy = told("Open it in a picture viewer and save it again as PNG or JPEG.")
        raise damaged(name, kind, _clause(cause), remedy) from cause
    return image, stripped.orientation


def _draft_size(size: tuple[int, int]) -> tuple[int, int]:
    """The least size a JPEG may be decoded at; its own size where it needs no reducing."""
    longest = max(size)
    if longest <= LIMITS.max_side:
        return size
    return (max(1, size[0] * LIMITS.draft_side // longest), max(1, size[1] * LIMITS.draft_side // longest))


def _check_shape(size: tuple[int, int], name: str) -> None:
    width, height = size
    shape = told("{width:,} × {height:,} pixels", width=width, height=height)
    if width * height > LIMITS.max_pixels:
        raise _too_many_pixels(name, width * height)
    if min(size) < LIMITS.min_side:
        least = told("at least {n} pixels on each side", n=LIMITS.min_side)
        raise LimitError(shown_name(name), shape, least, told("Choose a larger picture."))
    if max(size) > LIMITS.max_aspect * min(size):
        most = told("a longer side of {n:.0f} times the shorter", n=LIMITS.max_aspect)
        raise LimitError(shown_name(name), shape, most, told("Cut out the part that matters."))


def _too_many_pixels(name: str, pixels: int) -> LimitError:
    limit = told("{n:,.0f} megapixels", n=LIMITS.max_pixels / 1e6)
    measured = told("{n:,.0f} megapixels", n=pixels / 1e6)
    return LimitError(shown_name(name), measured, limit, told("Save it in a smaller size."))


def _clause(cause: BaseException) -> str:
    """A decoder's words in the words of people; the kind of error where it says nothing useful."""
    if isinstance(cause, BadPartsError):
        return cause.args[0]
    words = re.sub(r"\(.*", "", str(cause)).strip(". ")
    if isinstance(cause, UnidentifiedImageError):
        return told("its header is damaged")
    if isinstance(cause, IndexError | struct.error) or "truncated" in words.lower():
        return told("it is cut off")
    return words or type(cause).__name__
