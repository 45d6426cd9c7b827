"""The app as a person meets it: streamlit on a free port, Chromium in front of it, screenshots in build/screenshots."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from mmrec_core import bootstrap
from mmrec_core.settings import REPOSITORY, get_settings

SCREENSHOTS = REPOSITORY / "build" / "screenshots"
START_SECONDS = 120
PATIENCE_MS = 60_000
"""Long, since the first query loads the encoders and a machine may be busy; it is only waited out by a failure."""


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    """The address of a running app; its log is shown where it does not start."""
    assert bootstrap.is_set_up(get_settings()), "The app is not set up. Run: make setup"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "streamlit.log"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=REPOSITORY, stdout=output, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(process, address, log)
        yield address
    finally:
        stop(process)


def stop(process: subprocess.Popen) -> None:
    """End the server; insist where a busy machine keeps it from ending by itself."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)


def wait_until_healthy(process: subprocess.Popen, address: str, log: Path) -> None:
    """Return once the server answers; fail with its log otherwise."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"streamlit did not start:\n{log.read_text(errors='replace')[-2000:]}")


@pytest.fixture
def open_page(browser, server):
    """Opens the app: ``open_page(path, width, dark)``; fails the test on script errors and on requests to anywhere else."""
    contexts, troubles = [], []

    def open_(path: str = "", width: int = 1280, dark: bool = False):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            permissions=["microphone", "camera"],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)  # the first page loads the model, beside whatever else runs
        page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
        page.on("request", lambda request: _note_foreign(request.url, server, troubles))
        page.goto(f"{server}/{path}")
        page.wait_for_selector(".mm-brand", timeout=120_000)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not troubles


def _note_foreign(url: str, server: str, troubles: list[str]) -> None:
    if not url.startswith((server, server.replace("http", "ws"), "data:", "blob:")):
        troubles.append(f"request to {url}")


@pytest.fixture
def shoot():
    """Saves a screenshot of the whole page: ``shoot(page, name)``."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def shoot_(page, name: str) -> None:
        height = page.evaluate("document.querySelector('.stMain')?.scrollHeight || 900")
        size = page.viewport_size
        page.set_viewport_size({"width": size["width"], "height": min(max(height + 10, 900), 4000)})
        page.wait_for_timeout(800)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")
        page.set_viewport_size(size)

    return shoot_
