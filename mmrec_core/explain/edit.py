"""The query's media without some of their parts: patches filled, words struck, seconds silenced."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from mmrec_core.types import Audio, Edited, ImageArray, Modality, RemovedPart

FADE_SECONDS = 0.005
"""A sound is faded in and out around a silence: a hard edge would click, and be heard as an event."""


def edited_media(
    removed: Sequence[RemovedPart], image: ImageArray | None, text: str | None, audio: Audio | None
) -> Edited:
    """The media that something was taken out of; the others, and those of which nothing is left, are None."""
    extents: dict[Modality, list[tuple[float, ...]]] = {}
    for part in removed:
        extents.setdefault(part.modality, []).append(part.extent)
    struck = strike(text, extents[Modality.TEXT]) if text and Modality.TEXT in extents else None
    return Edited(
        image=fill(image, extents[Modality.IMAGE]) if image is not None and Modality.IMAGE in extents else None,
        text=struck or None,
        audio=silence(audio, extents[Modality.AUDIO]) if audio and Modality.AUDIO in extents else None,
    )


def fill(image: ImageArray, boxes: Sequence[tuple[float, ...]]) -> ImageArray:
    """A copy with the boxes (left, top, right, bottom; shares of the picture) in the mean colour of the rest."""
    height, width = image.shape[:2]
    gone = np.zeros((height, width), dtype=bool)
    for left, top, right, bottom in boxes:
        gone[round(top * height) : round(bottom * height), round(left * width) : round(right * width)] = True
    rest = image[~gone] if not gone.all() else image.reshape(-1, 3)
    edited = image.copy()
    edited[gone] = np.rint(rest.mean(axis=0)).astype(np.uint8)
    return edited


def strike(text: str, spans: Sequence[tuple[float, ...]]) -> str:
    """The text without the characters of ``spans``; white space is closed up."""
    kept = np.ones(len(text), dtype=bool)
    for start, end in spans:
        kept[int(start) : int(end)] = False
    return re.sub(r"\s+", " ", "".join(c for c, stays in zip(text, kept, strict=True) if stays)).strip()


def silence(audio: Audio, stretches: Sequence[tuple[float, ...]]) -> Audio:
    """A copy with the stretches (start, end; seconds) silent and FADE_SECONDS of fade on either side of each."""
    gain = np.ones(len(audio.samples), dtype=np.float32)
    for start, end in stretches:
        gain[round(start * audio.rate) : round(end * audio.rate)] = 0.0
    length = round(FADE_SECONDS * audio.rate)
    if length:
        # distance to the nearest silent sample, in units of the fade
        from scipy.ndimage import distance_transform_edt

        distance = distance_transform_edt(gain) if not gain.all() else np.full_like(gain, np.inf)
        gain = np.minimum(distance / length, 1.0).astype(np.float32)
    return Audio(audio.samples * gain, audio.rate)
