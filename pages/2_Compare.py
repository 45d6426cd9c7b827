"""Compare: one query under several models, side by side: what each recommends, what moved, and what each went by."""

from __future__ import annotations

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.recommend.side_by_side import side_by_side
from pages._ui import choose, columns, html, links, models, shell, state
from pages._ui.language import say
from pages._ui.state import Key

MOST, SHOWN = 3, 10
PARAMETER = "models"  # the part of the address that names them; a docstring here would be shown on the page


def main() -> None:
    """One run of the page; an error of the core is shown as it is."""
    service = shell.bootstrap("Compare")
    st.html(f'<h1 class="mm-h1">{say("One query, several models")}</h1>')
    try:
        compare(service)
    except MMRecError as error:
        shell.problem(error)
        st.page_link(shell.HOME, label=say("Compose another query"), icon=":material/grid_view:")


def compare(service: core.Service) -> None:
    """Restore, ask every chosen model, show."""
    wanted = st.query_params.get(PARAMETER, "").split(",")
    missing = links.restore(service) if set(st.query_params) - {PARAMETER} else ()
    known = models.openable(service)
    if len(known) < 2:
        st.html(html.notice("text", say("There is only one model here"), say(ONE_MODEL)))
        return
    names = _contenders(list(known), [name for name in wanted if name in known])
    if missing or state.query().is_empty:
        _ask_for_query(service, missing)
        return
    if len(names) < 2:
        st.html(html.notice("text", say("Choose two models or three"), say("Each gets a column of its own.")))
        return
    links.write()
    st.query_params[PARAMETER] = ",".join(names)
    query = say("Query: {title}", title=choose.query_title(service))
    st.html(f'<p class="mm-sentence">{html.escape(query)}</p>')
    facades = {models.title(name): models.opened(service, known[name]) for name in names}
    columns.draw(facades, side_by_side({t: f.recommend(state.query(), SHOWN).results for t, f in facades.items()}))


def _contenders(known: list[str], wanted: list[str]) -> list[str]:
    held = [name for name in st.session_state.get(Key.CONTENDERS, wanted or known[:MOST]) if name in known]
    st.session_state[Key.CONTENDERS] = held
    return st.multiselect(
        say("Models, side by side"), known, key=Key.CONTENDERS, max_selections=MOST, format_func=models.title
    )


def _ask_for_query(service: core.Service, missing: tuple[str, ...]) -> None:
    if missing:
        names = f" {say('and')} ".join(say(html.noun(kind)) for kind in missing)
        held = say("The query of this link held an uploaded {names}.", names=names)
        st.html(html.notice("audio", say("Bring it once more"), held))
    else:
        st.html(html.notice("image", say("Bring a query first"), say(NO_QUERY)))
    columns.gallery(service)
    compose = say("Compose a query with a picture, a text or a sound")
    st.page_link(shell.HOME, label=compose, icon=":material/grid_view:")


ONE_MODEL = (
    "Train another to compare with, e.g. python -m mmrec_core train --fusion decision_level --projections-of default"
)
NO_QUERY = "The same query goes to every model. Compose one on the Recommend page, or start from one of these items."

main()
