"""GCompris' words with pictures: some thousand names of things and doings, in eleven of the languages that can be read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from mmrec_core.catalogue.gcompris import GCompris
from mmrec_core.catalogue.rcc import read_rcc
from mmrec_core.encoders.language import ENGLISH, LANGUAGES, frequency
from mmrec_core.encoders.lexicon.base import one_file
from mmrec_core.encoders.lexicon.store import COMMON, Entry

DIALECTS = {"zh": ("zh_CN", "zh_TW"), "pt": ("pt", "pt_BR")}
"""Where the package has a language more than once, or by another code."""
_BEHIND_ARTICLE = re.compile(r"[ '’]")
_PATH = "gcompris/src/activities/lang/resource/content-{code}.json"


class GComprisWords:
    """The words of the activity "Enrich your vocabulary", by the name of the recording that says them."""

    name = GCompris.name
    title = "GCompris' words"
    packages: tuple[tuple[str, ...], ...] = (GCompris.packages,)

    def read(self, folder: Path) -> Iterator[Entry]:
        """Every word that has an English one."""
        files = read_rcc(one_file(folder, "lang.rcc").read_bytes())
        english = _words(files, ENGLISH)
        for language in (code for code in LANGUAGES if code != ENGLISH):
            for code in DIALECTS.get(language, (language,)):
                for name, word in _words(files, code).items():
                    if english.get(name):
                        yield Entry(language, without_article(word, language), english[name].lower())


def without_article(words: str, language: str) -> str:
    """A noun without the article that some languages' lists put before it: a very common word with another behind it."""
    first, *rest = _BEHIND_ARTICLE.split(words.strip(), 1)
    return rest[0] if rest and frequency(first.lower(), language) >= COMMON else words


def _words(files: dict[str, bytes], code: str) -> dict[str, str]:
    """Words by recording; none where the package does not have the language."""
    words: dict[str, str] = json.loads(files.get(_PATH.format(code=code), b"{}"))
    return words


WORD_LIST = GComprisWords()
