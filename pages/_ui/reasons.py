"""What a tile says beyond its shares: because of which like, and which rule moved it. Pure HTML, everything escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mmrec_core.plots import signed_format
from mmrec_core.types import DISLIKE, LIKE, WORDS, Attribution, Item, Move
from pages._ui.html import dot, escape

NEGLIGIBLE = 0.005
"""Below this, a share of a score rounds to nothing and is no reason."""


def because(shares: Attribution, items: Mapping[str, Item]) -> str:
    """The part of the profile that speaks most for the item, with its exact share; nothing where none does."""
    inside = shares.within.get("profile")
    if inside is None or not len(inside.values):
        return ""
    best = int(inside.values.argmax())
    value = float(inside.values[best])
    if value < NEGLIGIBLE or inside.players[best].startswith(DISLIKE):
        return ""
    tip = (
        f"{how(inside)}: this part of your profile adds {signed_format(value, '+.3f')} to the score {shares.target:.3f}"
    )
    return (
        f'<div class="mm-because mm-tip" tabindex="0" data-tip="{escape(tip, quote=True)}">{dot("profile")}'
        f"{phrase(inside.players[best], items)} <b>{signed_format(value, '+.3f')}</b></div>"
    )


def phrase(player: str, items: Mapping[str, Item]) -> str:
    """ "Because you liked X", as HTML."""
    if player == WORDS:
        return "Because of your words"
    verb = "liked" if player.startswith(LIKE) else "disliked"
    return f"Because you {verb} <b>{escape(title(player, items))}</b>"


def title(player: str, items: Mapping[str, Item]) -> str:
    """What an entry of a profile is called."""
    if player == WORDS:
        return "Your words"
    item_id = player.partition(":")[2]
    return items[item_id].title if item_id in items else item_id


def how(shares: Attribution) -> str:
    """How shares within a profile were obtained."""
    if shares.standard_errors is None:
        return "Exact Owen value"
    return f"Owen value from sampled orders, ± {shares.standard_errors.max():.4f} at most"


def moved(rank: int, moves: Sequence[Move]) -> str:
    """ "Moved up 4 by diversity", with the place that the score alone would give."""
    if not moves:
        return ""
    words = ", ".join(f"{'up' if move.places > 0 else 'down'} {abs(move.places)} by {move.by}" for move in moves)
    by_score = rank + sum(move.places for move in moves)
    return f'<div class="mm-small mm-moved" title="By score alone it stands at {by_score}">Moved {escape(words)}</div>'
