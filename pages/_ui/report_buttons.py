"""All of this to take away: one HTML file that needs no network, or a PDF; made on request, with progress."""

from __future__ import annotations

import re

import streamlit as st

from mmrec_core import service as core
from mmrec_core.report.printable import LACKING, can_print
from mmrec_core.types import PairExplanation
from pages._ui import ask, jobs, maps, state
from pages._ui.language import ENGLISH, current, say, saying

EVALUATIONS_A_MEDIUM = 7000
MEANS = {
    "HTML": "One file with every map, number, seed, the bundle’s hash and all versions; maps answer to the pointer, sounds play.",
    "PDF": "The same for paper: what can be hovered or played is left out.",
}


def draw(service: core.Service, explanation: PairExplanation) -> None:
    """A card for each kind: make it, then download it."""
    for column, kind in zip(st.columns(2, gap="large"), MEANS, strict=True):
        with column, st.container(border=True, key=f"mm-report-{kind.lower()}"):
            st.markdown(f"**{say('{kind} report', kind=kind)}**")
            st.caption(say(MEANS[kind]))
            if kind == "PDF":
                _limits(explanation)
            _offer(service, explanation, kind)


def _limits(explanation: PairExplanation) -> None:
    """What paper cannot show of this pair."""
    if current() != ENGLISH:
        st.caption(say("It is in English: its fonts hold no other script."))
    if not all(can_print(side.text or "") for side in (explanation.query, explanation.answer)):
        st.caption(
            say("Its font lacks letters of these texts: they become {sign}. The HTML report has them.", sign=LACKING)
        )


def _offer(service: core.Service, explanation: PairExplanation, kind: str) -> None:
    query, item_id = state.query(), explanation.item.id
    mine = ask.counting_profile(service)
    place = st.empty()
    label = say("Make the {kind} report", kind=kind)
    pressed = place.button(label, icon=":material/draft:", key=f"mm-report-make-{kind}")

    language = saying()

    def work() -> bytes:
        if kind == "PDF":
            return service.report_pdf(query, item_id, profile=mine)
        return service.report_html(query, item_id, profile=mine, say=language).encode()

    expected = EVALUATIONS_A_MEDIUM * len(maps.media(explanation))
    asked = ask.about(service, explanation, "report", kind, current())
    title = say("{kind} report: every method on every medium", kind=kind)
    made = jobs.run(asked, title, work, pressed=pressed, expected=expected)
    if made is not None:
        place.download_button(
            say("Download the {kind} report ({mb:.1f} MB)", kind=kind, mb=len(made) / 1e6),
            made,
            file_name=f"why-{_slug(explanation.item.title)}.{kind.lower()}",
            mime="application/pdf" if kind == "PDF" else "text/html",
            icon=":material/download:",
            type="primary",
            key=f"mm-report-get-{kind}",
        )


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "item"
