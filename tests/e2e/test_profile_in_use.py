"""End to end: like two results, let the profile weigh more, read because of which like an item is there."""

from __future__ import annotations

import pytest

from tests.e2e.steps import settle, wait_for_tiles, write

pytestmark = [pytest.mark.browser, pytest.mark.catalogue, pytest.mark.weights]


WEIGHTS = ("0.35", "0.4", "0.45", "0.5", "0.55", "0.6")


def weigh_more(page) -> None:
    """Move the profile's weight up by its arrow key; the next press waits until the page has taken the last one."""
    slider = page.get_by_role("slider", name="Weight of your profile")
    for weight in WEIGHTS:
        settle(page)
        slider.press("ArrowRight")
        page.wait_for_url(f"**weight={weight}**")


def test_two_likes_move_what_is_recommended_and_say_why(open_page, shoot):
    page = open_page()
    write(page, "a calm bird by the water")
    wait_for_tiles(page, "Text")
    for count in (1, 2):
        page.locator(".st-key-mm-like-1 button").first.click()
        page.locator(f".st-key-mm-judged-like-{count - 1}").wait_for()
        wait_for_tiles(page, "Profile")
    weigh_more(page)
    page.wait_for_function("() => document.querySelectorAll('.mm-because').length > 3")
    assert "Because you liked" in page.locator(".mm-because").first.inner_text()
    shown = [page.locator(f".st-key-mm-judged-like-{n} .mm-frame img").get_attribute("alt") for n in (0, 1)]
    for title in (alt.rsplit(" (", 1)[0] for alt in shown):
        assert page.get_by_role("button", name=f"Liked ✕ {title}", exact=True).count() == 1
    shoot(page, "recommend-profile-light-1280")

    page.get_by_role("link", name="Why?").first.click()
    page.locator(".mm-profile-shares").wait_for()
    assert page.locator(".mm-profile-shares > div").count() == 2
    shoot(page, "explain-profile-light-1280")
