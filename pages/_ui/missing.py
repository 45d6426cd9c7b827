"""Parts of a query that the address of a link only names: what is said until they are brought again."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mmrec_core.types.sentence import enumerated
from pages._ui import html
from pages._ui.language import say, tell

ONE_FILE = (
    "The query of this link held an uploaded {names}. Uploads are never stored, so please bring the same file again."
)
SOME_FILES = (
    "The query of this link held an uploaded {names}. Uploads are never stored, so please bring the same files again."
)
TEXT = "The text of this link is not in its address, since it is long or was heard in a recording. Please bring it once more."


def notice(missing: Sequence[str], *further: str) -> None:
    """Draw what to bring once more; ``further`` sentences say what happens then."""
    files = [kind for kind in missing if kind != "text"]
    sentences = [] if not files else [_files(files)]
    sentences += [say(TEXT)] if "text" in missing else []
    st.html(html.notice("audio", say("Bring it once more"), say(" ").join([*sentences, *further])))


def _files(kinds: Sequence[str]) -> str:
    names = tell(enumerated([say(html.noun(kind)) for kind in kinds]))
    return say(ONE_FILE if len(kinds) == 1 else SOME_FILES, names=names)
