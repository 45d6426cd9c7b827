"""English speech -> words (Whisper tiny.en through faster-whisper), and nothing where nothing was said.

The model answers English whatever it hears, so three signals must agree before its words are shown: a voice-activity
detector that hears speech, the model's own probability that there is none, and the mean log probability of its words.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from mmrec_core.types import Audio, Progress, Report, Samples, Transcript, told
from mmrec_core.types.sentence import in_a_row

RATE = 16_000
LONGEST = 60.0
"""Seconds that are listened to; what comes later is said not to be."""
LEAST_SPEECH = 0.35
"""Seconds of speech below which nothing was said."""
LEAST_SHARE = 0.12
"""Share of the recording that must be speech: cries of animals contain short stretches that pass for voices."""
MOST_NO_SPEECH = 0.5
LEAST_LOG_PROBABILITY, SURE_LOG_PROBABILITY = -0.95, -0.7
"""Mean over the pieces of a segment: below the first nothing is shown, below the second it is shown with a warning. One word
alone must be sure, since cries are heard as one. Chosen on sounds of the training part and on synthetic voices."""
MOST_REPETITION = 2.4
"""Compression ratio above which a segment only repeats itself (Radford et al. 2022)."""

NO_SPEECH = "No speech was heard."
NOT_ENGLISH = (
    "Something was said, but it is not clear English. Only English is written down; speech in another "
    "language, song and noise are left as sound."
)
UNSURE = "The words are unsure: noise, an accent or another language. Check them before you search."
CUT = "Only the first {seconds:.0f} seconds were listened to."


class Transcriber:
    """The speech model, loaded from ``folder`` without any network; one call at a time.

    Args:
        folder: holds the CTranslate2 model and its tokenizer.
        threads: of the processor.
    """

    def __init__(self, folder: Path, threads: int = 2) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from faster_whisper import WhisperModel

        self._model: Any = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )

    def transcribe(self, audio: Audio, report: Report) -> Transcript:
        """What was said; ``report`` receives seconds done and may raise to stop."""
        samples = at_16_khz(audio)[: int(LONGEST * RATE)]
        seconds = len(samples) / RATE
        cut = told(CUT, seconds=LONGEST) if audio.seconds > LONGEST else ""
        spoken = speech_seconds(samples)
        report(Progress("Listening for words", 0, seconds, "s"))
        if spoken < max(LEAST_SPEECH, LEAST_SHARE * seconds):
            return Transcript("", in_a_row([told(NO_SPEECH), cut]), spoken, 0.0, seconds)
        segments, _ = self._model.transcribe(
            samples, language="en", beam_size=5, temperature=0.0, condition_on_previous_text=False, vad_filter=True
        )
        kept = []
        for segment in segments:
            report(Progress("Listening for words", min(segment.end, seconds), seconds, "s"))
            if believable(segment):
                kept.append(segment)
        if not kept:
            return Transcript("", in_a_row([told(NOT_ENGLISH), cut]), spoken, 0.0, seconds)
        sure = confidence(kept)
        unsure = told(UNSURE) if sure < math.exp(SURE_LOG_PROBABILITY) else ""
        return Transcript(_joined(*(s.text for s in kept)), in_a_row([unsure, cut]), spoken, sure, seconds)


def believable(segment: Any) -> bool:
    """True where the model's own signals speak for English words."""
    words = [word for word in segment.text.split() if any(character.isalpha() for character in word)]
    least = LEAST_LOG_PROBABILITY if len(words) > 1 else SURE_LOG_PROBABILITY
    return bool(
        words
        and segment.no_speech_prob < MOST_NO_SPEECH
        and segment.avg_logprob > least
        and segment.compression_ratio < MOST_REPETITION
    )


def confidence(segments: Iterable[Any]) -> float:
    """Geometric mean of the probabilities of all pieces, segments weighted by their number of pieces."""
    sizes = [(len(s.tokens) or 1, s.avg_logprob) for s in segments]
    return math.exp(sum(n * mean for n, mean in sizes) / sum(n for n, _ in sizes))


def speech_seconds(samples: Samples) -> float:
    """How long the voice-activity detector (Silero) hears speech in samples at 16 kHz."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    found = get_speech_timestamps(samples, VadOptions(speech_pad_ms=0))
    return sum(stretch["end"] - stretch["start"] for stretch in found) / RATE


def at_16_khz(audio: Audio) -> Samples:
    """The samples at the rate that the model was trained on, by a polyphase filter."""
    if audio.rate == RATE:
        return audio.samples
    from scipy.signal import resample_poly

    common = math.gcd(audio.rate, RATE)
    return resample_poly(audio.samples, RATE // common, audio.rate // common).astype(np.float32)


def _joined(*sentences: str) -> str:
    return " ".join(sentence.strip() for sentence in sentences if sentence.strip())
