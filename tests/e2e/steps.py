"""Steps of a person at the app, shared by the tests in a browser; each waits for what it leads to, never for a time."""

from __future__ import annotations

from urllib.parse import urlencode

TILES = ".mm-score"


def settle(page) -> None:
    """Wait until the script rests: until then, what the last run drew may stand beside what this one draws."""
    page.wait_for_selector("[data-test-script-state=notRunning]", state="attached")


def upload(page, kind: str, name: str, mime: str, data: bytes) -> None:
    """Bring a file in the composer."""
    file = {"name": name, "mimeType": mime, "buffer": data}
    settle(page)
    page.locator(f".st-key-mm-panel-{kind} input[type=file]").set_input_files(file)
    page.wait_for_selector(f".st-key-mm-clear-{kind}")


def upload_again(page, kind: str, name: str, mime: str, data: bytes) -> None:
    """Bring a file that a link asks for."""
    file = {"name": name, "mimeType": mime, "buffer": data}
    settle(page)
    page.locator(f".st-key-mm-again-{kind} input[type=file]").set_input_files(file)
    page.wait_for_selector(f".st-key-mm-again-{kind}", state="detached")


def write(page, text: str) -> None:
    box = page.locator(".st-key-mm-panel-text textarea")
    box.fill(text)
    box.press("Control+Enter")


def wait_for_tiles(page, legend: str, count: int = 10) -> None:
    """Wait for as many tiles, all with shares of this modality."""
    page.wait_for_function(
        "([tiles, legend, count]) => document.querySelectorAll(tiles).length === count"
        " && [...document.querySelectorAll('.mm-legend')].every(l => l.textContent.includes(legend))",
        arg=[TILES, legend, count],
    )


def open_why(page) -> str:
    """Follow the first Why? and return the sentence."""
    page.get_by_role("link", name="Why?").first.click()
    return sentence(page)


def sentence(page) -> str:
    page.wait_for_selector(".mm-sentence")
    page.wait_for_selector(".st-key-mm-pairs .js-plotly-plot")
    return page.locator(".mm-sentence").inner_text()


def open_pair(open_page, item: str, **query: str):
    """The Explain page of one item for a query that its address can hold, once its sections are there."""
    page = open_page("Explain?" + urlencode({"item": item, **query}))
    sentence(page)
    settle(page)
    return page


def choose_section(page, label: str, part: str) -> None:
    """Open one of the deeper sections; ``part`` is a selector of what only it holds."""
    settle(page)
    page.locator(".st-key-mm-section").get_by_role("radio", name=label, exact=True).click()
    page.wait_for_selector(part)
    settle(page)


def run_section(page, key: str) -> None:
    """Press the button that starts a section's work, and wait for the sentence that it ends with."""
    page.locator(f".st-key-{key} button").click()
    page.locator(".mm-said").wait_for()
    settle(page)
