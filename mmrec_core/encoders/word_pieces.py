"""Where CLIP's word pieces lie in the text as it was written; its tokenizer does not say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pieces:
    """Word-piece ids with start and end, and the characters each stands for (empty for start, end and what was not found)."""

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


def read_pieces(tokenizer: Any, text: str, most: int) -> Pieces:
    """At most ``most`` ids of ``text``, cut as the tokenizer itself cuts, with spans in characters of ``text``.

    The tokenizer lower-cases, mends and collapses white space; so each of its words is looked for, in order, in the
    lower-cased original. An ASCII word is divided among its pieces; of another word the first piece gets all of it.
    """
    lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    ids, spans, cursor = [], [], 0
    for word in tokenizer.pat.findall(tokenizer.clean_fn(text)):
        parts = tokenizer.bpe("".join(tokenizer.byte_encoder[b] for b in word.encode("utf-8"))).split(" ")
        ids += [tokenizer.encoder[part] for part in parts]
        start = lowered.find(word, cursor)
        cursor = cursor if start < 0 else start + len(word)
        spans += _divide(word, parts, start)
    ids, spans = ids[: most - 2], spans[: most - 2]
    return Pieces((tokenizer.sot_token_id, *ids, tokenizer.eot_token_id), ((0, 0), *spans, (0, 0)))


def _divide(word: str, parts: list[str], start: int) -> list[tuple[int, int]]:
    """The span of each part of a word that begins at ``start``, or empty spans where it was not found (-1)."""
    if start < 0:
        return [(0, 0)] * len(parts)
    if not word.isascii():
        return [(start, start + len(word))] + [(0, 0)] * (len(parts) - 1)
    spans = []
    for part in parts:
        end = start + len(part.removesuffix("</w>"))
        spans.append((start, end))
        start = end
    return spans
