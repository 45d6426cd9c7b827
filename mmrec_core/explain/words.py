"""One to three sentences in plain words, made from the numbers by rules: they claim nothing that the numbers do not say.

Shares are of the score above the baseline. They are given in units of the score, not in per cent, because with a
negative share among them percentages exceed a hundred and mislead. A negative share is said to speak against. A part of a
medium is named only where its map was tested and did better than random maps; where it did not, that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmrec_core.types import Attribution, Modality, PairAttribution, Sentence, Trust, Without, told
from mmrec_core.types.sentence import AND, OR, SEMICOLON, capitalised, enumerated, in_a_row, joined

NOUNS = {"image": "picture", "text": "words", "audio": "sound", "video": "film", "profile": "profile"}
NEGLIGIBLE = 0.005
"""Below this, a share of a score rounds to nothing and is not called a reason."""
ORDINALS = {1: "{rank}st", 2: "{rank}nd", 3: "{rank}rd"}
"""By the last digit; any other rank ends in "th"."""
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
) -> Sentence:
    """Say why an item got its score, in one to three sentences.

    Args:
        query: shares of the query's modalities.
        pairs: shares of pairs, for the strongest match between the two sides.
        rank: the item's rank for the query, if known.
        without: where it would stand without one modality; gives the second sentence.
        telling: parts that count most, with their tests; give the third. An untested map is not spoken of.
    """
    return in_a_row([_score(query, pairs, rank), _without(without, rank), _parts(telling)])


def _score(query: Attribution, pairs: PairAttribution | None, rank: int | None) -> Sentence:
    start = told("It has a score of {score}", score=number(query.target))
    if rank:
        start = told("Ranked {rank} with a score of {score}", rank=ordinal(rank), score=number(query.target))
    if len(query.players) == 0 or np.abs(query.values).max() < NEGLIGIBLE:
        return told(
            "{start}: what you brought changes next to nothing ({gain}); almost all of the score is the "
            "baseline of {baseline}, what the item gets for an empty query.",
            start=start,
            gain=signed(query.target - query.baseline),
            baseline=number(query.baseline),
        )
    return told(
        "{start}: {reasons}{match}.", start=start, reasons=_reasons(query), match=_strongest_match(query, pairs)
    )


def _without(places: Sequence[Without], rank: int | None) -> str:
    """The modality of the query that the rank hangs on most; nothing where the rank or the alternative is unknown."""
    ours = [place for place in places if place.side == "query"]
    if rank is None or not ours:
        return ""
    most = max(ours, key=lambda place: abs(place.rank - rank))
    if most.rank == rank:
        media = _named([place.modality for place in ours], OR)
        return told("It would rank {rank} without {media} as well.", rank=ordinal(rank), media=media)
    return told(
        "Without {medium} it would rank {then} instead of {now}.",
        medium=yours(most.modality),
        then=ordinal(most.rank),
        now=ordinal(rank),
    )


def _parts(telling: Sequence[Telling]) -> str:
    """What the tested maps say, and what they cannot say."""
    tested = [t for t in telling if t.trust is not None]
    said = [
        told("{part} counts most in {medium}", part=_quoted(t), medium=yours(t.modality))
        for t in tested
        if t.trust and t.trust.better
    ]
    if denied := [t.modality for t in tested if t.trust and t.trust.doubted]:
        media = _named(denied)
        said.append(
            told("which part of {media} counts cannot be said: the map does no better than random ones", media=media)
        )
    if not said:
        return ""
    return capitalised(told("{said}.", said=joined(said, SEMICOLON)))


def _quoted(telling: Telling) -> str:
    return told("“{word}”", word=telling.label) if telling.modality is Modality.TEXT else telling.label


def _named(modalities: Sequence[Modality], between: str = AND) -> Sentence:
    return enumerated([yours(m) for m in modalities], between)


def _reasons(query: Attribution) -> Sentence:
    """What speaks for the item, the baseline, and what speaks against it."""
    order = np.argsort(-query.values, kind="stable")
    speaking_for = [(query.players[i], query.values[i]) for i in order if query.values[i] >= NEGLIGIBLE]
    against = [(query.players[i], query.values[i]) for i in order[::-1] if query.values[i] <= -NEGLIGIBLE]
    baseline = number(query.baseline)
    if not speaking_for:
        return told("{against}, from a baseline of {baseline}", against=_against(against), baseline=baseline)
    reasons = _listed(speaking_for)
    if len(speaking_for) > 1 and _leads(speaking_for):
        reasons = told("mainly {reasons}", reasons=reasons)
    text = told("{reasons}, above a baseline of {baseline}", reasons=reasons, baseline=baseline)
    return joined([text, _against(against)], SEMICOLON) if against else text


def _leads(shares: list[tuple[str, float]]) -> bool:
    return shares[0][1] >= MAINLY * sum(value for _, value in shares)


def _against(shares: list[tuple[str, float]]) -> Sentence:
    """What speaks against the item; "words" are plural even alone."""
    if len(shares) > 1 or noun(shares[0][0]).endswith("s"):
        return told("{things} speak against it", things=_listed(shares))
    return told("{thing} speaks against it", thing=_listed(shares))


def _strongest_match(query: Attribution, pairs: PairAttribution | None) -> str:
    """The pair that gives most, where there is more than one pair and it is a reason at all."""
    if pairs is None or pairs.matrix.size < 2:
        return ""
    i, j = np.unravel_index(int(pairs.matrix.argmax()), pairs.matrix.shape)
    best = float(pairs.matrix[i, j])
    if best < NEGLIGIBLE or query.target <= query.baseline:
        return ""
    return told(
        "; the strongest match is between {ours} and the item's {theirs} ({share})",
        ours=yours(pairs.query_players[i]),
        theirs=noun(pairs.item_players[j]),
        share=signed(best),
    )


def _listed(shares: list[tuple[str, float]]) -> Sentence:
    return enumerated([told("{thing} ({share})", thing=yours(player), share=signed(value)) for player, value in shares])


def noun(player: str) -> Sentence:
    """What a player is called in a sentence."""
    return told(NOUNS.get(player, player))


def yours(player: str) -> Sentence:
    """ "your picture"."""
    return told("your {thing}", thing=noun(player))


def number(value: float) -> str:
    """A score with two decimals and a true minus sign; never "−0.00"."""
    text = f"{value:.2f}"
    return ("0.00" if float(text) == 0 else text).replace("-", "−")


def signed(value: float) -> str:
    """A share with its sign."""
    text = number(value)
    return text if text.startswith("−") else f"+{text}"


def ordinal(rank: int) -> Sentence:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    teens = 10 <= rank % 100 <= 20
    return told("{rank}th" if teens else ORDINALS.get(rank % 10, "{rank}th"), rank=rank)
