"""Every deeper section of the Explain page on a stand-in for the facade: drawn when asked for, stopped when told to."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from mmrec_core.errors import MMRecError, StoppedError
from mmrec_core.explain import token_shap
from mmrec_core.explain.ticks import listening, tick
from mmrec_core.types import Interactions, Modality, Query, RemovedPart, Without
from pages._ui import links_words, together, what_if
from pages._ui.jobs import Job
from pages._ui.methods import SHAP
from pages._ui.side_by_side import FAITHFUL_BUDGET
from pages._ui.state import Key
from tests.fakes import FakeService
from tests.ui.pages import EXPLAIN, finish, markup, pressed, serve, start, style_free

LABELS = ("Maps", "Side by side", "What if", "Against another", "Matches", "Together", "Masking", "Report")


def section(monkeypatch, label: str, service: FakeService | None = None):
    """The page of a query of three media with one section chosen."""
    serve(monkeypatch, service or FakeService())
    app = start(EXPLAIN, item="fake/robin", text="a bird that sings at dawn", image_of="fake/owl", audio_of="fake/dog")
    app.button_group(key="mm-section").set_value(label).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("label", LABELS)
def test_a_section_that_fails_says_why_and_leaves_the_page_whole(monkeypatch, label):
    service = FakeService()
    app = section(monkeypatch, label, service)
    service.fail = MMRecError("The device is out of memory. Close other programs.")
    runs = [b.key for b in app.button if b.key in RUNS and not b.disabled]
    for key in runs[:1]:
        pressed(app, key)
        assert "The device is out of memory" in markup(app)
    assert "Why “Robin”?" in markup(app)


RUNS = ("mm-deeper-run", "mm-beside-run", "mm-if-run", "mm-against-run", "mm-fills-run", "mm-report-make-HTML")


def test_sections_stay_where_they_are_while_work_runs(monkeypatch):
    """Else a click during the page run that brings the bar is lost: fragments are named by their place."""
    app = section(monkeypatch, "Report")
    before = place_of(app, "mm-section")
    going = threading.Event()
    app.session_state[Key.JOB] = Job("asked", "Long work", going.wait)
    app.run()
    assert [b.key for b in app.button if b.key == "mm-job-stop"]
    assert place_of(app, "mm-section") == before
    signature = app.session_state[Key.EXPLANATION][0][0]
    app.session_state[Key.ANSWER] = ((signature,), FakeService().recommend(Query(text="a bird")))
    app.run()
    assert "mm-here" in markup(app)
    assert place_of(app, "mm-section") == before
    going.set()


def place_of(app, key: str) -> int:
    """Which child of the page holds the widget."""

    def holds(node) -> bool:
        return getattr(node, "key", None) == key or any(map(holds, getattr(node, "children", {}).values()))

    return next(place for place, child in app.main.children.items() if holds(child))


def test_methods_stand_side_by_side_with_trust_agreement_and_disputed_parts(monkeypatch):
    app = pressed(section(monkeypatch, "Side by side"), "mm-beside-run")
    page = style_free(app)
    assert page.count('class="mm-trust') == 3
    assert "Spearman’s ρ" in page
    assert "parts are disputed" in page
    app.selectbox(key="mm-beside-medium-fake/robin-6").select_index(1).run()
    pressed(app, "mm-beside-run")
    assert "mm-disputed" in style_free(app)


def test_one_method_alone_is_not_compared(monkeypatch):
    app = section(monkeypatch, "Side by side")
    app.button_group(key="mm-beside-methods-fast").set_value(["LIME"]).run()
    assert app.button(key="mm-beside-run").disabled


def test_faithful_fidelity_is_named_and_edits_the_medium(monkeypatch):
    service = FakeService()
    fills = []
    real = service.compare
    monkeypatch.setattr(service, "compare", lambda *a, **o: fills.append(a[5]) or real(*a, **o))
    app = section(monkeypatch, "Side by side", service)
    app.button_group(key="mm-beside-fidelity").set_value("Faithful: edit and encode again").run()
    app.button_group(key="mm-beside-fill-image").set_value("inpaint").run()
    pressed(app, "mm-beside-run")
    assert fills == ["inpaint"]
    assert "what is hidden becomes <b>inpaint</b>" in markup(app)


def test_a_picture_is_also_taken_apart_into_superpixels(monkeypatch):
    service = FakeService()
    asked = []
    real = service.compare
    monkeypatch.setattr(service, "compare", lambda *a, **o: asked.append(o["superpixels"]) or real(*a, **o))
    app = pressed(section(monkeypatch, "Side by side", service), "mm-beside-run")
    app.button_group(key="mm-beside-regions").set_value("Superpixels").run()
    pressed(app, "mm-beside-run")
    app.selectbox(key="mm-beside-medium-fake/robin-6").select_index(1).run()
    pressed(app, "mm-beside-run")
    assert asked == [False, True, False]


def test_refine_doubles_the_budget_and_shows_the_error_bars_before_and_after(monkeypatch):
    service = FakeService()
    budgets = []
    real = service.explain_with
    monkeypatch.setattr(service, "explain_with", lambda *a, **o: budgets.append(o) or real(*a, **o))
    app = section(monkeypatch, "Maps", service)
    app.button_group(key="mm-deeper-method").set_value("SHAP on parts").run()
    pressed(app, "mm-deeper-run")
    charts = len(app.get("plotly_chart"))
    pressed(app, "mm-deeper-refine")
    assert {o["evaluations"] for o in budgets} == {2000, 4000}
    assert len(app.get("plotly_chart")) == charts + 6
    assert any("mean standard error" in caption.value for caption in app.caption)
    assert app.button(key="mm-deeper-refine").label == "Refine: 8,000 evaluations"


def test_budgets_that_pages_give_are_those_that_grow_with_the_parts():
    assert SHAP.at(0) == {"evaluations": token_shap.EVALUATIONS}
    assert FAITHFUL_BUDGET[SHAP.plugin] == {"evaluations": token_shap.EDITED_EVALUATIONS}


def test_what_if_shows_both_rankings_struck_words_and_a_playable_edit(monkeypatch):
    app = pressed(section(monkeypatch, "What if"), "mm-if-run")
    page = markup(app)
    assert "a <s>bird</s> that sings" in page
    assert "The ranking now" in page
    assert "Without these parts" in page
    app.button_group(key="mm-if-goal").set_value("Another outranks it").run()
    assert not app.exception


def test_where_the_item_ranks_without_a_modality_is_said():
    chip = what_if._without_chip(Without("query", Modality.AUDIO, 17, 0.5), 1)
    assert "Without your sound <b>17th</b>" in chip


def test_silent_stretches_that_touch_are_told_as_one():
    gone = [(0.55, 0.73), (0.0, 0.17), (0.17, 0.36), (0.92, 1.1)]
    parts = [RemovedPart(Modality.AUDIO, "", (n,), extent) for n, extent in enumerate(gone)]
    assert what_if.silences(parts) == ["0.00–0.36 s", "0.55–0.73 s", "0.92–1.10 s"]


def test_struck_words_are_escaped():
    part = RemovedPart(Modality.TEXT, "<b>", (0,), (2, 5))
    assert what_if.struck("a <b> c", [part]) == '<p class="mm-struck">a <s>&lt;b&gt;</s> c</p>'


def test_the_difference_to_another_item_is_shared(monkeypatch):
    app = section(monkeypatch, "Against another")
    charts = len(app.get("plotly_chart"))
    pressed(app, "mm-against-run")
    assert len(app.get("plotly_chart")) == charts + 3
    assert "What makes it" in markup(app)


def test_the_difference_names_what_was_liked(monkeypatch):
    service = FakeService()
    app = section(monkeypatch, "Against another", service)
    service.like("fake/drum", session=app.session_state[Key.SESSION], query=Query(text="drum"))
    app.run()
    pressed(app, "mm-against-run")
    assert "What your profile adds to it" in markup(app)
    assert "Because you liked <b>Drum</b>" in markup(app)


def test_matches_are_drawn_as_links_and_listed(monkeypatch):
    page = markup(section(monkeypatch, "Matches"))
    assert page.count('class="mm-spot mm-tip"') == 8
    assert "similarity (cosine)" in page


def test_what_runs_by_itself_runs_once_even_where_it_is_slow(monkeypatch):
    service = FakeService()
    runs = []
    real = service.matches

    def slowly(*args, **options):
        runs.append(args)
        threading.Event().wait(1.0)
        return real(*args, **options)

    monkeypatch.setattr(service, "matches", slowly)
    app = section(monkeypatch, "Matches", service)
    finish(app)
    app.run()
    assert len(runs) == 1
    assert "similarity (cosine)" in markup(app)


def test_long_texts_show_the_words_that_answer():
    text = " ".join(f"word{n}" for n in range(100))
    words = links_words.excerpt(text, [text.index("word50")])
    assert [word for word, _ in words] == ["…", *(f"word{n}" for n in range(45, 56)), "…"]


def test_synergy_and_redundancy_are_named():
    def of(value: float, image: float = 0.1) -> str:
        pairs = np.array([[0.0, value], [value, 0.0]])
        return together.said(
            Interactions(("image", "text"), np.array([image, 0.2]), pairs, 0.0, image + 0.2 + value, 4)
        )

    assert of(0.05).startswith("Synergy: picture and text")
    assert of(-0.05).startswith("Redundancy")
    assert of(-0.05, image=-0.01).endswith("one weakens the other.")
    assert of(0.001).startswith("No two modalities")


def test_every_masking_baseline_is_shown_with_how_far_the_map_moves(monkeypatch):
    app = pressed(section(monkeypatch, "Masking"), "mm-fills-run")
    assert "Over all baselines a share spans" in markup(app)
    assert "these maps are not tested" in markup(app)
    assert "see the test below" not in markup(app)
    assert "Hidden patches show the picture’s own blur." in [caption.value for caption in app.caption]


@pytest.mark.parametrize("kind", ["HTML", "PDF"])
def test_a_report_is_made_and_offered(monkeypatch, kind):
    service = FakeService()
    monkeypatch.setattr(service, "report_html", lambda *a, **o: "<html></html>")
    monkeypatch.setattr(service, "report_pdf", lambda *a, **o: b"%PDF")
    app = pressed(section(monkeypatch, "Report", service), f"mm-report-make-{kind}")
    assert [b.proto.label for b in app.get("download_button")] == [f"Download the {kind} report (0.0 MB)"]


def test_only_the_top_of_a_sound_is_heard(monkeypatch):
    service = FakeService()
    shares = []
    real = service.strongest_only
    monkeypatch.setattr(service, "strongest_only", lambda *a: shares.append(a[2]) or real(*a))
    app = section(monkeypatch, "Maps", service)
    app.toggle(key="mm-only-side-query").set_value(True).run()
    assert not app.exception
    assert shares == [0.2]


class SlowService(FakeService):
    """Explains until it is stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def explain_media(self, *args, **options):
        while True:
            tick(10)
            self.begun.set()
            threading.Event().wait(0.01)


