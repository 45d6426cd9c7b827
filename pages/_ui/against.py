"""Why this item above, or below, another one: the difference of their scores, shared among the parts of the query."""

from __future__ import annotations

import streamlit as st

from mmrec_core import plots
from mmrec_core import service as core
from mmrec_core.types import Attribution, Contrast, Modality, PairExplanation
from pages._ui import ask, html, jobs, maps, profile_shares, shell, state, tiles, trust, what_if
from pages._ui.language import say, tell
from pages._ui.sides import CHART

EXPECTED_A_MEDIUM = 4000
NARROW = 0.42
"""Part of each axis left free for numbers: three figures share a row."""
KEY = (
    '<i class="mm-key mm-key-plus"></i>speaks for “{above}” <i class="mm-key mm-key-less"></i>speaks for “{below}”; '
    "the strongest colour is the largest part of that map."
)


def draw(service: core.Service, explanation: PairExplanation) -> None:
    """Choose the other item from the ranking; then shares of the difference, by modality and on the media."""
    left, right = st.columns([1, 2], gap="medium", vertical_alignment="bottom")
    with left:
        other = what_if.choose_other(service, explanation, "mm-against-other")
    with right:
        pressed = st.button(
            say("Explain the difference"),
            icon=":material/balance:",
            type="primary",
            key="mm-against-run",
            disabled=not other,
        )
    if other is None:
        return
    query, item_id = state.query(), explanation.item.id
    mine = ask.counting_profile(service)

    def work() -> Contrast:
        return service.contrast(query, item_id, other, profile=mine)

    title = say("Sharing the difference between “{title}” and the other", title=explanation.item.title)
    expected = EXPECTED_A_MEDIUM * len(explanation.query.attribution.players)
    asked = ask.about(service, explanation, "against", other)
    found = jobs.run(asked, title, work, pressed=pressed, expected=expected)
    if found is not None:
        _show(service, explanation, found)


def _show(service: core.Service, explanation: PairExplanation, found: Contrast) -> None:
    st.html(f'<p class="mm-sentence mm-said">{html.escape(tell(found.sentence))}</p>')
    titles = (found.above.item.title, found.below.item.title)
    both, difference = st.columns([2, 1.4], gap="large")
    with both:
        for column, place, shares in zip(
            st.columns(2), (found.above, found.below), (found.first, found.second), strict=True
        ):
            with column:
                head = say("rank {rank} · score {score:.4f}", rank=place.rank, score=place.score)
                st.html(
                    f'<div class="mm-side-head">{head}</div>'
                    f'<div class="mm-side-title">{html.escape(place.item.title)}</div>'
                )
                tiles.frame(service, place.item)
                _bars(shares, place.item.id, beside=(found.first, found.second))
    with difference:
        gap = plots.signed_format(found.above.score - found.below.score, "+.4f")
        head, title = say("Difference · {gap}", gap=gap), say("What makes it")
        st.html(f'<div class="mm-side-head">{head}</div><div class="mm-side-title">{title}</div>')
        _bars(found.attribution, "difference", of="difference")
        st.caption(
            say(
                "Exact shares of the difference; {baseline} of it is there whatever is brought.",
                baseline=plots.signed_format(found.attribution.baseline, "+.4f"),
            )
        )
        inside = found.attribution.within.get("profile")
        if inside is not None and len(inside.values):
            profile_shares.draw_difference(service, inside, found.attribution.target)
    if found.maps:
        _maps(service, explanation, found, titles)


def _bars(shares: Attribution, name: str, of: str = "score", beside: tuple[Attribution, ...] = ()) -> None:
    figure = plots.modality_bars(shares, shell.template(), of, beside, NARROW, say)
    alt = say("Shares by modality of the query")
    st.plotly_chart(figure, theme=None, config=CHART, key=f"mm-against-bars-{name}", alt=alt)


def _maps(service: core.Service, explanation: PairExplanation, found: Contrast, titles: tuple[str, str]) -> None:
    """The difference on every medium of the query, each map with its test."""
    above, below = (html.escape(title) for title in titles)
    opacity = maps.strength("mm-against-opacity")
    st.html(f'<p class="mm-small">{say(KEY, above=above, below=below)}</p>')
    for column, (modality, drawn) in zip(st.columns(len(found.maps), gap="medium"), found.maps.items(), strict=True):
        tested = found.trusts.get(modality)
        doubted = tested is not None and tested.doubted
        with column:
            st.html(f'<div class="mm-side-head">{html.dot(modality)}{maps.called("query", modality)}</div>')
            with st.container(gap="xsmall", key=f"mm-{'doubted' if doubted else 'trusted'}-against-{modality}"):
                alt = say("What of {medium} speaks for which item", medium=maps.called("query", modality).lower())
                maps.draw(
                    service,
                    explanation.query,
                    drawn,
                    f"against-{modality}",
                    alt,
                    maps.Look(opacity, height=280, unit=" of the difference"),
                )
            st.caption(_cost(found.shares[modality], modality))
            if tested is not None:
                st.html(trust.strip(tested))


def _cost(shares: Attribution, modality: Modality) -> str:
    errors = shares.standard_errors
    exact = say("largest standard error {error:.4f}", error=float(errors.max())) if errors is not None else say("exact")
    parts = say("{n} parts of the {kind}", n=len(shares.players), kind=say(html.noun(modality)))
    return f"{say('{n:,} evaluations', n=shares.evaluations)} · {exact} · {parts}"
