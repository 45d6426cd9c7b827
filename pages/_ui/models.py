"""Which model answers: the choice in the sidebar, and opening a bundle beside the one that the app started with."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mmrec_core import service as core
from mmrec_core.types import BundleChoice, Progress, told
from pages._ui import cache, html, navigation, state
from pages._ui.language import say, tell
from pages._ui.state import Key

PARAMETER = "model"
"""The part of the address that names the model; absent where it is the one that the app started with."""
SHIPPED = ("Default", "Decision level", "Feature level")
"""Titles of the bundles that come with the app."""


def choose(service: core.Service) -> core.Service:
    """The facade on the model that this session chose; the one it was given where there is no choice.

    Raises:
        MMRecError: the chosen bundle cannot be opened.
    """
    choices = openable(service)
    with st.sidebar:
        _say_unreadable(service)
    if not choices:
        return service
    st.session_state[Key.FIRST_BUNDLE] = next(iter(choices))
    if st.session_state.get(Key.BUNDLE) not in choices or navigation.through_history():
        _take_from_address(list(choices))
    with st.sidebar:
        if len(choices) > 1:
            st.selectbox(
                say("Model in use"),
                list(choices),
                key=Key.BUNDLE,
                format_func=title,
                on_change=state.set_problem,
                args=(PARAMETER, None),
            )
        if problem := state.problem(PARAMETER):
            st.html(f'<div class="mm-notes" role="status">{html.escape(tell(problem))}</div>')
    _keep()
    return opened(service, choices[st.session_state[Key.BUNDLE]])


def _take_from_address(names: list[str]) -> None:
    """Choose the model that the address names, or the first; it is said where the one that is named is not here."""
    named = st.query_params.get(PARAMETER, names[0])
    st.session_state[Key.BUNDLE] = named if named in names else names[0]
    state.set_problem(PARAMETER, None if named in names else _not_here(named, names))


def _not_here(name: str, names: Sequence[str]) -> str:
    titles = [title(known) for known in names]
    text = "The address asks for the model {name!r}, which is not here. {used} answers. Models here: {known}."
    return told(text, name=name, used=titles[0], known=", ".join(titles))


def parameter() -> dict[str, str]:
    """What the address holds for the model in use; until one is chosen, what it holds already."""
    chosen = st.session_state.get(Key.BUNDLE) or st.query_params.get(PARAMETER)
    return {PARAMETER: chosen} if chosen and chosen != st.session_state.get(Key.FIRST_BUNDLE) else {}


def _keep() -> None:
    """Let the address of every page name the model in use, so that a reload keeps it."""
    wanted = parameter()
    if st.query_params.get(PARAMETER) != wanted.get(PARAMETER):
        st.query_params.update(wanted) if wanted else st.query_params.pop(PARAMETER)


def openable(service: core.Service) -> dict[str, BundleChoice]:
    """Bundles that read the tokens which are encoded, by name, the one the app started with first."""
    return {choice.name: choice for choice in cache.bundles(service) if choice.shares_tokens}


def opened(service: core.Service, choice: BundleChoice) -> core.Service:
    """The facade on a bundle; the first time, its index is built, with a bar that shows how far it is."""
    first = cache.service()
    for known in (service, first):
        if choice.hash == known.bundle_info().hash:
            return known
    if not choice.indexed:
        _index(choice)
    return cache.service_beside(choice.name, choice.hash, first)


def _say_unreadable(service: core.Service) -> None:
    """Bundles that lie among the others and cannot be offered, and why."""
    for choice in cache.bundles(service):
        if choice.problem:
            words = say("“{name}” is left out: {why}", name=title(choice.name), why=choice.problem)
            st.html(f'<p class="mm-small">{html.escape(words)}</p>')


def _index(choice: BundleChoice) -> None:
    place = st.empty()

    def report(progress: Progress) -> None:
        share = min(progress.done / max(progress.total, 1), 1.0)
        place.progress(
            share, f"{title(choice.name)}: {say(progress.step).lower()} {progress.done:,.0f} {say(progress.unit)}"
        )

    cache.service().index_bundle(choice.name, report)
    place.empty()
    cache.bundles.clear()


def title(name: str) -> str:
    """What a bundle is called on the page."""
    return say(name.replace("_", " ").replace("-", " ").capitalize())
