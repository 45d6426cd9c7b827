"""Shared by the tests of pages: where they lie, and how one starts and reads them."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from mmrec_core.service import Service
from pages._ui.state import Key

ROOT = Path(__file__).resolve().parents[2]
HOME, EXPLAIN = ROOT / "app.py", ROOT / "pages" / "1_Explain.py"
STYLE = (ROOT / "assets" / "app.css").read_text()


def serve(monkeypatch, service) -> None:
    """Let the app open this service: an object, or an error to raise."""

    def open_(settings=None):
        if isinstance(service, Exception):
            raise service
        return service

    monkeypatch.setattr(Service, "open", staticmethod(open_))


def start(page: Path, **query_params: str) -> AppTest:
    """Open a page by its address."""
    app = AppTest.from_file(str(HOME), default_timeout=60)
    if page != HOME:
        app.switch_page(str(page.relative_to(ROOT)))
    app.query_params.update(query_params)
    return app.run()


def markup(app: AppTest) -> str:
    """All HTML and markdown of the page, the sidebar's too."""
    pieces = [element.proto.body for element in [*app.get("html"), *app.sidebar.get("html")]]
    return "\n".join([*pieces, *(m.value for m in app.markdown)])


def style_free(app: AppTest) -> str:
    """The same without the stylesheet, to count classes in."""
    return markup(app).replace(STYLE, "")


def tiles(app: AppTest) -> int:
    """How many recommendations are shown."""
    return markup(app).count('class="mm-score"')


def example(app: AppTest, title: str) -> AppTest:
    """Press an example."""
    return next(button for button in app.button if button.label == title).click().run()


def pressed(app: AppTest, key: str) -> AppTest:
    """Press a button and let the work behind it end."""
    app.button(key=key).click().run()
    finish(app)
    app.run()
    assert not app.exception
    return app


def finish(app: AppTest) -> None:
    """Wait until the work in the background of this session has ended."""
    if Key.JOB in app.session_state and app.session_state[Key.JOB] is not None:
        app.session_state[Key.JOB].wait(20)
