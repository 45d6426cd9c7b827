"""The Movies page: a person's history and recommendations with their reasons, without MovieLens what to do."""

from __future__ import annotations

import re

import pytest

from mmrec_core.errors import InteractionsError, NotSetUpError, QueryError, UnknownNameError
from mmrec_core.interactions.content import Content
from mmrec_core.interactions.movielens import MovieLens
from mmrec_core.service.movies import Movies
from mmrec_core.types import Movie, Progress, Viewer
from pages._ui import movie_reasons, navigation
from pages._ui import movies as ui
from tests.fake_media import draw_picture, png_bytes
from tests.fakes import FakeService
from tests.ui.pages import ROOT, STYLE, markup, serve, start
from tests.unit.test_interactions_baselines import PARITY, two_tastes

PAGE = ROOT / "pages" / "3_Movies.py"


def fake_movies(poster=None) -> Movies:
    made = tuple(Movie(str(n), f"Film <{n}>", 1990, ("Drama", "War"), poster=poster) for n in range(40))
    viewers = tuple(Viewer(str(n), 30, "F", "writer") for n in range(40))
    return Movies(MovieLens(made, viewers, two_tastes(), ()), Content({"text": PARITY}))


@pytest.fixture
def page(monkeypatch):
    def open_(found, pending: list | None = None, **query):
        def give(settings, report=None, name=None):
            if isinstance(found, Exception):
                raise found
            return found

        serve(monkeypatch, FakeService())
        monkeypatch.setattr(Movies, "open", staticmethod(give))
        monkeypatch.setattr(ui, "needs_encoding", lambda settings: pending is not None and not pending)
        monkeypatch.setattr(ui, "encode_movies", lambda settings, report: pending.append(report(Progress("", 3, 40))))
        return start(PAGE, **query)

    return open_


def test_a_persons_history_and_recommendations_are_shown_with_reasons(page):
    app = page(fake_movies(), viewer="3")
    assert not app.exception
    assert app.selectbox(key="mm-viewer-en").value == "3"
    shown = markup(app)
    assert shown.count('class="mm-reasons"') == 12
    assert "liked Film &lt;" in shown and "<b>Film &lt;" in shown
    assert "12 movies, 12 of them with four stars or five" in shown


def test_another_person_can_be_chosen_and_the_address_keeps_them(page):
    app = page(fake_movies())
    app.selectbox(key="mm-viewer-en").set_value("7").run()
    assert not app.exception
    assert app.query_params["viewer"] == "7"


def test_back_brings_the_person_of_its_address(page, monkeypatch):
    app = page(fake_movies(), viewer="3")
    app.selectbox(key="mm-viewer-en").set_value("7").run()
    app.query_params["viewer"] = "3"
    monkeypatch.setattr(navigation, "through_history", lambda: True)
    app.run()
    assert app.selectbox(key="mm-viewer-en").value == "3" and app.query_params["viewer"] == "3"


def test_the_person_is_kept_while_another_page_is_looked_at(page):
    app = page(fake_movies())
    app.selectbox(key="mm-viewer-en").set_value("7").run()
    app.switch_page("app.py").run()
    app.switch_page("pages/3_Movies.py").run()
    assert app.selectbox(key="mm-viewer-en").value == "7" and app.query_params["viewer"] == "7"


def test_an_unknown_person_in_the_address_is_the_first(page):
    app = page(fake_movies(), viewer="nobody")
    assert not app.exception
    assert app.selectbox(key="mm-viewer-en").value == "0"


def test_without_movielens_it_says_how_to_get_it(page):
    app = page(NotSetUpError("MovieLens is not set up. Run: python -m mmrec_core setup --only movielens"))
    assert not app.exception
    assert "setup --only movielens" in markup(app)
    assert "mm-viewer-en" not in [box.key for box in app.selectbox]


