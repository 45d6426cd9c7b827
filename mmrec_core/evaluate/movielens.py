"""Measuring recommenders on MovieLens: one table, every method on the same users, with intervals and paired leads."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import numpy as np

from mmrec_core import metrics
from mmrec_core.evaluate.lists import exposure
from mmrec_core.evaluate.movielens_methods import MODEL, Subject, methods
from mmrec_core.evaluate.peers import peer_scores
from mmrec_core.evaluate.peers_script import BY_FEATURES
from mmrec_core.evaluate.report import compare
from mmrec_core.evaluate.store import EvaluationStore
from mmrec_core.interactions.baselines.blend import Recommender
from mmrec_core.interactions.baselines.ease import EASE
from mmrec_core.interactions.content import Content, movie_content
from mmrec_core.interactions.movielens import MovieLens, open_movielens
from mmrec_core.interactions.ranking import ACCURACY, CUTOFFS, Lists, hits_of, ranked_lists, wanted_counts
from mmrec_core.interactions.ratings import Ratings, Scores
from mmrec_core.interactions.split import Split, split_ratings
from mmrec_core.interactions.tune import validation
from mmrec_core.settings import Settings
from mmrec_core.training.lines import Line
from mmrec_core.types import Cell, Evaluation, Interval, Progress, Report

LIST = 10
"""Length of the lists whose diversity, novelty, serendipity and exposure are measured."""
VERSION = "profile-1"
PEERS_KEPT = "peers"
"""Folder beside the evaluations for what peers scored, so that an interrupted run goes on where it was."""


def evaluate_movielens(settings: Settings, split_name: str, report: Report, with_peers: bool = False) -> tuple[Evaluation, ...]:  # fmt: skip
    """The table of a split, kept in the store; three for cold start. The test part is read once, after everything is chosen.

    With peers the table is kept anew after each of them, so that an interrupted run leaves what it has.

    Raises:
        NotSetUpError: MovieLens or the encoders' weights are not there.
        UnknownNameError: there is no such split.
        MissingPackageError, MMRecError: ``with_peers``, and they cannot be run.
    """
    began = time.monotonic()
    data = open_movielens(settings)
    splits = split_ratings(data.ratings, split_name, settings.seed)
    subject = Subject(data.movies, movie_content(settings, data.movies, report), settings.seed)
    chosen = methods(subject, validation(splits, split_name), report)
    vectors, train = subject.content.parts["text"], splits[0].train
    found: tuple[Evaluation, ...] = ()
    for scores in _scores(settings, chosen, train, subject.content, report, with_peers):
        seconds = time.monotonic() - began
        found = tuple(
            evaluation_of(data, split, asked_fairly(scores, split), vectors, seed=settings.seed, seconds=seconds)
            for split in splits
        )
        for evaluation in found:
            EvaluationStore(settings.evaluations).save(evaluation)
    return found


def asked_fairly(scores: Mapping[str, Scores], split: Split) -> Mapping[str, Scores]:
    """The methods without peers that read features, where most that is to be found is liked by nobody in ``train``.

    The peers' library gives such items no score, so their places there would say nothing of what these models can do.
    """
    unknown = ~np.isin(split.test.item, split.train.likes.item)
    left_out = BY_FEATURES if unknown.mean() > 0.5 else ()
    return {name: found for name, found in scores.items() if name not in left_out}


def _scores(
    settings: Settings, chosen: Mapping[str, Recommender], train: Ratings, content: Content, report: Report, peers: bool
) -> Iterator[dict[str, Scores]]:
    """Scores of every method by name; first those of this library, then the same with one peer more each time."""
    scores: dict[str, Scores] = {}
    for done, (name, method) in enumerate(chosen.items()):
        report(Progress("Measuring", done, len(chosen), "methods", name))
        scores[name] = method(train)
    yield scores
    if peers:
        regularisation = next(method.regularisation for method in chosen.values() if isinstance(method, EASE))
        kept = settings.evaluations / PEERS_KEPT
        for name, peer in peer_scores(settings.peers_python, train, content, regularisation, kept, report):
            scores = {**scores, name: peer}
            yield scores


def evaluation_of(
    data: MovieLens, split: Split, scores: Mapping[str, Scores], vectors: Scores, *, seed: int, seconds: float,
    protocol: str = "movielens", bundle: str = VERSION,
) -> Evaluation:  # fmt: skip
    """Every line of every method on one split, leads against ``MODEL``.

    Args:
        scores: by method, of all users, fitted on ``split.train``; ``MODEL`` among them.
        vectors: (n_items, dim) unit vectors by which lists are diverse and finds serendipitous.
    """
    lists = {name: ranked_lists(found, split) for name, found in scores.items()}
    cells = compare({name: lines_of(found, split, vectors) for name, found in lists.items()}, MODEL)
    users = tuple(data.ratings.users[user] for user in split.users)
    shown = [cell for name, found in lists.items() for cell in exposure_cells(name, found, split)]
    lines = dict.fromkeys(cell.line for cell in cells)
    return Evaluation(
        protocol=f"{protocol} {split.name}",
        bundle=bundle,
        catalogue=fingerprint(data),
        reference=MODEL,
        cells=(*cells, *shown),
        split={"train": len(split.train), "test": len(split.test), "users": len(users)},
        queries=dict.fromkeys(lines, users),
        slices={"likes seen": dict(zip(users, _history_sizes(split), strict=True))},
        seed=seed,
        seconds=round(seconds, 1),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def lines_of(lists: Lists, split: Split, vectors: Scores) -> list[Line]:
    """Every line with one value a user."""
    hits, wanted, users = hits_of(lists, split), wanted_counts(split), split.users
    found = {f"{name}@{k}": metric(hits, wanted, k) for name, metric in ACCURACY.items() for k in CUTOFFS}
    likes = split.train.likes
    short, history, likers = shortlists(lists), likes.matrix()[users], int((likes.counts() > 0).sum())
    found[f"Diversity@{LIST}"] = metrics.diversity(short, vectors)
    found[f"Novelty@{LIST}"] = metrics.novelty(short, likes.popularity(), likers)
    found[f"Serendipity@{LIST}"] = metrics.serendipity(short, hits[:, : short.shape[1]], history, vectors)
    return [Line(name, values, users) for name, values in found.items()]


def shortlists(lists: Lists) -> Lists:
    """The first ``LIST`` places, or as many as every list fills."""
    return lists[:, : min(LIST, int((lists >= 0).sum(axis=1).min()))]


def exposure_cells(method: str, lists: Lists, split: Split) -> list[Cell]:
    """Lines that are one figure for all lists together, over the items that are ranked."""
    shown = exposure(shortlists(lists), len(split.ranked))[split.ranked]
    figures = {"Coverage": metrics.coverage, "Entropy": metrics.entropy, "Gini": metrics.gini}
    return [Cell(method, f"{name}@{LIST}", Interval.exact(f(shown), len(lists))) for name, f in figures.items()]


def fingerprint(data: MovieLens) -> str:
    """Of ratings and of what is known of the movies."""
    columns = (data.ratings.user, data.ratings.item, data.ratings.rating, data.ratings.time)
    digest = hashlib.sha256(b"".join(np.ascontiguousarray(column).tobytes() for column in columns))
    digest.update("\n".join(f"{movie.reading} {movie.poster is not None}" for movie in data.movies).encode())
    return digest.hexdigest()[:16]


def _history_sizes(split: Split) -> list[str]:
    bounds = ((20, "under 20"), (50, "20 to 49"), (100, "50 to 99"))
    counts = split.train.likes.counts()[split.users]
    return [next((name for bound, name in bounds if count < bound), "100 or more") for count in counts]
