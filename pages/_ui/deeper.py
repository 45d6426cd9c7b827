"""One method on every medium of both sides, each map with the test of whether it can be trusted; a sampled one can be refined."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from mmrec_core import service as core
from mmrec_core.explain.scorer import SideName
from mmrec_core.report.figures import unit_of
from mmrec_core.types import Explained, Modality, PairExplanation
from mmrec_core.types.sentence import in_a_row
from pages._ui import ask, figures, html, jobs, maps, state, trust
from pages._ui.language import say, tell
from pages._ui.methods import BY_LABEL, INSIDE, LIME, METHODS, SHAP, Kind, Method
from pages._ui.sides import CHART

MOST_DOUBLINGS = 4
A_ROW = 2
"""Figures of error bars beside each other: with more, their labels leave no room for the bars."""
Findings = tuple[Explained, ...]
Media = list[tuple[SideName, Modality]]


def draw(service: core.Service, explanation: PairExplanation) -> None:
    """The choice of a method and its button; nothing runs by itself, and what was run is remembered."""
    offered = [m.label for m in METHODS if m is not INSIDE or attending(service, explanation)]
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="mm-deeper-choice"):
        label = st.segmented_control(
            say("Method"),
            offered,
            default=METHODS[0].label,
            format_func=say,
            required=True,
            key="mm-deeper-method",
            label_visibility="collapsed",
        )
        pressed = st.button(say("Run"), icon=":material/play_arrow:", type="primary", key="mm-deeper-run")
    method = BY_LABEL[label or METHODS[0].label]
    kind = _kind(method)
    st.caption(say(kind.tells))
    if method is INSIDE:
        _silent_encoders(service, explanation)
    doublings = _doublings(service, explanation, method, kind)
    found = _findings(service, explanation, (method, kind), doublings, pressed)
    if found is None:
        return
    if method.budget is not None:
        doublings, found = _refine(service, explanation, (method, kind), doublings, found)
    opacity = maps.strength("mm-deeper-opacity")
    st.html(f'<p class="mm-small">{say(kind.key)}</p>')
    if method in (SHAP, LIME):
        _doubts(service, explanation)
    _both_sides(service, explanation, found, opacity)


def attending(service: core.Service, explanation: PairExplanation) -> Media:
    """The media whose encoders have attention to look into."""
    query = state.query()
    return [medium for medium in maps.media(explanation) if service.why_no_attention(query, *medium) is None]


def _silent_encoders(service: core.Service, explanation: PairExplanation) -> None:
    """Say which encoders have no attention."""
    query = state.query()
    reasons = [service.why_no_attention(query, *medium) for medium in maps.media(explanation)]
    if said := list(dict.fromkeys(filter(None, reasons))):
        st.caption(tell(in_a_row(said)))


def _kind(method: Method) -> Kind:
    """The kind in which the method is run; asked only where there is more than one."""
    kinds = {kind.label: kind for kind in method.kinds}
    if len(kinds) == 1:
        return method.kinds[0]
    label = st.segmented_control(
        say("Kind"),
        list(kinds),
        default=method.kinds[0].label,
        format_func=say,
        required=True,
        key=f"mm-deeper-kind-{method.plugin}",
        label_visibility="collapsed",
    )
    return kinds[label or method.kinds[0].label]


def _doubts(service: core.Service, explanation: PairExplanation) -> None:
    """Where maps of hidden tokens were measured, with this model, not to agree with maps of the edited medium, say so."""
    held, model = {modality for _, modality in maps.media(explanation)}, service.bundle_info().hash
    doubted = [
        tell(fact.sentence)
        for modality, fact in service.fidelity_facts().items()
        if modality in held and fact.bundle == model and not fact.agrees
    ]
    if doubted:
        note = say("These maps hide tokens. Side by side offers the faithful ones, which edit the medium itself.")
        st.caption(note, help="  \n".join(doubted))


def _asked(
    service: core.Service, explanation: PairExplanation, asked: tuple[Method, Kind], doublings: int
) -> tuple[Hashable, ...]:
    """Names one run."""
    method, kind = asked
    return ask.about(service, explanation, method.plugin, kind.label, doublings)


def _doublings(service: core.Service, explanation: PairExplanation, method: Method, kind: Kind) -> int:
    """How often the budget was doubled for this pair: the finest that was run."""
    runs = ((n, _asked(service, explanation, (method, kind), n)) for n in range(MOST_DOUBLINGS, 0, -1))
    return next((n for n, asked in runs if state.found_for(asked) is not None), 0)


def _findings(
    service: core.Service, explanation: PairExplanation, asked: tuple[Method, Kind], doublings: int, pressed: bool
) -> Findings | None:
    method, kind = asked
    query, item_id = state.query(), explanation.item.id
    media = attending(service, explanation) if method is INSIDE else maps.media(explanation)
    mine = ask.counting_profile(service)

    def work() -> Findings:
        options = kind.options | method.at(doublings)
        return service.explain_media(query, item_id, method.plugin, media, profile=mine, **options)

    title = say("{method}: {n} media, each map tested against random ones", method=say(method.label), n=len(media))
    expected = len(media) * method.evaluations(doublings)
    return jobs.run(_asked(service, explanation, asked, doublings), title, work, pressed=pressed, expected=expected)


def _refine(
    service: core.Service, explanation: PairExplanation, asked: tuple[Method, Kind], doublings: int, found: Findings
) -> tuple[int, Findings]:
    """A button that doubles the budget, and the error bars before and after where it was; returns the finest there is."""
    method, _ = asked
    if doublings < MOST_DOUBLINGS and (ended := _findings(service, explanation, asked, doublings + 1, False)):
        doublings, found = doublings + 1, ended
    name = method.budget[0] if method.budget else ""
    spent = method.at(doublings)[name]
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="mm-refine"):
        pressed = st.button(
            say("Refine: {budget:,} {unit}", budget=2 * spent, unit=say(name)),
            icon=":material/zoom_in:",
            key="mm-deeper-refine",
            disabled=doublings >= MOST_DOUBLINGS or not any(figures.has_errors(f) for f in found),
            help=say("Doubles the budget of every medium; standard errors shrink by about a factor of 1.4."),
        )
        st.caption(say("{spent:,} {unit} a medium so far", spent=spent, unit=say(name)), width="content")
    finer = _findings(service, explanation, asked, doublings + 1, pressed) if doublings < MOST_DOUBLINGS else None
    if finer is not None:
        doublings, found = doublings + 1, finer
    before = state.found_for(_asked(service, explanation, asked, doublings - 1)) if doublings else None
    if before is not None:
        _error_bars(before, found)
    return doublings, found


def _error_bars(before: Findings, after: Findings) -> None:
    """The strongest parts of every sampled medium with their standard errors, before and after."""
    pairs = [(a, b) for a, b in zip(before, after, strict=True) if figures.has_errors(a) and figures.has_errors(b)]
    columns = st.columns(min(max(len(pairs), 1), A_ROW), gap="large")
    for n, (old, new) in enumerate(pairs):
        with columns[n % A_ROW]:
            st.markdown(f"**{maps.called(new.side, new.modality)}**")
            figure = figures.error_bars(old, new)
            place = f"mm-errors-{new.side}-{new.modality}"
            st.plotly_chart(figure, theme=None, config=CHART, key=place, alt=say("Standard errors before and after"))
            st.caption(figures.shrinkage(old, new))


def _both_sides(service: core.Service, explanation: PairExplanation, findings: Findings, opacity: float) -> None:
    titles = {"query": say("Your query"), "item": explanation.item.title}
    for column, name in zip(st.columns(2, gap="large"), titles, strict=True):
        with column:
            st.html(f'<div class="mm-side-title">{html.escape(titles[name])}</div>')
            if name == "query" and not any(side == "query" for side, _ in maps.media(explanation)):
                st.caption(say("Only your profile was asked about: there are no media on this side, and so no maps."))
            for found in findings:
                if found.side == name:
                    finding(service, explanation, found, maps.Look(opacity, unit=unit_of(found)))


def finding(service: core.Service, explanation: PairExplanation, found: Explained, look: maps.Look) -> None:
    """One map, what it cost, and the strip below it. A map that is not better than random is greyed by its container."""
    doubted = found.trust is not None and found.trust.doubted
    place = f"{found.side}-{found.modality}"
    st.html(f'<div class="mm-side-head">{html.dot(found.modality)}{say(html.name_of(found.modality))}</div>')
    with st.container(gap="xsmall", key=f"mm-{'doubted' if doubted else 'deeper'}-{place}"):
        if found.map is None:
            st.caption(say("This method draws no map of this medium."))
        else:
            alt = say(
                "The {thing} of the {side} with what {method} says of each part",
                thing=say(html.noun(found.modality)),
                side=say(found.side),
                method=say(found.title),
            )
            maps.draw(service, maps.side_of(explanation, found.side), found.map, place, alt, look)
    st.caption(trust.caption(found))
    if found.trust is not None:
        st.html(trust.strip(found.trust))
