"""The Explain page, empty, in use and on a failing service; on a stand-in for the facade."""

from __future__ import annotations

import hashlib
import re

import pytest

from mmrec_core.errors import MMRecError
from pages._ui import links
from pages._ui.state import Key
from tests.fake_media import draw_picture, png_bytes
from tests.fakes import FakeService
from tests.ui.pages import EXPLAIN, HOME, example, markup, serve, start


def test_explain_without_anything_lets_one_choose(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(EXPLAIN)
    assert not app.exception
    assert "Choose what to explain" in markup(app)
    app.selectbox(key="mm-explain-query").select("fake/owl").run()
    app.selectbox(key="mm-explain-item").select("fake/dog").run()
    assert not app.exception
    assert "Why “Dog”?" in markup(app)
    assert app.query_params == {"item": "fake/dog", "query_item": "fake/owl"}


def test_explain_shows_sentence_media_and_shares(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(EXPLAIN, item="fake/robin", text="a bird", image_of="fake/owl", audio_of="fake/dog")
    assert not app.exception
    page = markup(app)
    assert "Recommended mainly for what the image says." in page
    assert "of the attention within the text" in page
    assert "The picture encoder by itself guesses" in page and "robin <b>61%" in page and "house finch" not in page
    assert [metric.label for metric in app.metric] == [
        "Score",
        "Baseline",
        "Sum of shares",
        "Residual",
        "Model evaluations",
    ]
    assert len(app.get("plotly_chart")) == 2 + 2 + 2 + 1 + 2
    said = [caption.value for caption in app.caption]
    assert (
        "Of the score, +0.05 is for the category: your query reads as animals (80%), the item as birds (90%)." in said
    )
    assert "All 16 cells add up to the score" in page
    assert "The strongest match between a part of the query and a part of the item" in page
    for side in ("query", "answer"):
        assert adds_up(page.split('mm-small">Baseline ')[1 if side == "query" else 2])


def adds_up(line: str) -> bool:
    """Whether "Baseline +0.1 + text 0.2 = score 0.3" is true."""
    terms, total = line.split("</p>")[0].split("<br>")[0].split(" = ")
    signs = ["", *re.findall(r" ([+−]) ", terms)]
    numbers = re.findall(r"<b>([^<]+)</b>", terms)
    values = [float(f"{sign}{number}".replace("−", "-")) for sign, number in zip(signs, numbers, strict=True)]
    return abs(sum(values) - float(re.findall(r"<b>([^<]+)</b>", total)[0])) < 0.001


@pytest.mark.parametrize(("text", "told"), [("ein alter Leuchtturm", True), ("an old lighthouse", False)])
def test_words_of_another_language_are_shown_in_english(monkeypatch, text, told):
    serve(monkeypatch, FakeService())
    app = start(EXPLAIN, item="fake/robin", text=text)
    assert any("Words known in English: old, lighthouse" in caption.value for caption in app.caption) is told


def test_why_links_carry_the_query(monkeypatch):
    serve(monkeypatch, FakeService())
    app = example(start(HOME), "All three")
    whys = [link.proto.query_string for link in app.get("page_link") if link.proto.label == "Why?"]
    assert len(whys) == 10
    assert all("text=bright+strings" in why and "image_of=fake" in why and "audio_of=fake" in why for why in whys)


def test_an_uploaded_query_is_asked_for_again(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(EXPLAIN, item="fake/robin", image_upload="0123456789ab")
    assert not app.exception
    assert "Uploads are never stored" in markup(app)
    app.file_uploader[0].upload("disc.png", png_bytes(draw_picture("disc")), "image/png").run()
    assert not app.exception
    assert "Why “Robin”?" in markup(app)
    assert "not the file of the link" in app.toast[0].value


def test_the_file_of_the_link_is_taken_without_a_word(monkeypatch):
    serve(monkeypatch, FakeService())
    data = png_bytes(draw_picture("disc"))
    app = start(EXPLAIN, item="fake/robin", image_upload=hashlib.sha256(data).hexdigest()[:12])
    app.file_uploader[0].upload("disc.png", data, "image/png").run()
    assert "Why “Robin”?" in markup(app) and not app.toast


def test_a_file_that_is_refused_says_why_where_it_was_asked_for(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(EXPLAIN, item="fake/robin", image_upload="0123456789ab")
    app.file_uploader[0].upload("apple.png", b"no picture", "image/png").run()
    assert app.error and not app.exception


def test_a_long_text_is_asked_for_again(monkeypatch):
    serve(monkeypatch, FakeService())
    long = "bird " * (links.LONGEST_TEXT // 4)
    app = example(start(HOME), "A picture: Apple")
    app.text_area[0].input(long).run()
    assert "text" not in app.query_params
    app = start(EXPLAIN, item="fake/robin", text_upload=links.digest_of(long.strip()))
    assert "Bring it once more" in markup(app)
    app.text_area[0].input(long).run()
    assert not app.exception
    assert "Why “Robin”?" in markup(app)


def test_explain_shows_the_message_of_a_failing_service(monkeypatch):
    serve(monkeypatch, FakeService(fail=MMRecError("The device is out of memory. Close other programs.")))
    app = start(EXPLAIN, item="fake/robin", text="a bird")
    assert not app.exception
    assert "The device is out of memory" in markup(app)


@pytest.mark.parametrize("params", [{"item": "fake/none", "text": "x"}, {"item": "fake/dog", "image_of": "fake/none"}])
def test_a_link_to_what_is_not_in_the_catalogue_says_so(monkeypatch, params):
    serve(monkeypatch, FakeService())
    app = start(EXPLAIN, **params)
    assert not app.exception
    assert "fake/none" in markup(app)


def test_an_address_that_names_only_the_item_keeps_the_query(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(EXPLAIN, item="fake/dog", lang="zh", text="a bird")
    app.query_params.clear()
    app.query_params.update({"item": "fake/robin", "lang": "zh"})
    app.run()
    assert not app.exception
    assert app.session_state[Key.TEXT] == "a bird"
    assert app.query_params["item"] == "fake/robin" and app.query_params["text"] == "a bird"


def test_what_was_run_with_one_model_is_not_shown_for_another(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(EXPLAIN, item="fake/robin", text="a bird")
    first = ask_names(app)
    app.selectbox(key=Key.BUNDLE).select("other").run()
    assert not app.exception
    assert app.query_params["model"] == "other"
    assert ask_names(app) != first


def ask_names(app) -> str:
    return app.session_state[Key.EXPLANATION][0][-1]


def test_an_item_chosen_for_a_link_without_a_query_is_the_query(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(EXPLAIN, item="fake/robin")
    app.button(key="mm-start-0").click().run()
    assert not app.exception
    assert "Why “Robin”?" in markup(app)
    assert app.query_params["item"] == "fake/robin" and "query_item" in app.query_params
