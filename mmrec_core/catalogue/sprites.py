"""Small game sprites made fit to be looked at: team markings recoloured, empty borders cut, pixels enlarged."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

_MARKING_HUES = (318.0, 337.0)
"""Degrees: the magenta that Wesnoth's artists paint what takes the player's colour at run time."""
_RED = np.array([200.0, 20.0, 20.0])
_AVERAGE_SHADE = 194.0
"""Mean of the palette's middle colour; the game interpolates to black below it and to white above it."""


def recolour_team(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Magenta markings of ``pixels`` (height, width, 4) in red, as the game's own recolouring does."""
    colours = pixels[..., :3].astype(np.float64)
    red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]
    spread = colours.max(-1) - colours.min(-1)
    hue = 360.0 - 60.0 * np.divide(blue - green, spread, out=np.zeros_like(spread), where=spread > 0)
    marked = (red >= blue) & (blue > green) & (spread > 8) & (hue > _MARKING_HUES[0]) & (hue < _MARKING_HUES[1])
    shade = colours.mean(-1, keepdims=True)
    darker = shade / _AVERAGE_SHADE * _RED
    lighter = _RED + (shade - _AVERAGE_SHADE) / (255.0 - _AVERAGE_SHADE) * (255.0 - _RED)
    repainted = np.where(shade <= _AVERAGE_SHADE, darker, lighter).clip(0, 255)
    result = pixels.copy()
    result[..., :3] = np.where(marked[..., None], repainted, colours).round().astype(np.uint8)
    return result


def enlarge(data: bytes, side: int = 320) -> bytes:
    """The sprite ``data`` (an image file) as PNG: recoloured, cut to what is drawn, enlarged without blur to about ``side``."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as opened:
        sprite = Image.fromarray(recolour_team(np.asarray(opened.convert("RGBA"))))
    box = sprite.getchannel("A").point(lambda alpha: 255 if alpha > 16 else 0).getbbox()
    sprite = sprite.crop(box) if box else sprite
    factor = max(1, side // max(sprite.size))
    sprite = sprite.resize((sprite.width * factor, sprite.height * factor), Image.Resampling.NEAREST)
    buffer = io.BytesIO()
    sprite.save(buffer, "PNG")
    return buffer.getvalue()
