"""How far a map owes its numbers to the masking baseline: the same map under everything that can stand for a hidden part."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mmrec_core import service as core
from mmrec_core.report.figures import shared_scale
from mmrec_core.types import Comparison, PairExplanation
from pages._ui import ask, html, jobs, maps, side_by_side, state
from pages._ui.language import say, tell

EVALUATIONS_A_FILL = 204
MEANS = {
    "blur": "Hidden patches show the picture’s own blur.",
    "mean": "Hidden patches show the picture’s mean colour.",
    "inpaint": "Hidden patches are filled from the colours around them.",
    "removed": "Hidden words are taken out; the gap is closed.",
    "replaced": "Hidden words become an ellipsis.",
    "silence": "Hidden cells of the sound are silent.",
    "noise": "Hidden cells of the sound become noise, as loud as the whole sound is on average.",
}


def draw(service: core.Service, explanation: PairExplanation) -> None:
    """Choose a medium; then its map under every fill, with how far the attributions move."""
    left, right = st.columns([1, 2], gap="medium", vertical_alignment="bottom")
    with left:
        side, modality = maps.choose(explanation, "mm-fills-medium")
    with right:
        pressed = st.button(say("Try every baseline"), icon=":material/layers:", type="primary", key="mm-fills-run")
    query, item_id = state.query(), explanation.item.id
    mine = ask.counting_profile(service)

    def work() -> Comparison:
        return service.compare_fills(query, item_id, side, modality, profile=mine)

    n = len(service.fills(modality))
    title = say("{medium} under {n} masking baselines", medium=maps.called(side, modality), n=n)
    expected = EVALUATIONS_A_FILL * len(service.fills(modality))
    asked = ask.about(service, explanation, "fills", side, modality)
    found = jobs.run(asked, title, work, pressed=pressed, expected=expected)
    if found is not None:
        _show(service, explanation, found)


def _show(service: core.Service, explanation: PairExplanation, found: Comparison) -> None:
    st.html(f'<p class="mm-sentence mm-said">{html.escape(moved(found))}</p>')
    opacity = maps.strength("mm-fills-opacity")
    side = maps.side_of(explanation, found.side)
    look = maps.Look(opacity, shared_scale(found.explained), found.disputed_tokens, height=280)
    for column, one in zip(st.columns(len(found.explained), gap="medium"), found.explained, strict=True):
        with column:
            st.html(f'<div class="mm-side-title">{html.escape(say(one.title))}</div>')
            st.caption(say(MEANS[one.method]))
            if one.map is not None:
                medium = maps.called(found.side, found.modality).lower()
                alt = say("Shares of {medium}, hidden parts: {fill}", medium=medium, fill=say(one.method))
                maps.draw(service, side, one.map, f"fills-{one.method}", alt, look)
            assert one.shares is not None  # noqa: S101
            seconds = one.milliseconds / 1000
            st.caption(say("{n} runs of the encoder · {s:.1f} s · not tested", n=one.shares.evaluations, s=seconds))
    side_by_side.agreement(found)


def moved(found: Comparison) -> str:
    """How far the shares of a part lie apart under all baselines, on average and at most, in units of the score."""
    values = np.stack([one.values for one in found.explained])
    moves = np.ptp(values, axis=0)
    largest = max(float(np.abs(values).max()), 1e-12)
    part = found.parts[int(moves.argmax())]
    return say(
        "Over all baselines a share spans {mean:.4f} on average ({relative:.0%} of the largest share), "
        "and {most:.4f} at most, at {part}.",
        mean=moves.mean(),
        relative=moves.mean() / largest,
        most=moves.max(),
        part=tell(part),
    )
