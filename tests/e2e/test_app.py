"""End to end in Chromium against the real catalogue: bring, see, ask why, reload."""

from __future__ import annotations

import io
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mmrec_core.types import Audio
from tests.e2e.steps import TILES, open_why, sentence, settle, upload, upload_again, wait_for_tiles, write
from tests.fake_media import wav_bytes

pytestmark = [pytest.mark.browser, pytest.mark.catalogue, pytest.mark.weights]


def drawn_apple() -> bytes:
    """A picture made here: a red apple with a stalk, on white."""
    picture = Image.new("RGB", (360, 320), "white")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((80, 90, 280, 290), fill=(200, 30, 40))
    pen.rectangle((174, 40, 186, 100), fill=(90, 60, 30))
    pen.ellipse((186, 40, 250, 76), fill=(60, 150, 60))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def bell() -> bytes:
    """A sound made here: five seconds of decaying partials."""
    time = np.arange(5 * 44100) / 44100
    partials = sum(np.sin(2 * np.pi * hertz * time) * np.exp(-time * hertz / 400) for hertz in (440, 882, 1330, 2210))
    return wav_bytes(Audio((0.2 * partials).astype(np.float32), 44100))


def test_picture_text_and_sound_lead_to_tiles_and_reasons(open_page, shoot):
    page = open_page()
    page.wait_for_selector(".st-key-mm-gallery img")
    shoot(page, "recommend-empty-light-1280")
    upload(page, "image", "apple.png", "image/png", drawn_apple())
    wait_for_tiles(page, "Image")
    write(page, "a ripe red apple")
    wait_for_tiles(page, "Text")
    upload(page, "audio", "bell.wav", "audio/wav", bell())
    wait_for_tiles(page, "Sound")
    assert_media_are_real(page)
    shoot(page, "recommend-light-1280")

    said = open_why(page)
    assert "score" in said
    for part in (
        "mm-picture-query",
        "mm-sound-query",
        "mm-bars-query",
        "mm-bars-item",
        "mm-alpha-query",
        "mm-alpha-item",
    ):
        page.wait_for_selector(f".st-key-{part} .js-plotly-plot")
    assert page.locator(".mm-word").count() >= 4
    assert page.locator(".mm-concepts .mm-chip").count() >= 1
    shoot(page, "explain-light-1280")

    page.reload()
    page.wait_for_selector("text=Bring it once more")
    shoot(page, "explain-again-light-1280")
    upload_again(page, "image", "apple.png", "image/png", drawn_apple())
    upload_again(page, "audio", "bell.wav", "audio/wav", bell())
    assert sentence(page) == said


def assert_media_are_real(page) -> None:
    """Every picture has pixels, and a player knows how long its sound is."""
    pictures = page.locator("[class*='st-key-mm-tile-'] .mm-frame img")
    assert pictures.count() >= 1
    page.wait_for_function(
        "() => [...document.querySelectorAll('[class*=\"st-key-mm-tile-\"] img')].every(i => i.naturalWidth > 0)"
    )
    assert all(alt for alt in pictures.evaluate_all("images => images.map(i => i.alt)"))
    page.wait_for_function("() => [...document.querySelectorAll('audio')].some(a => a.duration > 0)")


def test_a_deep_link_of_text_and_items_survives_a_reload(open_page, shoot):
    page = open_page(width=1920, dark=True)
    write(page, "a dragon that breathes fire")
    wait_for_tiles(page, "Text")
    shoot(page, "recommend-dark-1920")
    said = open_why(page)
    shoot(page, "explain-dark-1920")
    page.reload()
    assert sentence(page) == said
    link = page.url.rsplit("/", 1)[-1]
    assert "text=a+dragon" in link or "text=a%20dragon" in link
    other = open_page(link)
    assert sentence(other) == said


