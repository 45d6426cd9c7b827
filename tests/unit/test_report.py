"""Reports: complete, escaped, and in need of nothing but themselves."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pytest

from mmrec_core import plots
from mmrec_core.errors import StoppedError, UnknownNameError
from mmrec_core.report.content import METHODS
from mmrec_core.report.figures import is_signed, scale_of, shared_scale, unit_of
from mmrec_core.report.gather import gather
from mmrec_core.report.html import report_html
from mmrec_core.report.pdf import report_pdf
from mmrec_core.types import CategoryPart, Concept, Item, LocalFit, Query, english
from tests.fake_media import draw_picture, make_sound
from tests.fakes import FakeService

QUERY = Query(
    image=draw_picture("q"), text="a bird <sings> at dawn over the dark and silent forest", audio=make_sound("q")
)


@pytest.fixture(scope="module")
def content():
    return gather(FakeService(), QUERY, "fake/robin", METHODS)


@pytest.fixture(scope="module")
def page(content):
    return report_html(content)


def body(page):
    """The page without the script that plotly brings."""
    from plotly.offline import get_plotlyjs

    assert page.count(get_plotlyjs()) == 1
    return page.replace(get_plotlyjs(), "")


def test_nothing_outside_the_file_is_referred_to(page):
    assert not re.search(r"https?://|src=\"(?!data:)|href=|@import|url\(", body(page))
    assert "default-src 'none'" in page


def test_every_part_of_the_content_is_there(page, content):
    shown = body(page)
    assert content.bundle.hash in shown
    assert content.versions["torch"] in shown
    assert "a bird &lt;sings&gt; at dawn" in shown
    assert "<sings>" not in shown
    assert shown.count('class="figure"') == 5 + 2 * 2 * len(METHODS)  # bars, matrix, alphas; then picture and sound
    assert len(content.comparisons) == 6
    assert shown.count("data:audio/wav") == 3  # both sides and the edited query
    assert "evaluations" in shown and "seed 0" in shown


def test_maps_no_better_than_random_are_greyed_and_said_to_be(page):
    assert body(page).count("card denied") == 6 * (len(METHODS) - 1)
    assert "not better than random" in page


def test_words_do_not_claim_what_the_test_denies(content):
    assert "counts most in your picture" in content.words
    reversed_methods = gather(FakeService(), QUERY, "fake/robin", METHODS[:1])
    assert reversed_methods.comparisons[0].explained[0].trust.better
    denied = [replace(e.trust, better=False) for c in content.comparisons for e in c.explained[:1]]
    from mmrec_core.explain.words import Telling, sentence

    text = sentence(
        content.explanation.query.attribution,
        telling=[
            Telling(c.modality, "part 1", t)
            for c, t in zip(content.comparisons, denied, strict=True)
            if c.side == "query"
        ],
    )
    assert "counts most" not in text
    assert "cannot be said" in text


def test_methods_share_one_scale(content):
    explained = content.comparisons[0].explained
    assert all(is_signed(e) for e in explained)
    assert shared_scale(explained) == pytest.approx(max(np.abs(e.map.weights).max() for e in explained))


def test_only_shares_of_the_score_are_called_so_and_share_a_scale(content):
    shares = content.comparisons[0].explained[0]
    weights = np.asarray(shares.map.weights)
    fitted = replace(
        shares, fit=LocalFit(np.array([0.9]), np.zeros(1), (0,)), map=replace(shares.map, weights=9 * weights)
    )
    raw = replace(shares, shares=None, method="gradient", values=np.array([0.5, 0.5]))
    slope, look = (replace(raw, options={"kind": kind}) for kind in ("input", "attention"))
    assert is_signed(slope) and not is_signed(look)
    assert [unit_of(e) for e in (shares, fitted, slope, look)] == [
        plots.OF_THE_SCORE, plots.OF_A_FIT, plots.OF_A_SLOPE, plots.OF_THE_LOOK,
    ]  # fmt: skip
    shared = shared_scale([shares, fitted])
    assert shared == scale_of(shares, shared) == pytest.approx(np.abs(weights).max())
    assert scale_of(fitted, shared) == pytest.approx(9 * shared)


def test_an_item_without_a_rank_is_not_called_the_querys_own(content):
    unranked = replace(content, explanation=replace(content.explanation, rank=None))
    assert "or in the profile" in report_html(unranked)


def test_hostile_titles_stay_text(content):
    item = replace(content.explanation.item, title="</script><script>alert(1)</script>")
    assert isinstance(item, Item)
    hostile = replace(content, explanation=replace(content.explanation, item=item, sentence="x"))
    assert "<script>alert" not in report_html(hostile)


def test_a_pdf_has_pages_a_title_and_the_numbers(content):
    data = report_pdf(content)
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") >= 3
    assert b"/Subtype /Image" in data
    assert report_pdf(content) == data


def test_a_side_without_media_is_reported_too():
    content = gather(FakeService(), Query(text="a bird"), "fake/bread", ("token_shap",))
    assert report_html(content)
    assert report_pdf(content).startswith(b"%PDF")


def test_what_cannot_be_had_is_noted(content):
    from mmrec_core.errors import QueryError

    class Refusing(FakeService):
        def counterfactual(self, *args, **kwargs):
            raise QueryError("There is none.")

    found = gather(Refusing(), QUERY, "fake/robin", ())
    assert found.notes == ("No counterfactual: There is none.",)
    assert found.comparisons == ()
    assert "There is none." in report_html(found)
    assert report_pdf(found).startswith(b"%PDF")


def test_a_method_that_cannot_work_is_noted_and_the_rest_is_there():
    from mmrec_core.errors import OptionError

    class Refusing(FakeService):
        def compare(self, query, item_id, methods, side, modality, *arguments, **named):
            if (side, modality) == ("query", "text"):
                raise OptionError("The budget is too small.")
            return super().compare(query, item_id, methods, side, modality, *arguments, **named)

    found = gather(Refusing(), QUERY, "fake/robin", ("token_shap",))
    assert found.notes == ("No maps of the query's text: The budget is too small.",)
    assert len(found.comparisons) == 5


@pytest.mark.parametrize("kind", [StoppedError, UnknownNameError])
def test_what_ends_the_report_is_not_noted(kind):
    class Ending(FakeService):
        def compare(self, *arguments, **named):
            raise kind("explainer", "x", []) if kind is UnknownNameError else kind("Stopped.")

    with pytest.raises(kind):
        gather(Ending(), QUERY, "fake/robin", ("token_shap",))


@pytest.mark.browser
@pytest.mark.browser
def test_the_browser_opens_it_without_one_request(browser, page, tmp_path):
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    tab = browser.new_page()
    requests, problems = [], []
    tab.on("request", lambda r: requests.append(r.url) if not r.url.startswith(("file:", "data:", "blob:")) else None)
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    tab.goto((tmp_path / "report.html").as_uri())
    tab.wait_for_selector("#figure-1 .main-svg")
    drawn = tab.locator(".figure .plot-container").count()
    tab.close()
    assert (requests, problems) == ([], [])
    assert drawn == page.count('class="figure"')


def test_the_pdf_draws_images_that_pillow_reads(content):
    from PIL import Image

    from mmrec_core.report import drawings

    explained = content.comparisons[0].explained[0]
    drawn = Image.open(io.BytesIO(drawings.picture_map(QUERY.image, explained, 0.1)))
    assert drawn.width > 100


def test_the_pdf_greys_a_map_that_is_not_better_than_random(content):
    from PIL import Image

    from mmrec_core.report import drawings, pdf

    drawn = drawings.picture_map(QUERY.image, content.comparisons[0].explained[0], 0.1)
    grey = np.asarray(Image.open(io.BytesIO(pdf._greyed(drawn))).convert("RGB"))
    assert np.ptp(grey, axis=-1).max() == 0
    assert np.ptp(np.asarray(Image.open(io.BytesIO(drawn)).convert("RGB")), axis=-1).max() > 0


def test_the_page_is_written_in_the_language_it_is_given(content):
    page = report_html(replace(content, say=lambda text, /, **values: f"«{english(text, **values)}»"))
    assert "«What was compared»" in page
    assert "«Your query»" in page
    assert "<h2>What" not in page


def test_what_the_category_adds_is_said(content):
    part = CategoryPart(0.05, Concept("birds", 0.8), Concept("animals", 0.9))
    told = replace(content, explanation=replace(content.explanation, category=part))
    sentence = "Of the score, +0.05 is for the category: your query reads as birds (80%), the item as animals (90%)."
    assert sentence in report_html(told) and sentence not in report_html(content)
