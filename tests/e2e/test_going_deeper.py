"""End to end: what slow sections of the Explain page find, seen to the end; and a Stop that leaves the page usable."""

from __future__ import annotations

import re

import pytest

from tests.e2e.steps import choose_section, open_pair, run_section, sentence, settle, wait_for_tiles, write

pytestmark = [pytest.mark.browser, pytest.mark.catalogue, pytest.mark.weights]
DRAGON = "wesnoth/unit-fire-dragon"
TEXT = "a dragon that breathes fire"


def test_what_if_shows_the_edited_words_and_the_new_ranking(open_page, shoot):
    page = open_page()
    write(page, TEXT)
    wait_for_tiles(page, "Text")
    page.get_by_role("link", name="Why?").nth(9).click()
    sentence(page)
    choose_section(page, "What if", ".st-key-mm-if-run")
    run_section(page, "mm-if-run")
    assert "enough to drop it out of the first 10" in page.locator(".mm-said").inner_text()
    struck = page.locator(".mm-struck")
    assert struck.inner_text() == TEXT
    taken = struck.locator("s").all_inner_texts()
    assert taken
    assert set(taken) <= set(TEXT.split())
    before, after = page.locator(".mm-ranking").all()
    assert rank_of(before) == 10
    assert rank_of(after) > 10
    shoot(page, "explain-what-if-light-1280")


def rank_of(ranking) -> int:
    """Where the explained item stands in one of the rankings."""
    return int(ranking.locator(".mm-own td").first.inner_text())


def test_against_another_shares_the_difference(open_page, shoot):
    page = open_pair(open_page, DRAGON, text=TEXT)
    choose_section(page, "Against another", ".st-key-mm-against-run")
    run_section(page, "mm-against-run")
    page.locator("[class*=st-key-mm-against-bars-difference] .js-plotly-plot").wait_for()
    assert page.locator("[class*=st-key-mm-against-bars-] .js-plotly-plot").count() == 3
    heads = " ".join(page.locator(".mm-side-head").all_inner_texts()).replace("−", "-")
    above, below = map(float, re.findall(r"(?i)score ([\d.]+)", heads))
    difference = float(re.findall(r"(?i)difference · ([+-][\d.]+)", heads)[0])
    assert above - below == pytest.approx(difference, abs=1.1e-4)
    words = page.locator("[class*=-against-text] .mm-word").all_inner_texts()
    assert [word.strip() for word in words] == TEXT.split()
    shoot(page, "explain-against-light-1280")


def test_a_long_explanation_stops_and_leaves_the_page_usable(open_page):
    page = open_pair(open_page, DRAGON, text=TEXT, image_of=DRAGON)
    choose_section(page, "Masking", ".st-key-mm-fills-run")
    page.locator(".st-key-mm-fills-run button").click()
    page.locator(".st-key-mm-job-stop button").click()
    page.locator(".st-key-mm-job").wait_for(state="detached")
    page.get_by_text("Stopped. Nothing of it was kept").wait_for()
    settle(page)
    assert page.locator("[class*=st-key-mm-map-fills]").count() == 0
    choose_section(page, "Matches", ".mm-links img")


@pytest.mark.parametrize("after_ms", [100, 500, 800])
def test_a_section_chosen_as_long_work_starts_opens_at_once(open_page, after_ms):
    page = open_pair(open_page, DRAGON, text=TEXT, image_of=DRAGON)
    choose_section(page, "Masking", ".st-key-mm-fills-run")
    page.locator(".st-key-mm-fills-run button").click()
    page.wait_for_timeout(after_ms)
    page.locator(".st-key-mm-section").get_by_role("radio", name="Report", exact=True).click()
    page.locator(".mm-question", has_text="Everything about this pair").wait_for()
    assert page.locator(".st-key-mm-job").count() == 1
    page.locator(".st-key-mm-job-stop button").click()
    page.locator(".st-key-mm-job").wait_for(state="detached")
