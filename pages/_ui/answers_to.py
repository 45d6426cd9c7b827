"""Two-sided matches: which patch, word or second of the query answers to which of the item, drawn as links between them."""

from __future__ import annotations

import streamlit as st

from mmrec_core import plots
from mmrec_core import service as core
from mmrec_core.types import Match, Matches, PairExplanation
from pages._ui import ask, html, jobs, links_drawn, shell, state
from pages._ui.language import say, tell

BEST = 8


def draw(service: core.Service, explanation: PairExplanation) -> None:
    """Quick, so it runs by itself: the drawing, then the same pairs as a list, then what the numbers leave out."""
    query, item_id = state.query(), explanation.item.id
    mine = ask.counting_profile(service)

    def work() -> Matches:
        return service.matches(query, item_id, best=BEST, profile=mine)

    asked = ask.about(service, explanation, "matches")
    found = jobs.run_by_itself(asked, say("Comparing every part with every part"), work)
    if found is None:
        return
    if not found.best:
        st.caption(
            say(
                "No single part of the query meets a part of the item such that both count, so there is no link to draw."
            )
        )
        return
    ink = plots.ink(shell.template())
    ends = say("Your query"), html.escape(explanation.item.title)
    st.html(f'<div class="mm-links-ends mm-side-title"><span>{ends[0]}</span><span>{ends[1]}</span></div>')
    st.html(links_drawn.drawing(explanation.query, explanation.answer, found.best, ink))
    rows = "".join(_row(number, match) for number, match in enumerate(found.best, 1))
    st.html(
        f'<table class="mm-numbers"><tr><th></th><th>{say("of your query")}</th><th>{say("of the item")}</th>'
        f"<th>{say('similarity (cosine)')}</th></tr>{rows}</table>"
    )
    st.caption(tell(found.note))


def _row(number: int, match: Match) -> str:
    ours = f"{html.dot(match.query_modality)}{html.escape(tell(match.query_label))}"
    theirs = f"{html.dot(match.item_modality)}{html.escape(tell(match.item_label))}"
    similarity = plots.signed_format(match.similarity, "+.2f")
    return f"<tr><td>{number}</td><td>{ours}</td><td>{theirs}</td><td>{similarity}</td></tr>"
