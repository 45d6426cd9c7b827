"""Hostile sound files, made in code. Each function returns the bytes of one file."""

from __future__ import annotations

import io
import struct

import numpy as np

from tests.robustness.making import Cases, chunk, deflated_zeros, photo, png_of, saved

CASES = Cases()


def tone(seconds: float = 1.0, rate: int = 44_100, hertz: float = 1_000.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def encoded(form: str, codec: str, samples: np.ndarray, rate: int = 44_100, layout: str = "mono") -> bytes:
    """``samples`` (n,) or (channels, n) in a container, through FFmpeg."""
    import av

    out = io.BytesIO()
    planes = np.ascontiguousarray(np.atleast_2d(samples).astype(np.float32))
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        for start in range(0, planes.shape[1], 1 << 20):
            # Packed, since PyAV writes planes beyond their memory from eight channels on.
            part = planes[:, start : start + (1 << 20)].T.reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), "flt", layout)
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def wav(
    content: bytes, rate: int = 44_100, channels: int = 1, bits: int = 16, code: int = 1, claims: int | None = None
) -> bytes:
    block = max(1, channels * bits // 8)
    fmt = struct.pack("<HHIIHH", code, channels, rate, (rate * block) & 0xFFFFFFFF, block & 0xFFFF, bits)
    size = len(content) if claims is None else claims
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", size) + content
    return b"RIFF" + struct.pack("<I", min(0xFFFFFFFF, size + 36)) + body


def pcm(seconds: float = 1.0, rate: int = 44_100) -> bytes:
    return (tone(seconds, rate) * 32_767).astype("<i2").tobytes()


def film(codec: str = "mpeg4") -> bytes:
    import av

    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        pictures = container.add_stream(codec, rate=10, width=96, height=64, pix_fmt="yuv420p")
        sound = container.add_stream("aac", rate=44_100, layout="mono")
        for _ in range(10):
            container.mux(pictures.encode(av.VideoFrame.from_image(photo())))
        frame = av.AudioFrame.from_ndarray(tone()[None, :], "fltp", "mono")
        frame.sample_rate, frame.pts = 44_100, 0
        container.mux(sound.encode(frame))
        container.mux(pictures.encode(None))
        container.mux(sound.encode(None))
    return out.getvalue()


def id3(*frames: tuple[bytes, bytes]) -> bytes:
    body = b"".join(kind + _seven_bits(len(content)) + b"\x00\x00" + content for kind, content in frames)
    return b"ID3\x04\x00\x00" + _seven_bits(len(body)) + body


def _seven_bits(size: int) -> bytes:
    return bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))


def mp3(seconds: float = 1.0) -> bytes:
    return encoded("mp3", "libmp3lame", tone(seconds))


