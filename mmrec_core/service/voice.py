"""The speech model of this machine: opened at the first recording, one recording at a time, beside the other models."""

from __future__ import annotations

from functools import cached_property
from threading import Lock

from mmrec_core.encoders import weights
from mmrec_core.encoders.threads import kept_threads
from mmrec_core.settings import Settings
from mmrec_core.speech.transcriber import Transcriber
from mmrec_core.types import Audio, Report, Transcript


class Voice:
    """Recordings -> transcripts. Opening is quick; the model is loaded when the first recording comes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()

    def transcribe(self, audio: Audio, report: Report) -> Transcript:
        """See ``Service.transcribe``."""
        with self._lock, kept_threads():
            return self._transcriber.transcribe(audio, report)

    @cached_property
    def _transcriber(self) -> Transcriber:
        return Transcriber(weights.verified(self._settings, weights.WHISPER)["model.bin"].parent)
