"""What was said in a recording."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Transcript:
    """The English words of a recording, or why there are none.

    Args:
        text: the words; empty where no speech was found, or none that is taken for English.
        notice: a sentence for the user: what was not written down and why, or "".
        speech_seconds: length of what the voice-activity detector takes for speech.
        confidence: geometric mean of the probabilities of the words' pieces, in [0, 1]; 0 without speech.
        seconds: length of what was listened to.
    """

    text: str
    notice: str
    speech_seconds: float
    confidence: float
    seconds: float
