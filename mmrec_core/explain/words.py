"""One to three sentences in plain words, made from the numbers by rules: they claim nothing that the numbers do not say.

Shares are of the score above the baseline. They are given in units of the score, not in per cent, because with a
negative share among them percentages exceed a hundred and mislead. A negative share is said to speak against. A part of a
medium is named only where its map was tested and did better than random maps; where it did not, that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmrec_core.types import Attribution, Modality, PairAttribution, Trust, Without

NOUNS = {"image": "picture", "text": "words", "audio": "sound", "video": "film", "profile": "likes"}
NEGLIGIBLE = 0.005
"""Below this, a share of a score rounds to nothing and is not called a reason."""
MAINLY = 0.6
"""From this part of all that speaks for an item on, one share is called the main one."""


@dataclass(frozen=True)
class Telling:
    """The part of a query's medium that counts most according to one map, and the test of that map (None: not tested)."""

    modality: Modality
    label: str
    trust: Trust | None = None


def sentence(
    query: Attribution,
    pairs: PairAttribution | None = None,
    rank: int | None = None,
    *,
    without: Sequence[Without] = (),
    telling: Sequence[Telling] = (),
) -> str:
    """Say why an item got its score, in one to three sentences.

    Args:
        query: shares of the query's modalities.
        pairs: shares of pairs, for the strongest match between the two sides.
        rank: the item's rank for the query, if known.
        without: where it would stand without one modality; gives the second sentence.
        telling: parts that count most, with their tests; give the third. An untested map is not spoken of.
    """
    return " ".join(filter(None, (_score(query, pairs, rank), _without(without, rank), _parts(telling))))


def _score(query: Attribution, pairs: PairAttribution | None, rank: int | None) -> str:
    place = f"Ranked {ordinal(rank)} with" if rank else "It has"
    start = f"{place} a score of {number(query.target)}"
    gain = query.target - query.baseline
    if len(query.players) == 0 or np.abs(query.values).max() < NEGLIGIBLE:
        return (
            f"{start}: what you brought changes next to nothing ({signed(gain)}); almost all of the score is the "
            f"baseline of {number(query.baseline)}, what the item gets for an empty query."
        )
    return f"{start}: {_reasons(query)}{_strongest_match(query, pairs)}."


def _without(places: Sequence[Without], rank: int | None) -> str:
    """The modality of the query that the rank hangs on most; nothing where the rank or the alternative is unknown."""
    ours = [place for place in places if place.side == "query"]
    if rank is None or not ours:
        return ""
    most = max(ours, key=lambda place: abs(place.rank - rank))
    if most.rank == rank:
        return f"It would rank {ordinal(rank)} without {_named([place.modality for place in ours], 'or')} as well."
    return f"Without your {noun(most.modality)} it would rank {ordinal(most.rank)} instead of {ordinal(rank)}."


def _parts(telling: Sequence[Telling]) -> str:
    """What the tested maps say, and what they cannot say."""
    tested = [t for t in telling if t.trust is not None]
    trusted = [f"{_quoted(t)} counts most in your {noun(t.modality)}" for t in tested if t.trust and t.trust.better]
    denied = [t.modality for t in tested if t.trust and not t.trust.better]
    if denied:
        trusted.append(f"which part of {_named(denied)} counts cannot be said: the map does no better than random ones")
    text = "; ".join(trusted)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _quoted(telling: Telling) -> str:
    return f"“{telling.label}”" if telling.modality is Modality.TEXT else telling.label


def _named(modalities: Sequence[Modality], word: str = "and") -> str:
    names = [f"your {noun(m)}" for m in modalities]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def _reasons(query: Attribution) -> str:
    """What speaks for the item, the baseline, and what speaks against it."""
    order = np.argsort(-query.values, kind="stable")
    speaking_for = [(query.players[i], query.values[i]) for i in order if query.values[i] >= NEGLIGIBLE]
    against = [(query.players[i], query.values[i]) for i in order[::-1] if query.values[i] <= -NEGLIGIBLE]
    baseline = f"a baseline of {number(query.baseline)}"
    if not speaking_for:
        return f"{_against(against)}, from {baseline}"
    lead = "mainly " if len(speaking_for) > 1 and _leads(speaking_for) else ""
    text = f"{lead}{_listed(speaking_for)}, above {baseline}"
    return f"{text}; {_against(against)}" if against else text


def _leads(shares: list[tuple[str, float]]) -> bool:
    return shares[0][1] >= MAINLY * sum(value for _, value in shares)


def _against(shares: list[tuple[str, float]]) -> str:
    """What speaks against the item; "words" are plural even alone."""
    plural = len(shares) > 1 or noun(shares[0][0]).endswith("s")
    return f"{_listed(shares)} {'speak' if plural else 'speaks'} against it"


def _strongest_match(query: Attribution, pairs: PairAttribution | None) -> str:
    """The pair that gives most, where there is more than one pair and it is a reason at all."""
    if pairs is None or pairs.matrix.size < 2:
        return ""
    i, j = np.unravel_index(int(pairs.matrix.argmax()), pairs.matrix.shape)
    best = float(pairs.matrix[i, j])
    if best < NEGLIGIBLE or query.target <= query.baseline:
        return ""
    ours, theirs = noun(pairs.query_players[i]), noun(pairs.item_players[j])
    return f"; the strongest match is between your {ours} and the item's {theirs} ({signed(best)})"


def _listed(shares: list[tuple[str, float]]) -> str:
    named = [f"your {noun(player)} ({signed(value)})" for player, value in shares]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def noun(player: str) -> str:
    """What a player is called in a sentence."""
    return NOUNS.get(player, player)


def number(value: float) -> str:
    """A score with two decimals and a true minus sign; never "−0.00"."""
    text = f"{value:.2f}"
    return ("0.00" if float(text) == 0 else text).replace("-", "−")


def signed(value: float) -> str:
    """A share with its sign."""
    text = number(value)
    return text if text.startswith("−") else f"+{text}"


def ordinal(rank: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    if 10 <= rank % 100 <= 20:
        return f"{rank}th"
    return str(rank) + {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
