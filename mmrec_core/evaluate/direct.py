"""Search with the multilingual encoder alone: what reading other languages through it could find at best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mmrec_core.features.keep_texts import text_name

if TYPE_CHECKING:
    from mmrec_core.encoders.known_texts import KnownTexts
    from mmrec_core.encoders.use import SentenceEncoder
    from mmrec_core.types import Item

K = 10


class Direct:
    """An item is as near as the nearer of its title and its text, by the cosine of sentence vectors."""

    def __init__(self, sentences: SentenceEncoder, known: KnownTexts, items: Sequence[Item]) -> None:
        rows = {name: row for row, name in enumerate(known.names)}
        self._titles = np.array([rows[text_name(item.title)] for item in items])
        self._texts = np.array([rows[text_name(item.text if item.text.strip() else item.title)] for item in items])
        self._sentences, self._known, self._items = sentences, known, items

    def first(self, text: str) -> list[Item]:
        """The first ten items."""
        cosines = self._known.vectors @ self._sentences.read(text).vector
        nearest = np.argsort(-np.maximum(cosines[self._titles], cosines[self._texts]), kind="stable")
        return [self._items[row] for row in nearest[:K]]
