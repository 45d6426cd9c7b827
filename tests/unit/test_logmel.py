"""The spectrogram that aiSFX was trained on."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.encoders.logmel import BANDS, HOP, RATE, at_rate, band_edges, log_mel, mel_bands, normalise_peak
from mmrec_core.encoders.window import FRAME, telling_window
from mmrec_core.types import Audio

# librosa 0.11 on ``chirp()``: log10(10000 x + 1) of melspectrogram(norm=1.0, htk=True), as (frame, band, value).
LIBROSA = [
    (0, 5, 7.9792),
    (0, 60, 1.3827),
    (10, 30, 6.5319),
    (20, 48, 2.2861),
    (21, 50, 0.5239),
    (43, 72, 4.1087),
    (43, 3, 4.0394),
]


def chirp(seconds: float = 1.0) -> Audio:
    time = np.arange(int(seconds * RATE)) / RATE
    return Audio((0.5 * np.sin(2 * np.pi * (200 * time + 3000 * time**2))).astype(np.float32), RATE)


@pytest.mark.parametrize(("frame", "band", "value"), LIBROSA)
def test_values_are_those_of_librosa(frame: int, band: int, value: float) -> None:
    assert log_mel(chirp()).matrix[frame, band] == pytest.approx(value, abs=2e-3)


def test_every_band_sums_to_one_and_they_rise() -> None:
    bands = mel_bands()
    np.testing.assert_allclose(bands.sum(axis=1), 1.0, rtol=1e-5)
    assert (np.diff(bands.argmax(axis=1)) > 0).all()


def test_a_tone_lights_the_band_that_holds_it() -> None:
    time = np.arange(RATE) / RATE
    spectrogram = log_mel(Audio(np.sin(2 * np.pi * 1000 * time).astype(np.float32), RATE))
    band = int(spectrogram.matrix[20].argmax())
    assert spectrogram.hertz[band] <= 1000 <= spectrogram.hertz[band + 1]


def test_a_click_lights_the_frame_that_holds_it() -> None:
    samples = np.zeros(RATE, np.float32)
    samples[30_000] = 1.0
    spectrogram = log_mel(Audio(samples, RATE))
    frame = int(spectrogram.matrix.sum(axis=1).argmax())
    assert spectrogram.seconds[frame] <= 30_000 / RATE <= spectrogram.seconds[frame + 1]


def test_edges_frame_the_matrix_and_the_sound() -> None:
    matrix, seconds, hertz = log_mel(chirp(0.7))
    assert matrix.shape == (len(seconds) - 1, len(hertz) - 1) == (1 + int(0.7 * RATE) // HOP, BANDS)
    assert seconds[0] == 0 and seconds[-1] <= 0.7 and hertz[0] == 0 and hertz[-1] == 22_050
    assert (np.diff(band_edges()) > 0).all()


def test_loudness_does_not_matter_and_silence_is_silent() -> None:
    loud = chirp()
    quiet = Audio(loud.samples * np.float32(0.01), RATE)
    np.testing.assert_allclose(log_mel(loud).matrix, log_mel(quiet).matrix, atol=1e-3)
    assert not log_mel(Audio(np.zeros(5000, np.float32), RATE)).matrix.any()
    assert log_mel(Audio(np.zeros(0, np.float32), RATE)).matrix.shape == (1, BANDS)


def test_chunks_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = log_mel(chirp()).matrix
    monkeypatch.setattr("mmrec_core.encoders.logmel._FRAMES_A_CHUNK", 7)
    np.testing.assert_allclose(log_mel(chirp()).matrix, whole, atol=1e-5)


def test_another_rate_keeps_length_and_pitch() -> None:
    time = np.arange(16_000) / 16_000
    sound = at_rate(Audio(np.sin(2 * np.pi * 440 * time).astype(np.float32), 16_000))
    assert sound.rate == RATE and sound.seconds == pytest.approx(1.0, abs=1e-3)
    peak = np.abs(np.fft.rfft(sound.samples)).argmax() * RATE / len(sound.samples)
    assert peak == pytest.approx(440, abs=2)


def test_peak_is_one() -> None:
    assert np.abs(normalise_peak(np.array([0.1, -0.5], np.float32))).max() == 1.0


def test_the_window_finds_what_happens() -> None:
    samples = np.full(FRAME * 100, 0.001, np.float32)
    samples[FRAME * 60 : FRAME * 70] = np.random.default_rng(0).normal(size=FRAME * 10)
    first = telling_window(samples, FRAME * 20)
    assert FRAME * 50 <= first <= FRAME * 60
    assert telling_window(samples, len(samples)) == 0
    assert telling_window(np.zeros(FRAME * 30, np.float32), FRAME * 10) == 0
