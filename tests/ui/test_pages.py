"""Every page in {not set up, empty, normal, failing service}, on a stand-in for the facade; no browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mmrec_core import bootstrap
from mmrec_core.errors import BundleError, MMRecError
from mmrec_core.explain.faithfulness import judge
from mmrec_core.service import Service
from mmrec_core.types import Attribution, Explained, SetupStep
from pages._ui import links
from pages._ui.state import Key
from tests.fakes import FakeService, UnsetService, draw_picture, make_sound, png_bytes, wav_bytes

ROOT = Path(__file__).resolve().parents[2]
HOME, EXPLAIN = ROOT / "app.py", ROOT / "pages" / "1_Explain.py"
STYLE = (ROOT / "assets" / "app.css").read_text()
PAGES = pytest.mark.parametrize("page", [HOME, EXPLAIN], ids=["recommend", "explain"])


@pytest.fixture(autouse=True)
def fresh_caches():
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


def serve(monkeypatch, service) -> None:
    """Let the app open this service: an object, or an error to raise."""

    def open_(settings=None):
        if isinstance(service, Exception):
            raise service
        return service

    monkeypatch.setattr(Service, "open", staticmethod(open_))


def start(page: Path, **query_params: str) -> AppTest:
    app = AppTest.from_file(str(HOME), default_timeout=20)
    if page != HOME:
        app.switch_page(str(page.relative_to(ROOT)))
    app.query_params.update(query_params)
    return app.run()


def markup(app: AppTest) -> str:
    """All HTML and markdown of the page, the sidebar's too."""
    pieces = [element.proto.body for element in [*app.get("html"), *app.sidebar.get("html")]]
    return "\n".join([*pieces, *(m.value for m in app.markdown)])


def tiles(app: AppTest) -> int:
    return markup(app).count('class="mm-score"')


def example(app: AppTest, title: str) -> AppTest:
    return next(button for button in app.button if button.label == title).click().run()


# ---------------------------------------------------------------- not set up


@pytest.fixture
def bare_machine(monkeypatch):
    monkeypatch.setattr(Service, "open", UnsetService.open)
    waiting = [SetupStep("weights", "Fetch", False), SetupStep("index", "Build the index", True, "built")]
    monkeypatch.setattr(bootstrap, "steps", lambda settings: waiting)


@PAGES
def test_not_set_up_shows_the_first_run_page(bare_machine, page):
    app = start(page)
    assert not app.exception
    assert "Welcome to MMRec Lens" in markup(app)
    assert "MB from the Python package index" in markup(app)
    assert app.button(key="mm-setup-start").label == "Set up this machine"
    assert tiles(app) == 0


@PAGES
def test_a_service_that_cannot_open_shows_its_message(monkeypatch, page):
    serve(monkeypatch, BundleError("The index belongs to another bundle. Run: python -m mmrec_core setup"))
    app = start(page)
    assert not app.exception
    assert "The index belongs to another bundle" in markup(app)


# ---------------------------------------------------------------- empty