def test_examples_verdicts_and_similar_items(open_page, shoot):
    page = open_page(dark=True)
    page.locator(".st-key-mm-examples button:visible").first.click()
    page.wait_for_selector(TILES)
    page.locator(".st-key-mm-like-1 button:visible").click()
    page.wait_for_selector(".st-key-mm-judged-like-0")
    page.locator(".st-key-mm-dislike-1 button:visible").click()
    page.wait_for_selector('[class*="st-key-mm-judged-dislike"]')
    settle(page)
    shoot(page, "recommend-dark-1280")
    title = page.locator(".st-key-mm-tile-1 .mm-title").inner_text()
    liked = page.get_by_role("link", name="Why?").first.get_attribute("href")
    page.locator(".st-key-mm-more-1 button:visible").click()
    page.wait_for_selector(f".mm-chip b:text-is({title!r})")
    wait_for_others(page, liked)


def wait_for_others(page, link: str, count: int = 10) -> None:
    """Wait for as many tiles, none of them of the item that this link explains."""
    item_id = parse_qs(urlsplit(link).query)["item"][0]
    page.wait_for_function(
        "([item, count]) => {"
        " const shown = [...document.querySelectorAll('[class*=st-key-mm-acts-] a')]"
        "   .map(a => new URL(a.href).searchParams.get('item'));"
        " return new Set(shown).size === count && !shown.includes(item); }",
        arg=[item_id, count],
    )


def test_shares_are_told_to_the_pointer_and_to_the_keyboard(open_page):
    page = open_page()
    write(page, "a violin")
    wait_for_tiles(page, "Text")
    segment = page.locator(".st-key-mm-tile-1 .mm-seg").first
    segment.focus()
    assert "Exact Shapley value of the query's text" in segment.get_attribute("aria-label")
    content = "getComputedStyle(document.querySelector('.st-key-mm-tile-1 .mm-seg'), '::after').content"
    segment.hover()
    assert "of score" in page.evaluate(content)


def test_a_refused_upload_says_why(open_page, shoot):
    page = open_page()
    page.locator(".st-key-mm-panel-image input[type=file]").set_input_files(
        {"name": "fake.png", "mimeType": "image/png", "buffer": b"this is no picture"}
    )
    page.wait_for_selector(".st-key-mm-panel-image [data-testid=stAlert]")
    shoot(page, "recommend-refused-light-1280")


def test_a_recording_becomes_the_query(open_page):
    page = open_page()
    page.locator(".st-key-mm-panel-audio").get_by_text("Microphone").click()
    page.get_by_role("button", name="Record").click()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Stop recording").click()
    wait_for_tiles(page, "Sound")


def test_back_and_forward_bring_the_query_and_clear_all_leaves_none(open_page):
    page = open_page()
    page.wait_for_selector(".st-key-mm-gallery img")
    for text in ("a red apple", "a violin"):
        write(page, text)
        wait_for_query(page, text)
    page.locator(".st-key-mm-more-1 button:visible").click()
    page.wait_for_selector(".mm-chip b")
    settle(page)
    for text in ("a violin", "a red apple"):
        page.go_back()
        wait_for_query(page, text)
    page.go_forward()
    wait_for_query(page, "a violin")
    page.get_by_role("button", name="Clear all").click()
    page.wait_for_selector(".st-key-mm-gallery img")
    settle(page)
    assert not urlsplit(page.url).query
    page.reload()
    page.wait_for_selector(".st-key-mm-gallery img")
    page.go_back()
    wait_for_query(page, "a violin")


def wait_for_query(page, text: str) -> None:
    """Wait until this text alone is searched with: in its box, and in the address once the script rests."""
    box = ".st-key-mm-panel-text textarea"
    page.wait_for_function(
        "([box, text]) => document.querySelector(box)?.value === text"
        " && new URL(location).search === '?' + new URLSearchParams({text})",
        arg=[box, text],
    )
    wait_for_tiles(page, "Text")
    settle(page)
    assert parse_qs(urlsplit(page.url).query) == {"text": [text]}
