"""Query or item -> tokens by modality -> what each modality says by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
import regex

from mmrec_core.encoders.attending import ATTENTION, AttentiveEncoder
from mmrec_core.encoders.base import ENCODERS, Encoder, ManyLanguages
from mmrec_core.encoders.language import ENGLISH, checked, detect
from mmrec_core.errors import NotSetUpError, QueryError
from mmrec_core.fusion.base import Summaries, TokenBatch
from mmrec_core.recommend.timing import Stopwatch
from mmrec_core.types import FUSED, Medium, Modality, Query, TextGrid, Tokens, told
from mmrec_core.types.sentence import PLUS, joined

if TYPE_CHECKING:
    from mmrec_core.fusion.bundle import ModelBundle


@dataclass(frozen=True)
class Encoded:
    """One query or item, encoded: projected ``tokens``, the ``batch`` of one row made of them, and its ``summaries``.

    ``language`` is the code of the language that a brought text was read in.
    """

    tokens: Mapping[Modality, Tokens]
    batch: Mapping[Modality, TokenBatch]
    summaries: Summaries
    language: str | None = None

    @property
    def players(self) -> tuple[Modality, ...]:
        """The modalities it holds, in the order of FUSED."""
        return tuple(m for m in FUSED if m in self.tokens)

    def emptied(self) -> Encoded:
        """The same row with nothing in it: what stands for the query where only a profile is asked about."""
        nothing = replace(self.summaries, parts={}, attention={}, presence=self.summaries.presence & False)
        return Encoded({}, {}, nothing)


class ItemTokens(Protocol):
    """Where the tokens of catalogue items come from."""

    def tokens(self, item_id: str) -> Mapping[Modality, Tokens]:
        """Tokens of the item as the bundle's projections leave them, by the modalities it holds."""
        ...


