"""The Compare page in {not set up, empty, one model, normal, failing}, and the model in use in the sidebar."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mmrec_core.errors import BundleError
from mmrec_core.service import Service
from mmrec_core.types import BundleChoice
from pages._ui.state import Key
from tests.fake_shelf import fake_hash
from tests.fakes import FakeService, UnsetService

HOME, PAGE = Path(__file__).resolve().parents[2] / "app.py", "pages/2_Compare.py"


@pytest.fixture(autouse=True)
def fresh_caches():
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


def start(monkeypatch, service: FakeService, **address: str) -> AppTest:
    monkeypatch.setattr(Service, "open", staticmethod(lambda settings=None: service))
    app = AppTest.from_file(str(HOME), default_timeout=20).switch_page(PAGE)
    app.query_params.update(address)
    return app.run()


def markup(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in [*app.get("html"), *app.sidebar.get("html")])


def test_not_set_up_shows_the_first_run_page(monkeypatch):
    monkeypatch.setattr(Service, "open", UnsetService.open)
    app = AppTest.from_file(str(HOME), default_timeout=20).switch_page(PAGE).run()
    assert not app.exception
    assert "Welcome to MMRec Lens" in markup(app)


def test_without_a_query_it_offers_items_to_start_from(monkeypatch):
    app = start(monkeypatch, FakeService())
    assert not app.exception
    assert "Bring a query first" in markup(app)
    app.button(key="mm-start-0").click().run()
    assert not app.exception
    assert markup(app).count('class="mm-column-head"') == 3


def test_one_model_alone_has_nothing_beside_it(monkeypatch):
    service = FakeService()
    monkeypatch.setattr(service, "bundles", lambda: (BundleChoice("fake", "fake", "0123456789ab", True, True),))
    app = start(monkeypatch, service, query_item="fake/owl")
    assert not app.exception
    assert "There is only one model here" in markup(app)


def test_three_models_side_by_side_with_their_overlaps_and_a_link(monkeypatch):
    app = start(monkeypatch, FakeService(), query_item="fake/owl", models="third,fake")
    assert not app.exception
    assert app.multiselect(key=Key.CONTENDERS).value == ["third", "fake"]
    page = markup(app)
    assert page.count('class="mm-column-head"') == 2
    assert page.count(", top ranks count more</b>") == 1
    assert "in Third" in page or "not in Third" in page
    assert app.query_params == {"query_item": "fake/owl", "models": "third,fake"}
    app.multiselect(key=Key.CONTENDERS).select("other").run()
    assert markup(app).count(", top ranks count more</b>") == 3
    assert not app.markdown  # nothing but what is designed
    assert app.query_params["models"] == "third,fake,other"
    for gone in ("third", "fake"):
        app.multiselect(key=Key.CONTENDERS).unselect(gone).run()
    assert "Choose two models or three" in markup(app)


def test_bundles_that_read_other_tokens_are_not_offered(monkeypatch):
    app = start(monkeypatch, FakeService(), query_item="fake/owl")
    assert "Foreign" not in app.multiselect(key=Key.CONTENDERS).options


def test_a_bundle_that_cannot_be_read_is_left_out_and_named(monkeypatch):
    service = FakeService()
    broken = BundleChoice("half-copied", "", "", False, False, "/models/half_copied cannot be read.")
    there = service.bundles()
    monkeypatch.setattr(service, "bundles", lambda: (*there, broken))
    app = start(monkeypatch, service, query_item="fake/owl")
    assert not app.exception
    assert "“Half copied” is left out: /models/half_copied cannot be read." in markup(app)
    assert "half-copied" not in app.selectbox(key=Key.BUNDLE).options


def test_a_model_that_cannot_be_opened_says_so(monkeypatch):
    service = FakeService()

    def broken(name, settings=None):
        raise BundleError("The bundle 'other' is damaged.")

    monkeypatch.setattr(service, "beside", broken)
    app = start(monkeypatch, service, query_item="fake/owl")
    assert not app.exception
    assert "is damaged" in markup(app)


def test_an_unknown_item_in_the_address_says_so(monkeypatch):
    app = start(monkeypatch, FakeService(), query_item="fake/nothing")
    assert not app.exception
    assert "This did not work" in markup(app)


def test_the_model_in_use_can_be_switched_and_stays_over_pages(monkeypatch):
    app = start(monkeypatch, FakeService(), query_item="fake/owl")
    app.selectbox(key=Key.BUNDLE).select("other").run()
    assert not app.exception
    assert "<p>other <code>" in markup(app)
    app.switch_page("app.py").run()
    assert app.selectbox(key=Key.BUNDLE).value == "other"
    assert "<p>other <code>" in markup(app)


def test_ways_of_ranking_side_by_side_with_points_that_need_no_explainer(monkeypatch):
    app = start(monkeypatch, FakeService(), query_item="fake/owl", by="ranking")
    assert not app.exception
    page = markup(app)
    assert page.count('class="mm-column-head"') == 3 and page.count(", top ranks count more</b>") == 3
    assert "Reciprocal rank fusion" in page and "Borda count" in page
    assert "exact Shapley value is simply its own points" in page
    assert "against the other columns" not in page, "scores of different units are not subtracted"
    assert app.query_params == {"query_item": "fake/owl", "by": "ranking"}
    app.segmented_control(key=Key.COMPARED).set_value("models").run()
    assert not app.exception
    assert "against the other columns" in markup(app) and "by" not in app.query_params


def test_one_model_alone_can_be_ranked_in_several_ways(monkeypatch):
    service = FakeService()
    monkeypatch.setattr(service, "bundles", lambda: (BundleChoice("fake", "fake", "0123456789ab", True, True),))
    app = start(monkeypatch, service, text="owl", by="ranking")
    assert not app.exception
    assert "There is only one model here" not in markup(app)
    assert "One modality, one voter" in markup(app)


def test_in_chinese_the_query_composed_elsewhere_is_compared(monkeypatch):
    app = start(monkeypatch, FakeService(), text="a bird")
    app.query_params.clear()
    app.query_params["lang"] = "zh"
    app.run()
    assert not app.exception
    assert app.session_state[Key.TEXT] == "a bird"
    assert markup(app).count('class="mm-column-head"') == 3


def test_an_address_with_too_many_models_shows_the_first_three(monkeypatch):
    service = FakeService()
    names = ("fake", "other", "third", "fourth")
    monkeypatch.setattr(
        service, "bundles", lambda: tuple(BundleChoice(n, f"{n}_level", fake_hash(n), True, True) for n in names)
    )
    app = start(monkeypatch, service, text="a bird", models="fourth,fake,other,third,fake")
    assert not app.exception
    assert app.query_params["models"] == "fourth,fake,other"
