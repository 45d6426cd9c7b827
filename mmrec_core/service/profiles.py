"""Profiles as pages and the command line use them: of a session, under a name, and ready for the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmrec_core.errors import QueryError
from mmrec_core.feedback.profiles import ProfileStore
from mmrec_core.recommend.profile import History, read_profile
from mmrec_core.recommend.rerank import Reranker, inverse_exposure, unlike
from mmrec_core.types import LIKE, Profile, Query, Rerank, Vector, Verdict, told
from mmrec_core.types.sentence import in_a_row

if TYPE_CHECKING:
    from mmrec_core.feedback.store import FeedbackStore
    from mmrec_core.recommend.encode import QueryEncoder
    from mmrec_core.recommend.engine import Engine

ENOUGH_FEEDBACK = 50
"""Verdicts from which exposure is counted in them; fewer say little about what is seldom seen."""


class Profiles:
    """Profiles of sessions and of names, on this machine only.

    Args:
        feedback: what users said.
    """

    def __init__(self, feedback: FeedbackStore) -> None:
        self._feedback = feedback
        self._store = ProfileStore(feedback)

    def of_session(self, session: str, text: str | None = None, weight: float = Profile.weight) -> Profile:
        """What the session liked and disliked, oldest first, with its own words and weight."""
        said = self._feedback.entries(session=session)
        liked, disliked = (tuple(entry.item_id for entry in said if entry.verdict == kind) for kind in Verdict)
        return Profile(liked, disliked, text, weight)

    def words(self, session: str) -> str | None:
        """What the session's person said of themselves, or None."""
        return self._store.words(session)

    def keep_words(self, session: str, text: str | None) -> None:
        """Keep the session's own words over a reload; blank ones are forgotten."""
        self._store.keep_words(session, text)

    def names(self) -> list[str]:
        """Names of the stored profiles."""
        return self._store.names()

    def save(self, name: str, profile: Profile) -> None:
        """Store a profile, in place of an earlier one of the name; raises MMRecError for a name that cannot be used."""
        self._store.save(name, profile)

    def load(self, name: str, session: str | None = None) -> Profile:
        """The profile called ``name``, which also becomes that of the session; raises UnknownNameError."""
        profile = self._store.load(name)
        if session:
            self._store.say_again(profile, session=session)
        return profile

    def clear(self, session: str) -> None:
        """Forget what the session said."""
        self._store.say_again(Profile(), session=session)

    def forget(self, name: str) -> bool:
        """Delete a stored profile; False where there was none."""
        return self._store.forget(name)


def read_history(
    engine: Engine, encoder: QueryEncoder, profile: Profile | None, query: Query
) -> tuple[History | None, tuple[str, ...]]:
    """The profile ready for ranking and explaining, and what must be said about it; the caller has its turn at the model.

    Without a query all of the score is the profile's.

    Raises:
        QueryError: there is no query, and nothing of the profile counts; the message says what became of it.
    """
    if profile is None:
        return None, ()

    def embed_text(text: str) -> Vector:
        return engine.embed(encoder.encode_query(Query(text=text)))

    history, notices = read_profile(profile, engine.catalogue.rows, engine.index.embeddings, embed_text)
    if history is None and query.is_empty:
        raise QueryError(in_a_row([*notices, told("There is no query either. Bring one, or like something.")]))
    return (history.alone() if history and query.is_empty else history), notices


def make_reranker(
    engine: Engine, feedback: FeedbackStore, rerank: Rerank | None, history: History | None
) -> tuple[Reranker, tuple[str, ...]]:
    """The rules of re-ranking with what novelty means here, and a sentence that says it."""
    if rerank is None or not rerank.novelty:
        return Reranker(rerank or Rerank()), ()
    counts = feedback.judgements()
    if sum(counts.values()) >= ENOUGH_FEEDBACK:
        exposure = np.array([counts.get(item.id, 0) for item in engine.catalogue.items])
        return Reranker(rerank, inverse_exposure(exposure)), (
            told("Novelty: seldom liked or disliked on this machine."),
        )
    liked = [i for i, player in enumerate(history.players) if player.startswith(LIKE)] if history else []
    if history and liked:
        novelty = unlike(history.embeddings[liked], np.asarray(engine.index.embeddings))
        return Reranker(rerank, novelty), (
            told("Novelty: far from what you liked, since few items were judged here so far."),
        )
    return Reranker(rerank), (told("Novelty has no effect yet: it needs likes, or more feedback on this machine."),)
