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
    order = np.argsort(-np.abs(shares.values), kind="stable")
    longest = max(float(np.abs(shares.values).max()), 1e-9)
    rows = "".join(_row(service, shares, int(n), longest) for n in order[:SHOWN])
    rest = float(shares.values[order[SHOWN:]].sum())
    more = say("; the other {n} together {rest}", n=len(order) - SHOWN, rest=signed_format(rest, "+.4f"))
    words = say(
        "{how}; {count:,} coalitions. All of them add up to {total} of the score {score:.4f}{more}.",
        how=reasons.how(shares),
        count=shares.evaluations,
        total=signed_format(shares.target, "+.4f"),
        score=explanation.score,
        more=more if len(order) > SHOWN else "",
    )
    st.html(f'<div class="mm-profile-shares">{rows}</div><p class="mm-small">{words}</p>')


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
