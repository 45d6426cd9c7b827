"""Sounds: formats, rates, channels, levels, limits."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.errors import LimitError, UnreadableError
from mmrec_core.media.audio import decode_audio
from mmrec_core.media.encode import encode_wav
from mmrec_core.media.mono import to_unit
from mmrec_core.types import Audio
from tests.robustness.hostile_sounds import encoded, film, id3, mp3, pcm, tone, wav


def strongest_hertz(audio: Audio) -> float:
    spectrum = np.abs(np.fft.rfft(audio.samples * np.hanning(len(audio.samples))))
    return float(spectrum.argmax() * audio.rate / len(audio.samples))


@pytest.mark.parametrize(
    ("form", "codec", "rate"),
    [
        ("wav", "pcm_s16le", 44_100),
        ("wav", "pcm_u8", 22_050),
        ("wav", "pcm_s24le", 96_000),
        ("wav", "pcm_s32le", 44_100),
        ("wav", "pcm_f32le", 44_100),
        ("wav", "pcm_f64le", 48_000),
        ("w64", "pcm_s16le", 44_100),
        ("mp3", "libmp3lame", 44_100),
        ("ogg", "libopus", 48_000),
        ("ogg", "flac", 44_100),
        ("flac", "flac", 32_000),
        ("ipod", "aac", 44_100),
        ("ipod", "alac", 44_100),
        ("mov", "pcm_s16le", 8_000),
        ("adts", "aac", 44_100),
        ("webm", "libopus", 48_000),
        ("aiff", "pcm_s16be", 44_100),
        ("au", "pcm_s16be", 44_100),
        ("caf", "pcm_s16be", 44_100),
        ("wv", "wavpack", 44_100),
    ],
)
def test_a_tone_stays_what_it_is_in_every_format(form: str, codec: str, rate: int) -> None:
    audio = decode_audio(encoded(form, codec, tone(1.5, rate), rate))
    assert audio.rate == 44_100
    assert audio.samples.dtype == np.float32
    assert audio.samples.ndim == 1
    assert abs(audio.seconds - 1.5) < 0.06
    assert abs(strongest_hertz(audio) - 1_000) < 1.5
    middle = audio.samples[15_000:40_000]
    assert abs(float(np.sqrt((middle**2).mean())) - 0.5 / np.sqrt(2)) < 0.03


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 48_000, 192_000])
def test_resampling_keeps_length_and_shape(rate: int) -> None:
    audio = decode_audio(wav(pcm(1.0, rate), rate=rate))
    assert abs(len(audio.samples) - 44_100) <= 2
    inner = slice(4_000, 40_000)
    assert np.abs(audio.samples[inner] - tone()[inner]).max() < 2e-3


def test_the_rate_can_be_chosen() -> None:
    audio = decode_audio(wav(pcm()), rate=16_000)
    assert audio.rate == 16_000
    assert abs(len(audio.samples) - 16_000) <= 2
    assert abs(strongest_hertz(audio) - 1_000) < 1.5


def test_channels_are_averaged() -> None:
    left, right = tone(hertz=1_000), tone(hertz=3_000)
    for form, codec in (("wav", "pcm_f32le"), ("flac", "flac")):
        audio = decode_audio(encoded(form, codec, np.stack([left, right]), layout="stereo"))
        assert np.abs(audio.samples - (left + right) / 2).max() < 1e-4
    six = np.stack([left, right, left, right, left, right])
    assert np.abs(decode_audio(encoded("flac", "flac", six, layout="5.1")).samples - (left + right) / 2).max() < 1e-4


@pytest.mark.parametrize(
    ("codec", "layout", "count"), [("pcm_s16le", "7.1", 8), ("wavpack", "7.1", 8), ("wavpack", "hexadecagonal", 16)]
)
def test_eight_channels_and_more_stay_in_their_own_memory(codec: str, layout: str, count: int) -> None:
    planes = np.stack([tone() * (i + 1) / count for i in range(count)])
    audio = decode_audio(encoded("wav" if codec == "pcm_s16le" else "wv", codec, planes, layout=layout))
    assert np.abs(audio.samples - planes.mean(axis=0)).max() < 5e-3  # WavPack is written with 8 bits


def test_a_frame_whose_rate_is_absurd_is_refused_before_resampling() -> None:
    import av

    from mmrec_core.media.mono import MonoMixer

    frame = av.AudioFrame.from_ndarray(np.zeros((1, 60_000), np.float32), "flt", "mono")
    frame.sample_rate = 1
    with pytest.raises(ValueError, match="changes to 1 Hz"):
        list(MonoMixer(44_100).mix(frame))


def test_wav_round_trip() -> None:
    original = Audio(tone(0.3), 44_100)
    assert np.abs(decode_audio(encode_wav(original)).samples - original.samples).max() < 1e-4
    assert encode_wav(original) == encode_wav(original)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (np.array([0, 128, 255], np.uint8), [-1.0, 0.0, 127 / 128]),
        (np.array([-32_768, 0, 16_384], np.int16), [-1.0, 0.0, 0.5]),
        (np.array([-(2**31), 2**30], np.int32), [-1.0, 0.5]),
        (np.array([0.25, -2.0], np.float64), [0.25, -2.0]),
    ],
)
def test_full_scale_is_one(values: np.ndarray, wanted: list[float]) -> None:
    assert to_unit(values).tolist() == pytest.approx(wanted)


def test_a_sound_beyond_full_scale_is_brought_down_not_clipped() -> None:
    loud = (tone() * 40_000).astype("<f4")
    audio = decode_audio(wav(loud.tobytes(), bits=32, code=3))
    assert np.abs(audio.samples - tone() * 2).max() < 1e-3


def test_a_few_samples_that_are_no_numbers_count_as_zero() -> None:
    samples = tone().astype("<f4")
    samples[[100, 20_000]] = np.nan, np.inf
    audio = decode_audio(wav(samples.tobytes(), bits=32, code=3))
    assert audio.samples[100] == audio.samples[20_000] == 0
    assert np.isfinite(audio.samples).all()


def test_many_of_them_are_refused() -> None:
    samples = tone().astype("<f4")
    samples[::50] = np.nan
    with pytest.raises(UnreadableError, match="2% of the samples"):
        decode_audio(wav(samples.tobytes(), bits=32, code=3))


def test_content_decides_not_the_name() -> None:
    assert decode_audio(encoded("flac", "flac", tone()), "song.mp3").seconds == pytest.approx(1.0)


def test_flac_behind_an_id3_tag() -> None:
    data = id3((b"TIT2", b"\x00name")) + encoded("flac", "flac", tone())
    assert decode_audio(data).seconds == pytest.approx(1.0)


def test_a_cover_picture_is_allowed_and_dropped() -> None:
    from tests.robustness.making import photo, saved

    cover = id3((b"APIC", b"\x00image/jpeg\x00\x03\x00" + saved(photo(), "JPEG")))
    assert decode_audio(cover + mp3()).seconds == pytest.approx(1.0, abs=0.06)


def test_a_film_is_refused_with_the_remedy() -> None:
    with pytest.raises(UnreadableError, match=r"clip\.mp4 is a film.*video comes later"):
        decode_audio(film(), "clip.mp4")


def test_silence_is_named() -> None:
    with pytest.raises(UnreadableError, match="holds no sound"):
        decode_audio(wav(bytes(88_200)))
    quiet = (tone() * 20).astype("<i2").tobytes()  # peak 10 of 32,768: still a sound
    assert decode_audio(wav(quiet)).seconds == pytest.approx(1.0)


def test_length_is_limited_by_header_and_by_count() -> None:
    eleven = np.tile(tone(1.0, 2_000, 100.0), 660)
    with pytest.raises(LimitError, match="11 min long by its header; the limit is 10 min"):
        decode_audio(encoded("wav", "pcm_u8", eleven, 2_000))
    nine = np.tile(tone(1.0, 2_000, 100.0), 540)
    assert decode_audio(encoded("wav", "pcm_u8", nine, 2_000), rate=2_000).seconds == pytest.approx(540, abs=0.1)


def test_too_short() -> None:
    with pytest.raises(LimitError, match=r"is 0\.040 s long; the limit is at least 0\.05 s"):
        decode_audio(wav(pcm(0.04)))
    assert decode_audio(wav(pcm(0.06))).seconds == pytest.approx(0.06)


def test_decoding_time_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from mmrec_core.media import audio
    from mmrec_core.media.limits import LIMITS

    monkeypatch.setattr(audio, "LIMITS", replace(LIMITS, max_decode_seconds=0.0))
    with pytest.raises(LimitError, match="taking longer than 0 s"):
        decode_audio(mp3())


def test_no_further_file_can_be_opened(tmp_path) -> None:
    """FFmpeg is told the container, and forbidden every protocol: a concat script cannot reach a file even if it is forced."""
    import io

    import av

    from mmrec_core.media.containers import open_container

    target = tmp_path / "secret.wav"
    target.write_bytes(wav(pcm()))
    script = f"ffconcat version 1.0\nfile '{target}'\n".encode()
    with av.open(io.BytesIO(script), format="concat", container_options={"safe": "0"}) as container:
        assert container.streams.audio  # without the guard the file is reached
    with pytest.raises(av.error.FFmpegError), open_container(io.BytesIO(script), "concat") as container:
        next(container.demux())
