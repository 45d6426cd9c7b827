"""What a tile says beyond its shares: because of which like, and which rule moved it. Pure HTML, everything escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mmrec_core.plots import signed_format
from mmrec_core.types import DISLIKE, LIKE, WORDS, Attribution, Item, Move
from pages._ui.html import dot, escape
from pages._ui.language import say

NEGLIGIBLE = 0.005
"""Below this, a share of a score rounds to nothing and is no reason."""


def because(shares: Attribution, items: Mapping[str, Item]) -> str:
    """The part of the profile that decides most of what the profile gives or takes, with its exact share.

    Nothing where that is no like, words or dislike that a person would recognise as a reason: what speaks for an item though it was
    disliked, or against it though it was liked.
    """
    inside = shares.within.get("profile")
    if inside is None or not len(inside.values):
        return ""
    sign = 1.0 if inside.values.sum() >= 0 else -1.0
    best = int((sign * inside.values).argmax())
    value = float(inside.values[best])
    if sign * value < NEGLIGIBLE or inside.players[best].startswith(DISLIKE) == (sign > 0):
        return ""
    tip = say(
        "{how}: this part of your profile adds {share} to the score {score:.3f}",
        how=how(inside),
        share=signed_format(value, "+.3f"),
        score=shares.target,
    )
    player = inside.players[best]
    words = phrase(player, items)
    if sign < 0:  # on a tile, what follows "because" would read as what speaks for the item
        words = say("Less, because you disliked <b>{title}</b>", title=escape(title(player, items)))
    return (
        f'<div class="mm-because mm-tip" tabindex="0" data-tip="{escape(tip, quote=True)}">{dot("profile")}'
        f"{words} <b>{signed_format(value, '+.3f')}</b></div>"
    )


def phrase(player: str, items: Mapping[str, Item]) -> str:
    """ "Because you liked X", as HTML."""
    if player == WORDS:
        return say("Because of the words in your profile")
    name = escape(title(player, items))
    if player.startswith(LIKE):
        return say("Because you liked <b>{title}</b>", title=name)
    return say("Because you disliked <b>{title}</b>", title=name)


def title(player: str, items: Mapping[str, Item]) -> str:
    """What an entry of a profile is called."""
    if player == WORDS:
        return say("Your words")
    item_id = player.partition(":")[2]
    return items[item_id].title if item_id in items else item_id


def how(shares: Attribution) -> str:
    """How shares within a profile were obtained."""
    if shares.standard_errors is None:
        return say("Exact Owen value")
    return say("Owen value from sampled orders, ± {error:.4f} at most", error=shares.standard_errors.max())


def moved(rank: int, moves: Sequence[Move]) -> str:
    """ "Moved up 4 by diversity", with the place that the score alone would give."""
    if not moves:
        return ""
    tip = say("By score alone it stands at {rank}", rank=rank + sum(move.places for move in moves))
    words = escape(say("Moved {moves}", moves=say(", ").join(map(_move, moves))))
    return f'<div class="mm-small mm-moved" title="{tip}">{words}</div>'


def _move(move: Move) -> str:
    if move.places > 0:
        return say("up {n} by {rule}", n=move.places, rule=say(move.by))
    return say("down {n} by {rule}", n=-move.places, rule=say(move.by))