class QueryEncoder:
    """Queries and items -> ``Encoded``, with one model bundle.

    The media of one query are encoded side by side, each in a thread of its own: three small networks of one thread each
    finish sooner than one after the other with all threads, and far sooner where other processes want the processor too.

    Args:
        encoders: by modality.
        bundle: the model.
        items: tokens of catalogue items, for queries made of them.
        foreign: opens what reads texts that are not English, when the first one comes; without it the text encoder reads all.
    """

    def __init__(
        self,
        encoders: Mapping[Modality, Encoder],
        bundle: ModelBundle,
        items: ItemTokens,
        foreign: Callable[[], ManyLanguages] | None = None,
    ) -> None:
        self.encoders = encoders
        self.bundle = bundle
        self.items = items
        self._open_foreign = foreign
        self._foreign: ManyLanguages | None = None
        self._foreign_lock = Lock()
        self._pool = ThreadPoolExecutor(len(FUSED), thread_name_prefix="mmrec-encode")

    def with_bundle(self, bundle: ModelBundle) -> QueryEncoder:
        """The same encoders, those of other languages included, for another bundle that reads their tokens."""
        foreign = None if self._open_foreign is None else lambda: self.foreign
        return QueryEncoder(self.encoders, bundle, self.items, foreign)

    def encode_query(self, query: Query, watch: Stopwatch | None = None) -> Encoded:
        """Encode what was brought; with ``item_id`` that item's own tokens fill what was not.

        Raises:
            QueryError: where nothing was brought.
            UnknownNameError: for a language that cannot be read.
        """
        watch = watch or Stopwatch()
        if query.is_empty:
            raise QueryError(told("The query is empty. Bring an image, a text or a sound, or choose an item."))
        tokens = dict(self.items.tokens(query.item_id)) if query.item_id else {}
        media, language = brought_media(query), self.language_of(query)
        if media:
            with watch.stage(told("encode {media}", media=joined([told(m) for m in media], PLUS))):
                encoded = self._pool.map(lambda m: self.encode_media(m, [media[m]], language)[0], media)
                tokens |= dict(zip(media, encoded, strict=True))
        return replace(self.encode_tokens(tokens, watch), language=language)

    def encode_media(self, modality: Modality, media: Sequence[Medium], language: str | None = None) -> list[Tokens]:
        """Media of one modality, as the fusion reads them (projected); texts in ``language``, else in English."""
        foreign = language if self._is_foreign(modality, language) else None
        raw = (self.foreign.in_language(foreign) if foreign else self.encoders[modality]).encode(media)
        if not raw:
            return []
        projected = self.bundle.project(modality, np.concatenate([t.values for t in raw]))
        pieces = np.split(projected, np.cumsum([len(t.values) for t in raw])[:-1])
        return [Tokens(values, t.mask, t.grid) for values, t in zip(pieces, raw, strict=True)]

    def why_no_attention(self, modality: Modality, language: str | None = None) -> str | None:
        """A sentence where what encodes this has no attention to look into, else None; nothing is loaded to tell."""
        if self._is_foreign(modality, language):
            return told("The encoder of other languages does not show its attention.")
        plugin = ENCODERS.get(self.bundle.encoders[modality])
        return (
            None
            if ATTENTION in plugin.offers
            else told("{title}: there is no attention inside.", title=told(plugin.title))
        )

    def attentive(self, modality: Modality, language: str | None = None) -> AttentiveEncoder:
        """What encodes this, with its attention; raises QueryError as ``why_no_attention`` says."""
        if why := self.why_no_attention(modality, language):
            raise QueryError(why)
        encoder = self.encoders[modality]
        assert isinstance(encoder, AttentiveEncoder)  # noqa: S101 - a contract of encoders
        return encoder

    def _is_foreign(self, modality: Modality, language: str | None) -> bool:
        return modality is Modality.TEXT and language not in (None, ENGLISH)

    def language_of(self, query: Query) -> str | None:
        """The language that the query's text is read in: the one it names, else the one it seems to be in.

        None where no text was brought, and where one encoder reads every language.
        """
        if self._open_foreign is None or not (query.text or "").strip():
            return None
        return checked(query.language) if query.language else detect(query.text or "")

    def english_words(self, query: Query) -> list[str]:
        """The English of the words of the query's text that are known one by one; none for an English text."""
        language = self.language_of(query)
        if language is None or not self._is_foreign(Modality.TEXT, language):
            return []
        return self.foreign.english_words(query.text or "", language)

    @property
    def foreign(self) -> ManyLanguages:
        """What reads texts that are not English; the first use loads it, while others wait.

        Raises:
            NotSetUpError: where its weights are missing.
        """
        if self._open_foreign is None:
            raise QueryError(told("The model in use reads every language with one encoder."))
        with self._foreign_lock:
            if self._foreign is None:
                self._foreign = self._open_foreign()
        return self._foreign

    def warm_languages(self) -> None:
        """Load what reads other languages, where it is there: its first use takes seconds."""
        if self._open_foreign is not None:
            with suppress(NotSetUpError):  # the first such query says what is missing
                self.foreign.encode(["warm up"])

    def encode_item(self, item_id: str, watch: Stopwatch | None = None) -> Encoded:
        """One catalogue item, from its stored tokens."""
        return self.encode_tokens(self.items.tokens(item_id), watch or Stopwatch())

    def encode_tokens(self, tokens: Mapping[Modality, Tokens], watch: Stopwatch) -> Encoded:
        """Let each modality be summarised from its projected tokens."""
        import torch

        with torch.no_grad(), watch.stage("attend within modalities"):
            batch = self.bundle.batch([tokens], projected=True)
            return Encoded(dict(tokens), batch, self.bundle.fusion.summarise(batch))


def brought_media(query: Query) -> dict[Modality, Medium]:
    """What the person brought, by modality; blank text is nothing."""
    media: dict[Modality, Medium | None] = {
        Modality.IMAGE: query.image,
        Modality.TEXT: query.text if (query.text or "").strip() else None,
        Modality.AUDIO: query.audio,
    }
    return {modality: medium for modality, medium in media.items() if medium is not None}


_SEEN = regex.compile(r"[^\s\p{M}\p{C}]")
"""A character that a person sees; what follows the last one (many emoji end in a mark) is nothing that could be left unread."""


def reading_ends(query: Query, encoded: Encoded) -> int | None:
    """The character of the brought text at which its encoder stops reading; None where all of it is read."""
    tokens, text = encoded.tokens.get(Modality.TEXT), query.text or ""
    if tokens is None or not text.strip() or not isinstance(tokens.grid, TextGrid):
        return None
    end = max((last for _, last in tokens.grid.spans), default=0)
    return end if _SEEN.search(text, end) else None


def reading_notes(query: Query, encoded: Encoded) -> tuple[str, ...]:
    """What to say where not all of the brought text is read."""
    end = reading_ends(query, encoded)
    if end is None:
        return ()
    whole = len(query.text or "")
    return (told("The text is longer than is read: its first {n:,} of {all:,} characters count.", n=end, all=whole),)


def query_kind(query: Query) -> str:
    """What was brought, in words that hold no content: ``"image+text"``, ``"item"``, ``"item+text"``."""
    parts = (["item"] if query.item_id else []) + [str(m) for m in brought_media(query)]
    return "+".join(parts) or "nothing"
