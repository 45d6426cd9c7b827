"""Edited media: what is taken out is gone, what is not is untouched."""

from __future__ import annotations

import numpy as np

from mmrec_core.explain.edit import FADE_SECONDS, edited_media, fill, silence, strike
from mmrec_core.types import Audio, Modality, RemovedPart


def test_boxes_are_filled_with_the_mean_of_the_rest():
    image = np.full((40, 20, 3), 200, np.uint8)
    image[:20, :10] = 0
    edited = fill(image, [(0.0, 0.0, 0.5, 0.5)])
    assert (edited == 200).all()
    assert (image[:20, :10] == 0).all()


def test_words_are_struck_and_white_space_is_closed():
    assert strike("a bird sings loud", [(2, 6)]) == "a sings loud"
    assert strike("bird", [(0, 4)]) == ""


def test_seconds_are_silent_and_the_rest_is_as_it_was():
    rate = 1000
    audio = Audio(np.ones(3 * rate, np.float32), rate)
    edited = silence(audio, [(1.0, 2.0)])
    assert len(edited.samples) == len(audio.samples)
    assert (edited.samples[rate : 2 * rate] == 0).all()
    fade = int(FADE_SECONDS * rate)
    assert (edited.samples[: rate - fade] == 1).all()
    assert (edited.samples[2 * rate + fade :] == 1).all()
    assert np.abs(np.diff(edited.samples)).max() < 0.5  # no click


def test_only_touched_media_come_back_and_an_emptied_text_is_none():
    word = RemovedPart(Modality.TEXT, "bird", (1,), (0, 4))
    edited = edited_media([word], np.zeros((4, 4, 3), np.uint8), "bird", None)
    assert edited.image is None and edited.text is None and edited.audio is None
