"""End to end: like two results, let the profile weigh more, read because of which like an item is there."""

from __future__ import annotations

import pytest

from tests.e2e.steps import settle, wait_for_tiles, write

pytestmark = [pytest.mark.browser, pytest.mark.catalogue, pytest.mark.weights]


def press(page, label: str, presses: int) -> None:
    """Move a slider by its arrow keys."""
    slider = page.get_by_role("slider", name=label)
    slider.focus()
    for _ in range(presses):
        settle(page)
        slider.press("ArrowRight")


def test_two_likes_move_what_is_recommended_and_say_why(open_page, shoot):
    page = open_page()
    write(page, "a calm bird by the water")
    wait_for_tiles(page, "Text")
    for count in (1, 2):
        page.locator(".st-key-mm-like-1 button").first.click()
        page.locator(f".st-key-mm-judged-like-{count - 1}").wait_for()
        wait_for_tiles(page, "Profile")
    press(page, "Weight of your profile", 6)
    page.wait_for_function("() => document.querySelectorAll('.mm-because').length > 3")
    assert "Because you liked" in page.locator(".mm-because").first.inner_text()
    page.wait_for_url("**weight=0.6**")
    shoot(page, "recommend-profile-light-1280")

    page.get_by_role("link", name="Why?").first.click()
    page.locator(".mm-profile-shares").wait_for()
    assert page.locator(".mm-profile-shares > div").count() == 2
    shoot(page, "explain-profile-light-1280")
