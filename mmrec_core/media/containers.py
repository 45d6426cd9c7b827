"""Which sound containers are opened, how, and what they may hold."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

from mmrec_core.errors import LimitError, UnreadableError
from mmrec_core.media.limits import LIMITS
from mmrec_core.media.refuse import SOUNDS, shown_name, wrong_kind
from mmrec_core.media.sniff import sniff
from mmrec_core.types import Sentence, told

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_DEMUXERS: dict[str, str] = {
    "WAV sound": "wav",
    "Wave64 sound": "w64",
    "MP3 sound": "mp3",
    "Ogg file": "ogg",
    "FLAC sound": "flac",
    "M4A sound": "mov",
    "MP4 file": "mov",
    "QuickTime file": "mov",
    "AAC sound": "aac",
    "AIFF sound": "aiff",
    "AU sound": "au",
    "CAF sound": "caf",
    "WavPack sound": "wv",
    "AMR sound": "amr",
    "Windows Media file": "asf",
    "Matroska or WebM file": "matroska",
}
"""FFmpeg's demuxer by sniffed type. It is named when opening, so that FFmpeg never guesses: a playlist, a concat
script or an image sequence, which would open further files or addresses, is not among them."""


def container_format(data: bytes, name: str) -> str:
    """The demuxer for these bytes; raises UnreadableError for any other kind of file."""
    kind = sniff(data)
    if kind == "MP3 sound" and data[:3] == b"ID3":
        kind = _behind_id3(data)
    if kind not in _DEMUXERS:
        raise wrong_kind(data, name, SOUNDS)
    return _DEMUXERS[kind]


def _behind_id3(data: bytes) -> str:
    """An ID3 tag is written before MP3, and by some programs before FLAC and AAC."""
    seven_bits = [byte & 0x7F for byte in data[6:10]]
    size = sum(bits << shift for bits, shift in zip(seven_bits, (21, 14, 7, 0), strict=False))
    behind = sniff(data[10 + size : 10 + size + 4096])
    return behind if behind in ("FLAC sound", "AAC sound") else "MP3 sound"


@cache
def _sound_decoders() -> str:
    """Names of FFmpeg's sound decoders, as its option takes them."""
    import av

    names = (name for name in av.codecs_available if not name.endswith(("_mf", "_at")))
    return ",".join(sorted(name for name in names if _is_sound_decoder(name)))


def _is_sound_decoder(name: str) -> bool:
    from av.codec import Codec
    from av.codec.codec import UnknownCodecError

    try:
        return Codec(name, "r").type == "audio"
    except UnknownCodecError:  # an encoder only
        return False


def open_container(file: io.BytesIO, demuxer: str) -> InputContainer:
    """Open from memory with no further file or address allowed, and with sound decoders only.

    (While opening, FFmpeg may decode a first picture of a picture stream to learn its format. Covers and films are not
    wanted here, whatever their size, so that no picture decoder is allowed to run.)
    """
    import av

    options = {
        "protocol_whitelist": "none",
        "codec_whitelist": _sound_decoders(),
        "format_whitelist": demuxer_names(demuxer),
    }
    return av.open(file, "r", format=demuxer, container_options=options, metadata_errors="replace")


def demuxer_names(demuxer: str) -> str:
    """The full name, since FFmpeg calls some demuxers by a list of names."""
    return {"mov": "mov,mp4,m4a,3gp,3g2,mj2", "matroska": "matroska,webm"}.get(demuxer, demuxer)


def check_streams(container: InputContainer, name: str) -> AudioStream:
    """The sound stream; raises for films, for containers without sound, and for headers beyond a limit."""
    from av.stream import Disposition

    films = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if films:
        raise UnreadableError(
            told(
                "{file} is a film, not a sound; video comes later. Save its sound track as M4A, MP3 or WAV.",
                file=shown_name(name),
            )
        )
    if not container.streams.audio:
        raise UnreadableError(
            told("{file} holds no sound track. Allowed are {sounds}.", file=shown_name(name), sounds=SOUNDS)
        )
    stream = container.streams.audio[0]
    _check_header(stream, name)
    seconds = (container.duration or 0) / 1e6
    if seconds > LIMITS.max_seconds:
        raise too_long(name, told("{time} long by its header", time=minutes(seconds)))
    return stream


def too_long(name: str, measured: str) -> LimitError:
    """The refusal of a sound above ``LIMITS.max_seconds``."""
    return LimitError(shown_name(name), measured, minutes(LIMITS.max_seconds), told("Cut out the part that matters."))


def minutes(seconds: float) -> Sentence:
    """``seconds`` for people, in minutes."""
    return told("{n} min", n=f"{seconds / 60:,.1f}".removesuffix(".0"))


def _check_header(stream: AudioStream, name: str) -> None:
    if stream.codec_context is None:
        raise UnreadableError(
            told(
                "{file} holds a sound in an unknown coding. Allowed are {sounds}.", file=shown_name(name), sounds=SOUNDS
            )
        )
    rate, channels = stream.codec_context.sample_rate, stream.codec_context.channels
    remedy = told("Save it again at 44,100 Hz in mono or stereo.")
    if not LIMITS.min_sample_rate <= rate <= LIMITS.max_sample_rate:
        allowed = told("{low:,} to {high:,} Hz", low=LIMITS.min_sample_rate, high=LIMITS.max_sample_rate)
        raise LimitError(told("The sample rate of {file}", file=shown_name(name)), f"{rate:,} Hz", allowed, remedy)
    if not 1 <= channels <= LIMITS.max_channels:
        what, limit = (
            told("The number of channels of {file}", file=shown_name(name)),
            told("1 to {n}", n=LIMITS.max_channels),
        )
        raise LimitError(what, f"{channels:,}", limit, remedy)