def half(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


@CASES("refused")
def sound_empty() -> bytes:
    return b""


@CASES("refused")
def sound_random_bytes() -> bytes:
    return np.random.default_rng(3).bytes(50_000)


@CASES("decodes")
def wav_truncated() -> bytes:
    return half(wav(pcm()))


@CASES("refused")
def wav_cut_in_header() -> bytes:
    return wav(pcm())[:30]


@CASES("decodes")
def mp3_truncated() -> bytes:
    return half(mp3())


@CASES("decodes")
def ogg_truncated() -> bytes:
    return half(encoded("ogg", "libopus", tone(5, 48_000), 48_000))


@CASES("decodes")
def flac_truncated() -> bytes:
    return half(encoded("flac", "flac", tone()))


@CASES("refused")
def m4a_truncated() -> bytes:
    return half(encoded("ipod", "aac", tone()))


@CASES("refused")
def mp3_of_rubbish() -> bytes:
    return b"\xff\xfb\x90\x00" + np.random.default_rng(4).bytes(100_000)


@CASES("either")
def flac_with_rubbish_inside() -> bytes:
    whole = bytearray(encoded("flac", "flac", tone(3)))
    whole[9_000:30_000] = np.random.default_rng(5).bytes(21_000)
    return bytes(whole)


@CASES("decodes")
def wrong_extension() -> bytes:
    return encoded("flac", "flac", tone())


@CASES("refused")
def flac_of_forty_minutes() -> bytes:
    return encoded("flac", "flac", np.zeros(40 * 60 * 2_000, np.float32), 2_000)


@CASES("refused")
def flac_of_forty_minutes_that_hides_its_length() -> bytes:
    whole = bytearray(flac_of_forty_minutes())
    whole[21] &= 0xF0
    whole[22:26] = bytes(4)
    return bytes(whole)


@CASES("either")
def wav_that_claims_4_gb() -> bytes:
    return wav(pcm(), claims=0xFFFFFFF0)


@CASES("refused")
def wav_that_is_an_hour() -> bytes:
    return wav(bytes(1_000) + pcm(1, 8_000) * 3_600, rate=8_000)[:49_000_000]


@CASES("refused")
def wav_nan() -> bytes:
    return wav(np.full(44_100, np.nan, "<f4").tobytes(), bits=32, code=3)


@CASES("refused")
def wav_infinite() -> bytes:
    return wav(np.full(44_100, np.inf, "<f4").tobytes(), bits=32, code=3)


@CASES("decodes")
def wav_one_nan() -> bytes:
    samples = tone().astype("<f4")
    samples[1_000] = np.nan
    return wav(samples.tobytes(), bits=32, code=3)


@CASES("refused")
def wav_beyond_any_loudness() -> bytes:
    return wav(np.full(44_100, 3e38, "<f4").tobytes(), bits=32, code=3)


@CASES("refused")
def wav_silent() -> bytes:
    return wav(bytes(88_200))


@CASES("refused")
def wav_no_samples() -> bytes:
    return wav(b"")


@CASES("refused")
def wav_ten_samples() -> bytes:
    return wav(pcm()[:20])


@CASES("refused")
def wav_no_channels() -> bytes:
    return wav(pcm(), channels=0)


@CASES("refused")
def wav_60000_channels() -> bytes:
    return wav(pcm(), channels=60_000)


@CASES("refused")
def wav_0_hz() -> bytes:
    return wav(pcm(), rate=0)


@CASES("refused")
def wav_1_hz() -> bytes:
    return wav(pcm()[:1_000], rate=1)


@CASES("refused")
def wav_4_ghz() -> bytes:
    return wav(pcm(), rate=0xFFFFFFFF)


@CASES("refused")
def wav_unknown_coding() -> bytes:
    return wav(pcm(), code=0x1234)


@CASES("decodes")
def wav_30_mb_of_tags() -> bytes:
    whole = wav(pcm())
    return whole[:12] + b"LIST" + struct.pack("<I", 30_000_000) + b"INFO" + bytes(29_999_996) + whole[12:]


@CASES("decodes")
def mp3_with_cover() -> bytes:
    return id3((b"APIC", b"\x00image/png\x00\x03\x00" + saved(photo(), "PNG"))) + mp3()


@CASES("decodes")
def mp3_with_a_cover_that_is_a_bomb() -> bytes:
    cover = png_of(30_000, 30_000, deflated_zeros(900 << 20))
    return id3((b"APIC", b"\x00image/png\x00\x03\x00" + cover)) + mp3()


@CASES("refused")
def film_as_sound() -> bytes:
    return film()


@CASES("refused")
def picture_as_sound() -> bytes:
    return saved(photo(), "PNG")


@CASES("refused")
def playlist_of_files() -> bytes:
    return b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"


@CASES("refused")
def playlist_of_addresses() -> bytes:
    return b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/secret.mp3\n"


@CASES("refused")
def concat_script() -> bytes:
    return b"ffconcat version 1.0\nfile 'file:///etc/passwd'\n"


@CASES("refused")
def dash_manifest() -> bytes:
    return b'<?xml version="1.0"?><MPD><BaseURL>file:///etc/passwd</BaseURL></MPD>'


@CASES("refused")
def session_description() -> bytes:
    return b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n"


@CASES("refused")
def movie_that_points_elsewhere() -> bytes:
    """A QuickTime file whose sound lies in another file, by its data reference."""
    whole = encoded("mov", "pcm_s16le", tone())
    start = whole.index(b"dref") - 4
    alias = b"file:///etc/passwd\x00"
    entry = struct.pack(">I4sI", 12 + len(alias), b"url ", 0) + alias
    (size,) = struct.unpack(">I", whole[start : start + 4])
    dref = struct.pack(">I4sII", 16 + len(entry), b"dref", 0, 1) + entry
    return whole[: whole.index(b"mdat") + 4] + bytes(100) + whole[start - 200 : start] + dref + whole[start + size :]


@CASES("refused")
def midi() -> bytes:
    return b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60MTrk\x00\x00\x00\x04\x00\xff\x2f\x00"


@CASES("either")
def png_chunk_in_ogg() -> bytes:
    return b"OggS" + chunk(b"IDAT", bytes(5_000))
