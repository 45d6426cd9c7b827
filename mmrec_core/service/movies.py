"""What the Movies page asks: who there is, what a person has seen, what to recommend, and because of what."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from mmrec_core.errors import QueryError, UnknownNameError
from mmrec_core.interactions.content import Content, movie_content
from mmrec_core.interactions.model import ProfileModel
from mmrec_core.interactions.movielens import MovieLens, open_movielens
from mmrec_core.interactions.ranking import best_items
from mmrec_core.interactions.ratings import LIKE, Ratings
from mmrec_core.interactions.shelf import DEFAULT, SHIPPED, MovieModel, MovieShelf
from mmrec_core.settings import Settings
from mmrec_core.types import Attribution, MovieRecommendation, RatedMovie, Report, Viewer, told


class Movies:
    """MovieLens with a model fitted on all its ratings; open it once, it is safe to share.

    Args:
        data: movies, viewers and ratings.
        content: what is known of the movies.
        chosen: the model; its vectors are fitted on all ratings.
    """

    def __init__(self, data: MovieLens, content: Content, chosen: MovieModel = SHIPPED) -> None:
        self.data = data
        self.chosen = chosen
        self._content = content
        self._numbers = {viewer.id: number for number, viewer in enumerate(data.viewers)}

    @classmethod
    def open(cls, settings: Settings, report: Report = lambda _: None, name: str = DEFAULT) -> Movies:
        """Read the data, what encoders say of the movies, and the model called ``name``.

        Raises:
            UnknownNameError: there is no such model.
            NotSetUpError: MovieLens or the encoders' weights are not there; the message says what to do.
        """
        data = open_movielens(settings)
        chosen = MovieShelf(settings.movie_models).load(name)
        return cls(data, movie_content(settings, data.movies, report), chosen)

    @cached_property
    def model(self) -> ProfileModel:
        """Fitted on first use, in seconds; what it was chosen by is in ``evaluate``."""
        return ProfileModel.fit(self.data.ratings, self.chosen.content_of(self._content), self.chosen.recipe)

    @property
    def notices(self) -> tuple[str, ...]:
        """What was wrong with the ratings and what was done about it, by row."""
        return tuple(finding.sentence for finding in self.data.findings)

    @property
    def viewers(self) -> tuple[Viewer, ...]:
        """Everybody who rated anything."""
        return self.data.viewers

    def history(self, viewer: str) -> tuple[RatedMovie, ...]:
        """What the viewer rated, the latest first.

        Raises:
            UnknownNameError: there is no such viewer.
        """
        rows, movies = self._rows(viewer), self.data.movies
        columns = zip(rows.item[::-1], rows.rating[::-1], rows.time[::-1], strict=True)
        return tuple(RatedMovie(movies[item], float(rating), int(time)) for item, rating, time in columns)

    def recommend(self, viewer: str, k: int = 12) -> tuple[MovieRecommendation, ...]:
        """The ``k`` best movies that the viewer has not rated, each with exact shares of its score by rated movie.

        Raises:
            UnknownNameError: there is no such viewer.
            QueryError: ``k`` is below 1.
        """
        if k < 1:
            raise QueryError(told("{k} recommendations were asked for; ask for 1 or more.", k=k))
        rows = self._rows(viewer)
        number = self._numbers[viewer]
        scores = self.model.scores(rows)[[number]]
        unrated = np.ones(scores.shape, bool)
        unrated[0, rows.item] = False
        found = best_items(scores, unrated, k)[0]
        found = found[found >= 0]
        shares = self.model.shares(rows, found)
        players = tuple(self.data.movies[item].id for item in rows.item)
        return tuple(
            MovieRecommendation(
                rank, self.data.movies[item], Attribution("linear", players, shares[:, rank - 1], 0.0, float(scores[0, item]), 1)
            )
            for rank, item in enumerate(found, start=1)
        )  # fmt: skip

    def likes(self, viewer: str) -> int:
        """How many movies the viewer rated ``LIKE`` or better."""
        return int((self._rows(viewer).rating >= LIKE).sum())

    def _rows(self, viewer: str) -> Ratings:
        if viewer not in self._numbers:
            raise UnknownNameError("viewer", viewer, [v.id for v in self.viewers[:10]] + ["..."])
        return self.data.ratings.where(self.data.ratings.user == self._numbers[viewer])
