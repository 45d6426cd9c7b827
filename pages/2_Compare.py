"""Compare: one query under several models, or under several ways of ranking, side by side: what each recommends and went by."""

from __future__ import annotations

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.fusion.votes import RULES
from mmrec_core.recommend.side_by_side import side_by_side
from pages._ui import choose, columns, html, links, missing, models, navigation, shell, state
from pages._ui.language import say
from pages._ui.state import Key

MOST, SHOWN = 3, 10
MODELS, RANKINGS = "models", "ranking"
WAYS = {MODELS: "Models", RANKINGS: "Ways of ranking"}
# Parts of the address: which models, and what is compared; docstrings here would be shown on the page.
PARAMETER, BY = "models", "by"


def main() -> None:
    """One run of the page; an error of the core is shown as it is."""
    service = shell.bootstrap("Compare")
    st.html(f'<h1 class="mm-h1">{say("One query, side by side")}</h1>')
    try:
        compare(service)
    except MMRecError as error:
        shell.problem(error)
        shell.link_home(say("Compose another query"))


def compare(service: core.Service) -> None:
    """Restore, choose what is compared, ask, show."""
    if navigation.address_leads():
        _follow_address(service)
    links.follow(service)
    by, wanted = _what(), state.wanted()
    names = _contenders(service) if by == MODELS else []
    if names is None:
        return
    if wanted or state.query().is_empty:
        _ask_for_query(service, wanted)
        return
    if by == MODELS and len(names) < 2:
        st.html(html.notice("text", say("Choose two models or three"), say("Each gets a column of its own.")))
        return
    links.write(**({BY: by} if by == RANKINGS else {PARAMETER: ",".join(names)}))
    query = say("Query: {title}", title=choose.query_title(service))
    st.html(f'<p class="mm-sentence">{html.escape(query)}</p>')
    if by == RANKINGS:
        _rankings(service)
    else:
        _models(service, names)
    st.caption(choose.link_note(SAME))


def _follow_address(service: core.Service) -> None:
    """Compare what the address says, the models that it names among them."""
    by = st.query_params.get(BY)
    st.session_state[Key.COMPARED] = by if by in WAYS else MODELS
    known = models.openable(service)
    named = dict.fromkeys(name for name in st.query_params.get(PARAMETER, "").split(",") if name in known)
    if named:
        st.session_state[Key.CONTENDERS] = list(named)


def _what() -> str:
    st.session_state[Key.COMPARED] = st.session_state.get(
        Key.COMPARED, MODELS
    )  # a widget's value is lost on a page change
    return st.segmented_control(
        say("What is compared"),
        list(WAYS),
        format_func=lambda way: say(WAYS[way]),
        required=True,
        key=Key.COMPARED,
        label_visibility="collapsed",
    )


def _models(service: core.Service, names: list[str]) -> None:
    known = models.openable(service)
    facades = {models.title(name): models.opened(service, known[name]) for name in names}
    columns.draw(facades, side_by_side({t: f.recommend(state.query(), SHOWN).results for t, f in facades.items()}))


def _rankings(service: core.Service) -> None:
    """The model's score beside votes among its rankings by single modalities."""
    query = state.query()
    found = {say("Score of the model"): service.recommend(query, SHOWN).results}
    found |= {say(rule.title): service.recommend_by_votes(query, name, SHOWN).results for name, rule in RULES.items()}
    st.html(f'<p class="mm-small">{html.escape(say(VOTES))}</p>')
    if len(next(iter(found.values()))[0].attribution.players) == 1:
        st.html(html.notice("text", say("One modality, one voter"), say(ONE_VOTER)))
    columns.draw(dict.fromkeys(found, service), side_by_side(found), one_unit=False)


def _contenders(service: core.Service) -> list[str] | None:
    """Names of the chosen models; None, and says so, where there is only one to choose."""
    known = list(models.openable(service))
    if len(known) < 2:
        st.html(html.notice("text", say("There is only one model here"), say(ONE_MODEL)))
        return None
    held = st.session_state.get(Key.CONTENDERS)
    kept = known[:MOST] if held is None else [name for name in held if name in known][:MOST]
    st.session_state[Key.CONTENDERS] = kept
    return st.multiselect(
        say("Models, side by side"), known, key=Key.CONTENDERS, max_selections=MOST, format_func=models.title
    )


def _ask_for_query(service: core.Service, wanted: tuple[str, ...]) -> None:
    if wanted:
        missing.notice(wanted)
    else:
        st.html(html.notice("image", say("Bring a query first"), say(NO_QUERY)))
    columns.gallery(service)
    compose = say("Compose a query with a picture, a text or a sound")
    shell.link_home(compose)


ONE_MODEL = (
    "Train another to compare with, e.g. python -m mmrec_core train --fusion decision_level --projections-of default"
)
VOTES = (
    "Reciprocal rank fusion and the Borda count let each modality of the query rank the catalogue by itself and add up points: "
    "1 / (60 + rank), or the share of the catalogue that is ranked lower. They are no cosines, and they are sums over the modalities, "
    "so each modality's exact Shapley value is simply its own points. Scores of different columns have different units."
)
ONE_VOTER = (
    "Votes among rankings need a query of two modalities or more; with one, every way of ranking gives the same list."
)
NO_QUERY = "The same query goes to every model. Compose one on the Recommend page, or start from one of these items."
SAME = "The address of this page shows the same comparison to whoever opens it on this catalogue."

main()
