"""What the session asks the service: each answer is kept, and asked for again only when something changed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

import streamlit as st

from mmrec_core import service as core
from mmrec_core.types import PairExplanation, Placed, Profile, Recommendations
from pages._ui import state
from pages._ui.language import say


def recommend(service: core.Service, count: int) -> Recommendations:
    """The answer to the session's query; raises MMRecError."""
    mine, rules = counting_profile(service), state.rerank()
    asked = (state.signature(), count, state.categories(), state.sources(), mine, rules, service.bundle_info().hash)
    answer = state.answer_for(asked)
    if answer is None:
        with st.spinner(say("Ranking the catalogue …")):
            answer = service.recommend(
                state.query(), count, categories=state.categories(), sources=state.sources(), profile=mine, rerank=rules
            )
        state.keep_answer(asked, answer)
    return answer


def explain(service: core.Service, item_id: str) -> PairExplanation:
    """The explanation of the session's query and this item; raises MMRecError."""
    mine = counting_profile(service)
    asked = (state.signature(), item_id, mine, service.bundle_info().hash)
    explanation = state.explanation_for(asked)
    if explanation is None:
        with st.spinner(say("Taking the score apart …")):
            explanation = service.explain(state.query(), item_id, profile=mine)
        state.keep_explanation(asked, explanation)
    return explanation


def about(service: core.Service, explanation: PairExplanation, *what: Hashable) -> tuple[Hashable, ...]:
    """A name for ``what`` is found out beyond an explanation: it holds all that the result follows from, the model included."""
    model = service.bundle_info().hash
    return (state.signature(), explanation.item.id, counting_profile(service), model, *what)


def around(service: core.Service, explanation: PairExplanation) -> tuple[Placed, ...]:
    """The items ranked next to the one that is explained, and itself."""
    asked = about(service, explanation, "around")
    near = state.found_for(asked)
    if near is None:
        near = service.around(state.query(), explanation.item.id, profile=counting_profile(service))
        state.keep_found(asked, near)
    return near


def last_answer(service: core.Service) -> Recommendations | None:
    """The latest recommendations of this session, where they answer the present query by the present model."""
    return state.last_answer(service.bundle_info().hash)


def profile(service: core.Service) -> Profile:
    """What this session liked, disliked and said."""
    return service.profiles.of_session(state.session(), state.profile_text(), state.weight())


def is_possible(service: core.Service) -> bool:
    """True where there is something to go by: a query, or a profile that is asked about alone."""
    return not state.query().is_empty or (state.alone() and not profile(service).is_empty)


def counting_profile(service: core.Service) -> Profile | None:
    """The profile where it counts; an empty one, or one of weight 0 beside a query, is nothing to speak of."""
    mine = profile(service)
    counts = not mine.is_empty and (mine.weight > 0 or state.alone())
    if counts and state.alone():
        return replace(mine, weight=1.0)
    return mine if counts else None