def test_slow_work_shows_progress_and_can_be_stopped(monkeypatch):
    service = SlowService()
    app = section(monkeypatch, "Maps", service)
    app.button(key="mm-deeper-run").click().run()
    assert service.begun.wait(5)
    job = app.session_state[Key.JOB]
    assert job.running
    assert "Why “Robin”?" in markup(app)
    app.button(key="mm-job-stop").click().run()
    job.wait(5)
    assert not job.running
    app.run()
    assert not app.exception
    assert "Stopped." in app.info[0].value


class GatedService(FakeService):
    """Explains once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def explain_media(self, *args, **options):
        self.gate.wait(20)
        return super().explain_media(*args, **options)


def test_what_ended_while_another_section_was_looked_at_is_kept(monkeypatch):
    service = GatedService()
    app = section(monkeypatch, "Maps", service)
    app.button(key="mm-deeper-run").click().run()
    job = app.session_state[Key.JOB]
    app.button_group(key="mm-section").set_value("Matches").run()
    assert any("This starts when what runs above has ended" in caption.value for caption in app.caption)
    service.gate.set()
    job.wait(20)
    app.run()
    finish(app)
    app.run()
    assert "similarity (cosine)" in markup(app)
    app.button_group(key="mm-section").set_value("Maps").run()
    assert "mm-trust" in style_free(app)


def test_a_job_counts_evaluations_and_stops_between_two_batches():
    gate, go = threading.Event(), threading.Event()

    def work() -> str:
        tick(256)
        gate.set()
        go.wait(5)
        tick(256)
        return "never"

    job = Job("asked", "Counting", work, 512)
    assert gate.wait(5)
    job.stop()
    go.set()
    job.wait(5)
    assert job.evaluations == 256
    assert job.result is None
    assert "Stopped" in (job.problem or "")


def test_ticks_reach_only_the_listener_of_their_own_thread():
    heard: list[int] = []
    with listening(heard.append):
        tick(3)
        other = threading.Thread(target=tick, args=(5,))
        other.start()
        other.join()
    tick(7)
    assert heard == [3]


def test_a_listener_may_end_the_work():
    def stop(_: int) -> None:
        raise StoppedError("enough")

    with listening(stop), pytest.raises(StoppedError):
        tick(1)
