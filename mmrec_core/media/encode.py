"""Arrays -> bytes that a browser plays or shows. The files carry no metadata."""

from __future__ import annotations

import io
import wave

import numpy as np
from PIL import Image

from mmrec_core.types import Audio, ImageArray


def encode_wav(audio: Audio) -> bytes:
    """A mono 16-bit PCM WAV file; samples outside [-1, 1] are clipped."""
    pcm = np.rint(np.clip(audio.samples, -1.0, 1.0) * 32767.0).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(audio.rate)
        file.writeframes(pcm.tobytes())
    return out.getvalue()


def encode_jpeg(image: ImageArray, quality: int = 85) -> bytes:
    """A JPEG file of a picture (height, width, 3); ``quality`` 1 to 95."""
    out = io.BytesIO()
    Image.fromarray(image).save(out, "JPEG", quality=quality)
    return out.getvalue()
