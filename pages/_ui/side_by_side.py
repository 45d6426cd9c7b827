"""Two to four methods on the same medium, on one colour scale: where they agree, and which parts they dispute."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from mmrec_core import plots
from mmrec_core import service as core
from mmrec_core.explain.scorer import SideName
from mmrec_core.plots import signed_format
from mmrec_core.report.figures import shared_scale, unit_of
from mmrec_core.types import Comparison, Modality, PairExplanation
from mmrec_core.types.sentence import AND, enumerated
from pages._ui import ask, html, jobs, maps, state, trust
from pages._ui.language import say, tell
from pages._ui.methods import INSIDE, LIME, METHODS, ROLLOUT, SHAP

CHOICES = {method.label.split(" · ")[0]: method for method in METHODS}
EDITING = (SHAP, LIME)
"""Those that can work on an edited medium; the others read the inside of the model."""
USUAL = (SHAP, LIME, ROLLOUT)
FAST, FAITHFUL = "Fast: hide tokens", "Faithful: edit and encode again"
FIDELITY_HELP = (
    "Fast hides tokens from the fusion: what the encoder had already told their neighbours stays in. Faithful edits the "
    "medium itself and runs the encoder again for every evaluation: slower, and another question, so the two may differ."
)
PATCHES, SUPERPIXELS = "Patches", "Superpixels"
REGIONS_HELP = (
    "Patches are what the encoder tells apart. Superpixels are at most ten regions of patches that look alike (SLIC): few enough "
    "for exact Shapley values."
)
SHARED_KEY = (
    '<i class="mm-key mm-key-plus"></i>raises the score <i class="mm-key mm-key-less"></i>lowers it; '
    "the strongest colour is the largest part of all maps."
)
OWN_SCALE = " Only shares of the score share it: maps in another unit keep a scale of their own."
TESTED = "Agreement is no proof: see the test below each map."
UNTESTED = "Agreement is no proof, and these maps are not tested; Maps and Side by side test theirs."
FAITHFUL_BUDGET: dict[str, dict[str, int]] = {"token_shap": {"evaluations": 1100}, "token_lime": {"samples": 300}}
FAITHFUL_EVALUATIONS = 2200


def draw(service: core.Service, explanation: PairExplanation) -> None:
    """Choose a medium, methods and fidelity; then the maps beside each other."""
    left, middle, right = st.columns([1, 2, 1.5], gap="medium", vertical_alignment="bottom")
    with left:
        side, modality = maps.choose(explanation, "mm-beside-medium")
    with middle:
        fidelity = st.segmented_control(
            say("Fidelity"),
            [FAST, FAITHFUL],
            default=FAST,
            required=True,
            format_func=say,
            key="mm-beside-fidelity",
            help=say(FIDELITY_HELP),
        )
    fill = None
    if fidelity == FAITHFUL:
        with right:
            fill = st.segmented_control(
                say("In the place of what is hidden"),
                service.fills(modality),
                default=service.fills(modality)[0],
                required=True,
                format_func=say,
                key=f"mm-beside-fill-{modality}",
            )
    superpixels = modality is Modality.IMAGE and _regions() == SUPERPIXELS
    attends = service.why_no_attention(state.query(), side, modality) is None
    labels = _methods(fill is not None, attends)
    pressed = st.button(
        say("Compare"), icon=":material/compare:", type="primary", key="mm-beside-run", disabled=len(labels) < 2
    )
    if len(labels) < 2:
        st.caption(say("Choose at least two methods."))
        return
    found = _compare(service, explanation, (side, modality, superpixels), labels, fill, pressed)
    if found is not None:
        _show(service, explanation, found)


def _regions() -> str:
    """What the score is shared among in a picture."""
    chosen = st.segmented_control(
        say("Parts of the picture"),
        [PATCHES, SUPERPIXELS],
        default=PATCHES,
        required=True,
        format_func=say,
        key="mm-beside-regions",
        help=say(REGIONS_HELP),
    )
    return chosen or PATCHES


def _methods(editing: bool, attends: bool) -> list[str]:
    """The methods chosen, of those that can work on an edited medium or look into this medium's encoder."""
    offered = [
        label
        for label, method in CHOICES.items()
        if (method in EDITING if editing else attends or method is not INSIDE)
    ]
    return st.pills(
        say("Methods"),
        offered,
        format_func=_name,
        selection_mode="multi",
        default=[label for label in offered if CHOICES[label] in USUAL],
        key=f"mm-beside-methods-{'faithful' if editing else 'fast'}{'-inside' if attends and not editing else ''}",
    )


