"""Bytes of a sound file -> mono samples at one rate."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from mmrec_core.errors import LimitError, UnreadableError
from mmrec_core.media.containers import check_streams, container_format, minutes, open_container, too_long
from mmrec_core.media.limits import LIMITS
from mmrec_core.media.mono import MonoMixer
from mmrec_core.media.mp4 import check_packets
from mmrec_core.media.refuse import check_size, damaged, shown_name
from mmrec_core.media.sniff import sniff
from mmrec_core.types import Audio, Samples, told

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_REMEDY = told("Play it in an audio program and save it again as WAV or FLAC.")


def decode_audio(data: bytes, name: str = "sound", rate: int = 44_100) -> Audio:
    """Decode a sound file; the content decides its type. Channels are mixed to one, metadata and cover pictures are dropped.

    Non-finite samples count as zero, up to ``LIMITS.max_bad_share`` of all; packets that cannot be decoded (a file that was
    cut off) are left out up to the same share, or one. A sound that goes beyond [-1, 1] is divided by its peak.

    Args:
        data: the whole file.
        name: how messages call it, usually the file's name.
        rate: of the result, in Hz.

    Returns: float32 samples in [-1, 1].
    Raises: LimitError for a file that is too large, or a sound that is too long, too short, too fast or has too many channels;
        UnreadableError for anything that is not a whole sound, for a film, and for silence.
    """
    check_size(data, name)
    container_name = container_format(data, name)
    if container_name == "mov":
        check_packets(data, name)
    kind = sniff(data) or "sound"
    try:
        with open_container(io.BytesIO(data), container_name) as container:
            stream = check_streams(container, name)
            samples = _decode(container, stream, name, rate)
    except _damage() as cause:
        raise damaged(name, kind, _clause(cause), _REMEDY) from cause
    return Audio(_check_samples(samples, name, rate), rate)


def _damage() -> tuple[type[Exception], ...]:
    """What PyAV raises for bytes that FFmpeg does not take."""
    from av.error import FFmpegError

    return (
        FFmpegError,  # every error code of FFmpeg
        ValueError,  # PyAV: a layout or format it has no name for
        OverflowError,  # a declared number does not fit
        MemoryError,  # FFmpeg refused a declared size
        EOFError,  # nothing after the header
    )


def _clause(cause: Exception) -> str:
    """FFmpeg's words in the words of people."""
    from av.error import EOFError as EndOfFileError
    from av.error import InvalidDataError

    if isinstance(cause, EndOfFileError | EOFError):
        return told("it is cut off")
    if isinstance(cause, InvalidDataError):
        return told("its content is damaged")
    return str(getattr(cause, "strerror", None) or cause) or type(cause).__name__


def _decode(container: InputContainer, stream: AudioStream, name: str, rate: int) -> Samples:
    """All samples, counted while they come: headers are not trusted."""
    mixer = MonoMixer(rate)
    chunks: list[Samples] = []
    total = 0
    for frame in _frames(container, stream, name):
        for chunk in mixer.mix(frame):
            chunks.append(chunk)
            total += len(chunk)
        if total > LIMITS.max_seconds * rate:
            raise too_long(name, told("longer than {limit}", limit=minutes(LIMITS.max_seconds)))
    chunks.extend(mixer.rest())
    if mixer.bad > LIMITS.max_bad_share * mixer.seen:
        raise UnreadableError(
            told(
                "{share:.0%} of the samples of {file} are no numbers; up to {most:.0%} are left out. Export the "
                "sound again.",
                share=mixer.bad / mixer.seen,
                file=shown_name(name),
                most=LIMITS.max_bad_share,
            )
        )
    return np.concatenate(chunks) if chunks else np.zeros(0, dtype=np.float32)


def _frames(container: InputContainer, stream: AudioStream, name: str) -> Iterator[Any]:
    """Decoded frames; raises for too much time, or too many packets that cannot be decoded."""
    from av.error import FFmpegError

    deadline = time.monotonic() + LIMITS.max_decode_seconds
    packets = 0
    failed: list[FFmpegError] = []
    for packet in container.demux(stream):
        packets += 1
        try:
            yield from packet.decode()
        except FFmpegError as error:
            failed.append(error)
        if time.monotonic() > deadline:
            limit = told("{seconds:.0f} s", seconds=LIMITS.max_decode_seconds)
            decoding = told("Decoding {file}", file=shown_name(name))
            raise LimitError(decoding, told("taking longer than {limit}", limit=limit), limit, _REMEDY)
    # One may always fail: the last of a file that was cut off.
    if len(failed) > max(1.0, LIMITS.max_bad_share * packets):
        raise failed[0]


def _check_samples(samples: Samples, name: str, rate: int) -> Samples:
    """Length and level; brings the peak to 1 where it is above."""
    seconds = len(samples) / rate
    if seconds < LIMITS.min_seconds:
        least = told("at least {seconds} s", seconds=LIMITS.min_seconds)
        remedy = told("Choose or record a longer sound.")
        raise LimitError(shown_name(name), told("{seconds:.3f} s long", seconds=seconds), least, remedy)
    peak = float(np.max(np.abs(samples)))
    if not np.isfinite(peak):
        raise UnreadableError(
            told("{file} holds samples beyond any loudness. Export the sound again.", file=shown_name(name))
        )
    if peak < LIMITS.silence_peak:
        raise UnreadableError(
            told(
                "{file} holds no sound: its loudest sample is {peak:.6f} of full scale, at least {least} is "
                "needed. Check the microphone, or choose another file.",
                file=shown_name(name),
                peak=peak,
                least=LIMITS.silence_peak,
            )
        )
    return samples / np.float32(peak) if peak > 1.0 else samples
