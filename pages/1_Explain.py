"""Explain: why one item answers one query, on the media themselves and in exact shares of the score."""

from __future__ import annotations

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.types import PairExplanation
from pages._ui import choose, html, links, shares, shell, sides, state, tiles


def main() -> None:
    """One run of the page: restore what the address names, explain, show."""
    service = shell.bootstrap("Explain")
    item_id = st.query_params.get("item")
    if not item_id:
        choose.start(service)
        return
    try:
        missing = links.restore(service)
        if missing:
            choose.ask_again(service, missing, item_id)
            return
        if state.query().is_empty:
            choose.start(service, item_id)
            return
        explanation = explain(service, item_id)
    except MMRecError as error:
        shell.problem(error)
        choose.start(service)
        return
    show(service, explanation)


def explain(service: core.Service, item_id: str) -> PairExplanation:
    """The explanation of the session's query and this item: the stored one where nothing changed."""
    asked = (state.signature(), item_id)
    explanation = state.explanation_for(asked)
    if explanation is None:
        explanation = service.explain(state.query(), item_id)
        state.keep_explanation(asked, explanation)
    return explanation


def show(service: core.Service, explanation: PairExplanation) -> None:
    """The sentence first, then the media, then the numbers."""
    choose.neighbours(explanation.item.id)
    st.html(f'<h1 class="mm-h1">Why “{html.escape(explanation.item.title)}”?</h1>')
    st.html(f'<p class="mm-sentence">{html.escape(explanation.sentence)}</p>')
    sides.draw(service, explanation, choose.query_title(service))
    shares.draw(explanation)
    with st.expander("How long this took", icon=":material/timer:"):
        tiles.timings(explanation.timings_ms, service.device_info().name)
    st.caption(choose.link_note())


main()