def _compare(
    service: core.Service,
    explanation: PairExplanation,
    medium: tuple[SideName, Modality, bool],
    labels: list[str],
    fill: str | None,
    pressed: bool,
) -> Comparison | None:
    query, item_id, (side, modality, superpixels) = state.query(), explanation.item.id, medium
    mine = ask.counting_profile(service)
    chosen = [CHOICES[label] for label in labels]
    options = {m.plugin: FAITHFUL_BUDGET[m.plugin] if fill else m.kinds[0].options | m.at(0) for m in chosen}

    def work() -> Comparison:
        return service.compare(query, item_id, options, side, modality, fill, superpixels=superpixels, profile=mine)

    expected = FAITHFUL_EVALUATIONS if fill else sum(method.evaluations(0) for method in chosen)
    asked = ask.about(service, explanation, "beside", *medium, tuple(options), fill)
    names = tell(enumerated([_name(label) for label in labels]))
    title = say("{methods} on {medium}", methods=names, medium=maps.called(side, modality).lower())
    return jobs.run(asked, title, work, pressed=pressed, expected=expected)


def _show(service: core.Service, explanation: PairExplanation, found: Comparison) -> None:
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        opacity = maps.strength("mm-beside-opacity")
        same = st.toggle(say("One colour scale for all"), value=True, key="mm-beside-same")
    own = say(OWN_SCALE) if same and {unit_of(one) for one in found.explained} != {plots.OF_THE_SCORE} else ""
    st.html(f'<p class="mm-small">{_scale_words(same)}{own}{_fill_words(found)}</p>')
    side = maps.side_of(explanation, found.side)
    look = maps.Look(opacity, shared_scale(found.explained) if same else None, found.disputed_tokens, height=260)
    for column, one in zip(st.columns(len(found.explained), gap="medium"), found.explained, strict=True):
        doubted = one.trust is not None and one.trust.doubted
        with column:
            st.html(f'<div class="mm-side-title">{html.escape(_name(_label(one.method)))}</div>')
            with st.container(gap="xsmall", key=f"mm-{'doubted' if doubted else 'trusted'}-beside-{one.method}"):
                if one.map is not None:
                    medium = maps.called(found.side, found.modality).lower()
                    alt = say("{methods} on {medium}", methods=say(one.title), medium=medium)
                    unit = unit_of(one)
                    scaled = look if unit == plots.OF_THE_SCORE else replace(look, limit=None, unit=unit)
                    maps.draw(service, side, one.map, f"beside-{one.method}", alt, scaled)
            st.caption(trust.caption(one))
            if one.trust is not None:
                st.html(trust.strip(one.trust))
    agreement(found)


def agreement(found: Comparison) -> None:
    """Rank correlation of every pair of maps, and how many parts are disputed."""
    agreed = found.agreement
    if agreed is None or len(agreed.methods) < 2:
        return
    rows = "".join(
        f"<tr><td>{html.escape(say(AND, first=_name(_label(agreed.methods[i])), last=_name(_label(agreed.methods[j]))))}</td>"
        f"<td>{signed_format(float(agreed.spearman[i, j]), '+.2f')}</td>"
        f"<td>{signed_format(float(agreed.kendall[i, j]), '+.2f')}</td></tr>"
        for i in range(len(agreed.methods))
        for j in range(i + 1, len(agreed.methods))
    )
    disputed = say("No part is disputed: no two maps place one part half of all places apart.")
    if agreed.disputed:
        disputed = say(
            "{n} of {total} parts are disputed: one map puts them at least half of all places above another. "
            "They are outlined in every map.",
            n=len(agreed.disputed),
            total=len(found.parts),
        )
    tested = any(one.trust is not None for one in found.explained)
    proof = say(TESTED if tested else UNTESTED)
    st.html(
        f'<div class="mm-aside"><h4>{say("Do they agree?")}</h4><table class="mm-numbers"><tr><th></th>'
        f"<th>{say('Spearman’s ρ')}</th><th>{say('Kendall’s τ')}</th></tr>{rows}</table><p>{disputed} {proof}</p></div>"
    )


def _name(label: str) -> str:
    """What a method is called in the language of the interface."""
    return say(CHOICES[label].label).split(" · ")[0] if label in CHOICES else say(label).capitalize()


def _label(method: str) -> str:
    return next((label for label, known in CHOICES.items() if known.plugin == method), method)


def _scale_words(same: bool) -> str:
    return say(SHARED_KEY) if same else say(maps.SIGNED_KEY)


def _fill_words(found: Comparison) -> str:
    if found.fill is None:
        return ""
    fill = html.escape(say(found.fill))
    return say(" Faithful: what is hidden becomes <b>{fill}</b>, and the medium is encoded again.", fill=fill)
