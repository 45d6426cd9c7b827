"""The recommender: attention over the history makes a profile, and the score of an item is its inner product with the item's vector.

``score(u, j) = sum over h of a_h T[h, j] + content x b_h S[h, j]``, with h over the history of u. Column T_j is what j's own
likes say of it (EASE^R), S_j what its content lets one expect (a ridge regression from content to such columns); a and b are two
attentions over the same history. T_j is zero for an item that nobody likes yet, which is scored by its content alone. The score
is linear in the history, so shares of it are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.interactions.attention import Attention
from mmrec_core.interactions.baselines.ease import item_weights
from mmrec_core.interactions.content import Content
from mmrec_core.interactions.item_vectors import content_kernel, content_weights
from mmrec_core.interactions.ratings import Ratings, Scores
from mmrec_core.types import Sentence, told


@dataclass(frozen=True)
class Recipe:
    """What is chosen on validation.

    Args:
        regularisation: of the collaborative part.
        content_regularisation: of the regression on content.
        itself: how much an item like j counts directly, beside what its likes say of other items.
        content: weight of the content part; 0 makes the model one of identities only.
        recent: attention of the collaborative part. lasting: of the content part.
    """

    regularisation: float = 400.0
    content_regularisation: float = 30.0
    itself: float = 0.3
    content: float = 0.2
    recent: Attention = field(default_factory=Attention)
    lasting: Attention = field(default_factory=Attention)

    @property
    def sentence(self) -> Sentence:
        """What weighs how much, in words."""
        recent, lasting = (
            told("likes since to the power of {power}", power=_number(-a.power)) if a.power else told("all likes alike")
            for a in (self.recent, self.lasting)
        )
        content = told("content is left out")
        if self.content:
            content = told("content weighs {weight} ({since})", weight=_number(self.content), since=lasting)
        return told(
            "Who liked what weighs 1 ({recent}), {content}; against a like of 1, the best rating counts {loved}, "
            "a middling one {neutral}, a dislike {disliked}.",
            recent=recent,
            content=content,
            loved=_number(self.recent.loved),
            neutral=_number(self.recent.neutral),
            disliked=_number(self.recent.disliked),
        )

    @property
    def by_identity_only(self) -> Recipe:
        """The same without content."""
        return replace(self, content=0.0)


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def recipe_from(values: Mapping[str, Any]) -> Recipe:
    """The recipe whose ``dataclasses.asdict`` these values are."""
    inner = {name: Attention(**values[name]) for name in ("recent", "lasting")}
    return Recipe(**{**values, **inner})


PER_USER = Recipe(
    regularisation=200.0,
    content_regularisation=3.0,
    itself=1.0,
    content=0.2,
    recent=Attention(neutral=0.2, disliked=-0.25),
    lasting=Attention(power=0.5),
)
"""What the app recommends with: what ``tune`` chooses from ``GRID`` on the validation part of MovieLens-100K's per-user temporal split,
with posters, descriptions and people (2026-12-01; NDCG@10 there .1875). Without them it reaches .1841 there, and a walk of their own
.1827, so it serves both."""


@dataclass(frozen=True)
class ProfileModel:
    """A fitted model: vectors of all items, over items.

    Args:
        recipe: what it was fitted with.
        own: (n_items, n_items), column j is T_j. expected: likewise S_j.
    """

    recipe: Recipe
    own: Scores
    expected: Scores

    @classmethod
    def fit(cls, train: Ratings, content: Content, recipe: Recipe) -> ProfileModel:
        """In closed form; seconds for some thousand items."""
        likes = train.likes.matrix()
        together = item_weights(likes.T @ likes, recipe.regularisation)
        resembling = content_weights(content_kernel(content), likes.sum(axis=0) > 0, recipe.content_regularisation)
        return cls.join(recipe, together, resembling)

    @classmethod
    def join(cls, recipe: Recipe, together: Scores, resembling: Scores) -> ProfileModel:
        """From the two closed forms: ``item_weights`` and ``content_weights``."""
        expected = together @ resembling + np.float32(recipe.itself) * resembling
        return cls(recipe, together, np.float32(recipe.content) * expected)

    def scores(self, ratings: Ratings) -> Scores:
        """Scores (n_users, n_items) for any histories over the same items."""
        return self.recipe.recent.profiles(ratings) @ self.own + self.recipe.lasting.profiles(ratings) @ self.expected

    def shares(self, history: Ratings, items: NDArray[np.int64]) -> NDArray[np.float64]:
        """What each row of one user's history adds to the score of each item (n_rows, n_asked); columns sum to the score."""
        recent, lasting = (a.weights(history)[:, None] for a in (self.recipe.recent, self.recipe.lasting))
        rows = np.ix_(history.item, items)
        return recent * self.own[rows] + lasting * self.expected[rows]


@dataclass(frozen=True)
class Profiles:
    """The model as a recommender: fitted on the training ratings it is called with."""

    content: Content
    recipe: Recipe

    def __call__(self, train: Ratings) -> Scores:
        """Scores (n_users, n_items)."""
        return ProfileModel.fit(train, self.content, self.recipe).scores(train)
