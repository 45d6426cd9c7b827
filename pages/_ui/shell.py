"""What every page begins with: page configuration, style, sidebar, and the first-run page where nothing is set up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError, NotSetUpError
from mmrec_core.plots import name_of
from mmrec_core.service.shelf import LOADING
from mmrec_core.settings import REPOSITORY
from mmrec_core.types import FUSED
from pages._ui import cache, composer, first_run, html, language, links, models, native_words, state, uploads, visit
from pages._ui.language import say

SIDEBAR = 252
"""Pixels: four tiles beside it at 1280."""
ASSETS = REPOSITORY / "assets"
HOME, EXPLAIN, COMPARE = "app.py", "pages/1_Explain.py", "pages/2_Compare.py"
MOVIES, EVALUATE, TRAIN = "pages/3_Movies.py", "pages/4_Evaluate.py", "pages/5_Train.py"
PAGES = (
    (HOME, "Recommend", ":material/grid_view:"),
    (EXPLAIN, "Explain", ":material/network_intelligence:"),
    (COMPARE, "Compare", ":material/view_column_2:"),
    (MOVIES, "Movies", ":material/movie:"),
    (EVALUATE, "Evaluate", ":material/analytics:"),
    (TRAIN, "Train", ":material/model_training:"),
)
LOOK_AGAIN_SECONDS = 4.0
OF_QUERIES = ("Recommend", "Explain", "Compare")
"""Pages that answer the session's query, which their addresses hold."""


def bootstrap(title: str) -> core.Service:
    """Configure the page, draw the sidebar, open the service. Where there is none, show what to do and stop the run."""
    uploads.stay_in_memory()
    mark = str(html.MARK)
    st.set_page_config(
        page_title=f"{say(title)} · MMRec Lens", page_icon=mark, layout="wide", initial_sidebar_state=SIDEBAR
    )
    st.html(html.colour_variables())
    st.html(ASSETS / "app.css")
    visit.keep()
    state.keep_settings()
    language.keep()
    language.tell_browser()
    native_words.draw({"image": composer.PICTURES, "audio": composer.SOUNDS})
    _name_and_links(title)
    try:
        with st.spinner(say("Loading the model and the catalogue …")):
            opened = cache.service()
        service = models.choose(opened)
        visit.recall_words(service)
        _facts(service)
    except MMRecError as error:
        if isinstance(error, NotSetUpError):
            first_run.draw(error)
        else:
            problem(error)
        st.stop()
    return service


@contextmanager
def problems_told() -> Iterator[None]:
    """Whatever error of the core ends the block stands in its place; what follows it on the page is drawn."""
    try:
        yield
    except MMRecError as error:
        problem(error)


def problem(error: MMRecError) -> None:
    """An error of the core, as a designed state: its message says what to do."""
    st.html(html.notice("problem", say("This did not work"), language.tell(error.message)))


def link_home(label: str) -> None:
    """A link to where a query is composed; it takes the present one along."""
    st.page_link(HOME, label=label, icon=":material/grid_view:", query_params=links.parameters())


def template() -> str:
    """The plotly template that fits the theme the browser shows."""
    return "plotly_dark" if st.context.theme.type == "dark" else "plotly_white"


def _name_and_links(title: str) -> None:
    asked, settled = links.elsewhere(title in OF_QUERIES), links.settled()
    with st.sidebar:
        claim = say("Recommend and explain")
        st.html(f'<div class="mm-brand">{html.mark()}<div>MMRec Lens<small>{claim}</small></div></div>')
        for page, label, icon in PAGES:
            held = asked if label in OF_QUERIES else settled
            st.page_link(page, label=say(label), icon=icon, width="stretch", query_params=held)
        language.draw_switch()


def _facts(service: core.Service) -> None:
    """Device, model and catalogue; while encoders are loading, which no later part of the page tells, they are looked up again."""
    loading = service.device_info().precision == LOADING
    with st.sidebar:
        st.fragment(_draw_facts, run_every=LOOK_AGAIN_SECONDS if loading else None)(service, loading)


def _draw_facts(service: core.Service, until_loaded: bool) -> None:
    """The table itself; it takes no longer than a look at the process. Looking again ends with a run of the whole page."""
    device, bundle, summary = service.device_info(), service.bundle_info(), cache.summary(service)
    if until_loaded and device.precision != LOADING:
        st.rerun(scope="app")
    used, total = device.memory_used, device.memory_total
    counts = "".join(
        f"<tr><td>{html.dot(m)}{say(name_of(m))}</td><td>{summary.by_modality.get(m, 0):,}</td></tr>" for m in FUSED
    )
    st.html(
        '<div class="mm-facts">'
        f"<h4>{say('Device')}</h4><p>{html.escape(language.tell(device.name))}</p>"
        f'<p class="mm-small">{html.escape(device.kind)} · {html.escape(say(device.precision))}<br>'
        f"{say('{used:.1f} of {total:.1f} GiB in use', used=used, total=total)}</p>"
        f'<div class="mm-meter" role="meter" aria-label="{say("Memory in use")}" aria-valuemin="0" aria-valuemax="{total:.1f}" '
        f'aria-valuenow="{used:.1f}"><i style="width:{100 * used / max(total, 1e-9):.0f}%"></i></div>'
        f"<h4>{say('Model')}</h4><p>{html.escape(bundle.name)} <code>{html.escape(bundle.hash[:8])}</code></p>"
        f'<p class="mm-small">{html.escape(say("{name} fusion", name=say(bundle.fusion.replace("_", "-"))))}</p>'
        f"<h4>{say('Catalogue')}</h4><p>{say('{count:,} items', count=summary.items)}</p><table>{counts}</table></div>"
    )
