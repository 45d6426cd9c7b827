"""Figures say what their results say."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core import plots
from mmrec_core.types import (
    Attribution,
    AudioGrid,
    FusionAttention,
    ImageGrid,
    Modality,
    PairAttribution,
    Spectrogram,
    TokenMap,
)

SHARES = Attribution("modality_shapley", ("image", "text", "audio"), np.array([0.3, -0.1, 0.05]), 0.02, 0.27, 8)
PAIRS = PairAttribution(
    ("image", "text"),
    ("image", "text", "audio"),
    np.array([[0.1, 0.2, -0.3], [0.05, 0.0, 0.1]]),
    np.array([0.01, 0.02]),
    np.array([0.03, 0.0, -0.02]),
    0.07,
    0.26,
    32,
)


def test_bars_have_the_colour_and_the_value_of_their_modality():
    bars = plots.modality_bars(SHARES).data[0]
    assert list(bars.x) == [0.3, -0.1, 0.05]
    assert list(bars.y) == ["Image", "Text", "Sound"]
    assert list(bars.marker.color) == [plots.COLOURS[m] for m in ("image", "text", "audio")]
    assert list(bars.text) == ["+0.300", "−0.100", "+0.050"]


def test_bars_always_show_zero_and_leave_room_for_the_numbers():
    low, high = plots.modality_bars(SHARES).layout.xaxis.range
    assert low < -0.1 < 0.3 < high
    only_positive = Attribution("m", ("text",), np.array([0.4]), 0.0, 0.4, 2)
    assert plots.modality_bars(only_positive).layout.xaxis.range[0] == 0


def test_bars_beside_each_other_have_one_scale_and_say_what_they_share():
    small = Attribution("m", ("text",), np.array([0.1]), 0.0, 0.1, 2)
    two = [plots.modality_bars(a, of="difference", beside=(SHARES, small)) for a in (SHARES, small)]
    assert two[0].layout.xaxis.range == two[1].layout.xaxis.range == plots.modality_bars(SHARES).layout.xaxis.range
    assert two[0].layout.xaxis.title.text == "share of the difference"
    assert "of difference" in two[0].data[0].hovertemplate


def test_all_cells_of_the_pair_matrix_sum_to_the_score():
    heat = plots.pair_matrix(PAIRS).data[0]
    assert np.asarray(heat.z).shape == (3, 4)
    assert np.asarray(heat.z).sum() == pytest.approx(PAIRS.target)
    assert np.asarray(heat.z)[-1, -1] == PAIRS.baseline


def test_rows_and_columns_of_the_pair_matrix_add_up_to_the_bars_of_either_side():
    cells = np.asarray(plots.pair_matrix(PAIRS).data[0].z)
    np.testing.assert_allclose(cells[:-1].sum(axis=1), PAIRS.query_only + PAIRS.matrix.sum(axis=1))
    assert cells[-1].sum() == pytest.approx(PAIRS.baseline + PAIRS.item_only.sum())
    assert cells[:, -1].sum() == pytest.approx(PAIRS.baseline + PAIRS.query_only.sum())


def test_the_corner_of_the_pair_matrix_is_not_called_the_baseline():
    heat = plots.pair_matrix(PAIRS).data[0]
    assert (heat.y[-1], heat.x[-1]) == ("nothing of the query", "nothing of the item")
    assert "+0.070" in heat.text[-1][-1] and "neither side" in heat.text[-1][-1]
    assert "Neither side shows anything: +0.0700" in heat.customdata[-1][-1]
    assert heat.customdata[0][2] == "query image × item sound: −0.3000 of the score"


def test_with_the_baseline_all_bars_add_up_to_the_score():
    bars = plots.modality_bars(SHARES, start=True).data[0]
    assert (bars.y[0], bars.marker.color[0]) == ("Baseline", plots.OTHER_COLOUR)
    assert sum(bars.x) == pytest.approx(SHARES.target)


def test_the_signed_scale_is_centred_on_zero():
    heat = plots.pair_matrix(PAIRS).data[0]
    assert heat.zmin == -heat.zmax == pytest.approx(-0.3)


def test_what_rounds_to_zero_has_no_sign():
    assert plots.signed_format(-1e-9, "+.3f") == "0.000"
    assert plots.signed_format(-0.25, "+.3f") == "−0.250"
    assert plots.signed_format(0.25, "+.3f") == "+0.250"


def test_an_empty_slot_is_called_as_its_modality_is():
    alpha = FusionAttention(("text", "no audio"), np.array([[0.2, 0.8], [0.6, 0.4]]))
    assert list(plots.alpha_heatmap(alpha).data[0].x) == ["Text", "no sound"]


def test_alpha_rows_are_who_looks():
    alpha = FusionAttention(("cls", "text"), np.array([[0.2, 0.8], [0.6, 0.4]]))
    heat = plots.alpha_heatmap(alpha).data[0]
    assert list(heat.y) == ["[CLS]", "Text"]
    assert heat.text[0][1] == "80%"
    assert (heat.zmin, heat.zmax) == (0, 1)


def test_image_heat_lies_where_its_tokens_are():
    image = np.zeros((100, 200, 3), dtype=np.uint8)
    weights = np.array([1.0, 0.0, 0.0, 3.0])
    token_map = TokenMap(Modality.IMAGE, ImageGrid(2, 2, (0.25, 0.0, 0.75, 1.0)), weights, "attention")
    figure = plots.picture_heat(image, token_map, opacity=0.4)
    heat = figure.data[0]
    assert list(heat.x) == [75.0, 125.0]
    assert list(heat.y) == [25.0, 75.0]
    assert np.asarray(heat.z)[1][1] == pytest.approx(0.75)
    assert heat.opacity == 0.4
    assert tuple(figure.layout.yaxis.range) == (100, 0)
    assert figure.layout.images[0].source.startswith("data:image/jpeg;base64,")


def test_a_picture_without_a_map_is_the_picture_alone():
    figure = plots.picture_heat(np.zeros((10, 10, 3), dtype=np.uint8), None)
    assert not figure.data
    assert len(figure.layout.images) == 1


def test_a_signed_map_keeps_its_weights_on_a_scale_centred_on_zero():
    weights = np.array([0.3, -0.1, 0.0, -0.2])
    token_map = TokenMap(Modality.IMAGE, ImageGrid(2, 2), weights, "token_shap")
    heat = plots.picture_heat(np.zeros((8, 8, 3), dtype=np.uint8), token_map, signed=True).data[0]
    assert np.allclose(heat.z, weights.reshape(2, 2))
    assert (heat.zmin, heat.zmax) == (-0.3, 0.3)
    assert [list(stop) for stop in heat.colorscale] == plots.DIVERGING


def test_sound_heat_puts_time_across_and_bands_up():
    spectrogram = Spectrogram(
        np.zeros((4, 6), dtype=np.float32), tuple(np.linspace(0, 3, 7)), (0, 500, 1000, 4000, 8000)
    )
    weights = np.array([0, 0, 0, 0, 0, 1.0])
    token_map = TokenMap(Modality.AUDIO, AudioGrid((0.0, 1.0, 2.0, 3.0), (0.0, 1000.0, 8000.0)), weights, "attention")
    sound, heat = plots.sound_heat(spectrogram, token_map).data
    assert np.asarray(sound.z).shape == (4, 6)
    assert np.asarray(heat.z).shape == (2, 3)
    assert np.asarray(heat.z)[1, 2] == 1.0
    assert heat.y[1] == pytest.approx(plots.mel(1000.0))


def test_mel_is_the_htk_scale():
    assert plots.mel(0) == 0
    assert plots.mel(1000) == pytest.approx(1000, abs=0.1)


def test_a_map_without_weight_is_drawn_empty_not_nan():
    token_map = TokenMap(Modality.IMAGE, ImageGrid(1, 2), np.zeros(2), "attention")
    heat = plots.picture_heat(np.zeros((4, 4, 3), dtype=np.uint8), token_map).data[0]
    assert np.asarray(heat.z).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("template", ["plotly_white", "plotly_dark"])
def test_backgrounds_let_the_theme_through(template):
    figure = plots.pair_matrix(PAIRS, template)
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    inks = {"plotly_white": "#20242b", "plotly_dark": "#e9ebee"}
    assert figure.layout.font.color == inks[template]


def test_hover_names_the_patch_and_the_unit():
    image = np.zeros((20, 30, 3), np.uint8)
    token_map = TokenMap(Modality.IMAGE, ImageGrid(2, 3), np.arange(6.0), "x")
    (heat,) = plots.picture_heat(image, token_map, signed=True).data
    assert heat.text[1][2] == "row 2, column 3"
    assert heat.hovertemplate == "%{text}: %{z:+.4f} of the score<extra></extra>"
    (look,) = plots.picture_heat(image, token_map, signed=True, unit=plots.OF_THE_LOOK).data
    assert "weight of the look" in look.hovertemplate
