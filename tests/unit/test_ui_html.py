"""The small pieces of HTML: escaped, to scale, with words for every number."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mmrec_core.types import Attribution, Concept, Item, Modality, TextGrid, TokenMap
from pages._ui import html, trust
from pages._ui.cache import mat_of

SHARES = Attribution("modality_shapley", ("image", "text"), np.array([0.3, -0.1]), 0.02, 0.22, 4)
EVIL = '<script>alert("1")</script>'


def positions(markup: str) -> list[tuple[float, float]]:
    return [(float(a), float(b)) for a, b in re.findall(r"left:([\d.]+)%;width:([\d.]+)%", markup)]


def test_bar_puts_negative_shares_left_of_zero():
    (image_left, image_width), (text_left, text_width) = positions(html.share_bar(SHARES, html.extent([SHARES])))
    zero = 25.0
    assert (image_left, image_width) == (pytest.approx(zero), pytest.approx(75.0))
    assert (text_left, text_width) == (pytest.approx(0.0), pytest.approx(25.0))


def test_bars_of_one_answer_share_a_scale():
    small = Attribution("modality_shapley", ("image",), np.array([0.15]), 0.0, 0.15, 2)
    scale = html.extent([SHARES, small])
    assert positions(html.share_bar(small, scale))[0][1] == pytest.approx(37.5)


def test_hover_names_the_value_and_how_it_was_obtained():
    markup = html.share_bar(SHARES, html.extent([SHARES]))
    assert "Exact Shapley value of the query&#x27;s image: +0.300 of score 0.220" in markup
    assert "tabindex" in markup


def test_numbers_below_a_bar_add_up_to_the_score():
    legend = html.share_bar(SHARES, html.extent([SHARES])).split("mm-legend")[1]
    numbers = re.findall(r"[+−]\d\.\d{3}", legend)
    assert numbers == ["+0.020", "+0.300", "−0.100"]
    assert sum(float(number.replace("−", "-")) for number in numbers) == pytest.approx(SHARES.target)
    assert html.BASELINE in legend
    votes = Attribution("borda", ("text",), np.array([0.3]), 0.0, 0.3, 2)
    assert "Baseline" not in html.share_bar(votes, html.extent([votes]))


def test_an_encoder_names_only_what_it_is_sure_of():
    seen = [Concept("hen", 0.66), Concept("toilet seat", 0.11)]
    page = html.concepts(Modality.IMAGE, seen)
    assert "hen <b>66%</b>" in page and "toilet" not in page and "often misses drawings" in page
    page = html.concepts(Modality.AUDIO, seen[1:])
    assert "nothing that it knows well" in page and "≤ 11.0%" in page and "toilet" not in page


def test_extent_of_nothing_can_be_divided_by():
    low, high = html.extent([])
    assert low + high > 0


def test_item_fields_are_escaped():
    item = Item("a/b", EVIL, EVIL, (), EVIL, EVIL, EVIL, EVIL)
    everything = (
        html.item_lines(item)
        + html.excerpt(EVIL)
        + html.concepts(Modality.IMAGE, [Concept(EVIL, 0.5)])
        + html.words(EVIL, None)
    )
    assert "<script" not in everything
    assert "&lt;script" in everything
    assert '"1"' not in html.picture("data:,", "white", EVIL)


def test_word_shares_join_pieces_and_skip_special_tokens():
    text = "a playing cat"
    grid = TextGrid(((0, 0), (0, 1), (2, 6), (6, 9), (10, 13), (0, 0)))
    token_map = TokenMap(Modality.TEXT, grid, np.array([0.1, 0.1, 0.2, 0.2, 0.3, 0.1]), "attention")
    shares = html.word_shares(text, token_map)
    assert shares == {(0, 1): pytest.approx(0.1), (2, 9): pytest.approx(0.4), (10, 13): pytest.approx(0.3)}
    assert "playing: 40.0% of the attention" in html.words(text, token_map)


def test_words_without_a_map_are_plain():
    assert html.words("two words", None) == '<p class="mm-words">two words</p>'


def test_every_modality_colour_reaches_the_stylesheet():
    variables = html.colour_variables()
    assert all(f"--mm-{name}:" in variables for name in ("image", "text", "audio", "video", "profile"))
    stylesheet = (html.MARK.parent / "app.css").read_text()
    used = set(re.findall(r"var\((--mm-[a-z]+)\)", stylesheet))
    own = set(re.findall(r"(--mm-[a-z]+):", stylesheet))
    assert used <= own | set(re.findall(r"(--mm-[a-z]+):", variables))


def test_signed_words_are_green_above_zero_and_magenta_below():
    token_map = TokenMap(Modality.TEXT, TextGrid(((0, 3), (4, 7))), np.array([0.2, -0.1]), "token_shap")
    page = trust.words("red <b> dog", token_map)
    assert "var(--mm-plus) 80%" in page
    assert "var(--mm-less) 40%" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


def test_a_picture_lies_on_the_colour_of_the_edges_beside_the_mat() -> None:
    tall = np.full((60, 30, 3), 255, np.uint8)
    tall[[0, -1]] = 0
    assert mat_of(tall) == "rgb(255,255,255)", "its left and right"
    wide = np.full((30, 90, 3), 255, np.uint8)
    wide[[0, -1]] = 7
    assert mat_of(wide) == "rgb(7,7,7)", "its top and bottom"
    noisy = np.random.default_rng(0).integers(0, 255, (60, 30, 3)).astype(np.uint8)
    assert mat_of(noisy) == "#1b1e24"
