"""The query as a whole: picture, sound and text together, or an item of the catalogue."""

from __future__ import annotations

import streamlit as st

from mmrec_core.types import Query
from pages._ui.state.keys import Key
from pages._ui.state.media import Kind, audio, forget_uploads, image, put
from pages._ui.state.words import forget_heard, set_text, text, text_language

Signature = tuple[str | None, str, str | None, str | None, str | None]
"""What makes two queries the same: digests of picture and sound, the text, the item, the text's language as the user said."""


def item_id() -> str | None:
    """The catalogue item that is the query as a whole."""
    return st.session_state.get(Key.ITEM)


def set_item(value: str | None) -> None:
    """Set or clear the item that is the query; one that is chosen takes the place of what was to be brought again."""
    st.session_state[Key.ITEM] = value
    if value:
        set_wanted(())


def clear_query() -> None:
    """Forget everything that was brought."""
    put("image", None)
    put("audio", None)
    set_text("")
    set_item(None)
    set_wanted(())


def forget(*kinds: Kind) -> None:
    """Clear what was brought of these kinds, every upload of theirs that the visit remembers, and what was heard in it."""
    forget_uploads(*kinds)
    if "audio" in kinds:
        forget_heard()


def wanted() -> tuple[str, ...]:
    """Parts of the query that the address named as uploads and that nobody has brought again."""
    brought = {"image": image(), "text": text().strip(), "audio": audio()}
    return tuple(kind for kind in st.session_state.get(Key.WANTED, ()) if not brought[kind])


def set_wanted(kinds: tuple[str, ...]) -> None:
    """Remember which uploads the address named."""
    st.session_state[Key.WANTED] = kinds


def query() -> Query:
    """What was brought, as the core takes it."""
    picture, sound = image(), audio()
    media = picture and picture.medium, text().strip() or None, sound and sound.medium
    return Query(*media, item_id(), text_language())  # type: ignore[arg-type]


def signature() -> Signature:
    """Tells whether two queries are the same without comparing pixels."""
    picture, sound = image(), audio()
    brought = picture and picture.digest, text().strip(), sound and sound.digest
    return *brought, item_id(), text_language()  # type: ignore[return-value]
