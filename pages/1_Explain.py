"""Explain: why one item answers one query, on the media themselves and in exact shares of the score."""

from __future__ import annotations

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.types import PairExplanation
from pages._ui import ask, choose, html, jobs, links, maps, profile_shares, sections, shares, shell, sides, state, tiles
from pages._ui.language import say, tell


def main() -> None:
    """One run of the page; an error of the core is shown as it is."""
    service = shell.bootstrap("Explain")
    try:
        explain_address(service)
    except MMRecError as error:
        shell.problem(error)
        shell.link_home(say("Compose another query"))


def explain_address(service: core.Service) -> None:
    """Explain what the address names; where it names too little, ask for the rest."""
    item_id = st.query_params.get("item")
    links.follow(service, anyway=item_id is not None)
    state.take_words()
    if item_id and (wanted := state.wanted()):
        choose.ask_again(service, wanted, item_id)
        return
    links.write(item_id)
    if item_id and ask.is_possible(service):
        show(service, ask.explain(service, item_id))
    else:
        choose.start(service, item_id)


def show(service: core.Service, explanation: PairExplanation) -> None:
    """The sentence first, then the media, then the numbers."""
    choose.neighbours(service, explanation.item.id)
    why = say("Why “{title}”?", title=explanation.item.title)
    st.html(f'<h1 class="mm-h1">{html.escape(why)}</h1>')
    st.html(f'<p class="mm-sentence">{html.escape(tell(explanation.sentence))}</p>')
    tiles.notes(explanation.notices)
    sides.draw(service, explanation, choose.query_title(service))
    shares.draw(explanation)
    profile_shares.draw(service, explanation)
    st.subheader(say("Go deeper"), anchor=False)
    jobs.bar()
    sections.draw(service, explanation)
    with st.expander(say("How long this took"), icon=":material/timer:"):
        tiles.timings(explanation.timings_ms, service.device_info().name)
    st.caption(choose.link_note(SAME, bool(explanation.query.attribution.within)))
    maps.link_players()


SAME = "The address of this page shows the same explanation to whoever opens it on this catalogue."

main()
