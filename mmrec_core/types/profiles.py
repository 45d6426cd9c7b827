"""What a person likes, and how a ranking may be rearranged for them."""

from __future__ import annotations

from dataclasses import dataclass

LIKE, DISLIKE, WORDS = "like:", "dislike:", "words"
"""How the players of a profile are named: ``like:ID``, ``dislike:ID``, and ``words`` for its text."""


@dataclass(frozen=True)
class Profile:
    """What a person liked and disliked, oldest first, and what they say of themselves in words.

    Args:
        liked: ids of items.
        disliked: ids of items.
        text: what they like, in words; None or blank where they say nothing.
        weight: the profile's part w in the score, in [0, 1]; without a query the profile is all of it.
    """

    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    text: str | None = None
    weight: float = 0.3

    @property
    def is_empty(self) -> bool:
        """True where nothing was liked, disliked or said."""
        return not self.liked and not self.disliked and not (self.text or "").strip()


@dataclass(frozen=True)
class Rerank:
    """How a ranking is rearranged after the score; all zero leaves it as it is.

    Args:
        diversity: lambda of maximal marginal relevance, in [0, 1].
        novelty: strength of the boost for what is seldom seen, in [0, 1].
        hide_duplicates: leave out what is nearly the same as something ranked above it.
    """

    diversity: float = 0.0
    novelty: float = 0.0
    hide_duplicates: bool = False

    def __bool__(self) -> bool:
        return bool(self.diversity or self.novelty or self.hide_duplicates)


@dataclass(frozen=True)
class Move:
    """How many places one rule moved an item; positive is up."""

    by: str
    places: int
