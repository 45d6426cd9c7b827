"""Within the profile's share: what each thing liked, disliked and said adds to the score of the explained item."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mmrec_core import service as core
from mmrec_core.plots import signed_format
from mmrec_core.types import DISLIKE, Attribution, PairExplanation
from pages._ui import cache, html, reasons
from pages._ui.language import say

SHOWN = 8
"""Rows; the rest is added up in one line."""
HELP = (
    "Owen values: Shapley values of players that come in groups. The profile is one player beside the parts of your query; "
    "what it holds are players within it, and their shares add up to the profile's own."
)


def draw(service: core.Service, explanation: PairExplanation) -> None:
    """One row an entry, the strongest first; nothing where there is no profile."""
    shares = explanation.query.attribution.within.get("profile")
    if shares is None or not len(shares.values):
        return
    st.subheader(say("What your profile contributed"), anchor=False, help=say(HELP))
    words = say(
        "{how}; {count:,} coalitions. All of them add up to {total} of the score {score:.4f}{more}.",
        how=reasons.how(shares),
        count=shares.evaluations,
        total=signed_format(shares.target, "+.4f"),
        score=explanation.score,
        more=_rest(shares),
    )
    st.html(f'{rows(service, shares)}<p class="mm-small">{words}</p>')


def draw_difference(service: core.Service, shares: Attribution, difference: float) -> None:
    """The same for the difference of two scores: what each thing liked adds to the lead of the one item."""
    st.html(f'<div class="mm-side-title">{say("What your profile adds to it")}</div>')
    words = say(
        "{how}; {count:,} coalitions. All of them add up to {total} of the difference {difference}{more}.",
        how=reasons.how(shares),
        count=shares.evaluations,
        total=signed_format(shares.target, "+.4f"),
        difference=signed_format(difference, "+.4f"),
        more=_rest(shares),
    )
    st.html(f'{rows(service, shares)}<p class="mm-small">{words}</p>')


def rows(service: core.Service, shares: Attribution) -> str:
    """One row an entry as HTML, the strongest ``SHOWN`` of them."""
    longest = max(float(np.abs(shares.values).max()), 1e-9)
    shown = "".join(_row(service, shares, n, longest) for n in _order(shares)[:SHOWN])
    return f'<div class="mm-profile-shares">{shown}</div>'


def _order(shares: Attribution) -> list[int]:
    return np.argsort(-np.abs(shares.values), kind="stable").tolist()


def _rest(shares: Attribution) -> str:
    """What the entries without a row add up to."""
    left = _order(shares)[SHOWN:]
    if not left:
        return ""
    rest = signed_format(float(shares.values[left].sum()), "+.4f")
    return say("; the other {n} together {rest}", n=len(left), rest=rest)


def _row(service: core.Service, shares: Attribution, n: int, longest: float) -> str:
    player, value = shares.players[n], float(shares.values[n])
    items = cache.titles(service)
    item = items.get(player.partition(":")[2])
    small = cache.thumbnail(item.id, item.image, service) if item else None
    picture = f'<img src="{small.address}" alt="" style="background:{small.mat}">' if small else html.dot("profile")
    phrase = reasons.phrase(player, items)
    error = "" if shares.standard_errors is None else f" ± {shares.standard_errors[n]:.4f}"
    width = 50 * abs(value) / longest
    start = 50 if value >= 0 else 50 - width
    minus = " mm-minus" if value < 0 else ""
    side = ' class="mm-pushes"' if player.startswith(DISLIKE) else ""
    return (
        f"<div{side}><span>{picture}</span><span>{phrase}</span>"
        f'<span class="mm-bar"><i class="mm-seg{minus}" style="left:{start:.2f}%;width:{width:.2f}%;'
        f'background-color:var(--mm-profile)"></i><i class="mm-zero" style="left:50%"></i></span>'
        f"<b>{signed_format(value, '+.4f')}{error}</b></div>"
    )
