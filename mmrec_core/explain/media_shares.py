"""From one medium to the whole pair: run a method on every medium of the sides asked for, and draw what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mmrec_core.explain.base import Explanation, Pair, SideFindings
from mmrec_core.explain.parts import spread
from mmrec_core.explain.scorer import Scorer, SideName, TokenScorer, side_of
from mmrec_core.registry import Option
from mmrec_core.types import Attribution, LocalFit, TokenMap, told

BOTH = "both"
SIDE = Option("side", "query", "Side", "Whose picture, words or sound are explained.", choices=("query", "item", BOTH))
SEED = Option("seed", 0, "Seed", "The same seed gives the same numbers.", 0, 2**31 - 1)


@dataclass(frozen=True)
class MediumShares:
    """What a method found in one medium: shares among its parts, and the fit of a local model where it makes one."""

    attribution: Attribution
    fit: LocalFit | None = None


OneMedium = Callable[[Scorer], MediumShares]
"""Shares the score among ``scorer.parts``."""


def explain_media(pair: Pair, side: str, method: str, one: OneMedium) -> Explanation:
    """Run ``one`` on every medium of the query, the item or both; a side not asked for stays empty."""
    found = {
        name: _explain_side(pair, name, one) if side in (name, BOTH) else SideFindings() for name in ("query", "item")
    }
    return Explanation(method, found["query"], found["item"])


def why_no_media(pair: Pair, side: str) -> str | None:
    """A sentence where the sides asked for hold no medium that can be taken apart."""
    sides = (pair.query, pair.item) if side == BOTH else (side_of(pair, _side_name(side)),)
    if any(s.players for s in sides):
        return None
    return told("The {side} holds no picture, words or sound to take apart.", side=told(side))


def token_map(scorer: Scorer, shares: Attribution) -> TokenMap:
    """Shares of ``scorer.parts``, drawn on the medium: signed weights by token, that sum to what the shares sum to."""
    weights = spread(scorer.parts, shares.values, len(scorer.tokens.mask))
    return TokenMap(scorer.modality, scorer.tokens.grid, weights, shares.method)


def _explain_side(pair: Pair, side: str, one: OneMedium) -> SideFindings:
    shares, maps, fits = {}, {}, {}
    for modality in side_of(pair, _side_name(side)).players:
        scorer = TokenScorer(pair, _side_name(side), modality)
        found = one(scorer)
        shares[modality] = found.attribution
        maps[modality] = token_map(scorer, found.attribution)
        if found.fit is not None:
            fits[modality] = found.fit
    return SideFindings(maps=maps, shares=shares, fits=fits)


def _side_name(side: str) -> SideName:
    return "item" if side == "item" else "query"
