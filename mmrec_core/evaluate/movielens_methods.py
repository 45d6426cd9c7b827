"""Every method of the MovieLens table: the model, baselines tuned on the same validation, and what is left when content is taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mmrec_core.interactions.baselines.blend import RankFusion, Recommender, WeightedSum
from mmrec_core.interactions.baselines.bm25 import BM25
from mmrec_core.interactions.baselines.content_knn import ContentKNN
from mmrec_core.interactions.baselines.ease import EASE
from mmrec_core.interactions.baselines.ials import IALS
from mmrec_core.interactions.baselines.item_knn import ItemKNN
from mmrec_core.interactions.baselines.popularity import Popularity
from mmrec_core.interactions.content import Content, Vectors
from mmrec_core.interactions.model import Profiles
from mmrec_core.interactions.split import Split
from mmrec_core.interactions.tune import choose, tune
from mmrec_core.types import Movie, Progress, Report

MODEL = "profile"
EASE_GRID = (50.0, 100.0, 200.0, 400.0, 800.0)
NEIGHBOUR_GRID = (20, 50, 100, 200)
IALS_GRID = tuple((dim, unobserved) for dim in (32, 64, 128, 256) for unobserved in (0.1, 0.3, 1.0))
SHARE_GRID = (0.1, 0.3, 0.5, 0.7, 0.85, 0.95)


@dataclass(frozen=True)
class Subject:
    """What methods may read: the movies, their content, the seed of whatever is random."""

    movies: Sequence[Movie]
    content: Content
    seed: int = 0


def methods(subject: Subject, validation: Sequence[Split], report: Report) -> dict[str, Recommender]:
    """Recommenders by name, the model first. Whatever is chosen is chosen on ``validation``."""
    content, seed = subject.content, subject.seed
    recipe = tune(content, validation, report)
    random = Content({name: _random_like(part, [seed, n]) for n, (name, part) in enumerate(content.parts.items())})
    constant = content.with_parts(lambda vectors: np.full((len(vectors), 1), 1.0, np.float32))
    return {
        MODEL: Profiles(content, recipe),
        **baselines(subject, validation, report),
        "profile, ID only": Profiles(content, recipe.by_identity_only),
        "profile, random features": Profiles(random, recipe),
        "profile, constant features": Profiles(constant, recipe),
    }


def baselines(subject: Subject, validation: Sequence[Split], report: Report) -> dict[str, Recommender]:
    """Simple methods, each with its one or two numbers chosen on ``validation``."""
    report(Progress("Choosing the baselines on validation", 0, 1))
    ease = EASE(choose(EASE_GRID, EASE, validation))
    nearest = ItemKNN(choose(NEIGHBOUR_GRID, ItemKNN, validation))
    factors = choose([IALS(*pair, seed=subject.seed) for pair in IALS_GRID], lambda tried: tried, validation)
    raw = {f"{name} neighbours": ContentKNN(vectors) for name, vectors in subject.content.encoded.items()}
    words = BM25([movie.reading for movie in subject.movies])
    parts: tuple[Recommender, ...] = (ease, *raw.values(), words)
    shares = choose(SHARE_GRID, lambda share: WeightedSum(parts, _weights(share, len(parts))), validation)
    found: Mapping[str, Recommender] = {
        "popularity": Popularity(),
        "item-kNN": nearest,
        "EASE": ease,
        "iALS": factors,
        **raw,
        "BM25": words,
        "rank fusion": RankFusion(parts),
        "weighted sum": WeightedSum(parts, _weights(shares, len(parts))),
    }
    return dict(found)


def _weights(first: float, count: int) -> tuple[float, ...]:
    """The first part's share, the rest among the others."""
    return (first, *[(1 - first) / (count - 1)] * (count - 1))


def _random_like(vectors: Vectors, seed: Sequence[int]) -> Vectors:
    """Random directions in place of the rows, zeros where they were; with a seed of its own for each part, or all would be one."""
    found = np.random.default_rng(seed).normal(size=(len(vectors), min(vectors.shape[1], 128)))
    found *= (np.abs(vectors).sum(axis=1, keepdims=True) > 0) / np.linalg.norm(found, axis=1, keepdims=True)
    return found.astype(np.float32)
