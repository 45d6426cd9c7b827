"""Catalogue pictures: bytes as found -> a small opaque picture, and the two fingerprints by which duplicates are known."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from mmrec_core.errors import LimitError, UnreadableError

LONGEST_SIDE = 512
RENDER_SIDE = 384
RENDER_LIMIT = 1024
PROBE_SIDE = 64
SMALLEST_SIDE = 32
MOST_PIXELS = 50_000_000
MARGIN = 0.04
JPEG_QUALITY = 88
DOTS_PER_INCH = 90.0  # what the drawing programs of these files took a point to be
COLOUR_GRID = 12
BLANK_SPREAD = 2.0


@dataclass(frozen=True)
class Picture:
    """A picture ready to be stored.

    Args:
        data: the encoded file.
        suffix: ``"jpg"`` or ``"png"``.
        shape_hash: 64-bit perceptual hash of the luminance.
        colours: mean sRGB of a 12 x 12 grid, row by row: 432 bytes.
    """

    data: bytes
    suffix: str
    shape_hash: int
    colours: bytes


def prepare_picture(data: bytes) -> Picture:
    """Decode, trim transparent margins, lay on white, shrink, encode. Metadata is dropped.

    Raises:
        UnreadableError: not a picture, blank, or too small to show anything.
        LimitError: more than 50 Mpx.
    """
    drawn = is_svg(data)
    layers = _render(data) if drawn else _decode(data)
    flat = _on_white(_trim(layers))
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    if max(flat.size) < SMALLEST_SIDE or min(flat.size) < SMALLEST_SIDE // 4:
        raise UnreadableError("picture too small")
    if np.asarray(flat.convert("L"), dtype=np.float32).std() < BLANK_SPREAD:
        raise UnreadableError("picture blank")
    encoded, suffix = _encode(flat, drawn)
    return Picture(encoded, suffix, shape_hash(flat), colour_grid(flat))


def is_svg(data: bytes) -> bool:
    """Whether the bytes are an SVG drawing."""
    return data[:2] != b"\x89P" and b"<svg" in data[:20_000]


def shape_hash(picture: Image.Image) -> int:
    """64-bit perceptual hash (signs of the low cosine coefficients of the luminance)."""
    import imagehash

    return int(str(imagehash.phash(picture)), 16)


def colour_grid(picture: Image.Image) -> bytes:
    """Mean colours of a 12 x 12 grid."""
    return picture.resize((COLOUR_GRID, COLOUR_GRID), Image.Resampling.BOX).tobytes()


def colour_distance(one: bytes, others: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean absolute difference (0 to 255) of one grid to each row of ``others`` (n, 432)."""
    reference = np.frombuffer(one, dtype=np.uint8).astype(np.float32)
    return np.abs(others.astype(np.float32) - reference).mean(axis=1)


def _decode(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data))
        if picture.width * picture.height > MOST_PIXELS:
            raise LimitError(
                "A picture", f"{picture.width * picture.height / 1e6:.0f} Mpx", "50 Mpx", "It is left out."
            )
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.load()
    except Image.DecompressionBombError as error:
        raise LimitError("A picture", "larger still", "50 Mpx", "It is left out.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnreadableError("picture unreadable") from error
    if upright.mode.startswith("I"):  # 16 bit: Pillow would clip to white instead of scaling
        upright = Image.fromarray((np.asarray(upright).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8))
    return upright.convert("RGBA")


def _render(data: bytes) -> Image.Image:
    """Draw an SVG so that what is drawn, not its page, is 384 px long: a small probe finds how much of the page it fills."""
    probe = _draw(data, PROBE_SIDE)
    box = probe.getbbox(alpha_only=True)
    if box is None:
        raise UnreadableError("picture blank")
    share = max(box[2] - box[0], box[3] - box[1]) / max(probe.size)
    return _draw(data, min(RENDER_LIMIT, round(RENDER_SIDE / share)))


def _draw(data: bytes, side: int) -> Image.Image:
    import resvg_py

    try:
        drawn = resvg_py.svg_to_bytes(
            svg_string=data.decode("utf-8", "replace"),
            width=side,
            height=side,
            dpi=DOTS_PER_INCH,
            skip_system_fonts=True,
        )
    except ValueError as error:
        raise UnreadableError("drawing unreadable") from error
    return Image.open(io.BytesIO(bytes(drawn))).convert("RGBA")


def _trim(picture: Image.Image) -> Image.Image:
    """Cut transparent margins down to 4% of the longer side."""
    box = picture.getbbox(alpha_only=True)
    if box is None:
        raise UnreadableError("picture blank")
    border = round(MARGIN * max(box[2] - box[0], box[3] - box[1]))
    left, top = max(box[0] - border, 0), max(box[1] - border, 0)
    right, bottom = min(box[2] + border, picture.width), min(box[3] + border, picture.height)
    return picture.crop((left, top, right, bottom))


def _on_white(picture: Image.Image) -> Image.Image:
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def _encode(picture: Image.Image, drawn: bool) -> tuple[bytes, str]:
    """JPEG; for a drawing PNG where that is no larger, since flat colour suffers from JPEG."""
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=JPEG_QUALITY)
    if drawn:
        png = io.BytesIO()
        picture.save(png, "PNG")
        if png.tell() <= jpeg.tell():
            return png.getvalue(), "png"
    return jpeg.getvalue(), "jpg"
