"""Baselines: closed forms against their definitions, and a planted taste that each must find."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.interactions.baselines.blend import RankFusion, WeightedSum
from mmrec_core.interactions.baselines.bm25 import BM25
from mmrec_core.interactions.baselines.content_knn import ContentKNN
from mmrec_core.interactions.baselines.ease import EASE, item_weights
from mmrec_core.interactions.baselines.ials import IALS
from mmrec_core.interactions.baselines.item_knn import ItemKNN, keep_nearest
from mmrec_core.interactions.baselines.popularity import Popularity
from mmrec_core.interactions.ranking import mean_ndcg
from mmrec_core.interactions.ratings import Ratings, in_order
from mmrec_core.interactions.split import split_ratings


def two_tastes(users=40, items=40, seed=0):
    """Half of the users like the even items, half the odd ones."""
    random = np.random.default_rng(seed)
    user = np.repeat(np.arange(users), 12)
    item = np.concatenate([2 * random.permutation(items // 2)[:12] + u % 2 for u in range(users)])
    names = tuple(map(str, range(users))), tuple(map(str, range(items)))
    return in_order(Ratings(*names, user, item, np.full(len(user), 5.0), random.permutation(len(user))))


PARITY = np.eye(2, dtype=np.float32)[np.arange(40) % 2]
TEXTS = [("even", "odd")[n % 2] + f" w{n}" for n in range(40)]
LEARNERS = {
    "item-kNN": ItemKNN(),
    "EASE": EASE(1.0),
    "iALS": IALS(dim=8),
    "content kNN": ContentKNN(PARITY),
    "BM25": BM25(TEXTS),
    "rank fusion": RankFusion((EASE(1.0), BM25(TEXTS))),
    "weighted sum": WeightedSum((EASE(1.0), BM25(TEXTS)), (0.7, 0.3)),
}


@pytest.mark.parametrize("name", LEARNERS)
def test_a_planted_taste_is_found(name):
    ratings = two_tastes()
    (split,) = split_ratings(ratings, "per-user")
    scores = LEARNERS[name](split.train)
    assert scores.shape == (40, 40)
    own = (np.arange(40)[:, None] % 2) == (np.arange(40)[None, :] % 2)
    unseen = split.train.matrix() == 0
    assert scores[own & unseen].mean() > scores[~own].mean()
    assert mean_ndcg(scores, split) > mean_ndcg(Popularity()(split.train), split)


def test_ease_minimises_what_it_says():
    """At the optimum the gradient of the objective is zero off the diagonal (Steck 2019, equation 8)."""
    likes = (np.random.default_rng(0).random((50, 8)) < 0.4).astype(np.float64)
    weights = item_weights((likes.T @ likes).astype(np.float32), 3.0).astype(np.float64)
    gradient = likes.T @ (likes @ weights - likes) + 3.0 * weights
    assert np.diag(weights) == pytest.approx(0)
    assert gradient - np.diag(np.diag(gradient)) == pytest.approx(0, abs=1e-3)


def test_keep_nearest_keeps_the_largest_of_each_column():
    similar = np.array([[0, 3, 1], [2, 0, 5], [1, 4, 0.0]])
    assert keep_nearest(similar, 1).tolist() == [[0, 0, 0], [2, 0, 5], [0, 4, 0]]


def test_an_item_without_a_medium_scores_zero():
    vectors = PARITY.copy()
    vectors[3] = 0
    assert (ContentKNN(vectors)(two_tastes())[:, 3] == 0).all()
