"""BMP has no metadata; only its run-length coding needs a guard."""

from __future__ import annotations

from mmrec_core.media.strip.parts import BadPartsError, Stripped
from mmrec_core.types import told

_RUN_LENGTH = (1, 2)
_MAX_RUN_LENGTH_BYTES = 2_000_000


def strip(data: bytes) -> Stripped:
    """The file as it is; a run-length coded one is decoded in Python, run by run, so that its size is limited."""
    compression = int.from_bytes(data[30:34], "little")
    if compression in _RUN_LENGTH and int.from_bytes(data[14:18], "little") >= 40 and len(data) > _MAX_RUN_LENGTH_BYTES:
        raise BadPartsError(
            told("it is run-length coded and {mb:.1f} MB large, where the limit is 2 MB", mb=len(data) / 1e6)
        )
    return Stripped(data)