def test_recommend_is_empty_at_first(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    assert not app.exception
    assert "Bring a picture, a text or a sound" in markup(app)
    assert tiles(app) == 0
    assert "12 items" in markup(app)
    assert "Fake processor" in markup(app)


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


# ---------------------------------------------------------------- normal


def test_a_text_gives_tiles_without_pressing_anything(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.text_area[0].input("a bird at dawn").run()
    assert not app.exception
    assert tiles(app) == 10
    assert "Exact Shapley value of the query&#x27;s text" in markup(app)
    assert app.query_params == {"text": "a bird at dawn"}


def test_picture_and_sound_are_read_from_uploads_and_can_be_cleared(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.file_uploader[0].upload("disc.png", png_bytes(draw_picture("disc")), "image/png").run()
    app.file_uploader[0].upload("tone.wav", wav_bytes(make_sound("tone")), "audio/wav").run()
    assert not app.exception
    assert "Exact Shapley value of the query&#x27;s image" in markup(app)
    assert "Exact Shapley value of the query&#x27;s sound" in markup(app)
    app.button(key="mm-clear-image").click().run()
    assert "Exact Shapley value of the query&#x27;s image" not in markup(app)
    assert tiles(app) == 10
    app.button(key="mm-clear-audio").click().run()
    assert tiles(app) == 0
    assert "Bring a picture" in markup(app)


def test_an_unreadable_upload_is_refused_in_its_panel(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.file_uploader[0].upload("disc.png", b"no picture", "image/png").run()
    assert not app.exception
    assert "not a picture" in app.error[0].value


def test_examples_fill_the_composer(monkeypatch):
    serve(monkeypatch, FakeService())
    app = example(start(HOME), "All three")
    assert not app.exception
    assert app.text_area[0].value == "bright strings"
    assert app.session_state[Key.IMAGE].item_id == "fake/violin"
    assert app.session_state[Key.AUDIO].item_id == "fake/drum"
    assert tiles(app) == 10


def test_a_catalogue_item_can_be_pasted_as_picture(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.button_group(key="mm-way-image").set_value("Catalogue").run()
    box = next(box for box in app.selectbox if box.label == "Search 11 items with a picture")
    assert not any("Thunder" in option for option in box.options)
    box.select("fake/apple").run()
    assert not app.exception
    assert app.session_state[Key.IMAGE].item_id == "fake/apple"
    assert tiles(app) == 10


def test_count_and_categories_limit_the_tiles(monkeypatch):
    serve(monkeypatch, FakeService())
    app = example(start(HOME), "A bird singing in the forest")
    app.slider[0].set_value(4).run()
    assert tiles(app) == 4
    app.multiselect[0].select("birds").run()
    assert tiles(app) == 2


def test_an_unchanged_query_is_not_asked_twice(monkeypatch):
    service = FakeService()
    asked = []
    real = service.recommend
    monkeypatch.setattr(service, "recommend", lambda *a, **k: asked.append(a) or real(*a, **k))
    serve(monkeypatch, service)
    app = example(start(HOME), "A sound: Dog")
    count = len(asked)
    app.run()
    app.button(key="mm-go").click().run()
    assert len(asked) == count


def test_like_and_dislike_replace_each_other_and_undo(monkeypatch):
    service = FakeService()
    serve(monkeypatch, service)
    app = example(start(HOME, weight="0"), "A sound: Dog")  # at weight 0 what was judged stays where it is
    first = app.session_state[Key.ANSWER][1].results[0].item.id
    session = app.session_state[Key.SESSION]
    app.button(key="mm-like-1").click().run()
    assert service.verdicts(session) == {first: "like"}
    assert app.button(key="mm-like-1").proto.type == "primary"
    app.button(key="mm-dislike-1").click().run()
    assert service.verdicts(session) == {first: "dislike"}
    app.button(key="mm-dislike-1").click().run()
    assert service.verdicts(session) == {}
    assert app.button(key="mm-dislike-1").proto.type == "tertiary"


def test_similar_searches_with_the_item_itself(monkeypatch):
    serve(monkeypatch, FakeService())
    app = example(start(HOME), "A sound: Dog")
    first = app.session_state[Key.ANSWER][1].results[0].item
    app.button(key="mm-more-1").click().run()
    assert app.session_state[Key.ITEM] == first.id
    assert first.id not in [result.item.id for result in app.session_state[Key.ANSWER][1].results]
    app.button(key="mm-clear-item").click().run()
    assert tiles(app) == 0


def test_a_sound_without_a_picture_has_a_waveform(monkeypatch):
    serve(monkeypatch, FakeService())
    app = example(start(HOME), "A bird singing in the forest")
    app.slider[0].set_value(12).run()
    assert "Waveform of Thunder" in markup(app)
    assert tiles(app) == 12


def test_explain_shows_sentence_media_and_shares(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(EXPLAIN, item="fake/robin", text="a bird", image_of="fake/owl", audio_of="fake/dog")
    assert not app.exception
    page = markup(app)
    assert "Recommended mainly for what the image says." in page
    assert "of the attention within the text" in page
    assert "The picture encoder sees" in page
    assert [metric.label for metric in app.metric] == [
        "Score",
        "Baseline",
        "Sum of shares",
        "Residual",
        "Model evaluations",
    ]
    assert len(app.get("plotly_chart")) == 2 + 2 + 2 + 1 + 2
    assert "All 16 cells add up to the score" in page


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


def test_a_long_text_is_asked_for_again(monkeypatch):
    serve(monkeypatch, FakeService())
    long = "bird " * (links.LONGEST_TEXT // 4)
    app = example(start(HOME), "A picture: Apple")
    app.text_area[0].input(long).run()
    assert "text" not in app.query_params
    app = start(EXPLAIN, item="fake/robin", text_upload=str(len(long.strip())))
    assert "Bring it once more" in markup(app)
    app.text_area[0].input(long).run()
    assert not app.exception
    assert "Why “Robin”?" in markup(app)


def test_recommend_takes_a_query_from_its_address(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME, text="a bird", image_of="fake/owl")
    assert not app.exception
    assert app.text_area[0].value == "a bird"
    assert app.session_state[Key.IMAGE].item_id == "fake/owl"
    assert tiles(app) == 10


# ---------------------------------------------------------------- go deeper


class DeepService(FakeService):
    """Also explains media: the score is a sum of hidden worths of the parts; an honest map tells them, another their opposite."""

    def __init__(self, honest: bool = True, refuse: MMRecError | None = None) -> None:
        super().__init__()
        self.honest, self.refuse, self.asked = honest, refuse, []

    def explain_with(self, query, item_id, method, side, modality, **options) -> Explained:
        self.asked.append((method, side, modality))
        if self.refuse:
            raise self.refuse
        explanation = self.explain(query, item_id)
        own = (explanation.query if side == "query" else explanation.answer).maps[modality]
        worths = np.random.default_rng(5).normal(0, 0.02, len(own.weights))
        values = worths if self.honest else -worths
        parts = tuple(f"part {number}" for number in range(len(worths)))
        errors = np.full(len(worths), 0.0012)
        shares = Attribution(method, parts, values, 0.0, float(values.sum()), 2000, standard_errors=errors, seed=7)
        return Explained(
            method=method,
            title=method,
            side=side,
            modality=modality,
            options=options,
            parts=parts,
            values=values,
            map=replace(own, weights=values),
            shares=shares,
            fit=None,
            attribution=None,
            interactions=None,
            trust=judge(lambda keep: keep @ worths, values, method),
            milliseconds=12.0,
        )


def deeper(monkeypatch, service) -> AppTest:
    """The page of a query of three media, before anything was run."""
    serve(monkeypatch, service)
    app = start(EXPLAIN, item="fake/robin", text="a bird that sings at dawn", image_of="fake/owl", audio_of="fake/dog")
    assert not app.exception
    return app


def doubted(app: AppTest) -> int:
    """How many maps lie in a container that the stylesheet greys."""

    def within(node) -> int:
        own = "-mm-doubted-" in str(getattr(node, "proto", ""))
        return own + sum(within(child) for child in getattr(node, "children", {}).values())

    return within(app.main)


def test_going_deeper_waits_for_the_button(monkeypatch):
    service = DeepService()
    app = deeper(monkeypatch, service)
    assert "Go deeper" in [heading.value for heading in app.subheader]
    assert app.button_group(key="mm-deeper-method").value.startswith("Gradient")
    app.button_group(key="mm-deeper-method").set_value("SHAP on parts").run()
    assert not app.exception
    assert service.asked == []
    assert "mm-trust" not in markup(app).replace(STYLE, "")


def test_going_deeper_draws_signed_maps_with_costs_and_the_trust_strip(monkeypatch):
    service = DeepService()
    app = deeper(monkeypatch, service)
    charts = len(app.get("plotly_chart"))
    app.button_group(key="mm-deeper-method").set_value("SHAP on parts").run()
    app.button(key="mm-deeper-run").click().run()
    assert not app.exception
    wanted = [("token_shap", side, m) for side in ("query", "item") for m in ("image", "text", "audio")]
    assert service.asked == wanted
    assert len(app.get("plotly_chart")) == charts + 4
    page = markup(app).replace(STYLE, "")
    assert page.count('class="mm-trust"') == 6
    assert page.count("<b>Better than random</b>") == 6
    assert page.count("Mean of 29 random maps") == 24
    for name in ("Deletion", "Insertion", "Sufficiency", "Comprehensiveness"):
        assert page.count(f"{name} <b>") == 6
    assert any("2,000 evaluations" in c.value and "standard error 0.0012 · seed 7" in c.value for c in app.caption)
    assert doubted(app) == 0


def test_a_map_no_better_than_random_is_greyed_and_says_so(monkeypatch):
    app = deeper(monkeypatch, DeepService(honest=False))
    app.button(key="mm-deeper-run").click().run()
    assert not app.exception
    page = markup(app).replace(STYLE, "")
    assert page.count("<b>Not better than random</b>") == 6
    assert "do not read this map as a reason" in page
    assert page.count('class="mm-trust mm-doubted"') == 6
    assert doubted(app) == 6
    assert '[class*="st-key-mm-doubted-"] { filter: grayscale(1)' in STYLE


def test_what_was_run_is_remembered_by_method(monkeypatch):
    service = DeepService()
    app = deeper(monkeypatch, service)
    app.button(key="mm-deeper-run").click().run()
    count = len(service.asked)
    app.button_group(key="mm-deeper-method").set_value("LIME").run()
    assert "mm-trust" not in markup(app).replace(STYLE, "")
    app.button_group(key="mm-deeper-method").set_value("Gradient × input · quick").run()
    app.button(key="mm-deeper-run").click().run()
    assert len(service.asked) == count
    assert markup(app).replace(STYLE, "").count('class="mm-trust"') == 6


@pytest.mark.parametrize(("method", "raises"), [("SHAP on parts", True), ("Rollout", False)])
def test_only_methods_that_share_the_score_say_what_raises_it(monkeypatch, method, raises):
    app = deeper(monkeypatch, DeepService())
    app.button_group(key="mm-deeper-method").set_value(method).run()
    app.button(key="mm-deeper-run").click().run()
    assert ("</i>raises the score" in markup(app)) is raises
    assert ("attention does not tell" in markup(app)) is not raises


def test_a_method_that_does_not_apply_says_why(monkeypatch):
    app = deeper(monkeypatch, DeepService(refuse=MMRecError("This fusion has no attention to roll out.")))
    app.button(key="mm-deeper-run").click().run()
    assert not app.exception
    assert "This fusion has no attention to roll out." in markup(app)
    assert "Why “Robin”?" in markup(app)


# ---------------------------------------------------------------- failing service


def test_recommend_shows_the_message_of_a_failing_service(monkeypatch):
    serve(monkeypatch, FakeService(fail=MMRecError("The device is out of memory. Close other programs.")))
    app = example(start(HOME), "A bird singing in the forest")
    assert not app.exception
    assert "The device is out of memory" in markup(app)
    assert tiles(app) == 0
    assert app.text_area[0].value == "a bird singing in the forest"


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


def test_messages_are_escaped(monkeypatch):
    serve(monkeypatch, FakeService(fail=MMRecError("<script>alert(1)</script>")))
    app = example(start(HOME), "A bird singing in the forest")
    assert "<script" not in markup(app).replace("<style", "")
