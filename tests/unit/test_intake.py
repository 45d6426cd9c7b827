"""What a page shows of what was brought: bytes that a browser shows or plays."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from mmrec_core.media.audio import decode_audio
from mmrec_core.types import Audio
from pages._ui import intake
from tests.fake_media import draw_picture


def test_a_sound_is_played_as_near_to_what_the_model_hears_as_16_bits_allow() -> None:
    sound = Audio(np.linspace(-0.9, 0.9, 4410, dtype=np.float32), 44_100)
    brought = intake.wrap(sound, "A ramp", "digest")
    half_a_step = 0.5 / 32767
    assert np.abs(decode_audio(brought.shown).samples * 32768 / 32767 - sound.samples).max() < half_a_step * 1.01


def test_a_picture_is_shown_small() -> None:
    large = np.array(Image.fromarray(draw_picture("p")).resize((2000, 1000)))
    brought = intake.wrap(large, "A picture", "digest")
    shown = Image.open(io.BytesIO(brought.shown))
    assert (shown.format, shown.size) == ("JPEG", (intake.PREVIEW_PIXELS, intake.PREVIEW_PIXELS // 2))
