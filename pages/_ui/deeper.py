"""Go deeper: other methods on the media of both sides, each map with the test of whether it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from mmrec_core import plots
from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.types import Explained, Modality, PairExplanation, Side
from pages._ui import ask, html, shell, state, trust
from pages._ui.sides import CHART

if TYPE_CHECKING:
    from mmrec_core.explain.scorer import SideName

OPACITY = 0.85
SIGNED_KEY = (
    '<i class="mm-key mm-key-plus"></i>raises the score <i class="mm-key mm-key-less"></i>lowers it; '
    "the strongest colour is the largest part of that map."
)
ATTENTION_KEY = (
    '<i class="mm-key mm-key-plus"></i>attended to, the stronger the more within that map; '
    "whether a part raises or lowers the score, attention does not tell."
)


@dataclass(frozen=True)
class Method:
    """One choice: its plugin with its options, what its numbers are, and what its colours mean (HTML)."""

    label: str
    plugin: str
    options: dict[str, Any]
    tells: str
    key: str = SIGNED_KEY


METHODS = (
    Method(
        "Gradient × input · quick",
        "gradient",
        {"kind": "input"},
        "How the score reacts to each part, to first order: gradient times input. One backward pass a side.",
    ),
    Method(
        "SHAP on parts",
        "token_shap",
        {},
        "Shares of the score among the parts of each medium (Shapley values), the other media as they are.",
    ),
    Method(
        "LIME",
        "token_lime",
        {},
        "Weights of a linear model of the score around this pair; the mean of three seeds.",
    ),
    Method(
        "Rollout",
        "rollout",
        {},
        "How much of the fused slot came from each part by attention alone; never negative. It is no share of the score.",
        ATTENTION_KEY,
    ),
)
BY_LABEL = {method.label: method for method in METHODS}


@st.fragment
def draw(service: core.Service, explanation: PairExplanation) -> None:
    """The choice of a method and its button; nothing runs by itself, and what was run is remembered."""
    st.subheader("Go deeper", anchor=False)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="mm-deeper-choice"):
        label = st.segmented_control(
            "Method",
            list(BY_LABEL),
            default=METHODS[0].label,
            required=True,
            key="mm-deeper-method",
            label_visibility="collapsed",
        )
        pressed = st.button("Run", icon=":material/play_arrow:", type="primary", key="mm-deeper-run")
    method = BY_LABEL[label or METHODS[0].label]
    st.caption(method.tells)
    try:
        findings = _findings(service, explanation, method, pressed)
    except MMRecError as error:
        shell.problem(error)
        return
    if findings is not None:
        st.html(f'<p class="mm-small">{method.key}</p>')
        _both_sides(service, explanation, findings)


def _findings(
    service: core.Service, explanation: PairExplanation, method: Method, pressed: bool
) -> tuple[Explained, ...] | None:
    """What was found before, or now that the button was pressed; None where neither."""
    item_id = explanation.item.id
    mine = ask.counting_profile(service)
    asked = (state.signature(), item_id, method.plugin, mine)
    found = state.findings_for(asked)
    if found is not None or not pressed:
        return found
    media = [*_media("query", explanation.query), *_media("item", explanation.answer)]
    with st.spinner(f"{method.label}: explaining {len(media)} media and testing each map against random ones …"):
        found = tuple(
            service.explain_with(state.query(), item_id, method.plugin, side, modality, profile=mine, **method.options)
            for side, modality in media
        )
    state.keep_findings(asked, found)
    return found


def _media(name: SideName, side: Side) -> list[tuple[SideName, Modality]]:
    """The media that one side holds, in the order in which they are drawn."""
    held = {Modality.IMAGE: side.image is not None, Modality.TEXT: bool(side.text), Modality.AUDIO: bool(side.audio)}
    return [(name, modality) for modality, there in held.items() if there]


def _both_sides(service: core.Service, explanation: PairExplanation, findings: tuple[Explained, ...]) -> None:
    sides = {"query": explanation.query, "item": explanation.answer}
    titles = {"query": "Your query", "item": explanation.item.title}
    for column, name in zip(st.columns(2, gap="large"), sides, strict=True):
        with column:
            st.html(f'<div class="mm-side-title">{html.escape(titles[name])}</div>')
            if name == "query" and not _media(name, sides[name]):
                st.caption("Only your profile was asked about: there are no media on this side, and so no maps.")
            for found in findings:
                if found.side == name:
                    _finding(service, sides[name], found)


def _finding(service: core.Service, side: Side, found: Explained) -> None:
    """One map, what it cost, and the strip below it. A map that is not better than random is greyed by its container."""
    doubted = found.trust is not None and not found.trust.better
    place = f"{found.side}-{found.modality}"
    st.html(f'<div class="mm-side-head">{html.dot(found.modality)}{html.name_of(found.modality)}</div>')
    with st.container(gap="xsmall", key=f"mm-{'doubted' if doubted else 'deeper'}-{place}"):
        _map(service, side, found, place)
    st.caption(trust.caption(found))
    if found.trust is not None:
        st.html(trust.strip(found.trust))


def _map(service: core.Service, side: Side, found: Explained, place: str) -> None:
    if found.map is None:
        st.caption("This method draws no map of this medium.")
        return
    alt = f"The {html.noun(found.modality)} of the {found.side} with what {found.title} says of each part"
    if found.modality == Modality.IMAGE and side.image is not None:
        figure = plots.picture_heat(side.image, found.map, OPACITY, shell.template(), signed=True)
        figure.update_layout(height=320)
    elif found.modality == Modality.AUDIO and side.audio is not None:
        spectrogram = service.spectrogram(side.audio)
        figure = plots.sound_heat(spectrogram, found.map, OPACITY, shell.template(), signed=True)
    else:
        st.html(trust.words(side.text or "", found.map))
        return
    st.plotly_chart(figure, theme=None, config=CHART, key=f"mm-deeper-chart-{place}", alt=alt)
