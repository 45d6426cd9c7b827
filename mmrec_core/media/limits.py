"""Every limit on what a person may bring, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Hard limits, checked as early as each can be known. Lengths in the unit of the name.

    Args:
        max_bytes: size of one file, checked before anything is read from it (50 MB, decimal).
        max_pixels: width x height as the file declares them, checked before decoding.
        min_side: a picture whose shorter side is less holds nothing to recognise (the smallest sprites have 8 px).
        max_aspect: longer side / shorter side; above it, reducing would leave a picture a few pixels high.
        max_side: longer side of the decoded array; larger pictures are reduced to it (encoders take 224 px).
        draft_side: a JPEG may be decoded at 1/2, 1/4 or 1/8 as long as its longer side keeps this many pixels.
        max_image_parts: chunks, segments or scans of one picture; decoders read them one by one, so that
            a small file of very many empty parts would take minutes. Real pictures stay under 20,000.
        max_seconds: length of a sound, checked in the header and again by counting samples.
        min_seconds: a sound that is shorter holds nothing to recognise.
        min_sample_rate: in Hz; telephone speech has 8,000.
        max_sample_rate: in Hz; studio files have up to 384,000.
        max_channels: speakers of one sound.
        silence_peak: a sound that never leaves +-this (-80 dB below full scale) is silent.
        max_bad_share: share of non-finite samples, and of undecodable packets, up to which a sound is still used.
        max_packets: of all tracks of an MP4, as it declares them; ten minutes have 30,000.
        max_boxes: of an MP4; a film in fragments has some thousand.
        max_decode_seconds: wall-clock time one sound may take to decode.
        max_characters: of a text, after cleaning.
        max_raw_characters: of a text, before cleaning.
        max_marks: combining marks kept on one letter; no living script needs more.
    """

    max_bytes: int = 50_000_000
    max_pixels: int = 50_000_000
    min_side: int = 8
    max_aspect: float = 50.0
    max_side: int = 2048
    draft_side: int = 1280
    max_image_parts: int = 100_000
    max_seconds: float = 600.0
    min_seconds: float = 0.05
    min_sample_rate: int = 1_000
    max_sample_rate: int = 768_000
    max_channels: int = 64
    silence_peak: float = 1e-4
    max_bad_share: float = 0.01
    max_packets: int = 1_000_000
    max_boxes: int = 100_000
    max_decode_seconds: float = 20.0
    max_characters: int = 20_000
    max_raw_characters: int = 200_000
    max_marks: int = 8


LIMITS = Limits()
"""The limits in force."""
