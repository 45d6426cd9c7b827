"""What a person liked -> one vector: a small attention over their history, conditioned on the query.

    p(q) = sum_i a_i l_i - PUSH * sum_j b_j d_j

``l`` are the embeddings of what was liked (the profile's words are one of them), ``d`` of what was disliked.
With a query, ``a = softmax(<q, l> / TEMPERATURE)`` and ``b = softmax(<q, d> / TEMPERATURE)``: what the person liked of
this kind counts most, as in attentive history models (DIN, Zhou et al. 2018). Without one, attention halves every
``HALF_LIFE`` entries back in time. ``p`` is not brought to length one: likes that point everywhere say little together,
and so they count for little. The score (``score.py``) is then a weighted nearest-neighbour score,
``<p, e> = sum_i a_i <l_i, e> - PUSH * sum_j b_j <d_j, e>``, and, where embeddings have length one, never exceeds ``1 + w * PUSH``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmrec_core.errors import QueryError
from mmrec_core.types import DISLIKE, LIKE, WORDS, Embeddings, Profile, Sentence, Vector, told

TEMPERATURE = 0.1
"""Of the attention. Inner products of unrelated items are near 0.2 and of related ones near 0.6: fifty times the weight."""
HALF_LIFE = 10
"""Entries after which attention halves where there is no query."""
PUSH = 0.5
"""How strongly a dislike pushes, against 1 for a like: a dislike says what not to show, but not what to show."""
MOST = 50
"""Likes, and dislikes, that count; of a longer history the newest."""

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Leaning:
    """A profile as one query sees it: one vector, its ``weight`` in the score, and ids that are not recommended back."""

    vector: Vector
    weight: float
    known: frozenset[str] = frozenset()


@dataclass(frozen=True)
class History:
    """A profile, embedded.

    Args:
        players: names of the entries, ``like:ID``, ``dislike:ID`` or ``words``; each kind oldest first.
        embeddings: of the entries (n, dim).
        weight: of the profile in the score, in [0, 1].
        known: ids of every item that was judged, those too old to count included.
    """

    players: tuple[str, ...]
    embeddings: Embeddings
    weight: float
    known: frozenset[str] = frozenset()

    @property
    def liked(self) -> NDArray[np.bool_]:
        """(n,) True where the entry pulls, False where it pushes."""
        return np.array([not player.startswith(DISLIKE) for player in self.players], dtype=bool)

    def alone(self) -> History:
        """The same where there is no query: all of the score is the profile's."""
        return replace(self, weight=1.0)

    def logits(self, queries: Embeddings, brought: NDArray[np.bool_]) -> Weights:
        """Attention before the softmax (m, n): by nearness to each query, by recency for rows that ``brought`` nothing."""
        near = np.asarray(queries @ self.embeddings.T, dtype=np.float64) / TEMPERATURE
        return np.where(brought[:, None], near, self._recency()[None, :])

    def _recency(self) -> Weights:
        liked = self.liked
        newer = [int((liked[i + 1 :] == liked[i]).sum()) for i in range(len(liked))]
        return -np.log(2.0) * np.array(newer, dtype=np.float64) / HALF_LIFE

    def attention(self, logits: Weights, members: NDArray[np.bool_]) -> Weights:
        """Signed attention (m, c, n) in each coalition of entries, ``members`` (c, n): softmax within likes and dislikes."""
        strength = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
        kept = strength[:, None, :] * members[None]
        liked = self.liked
        totals = np.where(
            liked, kept[..., liked].sum(axis=-1, keepdims=True), kept[..., ~liked].sum(axis=-1, keepdims=True)
        )
        return np.where(liked, 1.0, -PUSH) * kept / np.maximum(totals, np.finfo(np.float64).tiny)

    def vectors(self, queries: Embeddings, brought: NDArray[np.bool_]) -> Embeddings:
        """p for each query (m, dim)."""
        whole = np.ones((1, len(self.players)), dtype=bool)
        return (self.attention(self.logits(queries, brought), whole)[:, 0] @ self.embeddings).astype(np.float32)

    def toward(self, query: Vector, brought: bool = True) -> Leaning:
        """The profile as one query (dim,) sees it."""
        return Leaning(self.vectors(query[None], np.array([brought]))[0], self.weight, self.known)


def read_profile(
    profile: Profile, rows: Mapping[str, int], embeddings: Embeddings, embed_text: Callable[[str], Vector]
) -> tuple[History | None, tuple[str, ...]]:
    """Embed a profile, and say in sentences what could not be used as it is.

    Args:
        profile: what the person liked, disliked and said.
        rows: where the items of the catalogue stand in ``embeddings``.
        embeddings: of the catalogue (n, dim).
        embed_text: the profile's words -> its embedding (dim,).

    Returns:
        The history, or None where nothing of the profile counts; and notices for the person.

    Raises:
        QueryError: for a weight outside [0, 1].
    """
    if not 0 <= profile.weight <= 1:
        raise QueryError(told("The profile's weight is {weight}; it must lie between 0 and 1.", weight=profile.weight))
    if profile.is_empty or profile.weight == 0:
        return None, (_unused(profile),)
    disliked = tuple(dict.fromkeys(profile.disliked))
    liked = tuple(item_id for item_id in dict.fromkeys(profile.liked) if item_id not in disliked)
    pulling, pushing = ([item_id for item_id in ids if item_id in rows] for ids in (liked, disliked))
    gone = [item_id for item_id in liked + disliked if item_id not in rows]
    text = (profile.text or "").strip()
    vectors = [embeddings[rows[item_id]] for item_id in pulling[-MOST:] + pushing[-MOST:]]
    vectors += [embed_text(text)] if text else []
    notices = _notices(gone, pulling, pushing, bool(text))
    if not vectors:
        return None, notices
    players = tuple(LIKE + item_id for item_id in pulling[-MOST:]) + tuple(DISLIKE + i for i in pushing[-MOST:])
    players += (WORDS,) if text else ()
    known = frozenset(pulling + pushing)
    return History(players, np.stack(vectors).astype(np.float32), profile.weight, known), notices


def _unused(profile: Profile) -> str:
    if profile.is_empty:
        return "Your profile is empty, so only the query counts."
    return "The weight of your profile is 0, so only the query counts."


def _notices(gone: list[str], liked: list[str], disliked: list[str], text: bool) -> tuple[str, ...]:
    """What the profile could not do, or did of its own accord."""
    there = len(liked) + len(disliked)
    said = []
    if gone:
        named: str = ", ".join(gone[:3])
        if len(gone) > 3:
            named = told("{names} and others", names=named)
        left_out = "{items} of your profile no longer in the catalogue, left out: {names}."
        said.append(told(left_out, items=_items(len(gone)), names=named))
    if not there and not text:
        said.append(told("Nothing else is in your profile, so only the query counts."))
    if max(len(liked), len(disliked)) > MOST:
        said.append(
            told("Your profile holds {n} items; the newest {most} likes and {most} dislikes count.", n=there, most=MOST)
        )
    if disliked and not liked and not text:
        said.append(
            told("Your profile holds only dislikes: what resembles them is pushed down, and nothing is pulled up.")
        )
    if there:
        said.append(told("What is in your profile is not recommended back ({items}).", items=_items(there)))
    return tuple(said)


def _items(count: int) -> Sentence:
    return told("1 item") if count == 1 else told("{n} items", n=count)
