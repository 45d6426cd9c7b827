"""How results are rearranged and where they may come from: folded away until someone wants it; the address carries it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.registry import Option
from mmrec_core.types import told
from pages._ui import cache, controls, state
from pages._ui.language import say
from pages._ui.state import Key

DIVERSITY = Option(
    "diversity",
    0.0,
    "Diversity",
    help="Maximal marginal relevance: at 0 the score alone decides, at 1 each result is as unlike those above it as can be.",
    minimum=0.0,
    maximum=1.0,
)
NOVELTY = Option(
    "novelty",
    0.0,
    "Novelty",
    help="Lifts what is seldom seen: seldom judged on this machine, or, while little is known, far from what you liked.",
    minimum=0.0,
    maximum=1.0,
)
DUPLICATES = Option(
    "hide_duplicates", False, "Hide near-duplicates", help="Leave out what is nearly the same as a result above it."
)
NUMBERS = {"weight": Key.WEIGHT, "diversity": Key.DIVERSITY, "novelty": Key.NOVELTY}
LIMITS = {"sources": Key.SOURCES, "categories": Key.CATEGORIES}
"""What the address calls each number, and what results are limited to."""
FOLDED = frozenset(("diversity", "novelty", "hide_duplicates", "sources"))
"""What the panel holds, as the address calls it."""


def draw(service: core.Service) -> None:
    """The controls, in one row below the composer."""
    title, active = say("Diversity, novelty, sources"), len(parameters().keys() & FOLDED)
    with st.expander(say("{title} · {n} set", title=title, n=active) if active else title, icon=":material/tune:"):
        diversity, novelty, sources, duplicates = st.columns([3, 3, 3.4, 3], gap="medium", vertical_alignment="bottom")
        with diversity:
            controls.draw(DIVERSITY, Key.DIVERSITY)
        with novelty:
            controls.draw(NOVELTY, Key.NOVELTY)
        with duplicates:
            controls.draw(DUPLICATES, Key.DUPLICATES)
        counts = cache.summary(service).by_source
        sources.multiselect(
            say("Limit to sources"),
            sorted(counts),
            key=Key.SOURCES,
            placeholder=say("All {count}", count=len(counts)),
            format_func=lambda name: f"{name} ({counts[name]:,})",
        )
        st.caption(say("Rearranging moves results; the score that each one shows stays what it is."))


def limits() -> bool:
    """Whether results are limited to some categories or sources."""
    return bool(state.categories() or state.sources())


def forget_limits() -> None:
    """Let results come from everywhere."""
    for key in LIMITS.values():
        st.session_state[key] = []


def parameters() -> dict[str, str]:
    """The settings as the address carries them; what stands at its default is left out. Never what the profile holds."""
    rules = state.rerank()
    numbers = {"weight": state.weight(), "diversity": rules.diversity, "novelty": rules.novelty}
    defaults = {"weight": state.WEIGHT, "diversity": 0.0, "novelty": 0.0}
    wanted = {name: f"{value:g}" for name, value in numbers.items() if value != defaults[name]}
    wanted |= {"hide_duplicates": "1"} if rules.hide_duplicates else {}
    limits = {"sources": state.sources(), "categories": state.categories()}
    wanted |= {name: ",".join(chosen) for name, chosen in limits.items() if chosen}
    return wanted | ({"from": "profile"} if state.alone() else {})


def restore(named: Mapping[str, str]) -> bool:
    """Take the settings from the address, which holds all of them; raises MMRecError for a value that cannot be used."""
    for name, key in NUMBERS.items():
        default = state.WEIGHT if name == "weight" else 0.0
        st.session_state[key] = _number(name, named[name]) if name in named else default
    st.session_state[Key.DUPLICATES] = named.get("hide_duplicates") == "1"
    for name, key in LIMITS.items():
        st.session_state[key] = [chosen for chosen in named.get(name, "").split(",") if chosen]
    state.set_alone(named.get("from") == "profile")
    return True


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise MMRecError(told("The address says {name}={text}; it takes a number from 0 to 1.", name=name, text=text))
    return value
