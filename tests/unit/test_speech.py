"""Words are written down only where three signals agree that English was spoken."""

from __future__ import annotations

import math
import shutil
import subprocess
from types import SimpleNamespace

import numpy as np
import pytest

from mmrec_core.encoders import weights
from mmrec_core.errors import NotSetUpError
from mmrec_core.evaluate.speech import word_errors
from mmrec_core.media.audio import decode_audio
from mmrec_core.service.voice import Voice
from mmrec_core.settings import Settings, get_settings
from mmrec_core.speech import transcriber
from mmrec_core.speech.transcriber import Transcriber, at_16_khz, believable
from mmrec_core.types import Audio, Progress
from tests.fake_media import make_sound


def segment(text="a dog barking", no_speech=0.1, log=-0.3, ratio=1.0, end=1.0):
    return SimpleNamespace(
        text=text, no_speech_prob=no_speech, avg_logprob=log, compression_ratio=ratio, tokens=text.split(), end=end
    )


def test_a_segment_is_believed_only_where_every_signal_agrees():
    assert believable(segment())
    assert not believable(segment(no_speech=0.7))
    assert not believable(segment(log=-1.2))
    assert not believable(segment(ratio=3.0))
    assert not believable(segment(text=" 1, 2 "))
    assert believable(segment(log=-0.8)) and not believable(segment(text="Ah.", log=-0.8))


@pytest.fixture
def listening(monkeypatch):
    """A transcriber whose model and detector say what a test wants."""

    def make(segments, spoken=1.0):
        monkeypatch.setattr(transcriber, "speech_seconds", lambda samples: spoken)
        made = Transcriber.__new__(Transcriber)
        made._model = SimpleNamespace(transcribe=lambda samples, **_: (iter(segments), None))
        return made

    return make


def quiet(_: Progress) -> None:
    """Nobody watches."""


def test_without_speech_the_model_is_not_asked(listening):
    found = listening([segment("invented words")], spoken=0.1).transcribe(make_sound("drum"), quiet)
    assert (found.text, found.confidence) == ("", 0.0)
    assert "No speech" in found.notice


def test_speech_that_is_not_clear_english_gets_no_words_and_is_told(listening):
    found = listening([segment(log=-1.3)]).transcribe(make_sound("voice"), quiet)
    assert found.text == ""
    assert "Only English is written down" in found.notice


def test_words_come_with_their_probability_and_a_warning_where_unsure(listening):
    sure = listening([segment(log=-0.2), segment(" at night", log=-0.2)]).transcribe(make_sound("voice"), quiet)
    assert (sure.text, sure.notice) == ("a dog barking at night", "")
    assert sure.confidence == pytest.approx(math.exp(-0.2))
    assert "unsure" in listening([segment(log=-0.85)]).transcribe(make_sound("voice"), quiet).notice


def test_a_long_recording_is_cut_and_says_so(listening):
    found = listening([segment()], spoken=20.0).transcribe(Audio(np.zeros(16_000 * 70, np.float32), 16_000), quiet)
    assert found.seconds == transcriber.LONGEST
    assert "first 60 seconds" in found.notice


def test_whoever_watches_can_stop_it(listening):
    def stop(progress: Progress) -> None:
        if progress.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        listening([segment(), segment()]).transcribe(make_sound("voice"), stop)


def test_sounds_are_brought_to_16_khz():
    sound = make_sound("tone")
    assert len(at_16_khz(sound)) == pytest.approx(sound.seconds * 16_000, abs=1)
    assert at_16_khz(Audio(sound.samples, 16_000)) is sound.samples


def test_where_the_model_is_missing_the_message_says_what_to_do(tmp_path):
    with pytest.raises(NotSetUpError, match="setup"):
        Voice(Settings(home=tmp_path)).transcribe(make_sound("voice"), quiet)


def test_word_errors_count_edits():
    assert word_errors("a dog barking at night", "A dog, barking at night.") == 0
    assert word_errors("a dog barking", "the dog") == 2
    assert word_errors("a dog", "") == 2


@pytest.fixture(scope="module")
def model() -> Transcriber:
    settings = get_settings()
    if weights.missing_weights(settings):
        pytest.skip("the weights are not on this machine")
    return Transcriber(weights.verified(settings, weights.WHISPER)["model.bin"].parent)


@pytest.mark.weights
def test_tones_and_noise_are_given_no_words(model):
    noise = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
    for sound in (make_sound("violin", 3.0), Audio(noise, 16_000), Audio(np.zeros(16_000, np.float32), 16_000)):
        assert model.transcribe(sound, quiet).text == ""


@pytest.mark.weights
@pytest.mark.skipif(shutil.which("flite") is None, reason="the synthesiser flite is not installed")
def test_a_synthetic_voice_is_understood(model, tmp_path):
    file, said = tmp_path / "said.wav", "find me a warrior with a sword and a shield"
    subprocess.run(["flite", "-voice", "slt", "-t", said, "-o", str(file)], check=True)
    heard = model.transcribe(decode_audio(file.read_bytes(), "speech"), quiet)
    assert word_errors(said, heard.text) <= 2
