"""What modalities give together beyond what each gives alone: synergy and redundancy (k-SII), exact."""

from __future__ import annotations

from itertools import combinations

import streamlit as st

from mmrec_core import plots
from mmrec_core import service as core
from mmrec_core.explain.words import NEGLIGIBLE
from mmrec_core.types import Interactions, PairExplanation
from mmrec_core.types.sentence import AND
from pages._ui import ask, figures, html, jobs, maps, shell, state
from pages._ui.language import say
from pages._ui.sides import CHART

METHOD = "modality_interactions"


def draw(service: core.Service, explanation: PairExplanation) -> None:
    """Both sides at once: it takes a handful of evaluations, so it runs by itself."""
    query, item_id = state.query(), explanation.item.id
    mine = ask.counting_profile(service)
    firsts = dict(reversed(maps.media(explanation)))

    def work() -> dict[str, Interactions | None]:
        return {
            side: service.explain_with(query, item_id, METHOD, side, modality, profile=mine).interactions
            for side, modality in firsts.items()
        }

    asked = ask.about(service, explanation, "together")
    found = jobs.run_by_itself(asked, say("Every coalition of both sides"), work)
    if found is None:
        return
    titles = {"query": say("Your query"), "item": explanation.item.title}
    for column, side in zip(st.columns(2, gap="large"), ("query", "item"), strict=True):
        with column:
            st.html(f'<div class="mm-side-title">{html.escape(titles[side])}</div>')
            _side(side, found.get(side))


def _side(side: str, found: Interactions | None) -> None:
    if found is None or len(found.players) < 2:
        st.caption(say("One modality alone has nothing to interact with."))
        return
    st.html(f'<p class="mm-said-small">{html.escape(said(found))}</p>')
    figure = plots.modality_bars(figures.together(found), shell.template(), say=say)
    alt = say("Shares alone and together")
    st.plotly_chart(figure, theme=None, config=CHART, key=f"mm-together-{side}", alt=alt)
    st.caption(
        say(
            "Coloured: alone. Grey: together, beyond both alone. Baseline {baseline:+.4f} plus all bars is the score, "
            "{score:.4f}; {n} coalitions, exact.",
            baseline=found.baseline,
            score=found.target,
            n=found.evaluations,
        )
    )


def said(found: Interactions) -> str:
    """The strongest pair in words. It is redundant only where each alone speaks for the item: what says nothing of it dilutes the other."""
    pairs = list(combinations(range(len(found.players)), 2))
    i, j = max(pairs, key=lambda pair: abs(float(found.pairs[pair])))
    value = float(found.pairs[i, j])
    names = say(AND, first=say(html.noun(found.players[i])), last=say(html.noun(found.players[j])))
    amount = plots.signed_format(value, "+.3f")
    if abs(value) < NEGLIGIBLE:
        return say(
            "No two modalities do anything together that they do not do alone (the most is {amount}).", amount=amount
        )
    if value > 0:
        return say("Synergy: {names} together give {amount} beyond what both give alone.", names=names, amount=amount)
    if min(found.alone[i], found.alone[j]) < NEGLIGIBLE:
        return say(
            "{names} together give {amount} beyond what both give alone: one weakens the other.",
            names=names,
            amount=amount,
        )
    return say(
        "Redundancy: {names} partly say the same ({amount}): what one brings, the other already brought.",
        names=names,
        amount=amount,
    )
