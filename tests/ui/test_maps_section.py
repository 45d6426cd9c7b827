"""One method on every medium: it waits for its button, and draws each map beside its test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mmrec_core.errors import MMRecError
from mmrec_core.explain.base import EXPLAINERS
from mmrec_core.explain.faithfulness import judge
from mmrec_core.explain.measured import DEFAULT_METHOD, DEFAULT_OPTIONS, fidelity_facts
from mmrec_core.types import Attribution, Explained, LocalFit, Modality, Query, RandomisationCheck
from pages._ui import trust
from pages._ui.methods import GRADIENT, METHODS
from tests.fakes import FakeService
from tests.ui.pages import EXPLAIN, STYLE, markup, pressed, serve, start, style_free


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
    assert app.button_group(key="mm-deeper-method").value.startswith("SHAP")
    app.button_group(key="mm-deeper-method").set_value("LIME").run()
    assert not app.exception
    assert service.asked == []
    assert "mm-trust" not in style_free(app)


def test_going_deeper_draws_signed_maps_with_costs_and_the_trust_strip(monkeypatch):
    service = DeepService()
    app = deeper(monkeypatch, service)
    charts = len(app.get("plotly_chart"))
    app.button_group(key="mm-deeper-method").set_value("SHAP on parts").run()
    pressed(app, "mm-deeper-run")
    assert not app.exception
    wanted = [("token_shap", side, m) for side in ("query", "item") for m in ("image", "text", "audio")]
    assert service.asked == wanted
    assert len(app.get("plotly_chart")) == charts + 4
    page = style_free(app)
    assert page.count('class="mm-trust"') == 6
    assert page.count("<b>Better than random</b>") == 6
    assert page.count("Mean of 29 random maps") == 24
    for name in ("Deletion", "Insertion", "Sufficiency", "Comprehensiveness"):
        assert page.count(f"{name} <b>") == 6
    assert any("2,000 evaluations" in c.value and "standard error 0.0012 · seed 7" in c.value for c in app.caption)
    assert doubted(app) == 0


def test_a_map_no_better_than_random_is_greyed_and_says_so(monkeypatch):
    app = deeper(monkeypatch, DeepService(honest=False))
    pressed(app, "mm-deeper-run")
    assert not app.exception
    page = style_free(app)
    assert page.count("<b>Not better than random</b>") == 6
    assert "do not read this map as a reason" in page
    assert page.count('class="mm-trust mm-doubted"') == 6
    assert doubted(app) == 6
    assert '[class*="st-key-mm-doubted-"] { filter: grayscale(1)' in STYLE


def test_what_was_run_is_remembered_by_method(monkeypatch):
    service = DeepService()
    app = deeper(monkeypatch, service)
    pressed(app, "mm-deeper-run")
    count = len(service.asked)
    app.button_group(key="mm-deeper-method").set_value("LIME").run()
    assert "mm-trust" not in style_free(app)
    app.button_group(key="mm-deeper-method").set_value("SHAP on parts").run()
    pressed(app, "mm-deeper-run")
    assert len(service.asked) == count
    assert style_free(app).count('class="mm-trust"') == 6


@pytest.mark.parametrize(("method", "raises"), [("SHAP on parts", True), ("Attention rollout", False)])
def test_only_methods_that_share_the_score_say_what_raises_it(monkeypatch, method, raises):
    app = deeper(monkeypatch, DeepService())
    app.button_group(key="mm-deeper-method").set_value(method).run()
    pressed(app, "mm-deeper-run")
    assert ("</i>raises the score" in markup(app)) is raises
    assert ("attention does not tell" in markup(app)) is not raises


def test_a_method_that_does_not_apply_says_why(monkeypatch):
    app = deeper(monkeypatch, DeepService(refuse=MMRecError("This fusion has no attention to roll out.")))
    pressed(app, "mm-deeper-run")
    assert not app.exception
    assert "This fusion has no attention to roll out." in markup(app)
    assert "Why “Robin”?" in markup(app)


def test_the_method_that_was_measured_best_is_offered_first():
    assert METHODS[0].plugin == DEFAULT_METHOD


def test_the_options_that_were_chosen_are_those_that_run():
    declared = {option.name: option.default for option in EXPLAINERS.get(DEFAULT_METHOD).options}
    used = declared | {name: value for kind in METHODS[0].kinds[:1] for name, value in kind.options.items()}
    assert used | dict(DEFAULT_OPTIONS) == used


@pytest.mark.parametrize(("method", "warned"), [(None, True), (GRADIENT.label, False)])
def test_quick_maps_say_where_they_were_measured_to_mislead(monkeypatch, method, warned):
    app = with_facts_of(monkeypatch, DeepService().bundle_info().hash)
    if method:
        app.button_group(key="mm-deeper-method").set_value(method).run()
    assert warned_of_quick_maps(pressed(app, "mm-deeper-run")) == warned


def test_what_was_measured_with_another_model_is_not_said_of_this_one(monkeypatch):
    assert not warned_of_quick_maps(pressed(with_facts_of(monkeypatch, "another"), "mm-deeper-run"))


def with_facts_of(monkeypatch, bundle: str):
    """The section, with facts about quick maps that were measured with this model."""
    service, facts = DeepService(), fidelity_facts()
    monkeypatch.setattr(service, "fidelity_facts", lambda: {m: replace(f, bundle=bundle) for m, f in facts.items()})
    return deeper(monkeypatch, service)


def warned_of_quick_maps(app) -> bool:
    return any("edit the medium itself" in caption.value for caption in app.caption)


def test_looking_inside_the_encoders_is_asked_of_those_that_attend_and_says_which_do_not(monkeypatch):
    service = DeepService()
    options = []
    real = service.explain_with
    monkeypatch.setattr(service, "explain_with", lambda *a, **o: options.append(o["kind"]) or real(*a, **o))
    app = deeper(monkeypatch, service)
    app.button_group(key="mm-deeper-method").set_value("Inside the encoders").run()
    assert any("FakeNet (image) has no attention inside. FakeNet (audio)" in caption.value for caption in app.caption)
    app.button_group(key="mm-deeper-kind-encoder_attention").set_value("Rollout").run()
    pressed(app, "mm-deeper-run")
    assert service.asked == [("encoder_attention", side, "text") for side in ("query", "item")]
    assert options == ["rollout", "rollout"]


def test_where_no_encoder_attends_there_is_nothing_to_look_into(monkeypatch):
    service = DeepService()
    monkeypatch.setattr(service, "why_no_attention", lambda *_: "It has no attention inside.")
    app = deeper(monkeypatch, service)
    assert "Inside the encoders" not in app.button_group(key="mm-deeper-method").options
    app.button_group(key="mm-section").set_value("Side by side").run()
    assert not [group for group in app.get("button_group") if "Inside the encoders" in group.options]


@pytest.mark.parametrize(
    ("sensitive", "words"),
    [(True, "as it should"), (False, "Stays much the same"), (None, "chance decides")],
)
def test_the_strip_says_what_is_left_of_a_map_when_the_model_forgets(sensitive, words):
    tested = judge(lambda keep: keep @ np.arange(9.0), np.arange(9.0))
    check = RandomisationCheck("x", "image", ("whole fusion",), np.array([[0.2], [-0.4]]), sensitive, "The rule.")
    shown = trust.strip(replace(tested, randomisation=check))
    assert words in shown
    assert "|ρ| 0.30" in shown
    assert 'data-tip="The rule."' in shown
    assert words not in trust.strip(tested)


def test_a_local_model_says_how_far_its_weights_move_from_seed_to_seed():
    fit = LocalFit(np.array([0.9, 0.8, 0.85]), np.array([0.01, 0.03]), (0, 1, 2))
    found = DeepService().explain_with(Query(text="a bird"), "fake/robin", "token_lime", "query", Modality.TEXT)
    said = trust.caption(replace(found, fit=fit))
    assert "R² 0.80 at the worst of 3 seeds" in said
    assert "moves by 0.0200 on average, 0.0300 at most" in said
