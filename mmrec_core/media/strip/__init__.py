"""A picture file -> the same file with only what decoding its first picture needs.

Metadata (EXIF, GPS, comments, XMP, thumbnails, further frames and pages) never reaches a decoder: it is private,
it is where decoders are attacked (a 40 MB comment that is joined piece by piece, tags that all point at the same
40 MB), and it is not looked at. The one thing read from it is the orientation.
"""

from __future__ import annotations

from collections.abc import Callable

from mmrec_core.media.strip import bmp, gif, jpeg, png, tiff, webp
from mmrec_core.media.strip.parts import BadPartsError, Stripped

__all__ = ["STRIPPERS", "BadPartsError", "Stripped"]

STRIPPERS: dict[str, Callable[[bytes], Stripped]] = {
    "PNG image": png.strip,
    "JPEG image": jpeg.strip,
    "GIF image": gif.strip,
    "TIFF image": tiff.strip,
    "WebP image": webp.strip,
    "BMP image": bmp.strip,
}
"""By the name that ``sniff`` gives. Each may raise BadPartsError, IndexError or struct.error on a damaged file."""
