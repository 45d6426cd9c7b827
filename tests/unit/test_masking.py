"""Hiding parts in the medium itself: what each fill leaves, and the scorer that encodes again."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.explain.base import Pair
from mmrec_core.explain.fills import FILLS, LONGEST_SIDE, filler, inpainted
from mmrec_core.explain.masking import InputScorer, encode_with, shares_by_fill
from mmrec_core.explain.scorer import Part
from mmrec_core.explain.token_shap import TokenShap
from mmrec_core.types import Audio, AudioGrid, ImageGrid, Modality, Query, TextGrid, Tokens
from tests.fake_model import DIM, make_encoder

RATE = 8000
IMAGE, TEXT, AUDIO = Modality.IMAGE, Modality.TEXT, Modality.AUDIO


def quarters() -> np.ndarray:
    """A red, a green, a blue and a white quarter."""
    picture = np.zeros((40, 60, 3), np.uint8)
    picture[:20, :30, 0] = picture[:20, 30:, 1] = picture[20:, :30, 2] = 255
    picture[20:, 30:] = 255
    return picture


def hidden(n: int, *cells: int) -> np.ndarray:
    return np.isin(np.arange(n), cells)


@pytest.mark.parametrize("fill", FILLS[IMAGE])
def test_only_the_hidden_cell_of_a_picture_changes(fill):
    picture = quarters()
    hide = filler(IMAGE, picture, ImageGrid(2, 2), fill)
    edited = hide(hidden(4, 1))
    changed = (edited != picture).any(axis=2)
    assert changed[:20, 30:].mean() > 0.9
    assert not changed[20:].any()
    assert not changed[:, :30].any()
    np.testing.assert_array_equal(hide(hidden(4)), picture)
    assert edited.dtype == np.uint8


def test_mean_is_the_mean_colour_and_everything_may_be_hidden():
    picture = quarters()
    expected = np.rint(picture.reshape(-1, 3).mean(axis=0))
    for fill in ("mean", "inpaint"):
        np.testing.assert_array_equal(
            filler(IMAGE, picture, ImageGrid(2, 2), fill)(hidden(4, 0, 1, 2, 3))[0, 0], expected
        )


def test_blur_keeps_no_detail():
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    edited = filler(IMAGE, picture, ImageGrid(4, 4), "blur")(hidden(16, *range(16)))
    assert edited.std() < picture.std() / 10


def test_a_hole_is_filled_with_the_colours_around_it():
    picture = np.full((33, 47, 3), (200, 30, 90), np.uint8)
    gone = np.zeros((33, 47), bool)
    gone[10:25, 20:40] = True
    picture[gone] = 0
    assert np.ptp(inpainted(picture, gone).reshape(-1, 3), axis=0).max() <= 1


def test_a_grid_that_covers_the_middle_leaves_the_margin_alone():
    picture = quarters()
    edited = filler(IMAGE, picture, ImageGrid(1, 1, (0.25, 0.0, 0.75, 1.0)), "mean")(hidden(1, 0))
    changed = (edited != picture).any(axis=2)
    assert changed[:, 15:45].all()
    assert not changed[:, :15].any()
    assert not changed[:, 45:].any()


def test_a_large_picture_is_shrunk():
    edited = filler(IMAGE, np.zeros((100, 3000, 3), np.uint8), ImageGrid(2, 2), "mean")(hidden(4, 0))
    assert edited.shape == (22, LONGEST_SIDE, 3)


def test_words_are_removed_or_replaced():
    text = "a red bird sings"
    grid = TextGrid(((0, 0), (0, 1), (2, 5), (6, 8), (8, 10), (11, 16), (0, 0)))
    removed, replaced = (filler(TEXT, text, grid, fill) for fill in ("removed", "replaced"))
    assert removed(hidden(7, 2)) == "a bird sings"
    assert removed(hidden(7, 1, 2, 3, 4, 5)) == ""
    assert replaced(hidden(7, 2)) == "a … bird sings"
    assert replaced(hidden(7, 2, 3, 4)) == "a … sings"
    assert removed(hidden(7)) == replaced(hidden(7)) == text


def two_tones() -> Audio:
    """Two seconds: a low tone throughout, a high one in the second half."""
    t = np.arange(2 * RATE) / RATE
    high = 0.3 * np.sin(2 * np.pi * 3000 * t) * (t >= 1)
    return Audio((0.3 * np.sin(2 * np.pi * 500 * t) + high).astype(np.float32), RATE)


GRID = AudioGrid((0.0, 1.0, 2.0), (0.0, 1500.0, 4000.0))


def power(samples: np.ndarray, hertz: float) -> float:
    t = np.arange(len(samples)) / RATE
    return float(abs((samples * np.exp(-2j * np.pi * hertz * t)).mean()) * 2)


def test_a_hidden_band_is_silent_and_the_rest_sounds_on():
    edited = filler(AUDIO, two_tones(), GRID, "silence")(hidden(4, 3)).samples
    late = edited[RATE + 1500 : 2 * RATE - 500]
    assert power(late, 3000) < 0.01
    assert power(late, 500) == pytest.approx(0.3, abs=0.02)
    np.testing.assert_allclose(edited[: RATE - 2500], two_tones().samples[: RATE - 2500], atol=1e-3)


def test_all_hidden_is_silence_beyond_the_grid_too():
    short = AudioGrid((0.5, 1.0, 1.5), (0.0, 1500.0, 3000.0))
    edited = filler(AUDIO, two_tones(), short, "silence")(hidden(4, 0, 1, 2, 3)).samples
    assert np.abs(edited).max() < 1e-6
    assert len(edited) == 2 * RATE


def test_noise_is_as_loud_as_the_sound_and_always_the_same():
    hide = filler(AUDIO, two_tones(), GRID, "noise")
    first, second = hide(hidden(4, 0, 1, 2, 3)).samples, hide(hidden(4, 0, 1, 2, 3)).samples
    np.testing.assert_array_equal(first, second)
    assert first.std() == pytest.approx(two_tones().samples.std(), rel=0.3)
    assert abs(np.corrcoef(first, two_tones().samples)[0, 1]) < 0.3
    assert np.abs(first).max() <= 1


@pytest.mark.parametrize("length", [1, 3, 100])
def test_a_very_short_sound_can_be_hidden(length):
    audio = Audio(np.full(length, 0.5, np.float32), RATE)
    edited = filler(AUDIO, audio, AudioGrid((0.0, 0.1), (0.0, 4000.0)), "silence")(hidden(1, 0))
    assert len(edited.samples) == length
    assert np.isfinite(edited.samples).all()


def test_an_unknown_fill_is_refused():
    with pytest.raises(ValueError, match="fill is 'blur'; for audio it takes one of silence, noise"):
        filler(AUDIO, two_tones(), GRID, "blur")


class MeanColour:
    """An encoder that sees the mean colour of four quarters, so that every mask has another embedding."""

    modality, dim, version = IMAGE, DIM, "1"

    def encode(self, batch):
        return [self._one(picture) for picture in batch]

    def _one(self, picture):
        h, w = picture.shape[0] // 2, picture.shape[1] // 2
        cells = [picture[a : a + h, b : b + w].reshape(-1, 3).mean(axis=0) / 255 for a in (0, h) for b in (0, w)]
        values = np.tile(np.array(cells, np.float32), (1, 6))[:, :DIM]
        return Tokens(values, np.ones(4, bool), ImageGrid(2, 2))


@pytest.fixture(scope="module")
def world():
    encoder = make_encoder()
    encoder.encoders = {**encoder.encoders, IMAGE: MeanColour()}
    query = encoder.encode_query(Query(image=quarters(), text="a query"))
    item = encoder.encode_query(Query(text="an item"))
    return encoder, Pair(encoder.bundle.fusion, query, item)


def make_scorer(world, fill="mean", **changes) -> InputScorer:
    encoder, pair = world
    return InputScorer(pair, "query", IMAGE, quarters(), encode_with(encoder, IMAGE), fill, **changes)


def test_each_mask_scores_as_the_edited_picture_would(world):
    encoder, pair = world
    scorer = make_scorer(world)
    keep = np.array([[1, 1, 1, 1], [0, 1, 1, 1], [0, 0, 0, 0], [1, 0, 1, 0]], bool)
    expected = []
    for row in keep:
        again = encoder.encode_query(Query(image=scorer.edited(row), text="a query"))
        expected.append(float(pair.fusion.fuse(again.summaries)[0] @ pair.fusion.fuse(pair.item.summaries)[0]))
    np.testing.assert_allclose(scorer(keep), expected, atol=1e-5)
    assert scorer.evaluations == 4
    assert np.ptp(expected) > 1e-3


def test_batches_of_media_do_not_change_the_scores(world, monkeypatch):
    keep = np.random.default_rng(0).random((7, 4)) < 0.5
    whole = make_scorer(world)(keep)
    monkeypatch.setattr("mmrec_core.explain.masking.MEDIA", 3)
    np.testing.assert_allclose(make_scorer(world)(keep), whole, atol=1e-6)
    assert make_scorer(world)(np.zeros((0, 4), bool)).shape == (0,)


def test_a_text_without_words_is_no_text(world):
    encoder, pair = world
    scorer = InputScorer(pair, "query", TEXT, "a query", encode_with(encoder, TEXT), parts=[Part("all", (1, 2, 3))])
    scorer._hide = lambda gone: "" if gone.any() else "a query"
    without = pair.fusion.fuse(encoder.encode_query(Query(image=quarters())).summaries)[0]
    expected = float(without @ pair.fusion.fuse(pair.item.summaries)[0])
    found = scorer(np.array([[True], [False]]))
    assert found[1] == pytest.approx(expected, abs=1e-5)
    assert found[0] == pytest.approx(
        float(pair.fusion.fuse(pair.query.summaries)[0] @ pair.fusion.fuse(pair.item.summaries)[0]), abs=1e-5
    )


def test_shap_runs_on_it_under_every_fill(world):
    shap = TokenShap("query", "permutation", 1100, 0)
    found = shares_by_fill(lambda fill: make_scorer(world, fill), IMAGE, shap.share)
    assert list(found) == list(FILLS[IMAGE])
    targets = {round(a.target, 5) for a in found.values()}
    assert len(targets) == 1
    assert all(abs(a.residual) < 1e-9 for a in found.values())
    assert len({round(a.baseline, 4) for a in found.values()}) > 1


def test_refuses_a_mask_of_the_wrong_width(world):
    with pytest.raises(ValueError, match="3 parts was given; there are 4"):
        make_scorer(world)(np.ones((1, 3), bool))
