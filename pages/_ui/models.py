"""Which model answers: the choice in the sidebar, and opening a bundle beside the one that the app started with."""

from __future__ import annotations

import streamlit as st

from mmrec_core import service as core
from mmrec_core.types import BundleChoice, Progress
from pages._ui import cache, html
from pages._ui.language import say
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
    if len(choices) < 2:
        return service
    if st.session_state.get(Key.BUNDLE) not in choices:
        named = st.query_params.get(PARAMETER)
        st.session_state[Key.BUNDLE] = named if named in choices else next(iter(choices))
    with st.sidebar:
        name = st.selectbox(say("Model in use"), list(choices), key=Key.BUNDLE, format_func=title)
    return opened(service, choices[name])


def parameter() -> dict[str, str]:
    """What the address holds for the model in use."""
    chosen, first = st.session_state.get(Key.BUNDLE), next(iter(openable(cache.service())), None)
    return {} if chosen in (None, first) else {PARAMETER: chosen}


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
