"""What the session asks the service: each answer is kept, and asked for again only when something changed."""

from __future__ import annotations

from mmrec_core import service as core
from mmrec_core.types import PairExplanation, Recommendations
from pages._ui import state


def recommend(service: core.Service, count: int) -> Recommendations:
    """The answer to the session's query; raises MMRecError."""
    asked = (state.signature(), count, state.categories())
    answer = state.answer_for(asked)
    if answer is None:
        answer = service.recommend(state.query(), count, categories=state.categories())
        state.keep_answer(asked, answer)
    return answer


def explain(service: core.Service, item_id: str) -> PairExplanation:
    """The explanation of the session's query and this item; raises MMRecError."""
    asked = (state.signature(), item_id)
    explanation = state.explanation_for(asked)
    if explanation is None:
        explanation = service.explain(state.query(), item_id)
        state.keep_explanation(asked, explanation)
    return explanation
