"""The recommender: exact shares, attention that does what it says, cold items found by content, choices that only rise."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.interactions import content
from mmrec_core.interactions.attention import Attention, likes_since
from mmrec_core.interactions.content import Content, rare_counts_most, year_vectors
from mmrec_core.interactions.item_vectors import content_kernel, content_weights
from mmrec_core.interactions.model import PER_USER, ProfileModel, Profiles, Recipe
from mmrec_core.interactions.movielens import open_movielens
from mmrec_core.interactions.ratings import Ratings
from mmrec_core.interactions.split import split_ratings
from mmrec_core.interactions.tune import changed, mean_over, tune, validation
from mmrec_core.settings import Settings, get_settings
from mmrec_core.types import Modality, Movie
from tests.unit.test_interactions_baselines import PARITY, two_tastes
from tests.unit.test_interactions_split import random_ratings

CONTENT = Content({"text": PARITY})
RECIPE = Recipe(regularisation=1.0, content_regularisation=1.0, recent=Attention(loved=1.5, neutral=0.1, disliked=-0.3))


def test_shares_of_a_score_add_up_to_it():
    ratings = random_ratings()
    model = ProfileModel.fit(ratings, CONTENT, RECIPE)
    scores = model.scores(ratings)
    for user in (0, 7, 29):
        shares = model.shares(ratings.where(ratings.user == user), np.arange(40))
        assert shares.sum(axis=0) == pytest.approx(scores[user], abs=1e-5)


def test_attention_falls_with_time_and_turns_from_dislikes():
    ratings = Ratings(("a",), tuple("1234"), np.zeros(4, int), np.arange(4), np.array([4, 1, 5, 4.0]), np.arange(4))
    weights = Attention(shift=1, power=1, loved=2, disliked=-1).weights(ratings)
    assert likes_since(ratings).tolist() == [2, 2, 1, 0]
    assert weights / weights[3] == pytest.approx([1 / 3, -1 / 3, 1, 1])
    assert np.abs(weights).sum() == pytest.approx(1)


def test_likes_since_counts_within_each_user():
    ratings = random_ratings()
    found = likes_since(ratings)
    for user in range(30):
        like = ratings.rating[ratings.user == user] >= 4
        assert found[ratings.user == user].tolist() == [like[n + 1 :].sum() for n in range(len(like))]


def test_an_item_nobody_likes_is_found_by_its_content():
    cold, warm, _ = split_ratings(two_tastes(), "cold")
    found = Profiles(CONTENT, RECIPE)(cold.train)
    without = Profiles(CONTENT, RECIPE.by_identity_only)(cold.train)
    own = (np.arange(40)[:, None] % 2) == (np.arange(40)[None, :] % 2)
    assert found[own & cold.ranked].min() > found[~own & cold.ranked].max()
    assert (without[:, cold.ranked] == 0).all()
    assert (without[:, warm.ranked] != 0).any()


def test_a_warm_item_is_not_made_up_of_itself():
    """Leaving one out in closed form is what leaving it out and solving again gives."""
    random = np.random.default_rng(0).normal(size=(12, 5)).astype(np.float32)
    kernel, warm = content_kernel(Content({"text": random})), np.arange(12) < 10
    weights = content_weights(kernel, warm, 2.0)
    others = np.array([n for n in range(10) if n != 4])
    again = np.linalg.solve(kernel[np.ix_(others, others)] + 2.0 * np.eye(9), kernel[others, 4])
    assert weights[others, 4] == pytest.approx(again, abs=1e-5)
    assert weights[4, 4] == 0 and (weights[10:] == 0).all()


def test_a_history_without_likes_still_gets_scores():
    model = ProfileModel.fit(two_tastes(), CONTENT, RECIPE)
    disliked = Ratings(
        ("a", "b"), tuple(map(str, range(40))), np.array([0]), np.array([2]), np.array([1.0]), np.array([0])
    )
    scores = model.scores(disliked)
    assert np.isfinite(scores).all()
    assert scores[0, 4] < scores[0, 5]
    assert (scores[1] == 0).all()


def test_tuning_never_falls():
    splits = split_ratings(two_tastes(), "per-user")
    start = Recipe()
    found = tune(CONTENT, splits, lambda _: None, start)
    before, after = (mean_over(splits, Profiles(CONTENT, r)(splits[0].train)) for r in (start, found))
    assert after >= before


@pytest.mark.skipif(get_settings().movielens_media is None, reason="MMREC_MOVIELENS_MEDIA names no posters")
def test_the_shipped_recipe_is_what_tuning_finds():
    settings = get_settings()
    data = open_movielens(settings)
    known = content.movie_content(settings, data.movies, lambda _: None)
    cut = validation(split_ratings(data.ratings, "per-user"), "per-user")
    assert tune(known, cut, lambda _: None) == PER_USER


def test_a_recipe_is_changed_in_one_place():
    assert changed(Recipe(), "content", 0.7) == Recipe(content=0.7)
    assert changed(Recipe(), "recent.shift", 9.0) == Recipe(recent=Attention(shift=9.0))


def test_facts_as_vectors():
    years = year_vectors([1990, 1992, 1940, 0])
    alike = years @ years.T
    assert alike[0, 0] == pytest.approx(1)
    assert alike[0, 1] > 0.9 > 0.1 > alike[0, 2]
    assert (years[3] == 0).all()
    genres = rare_counts_most([("drama", "war"), ("drama",), ("drama", "war"), ()])
    assert genres[0] @ genres[2] == pytest.approx(1)
    assert genres[0, 1] > genres[0, 0]
    assert (genres[3] == 0).all()


def test_a_replaced_poster_is_encoded_again(tmp_path, monkeypatch):
    poster, seen = tmp_path / "1.jpg", []

    class Eye:
        modality, version = Modality.IMAGE, "eye"

        def __init__(self, _):
            pass

        def encode(self, batch):
            seen.extend(batch)
            return batch

        def pooled(self, found):
            return np.array([float(len(seen))])

    monkeypatch.setattr(content, "EfficientNetLite0", Eye)
    monkeypatch.setattr(content, "decode_image", lambda data: data)
    movies = [Movie("1", "A", 1990, (), poster=poster)]
    for picture, asked in ((b"one", 1), (b"one", 1), (b"another", 2)):
        if not poster.exists() or poster.read_bytes() != picture:
            poster.write_bytes(picture)
        found = content.encoded_posters(Settings(home=tmp_path), movies, lambda _: None)
        assert len(seen) == asked and found[0, 0] == asked


def test_names_that_no_two_movies_share_are_no_part_of_the_content(tmp_path, monkeypatch):
    monkeypatch.setattr(content, "encoded_texts", lambda *_: np.ones((3, 2), np.float32))
    movies = [Movie(str(n), f"Movie {n}", 1990, (genre,), directors=("D",)) for n, genre in enumerate("abc")]
    found = content.movie_content(Settings(home=tmp_path), movies, lambda _: None)
    assert set(found.parts) == {"text", "year", "people"}
    assert rare_counts_most([(), ()]).shape == (2, 0)


def test_a_power_of_zero_is_said_in_words():
    said = str(Recipe(recent=Attention(power=0.0), lasting=Attention(power=0.5)).sentence)
    assert "all likes alike" in said and "power of −0.5" in said and "−0)" not in said
