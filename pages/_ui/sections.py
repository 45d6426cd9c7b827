"""The deeper sections of the Explain page: one is drawn at a time, and nothing slow runs before it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.types import PairExplanation
from pages._ui import (
    against,
    answers_to,
    deeper,
    fill_shift,
    report_buttons,
    shell,
    side_by_side,
    together,
    what_if,
)
from pages._ui.language import say


@dataclass(frozen=True)
class Section:
    """One choice: what it is called, which question it answers, and what draws it."""

    label: str
    question: str
    draw: Callable[[core.Service, PairExplanation], None]


SECTIONS = (
    Section("Maps", "Which parts of the media speak for this item, according to one method?", deeper.draw),
    Section("Side by side", "Do different methods agree on the same medium?", side_by_side.draw),
    Section("What if", "What would have to be missing for the item to lose its place?", what_if.draw),
    Section("Against another", "Why does this item rank above, or below, that one?", against.draw),
    Section("Matches", "Which part of your query answers to which part of the item?", answers_to.draw),
    Section("Together", "Do modalities say more together, or the same twice?", together.draw),
    Section("Masking", "How far do the maps depend on what stands in the place of hidden parts?", fill_shift.draw),
    Section("Report", "Everything about this pair, to keep or to send.", report_buttons.draw),
)
BY_LABEL = {section.label: section for section in SECTIONS}


@st.fragment
def draw(service: core.Service, explanation: PairExplanation) -> None:
    """The choice of a section and the section; a problem of the core is shown in its place."""
    label = st.segmented_control(
        say("Section"),
        list(BY_LABEL),
        default=SECTIONS[0].label,
        format_func=say,
        required=True,
        key="mm-section",
        label_visibility="collapsed",
    )
    section = BY_LABEL[label or SECTIONS[0].label]
    st.html(f'<p class="mm-question">{say(section.question)}</p>')
    try:
        section.draw(service, explanation)
    except MMRecError as error:
        shell.problem(error)
