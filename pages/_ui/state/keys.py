"""The names under which everything of one session is kept."""

from __future__ import annotations

from enum import StrEnum


class Key(StrEnum):
    """Names of everything kept for one session."""

    SESSION = "mm_session"
    STARTED = "mm_started"
    IMAGE = "mm_image"
    TEXT = "mm_text"
    AUDIO = "mm_audio"
    ITEM = "mm_item"
    WANTED = "mm_wanted"
    COUNT = "mm_count"
    CATEGORIES = "mm_categories"
    ANSWER = "mm_answer"
    EXPLANATION = "mm_explanation"
    DEEPER = "mm_deeper"
    JOB = "mm_job"
    PROBLEMS = "mm_problems"
    UPLOADS = "mm_uploads"
    ROTATION = "mm_rotation"
    TEXT_BOX = "mm_text_box"
    LANGUAGE = "mm_language"
    TEXT_LANGUAGE = "mm_text_language"
    TRANSCRIPTS = "mm_transcripts"
    BUNDLE = "mm_bundle"
    FIRST_BUNDLE = "mm_first_bundle"
    MOVIE_MODEL = "mm_movie_model"
    CONTENDERS = "mm_contenders"
    COMPARED = "mm_compared"
    WORDS = "mm_words"
    WEIGHT = "mm_weight"
    PROFILE_TEXT = "mm_profile_text"
    ALONE = "mm_alone"
    DIVERSITY = "mm_diversity"
    NOVELTY = "mm_novelty"
    DUPLICATES = "mm_duplicates"
    SOURCES = "mm_sources"
