"""Every session key, and typed access to what stands behind it. Widgets have keys of their own: theirs vanish on a page change."""

from pages._ui.state.answers import (
    answer_for,
    explanation_for,
    found_for,
    keep_answer,
    keep_explanation,
    keep_found,
    last_answer,
)
from pages._ui.state.background import job, set_job
from pages._ui.state.keys import Key
from pages._ui.state.media import Brought, Kind, audio, forget, image, problem, put, rotation, set_problem, upload
from pages._ui.state.profiles import WEIGHT, alone, profile_text, set_alone, set_profile_words, weight
from pages._ui.state.queries import clear_query, item_id, query, set_item, set_wanted, signature, wanted
from pages._ui.state.settings import categories, keep_settings, rerank, sources
from pages._ui.state.visits import session, start, started
from pages._ui.state.words import (
    DETECTED,
    keep_transcript,
    offer_words,
    read_text_box,
    set_text,
    set_text_language,
    take_words,
    text,
    text_language,
    transcript,
)

__all__ = [
    "DETECTED",
    "WEIGHT",
    "Brought",
    "Key",
    "Kind",
    "alone",
    "answer_for",
    "audio",
    "categories",
    "clear_query",
    "explanation_for",
    "forget",
    "found_for",
    "image",
    "item_id",
    "job",
    "keep_answer",
    "keep_explanation",
    "keep_found",
    "keep_settings",
    "keep_transcript",
    "last_answer",
    "offer_words",
    "problem",
    "profile_text",
    "put",
    "query",
    "read_text_box",
    "rerank",
    "rotation",
    "session",
    "set_alone",
    "set_item",
    "set_job",
    "set_problem",
    "set_profile_words",
    "set_text",
    "set_text_language",
    "set_wanted",
    "signature",
    "sources",
    "start",
    "started",
    "take_words",
    "text",
    "text_language",
    "transcript",
    "upload",
    "wanted",
    "weight",
]
