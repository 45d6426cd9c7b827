"""Words of other languages led to where the word encoder puts their English."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mmrec_core.encoders.base import Encoder
from mmrec_core.encoders.emoji import emoji_names
from mmrec_core.encoders.lexicon.store import Gloss, Lexicon, say_all
from mmrec_core.encoders.pooling import mean_pool
from mmrec_core.types import Vector

MOST_KEPT = 4096
"""English phrases whose places are kept: a masked text asks for the same ones again and again."""
SHARE = 0.3
"""How much of a text's place its known words decide; chosen on translated stamps of the validation part."""
SHARE_OF_ALL = 0.5
"""The same where all its words are known: it is translated then."""
WHOLE_PIECES = frozenset({"th"})
"""Languages where a part of a word piece is no word: Thai has neither spaces nor a list of frequencies to tell words by, but its
common words are pieces. A Japanese piece may be a word with its particle, so its parts count."""
Spans = Sequence[tuple[int, int]]
"""(start, end) of each word piece in characters of the text."""
Places = NDArray[np.float32]
"""(n, 384): places in the word encoder's space."""


class Glossary:
    """The lexicon, read by the word encoder.

    Args:
        lexicon: English for words.
        words: the English word encoder.
    """

    version = "lexicon"

    def __init__(self, lexicon: Lexicon, words: Encoder) -> None:
        self._lexicon = lexicon
        self._words = words
        self._place = lru_cache(MOST_KEPT)(self._read)

    def glosses(self, text: str, language: str, spans: Spans) -> list[Gloss]:
        """What the lexicon holds of the text, and what its emoji are called; ``spans`` are those of its pieces."""
        words = self._lexicon.glosses(text, language)
        if language in WHOLE_PIECES:
            words = [gloss for gloss in words if not _is_part_of_a_piece(gloss, text, spans)]
        emoji = [Gloss(place, place + 1, name) for place, name in emoji_names(text).items()]
        return sorted([*words, *emoji], key=lambda gloss: gloss.start)

    def lead(self, text: str, language: str, whole: Places, pieces: Places, spans: Spans) -> tuple[Places, Places]:
        """``(1 - s) place + s place of the English``: of a piece by its own word, of the whole by the mean over words.

        ``s`` is SHARE_OF_ALL where every word is known, else SHARE.

        Args:
            text: what is read.
            language: the language it is in.
            whole: where it goes without a lexicon, (1, 384).
            pieces: where each of its pieces goes, (n, 384).
            spans: where each piece stands.
        """
        glosses = self.glosses(text, language, spans)
        if not glosses:
            return whole, pieces
        share = SHARE_OF_ALL if say_all(glosses, text, language) else SHARE
        places = np.stack([self._place(gloss.english) for gloss in glosses])
        led = pieces.copy()
        for gloss, place in zip(glosses, places, strict=True):
            inside = [n for n, (start, end) in enumerate(spans) if start < gloss.end and end > gloss.start]
            led[inside] += share * (place - led[inside])
        return whole + share * (places.mean(axis=0) - whole), led

    def _read(self, phrase: str) -> Vector:
        """Where the word encoder puts a phrase, (384,)."""
        return mean_pool(self._words.encode([phrase])[0])


def _is_part_of_a_piece(gloss: Gloss, text: str, spans: Spans) -> bool:
    length = gloss.end - gloss.start
    return any(
        start <= gloss.start and gloss.end <= end and length < len(text[start:end].strip()) for start, end in spans
    )