def test_an_error_of_the_core_is_shown_as_it_is(page):
    app = page(InteractionsError("MMREC_MOVIELENS_MEDIA names a folder without items.csv."))
    assert not app.exception
    assert "MMREC_MOVIELENS_MEDIA" in markup(app)


def test_posters_are_shown_where_they_are(page, tmp_path):
    path = tmp_path / "1.png"
    path.write_bytes(png_bytes(draw_picture("red")))
    assert "data:image/webp" in markup(page(fake_movies(poster=path)))


def test_shares_add_up_to_the_score_and_nothing_rated_is_recommended():
    movies = fake_movies()
    rated = {entry.movie.id for entry in movies.history("5")}
    for found in movies.recommend("5", 20):
        assert found.movie.id not in rated
        assert found.shares.residual == pytest.approx(0, abs=1e-6)
        assert set(found.shares.players) == rated
    scores = [found.score for found in movies.recommend("5", 20)]
    assert scores == sorted(scores, reverse=True)


def test_history_is_the_latest_first():
    times = [entry.time for entry in fake_movies().history("5")]
    assert times == sorted(times, reverse=True)


def test_who_is_unknown_and_how_many_is_none_are_refused():
    with pytest.raises(UnknownNameError, match="viewer"):
        fake_movies().history("nobody")
    with pytest.raises(QueryError, match="1 or more"):
        fake_movies().recommend("5", 0)


def test_reasons_hold_every_share_and_what_speaks_for_a_movie_is_100_per_cent():
    movies = fake_movies()
    (found,) = movies.recommend("5", 1)
    rated = {entry.movie.id: entry for entry in movies.history("5")}
    parts = movie_reasons.divide(found.shares, rated)
    assert sum(part.value for part in parts.parts) == pytest.approx(found.score, abs=1e-6)
    page = movie_reasons.draw(found.shares, rated, (0.0, 1.0))
    values = [float(number.replace("−", "-")) for number in re.findall(r">([−\d]+) %</b>", page)]
    assert sum(value for value in values if value > 0) == pytest.approx(100, abs=len(values))
    assert len(values) == len(parts.parts)
    assert f"of the score {found.score:.4f}" in page


def test_the_sentence_says_whether_one_movie_or_many_count():
    def part(value, words="liked Film 1"):
        return movie_reasons.Part(words, value, "")

    one = movie_reasons.Reasons((part(0.5),), part(0.1), part(-0.1))
    many = movie_reasons.Reasons((part(0.1),), part(0.5), part(-0.1))
    assert movie_reasons.sentence(one) == "Mostly because they liked Film 1."
    assert movie_reasons.sentence(many).startswith(
        "Many small reasons together; of single movies, most because they liked"
    )
    several = movie_reasons.Reasons((part(0.2), part(0.15), part(0.15)), part(0.1), part(-0.1))
    assert movie_reasons.sentence(several) == "Most of all because they liked Film 1."
    none = movie_reasons.Reasons((), part(0), part(-0.1))
    assert movie_reasons.sentence(none) == "Nothing that they rated speaks for it."


def test_scores_are_shown_beside_the_first_and_exactly_on_hover(page):
    shown = markup(page(fake_movies(), viewer="3"))
    assert ">100%</b>" in shown and "score, first = 100%" in shown
    assert re.search(r'data-tip="Score 0\.\d{4} = the shares of 12 rated movies', shown)


def test_long_titles_have_two_lines_and_the_whole_title_on_hover(page):
    shown = markup(page(fake_movies(), viewer="3"))
    assert "mm-two-lines' title='Film &lt;" in shown
    assert 'class="mm-title" title="Film &lt;' in shown
    style = STYLE[STYLE.index(".mm-title, .mm-two-lines") :].split("}")[0]
    assert "-webkit-line-clamp: 2" in style


def test_movies_that_set_up_did_not_read_are_read_with_a_bar(page):
    pending = []
    app = page(fake_movies(), pending)
    assert not app.exception and len(pending) == 1
    assert 'class="mm-reasons"' in markup(app)
