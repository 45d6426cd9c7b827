"""The catalogue's titles and texts, read by the multilingual and by the English encoder, kept for queries in other languages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from mmrec_core.encoders.base import Encoder
from mmrec_core.encoders.known_texts import KnownTexts
from mmrec_core.encoders.pooling import mean_pool
from mmrec_core.encoders.use import DIM, SentenceEncoder
from mmrec_core.features.token_cache import TokenCache, stored
from mmrec_core.features.token_files import Entry
from mmrec_core.types import Item, Modality, Report, TextGrid, Tokens

BATCH = 32


def known_sentences(items: Sequence[Item]) -> list[str]:
    """Titles and texts, each once."""
    return list(dict.fromkeys(text for item in items for text in (item.title, item.text) if text.strip()))


def text_name(text: str) -> str:
    """What a text is kept under."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def keep_texts(
    texts: Sequence[str], sentences: SentenceEncoder, words: Encoder, folder: Path, key: str, report: Report
) -> None:
    """Read every text that is not kept yet; what is done is kept in chunks, so it resumes.

    Args:
        texts: what to read.
        sentences: gives their sentence vectors.
        words: gives their token states.
        folder: holds nothing but kept texts; those of other keys are removed at the end.
        key: must change with either encoder.
        report: progress in texts; may raise to stop.
    """
    have = {name for _, name, _ in stored(folder, key)}
    missing = [text for text in texts if text_name(text) not in have]
    wanted = {Modality.TEXT: {text_name(text): text_name(text) for text in texts}}
    TokenCache.build(folder, key, _entries(missing, sentences, words), report, len(missing), wanted)


def are_kept(folder: Path, key: str) -> bool:
    """Whether ``keep_texts`` finished under ``key``; a look at the folder only."""
    return TokenCache.is_complete(folder, key)


def open_texts(folder: Path, key: str) -> KnownTexts:
    """What ``keep_texts`` kept under ``key``; raises NotSetUpError where it did not finish."""
    rows = TokenCache.open(folder, key).rows(Modality.TEXT)
    both = np.asarray(rows.values[rows.starts], np.float32)
    return KnownTexts(rows.item_ids, both[:, :DIM].copy(), both[:, DIM:].copy())


def _entries(texts: Sequence[str], sentences: SentenceEncoder, words: Encoder) -> Iterator[Entry]:
    """One token a text: its sentence vector, then its mean state."""
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        for text, tokens in zip(batch, words.encode(batch), strict=True):
            both = np.concatenate([sentences.read(text).vector, mean_pool(tokens)])
            token = Tokens(both[None], np.ones(1, dtype=bool), TextGrid(((0, len(text)),)))
            yield Entry(text_name(text), Modality.TEXT, text_name(text), token)
