"""The facade that pages and the command line call: one object, safe to share among threads.

It owns the device and one lock around model calls, so concurrent sessions take turns; a warm query takes a fraction of
a second. Queries of several sessions are not yet put into one batch (micro-batching): that pays on a GPU under load.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from mmrec_core.errors import UnknownNameError
from mmrec_core.recommend import media
from mmrec_core.recommend.encode import QueryEncoder, query_kind
from mmrec_core.recommend.engine import Engine, Filters
from mmrec_core.recommend.examples import choose_examples
from mmrec_core.recommend.timing import Stopwatch
from mmrec_core.settings import Settings, get_settings
from mmrec_core.types import (
    Audio,
    BundleInfo,
    CatalogueSummary,
    DeviceInfo,
    Example,
    Item,
    Modality,
    PairExplanation,
    Query,
    Recommendations,
    Spectrogram,
    Verdict,
)

if TYPE_CHECKING:
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.explain.pair import Shown
    from mmrec_core.feedback.store import FeedbackStore
    from mmrec_core.fusion.bundle import ModelBundle

MOST_THREADS = 8
"""The networks are small: beyond this many threads, waiting for each other costs more than they bring."""


class Service:
    """Recommendations and their reasons. Open it with ``Service.open``; one is enough for a process.

    Args:
        catalogue: the items.
        encoder: queries and items -> what the fusion needs; kept as ``encoder``, for benches.
        engine: ranks; kept as ``engine``, for benches.
        feedback: what users said.
        device: where models run.
    """

    def __init__(
        self, catalogue: Catalogue, encoder: QueryEncoder, engine: Engine, feedback: FeedbackStore, device: Any
    ) -> None:
        self._catalogue = catalogue
        self.encoder = encoder
        self.engine = engine
        self._feedback = feedback
        self._device = device
        self._model_lock = Lock()

    @classmethod
    def open(cls, settings: Settings | None = None) -> Service:
        """Load everything that set-up made.

        Raises:
            NotSetUpError: where a part is missing; the message names the command that brings it.
            BundleError: where bundle, tokens and index do not belong together.
        """
        from mmrec_core.assembly import open_parts

        limit_threads()
        return cls(**open_parts(settings or get_settings()))

    def recommend(
        self, query: Query, k: int = 10, *, categories: Collection[str] = (), sources: Collection[str] = ()
    ) -> Recommendations:
        """The ``k`` best items for the query, each with exact shares of its score. The query's own item is left out.

        Args:
            query: what was brought.
            k: how many, at least 1.
            categories: only items of these categories; all where empty.
            sources: only items of these sources; all where empty.

        Raises:
            QueryError: for an empty query or ``k`` below 1.
            UnknownNameError: for an ``item_id`` that is not in the catalogue.
        """
        watch = Stopwatch()
        self._check_item(query.item_id)
        with self._model_lock:
            encoded = self.encoder.encode_query(query, watch)
            filters = Filters.of(categories, sources)
            results = self.engine.recommend(encoded, k, exclude=query.item_id, filters=filters, watch=watch)
        notices = () if results or not filters else ("No item passes the filters. Choose more categories or sources.",)
        return Recommendations(results, dict(watch.timings_ms), self._bundle_name, str(self._device), notices)

    def explain(self, query: Query, item_id: str) -> PairExplanation:
        """Why the item gets its score for the query: both sides, the pairs between them, where the model looked.

        Raises:
            QueryError: for an empty query.
            UnknownNameError: for an item that is not in the catalogue.
        """
        from mmrec_core.explain.base import Pair
        from mmrec_core.explain.pair import explain_pair

        watch = Stopwatch()
        self._check_item(query.item_id)
        item = self.item(item_id)
        with self._model_lock:
            encoded = self.encoder.encode_query(query, watch)
            answer = self.encoder.encode_item(item_id, watch)
            row = self._catalogue.rows[item_id]
            rank = self.engine.rank_of(self.engine.embed(encoded), row, exclude=query.item_id)
            with watch.stage("read media"):
                shown = self._shown_query(query, encoded), self._shown_item(item, answer)
            pair = Pair(self.engine.fusion, encoded, answer)
            return explain_pair(pair, item, rank, shown, self._bundle_name, watch)

    def item(self, item_id: str) -> Item:
        """The item with this id; raises UnknownNameError."""
        self._check_item(item_id)
        return self._catalogue.get(item_id)

    def items(self) -> tuple[Item, ...]:
        """Every item, in the order of the catalogue; for pages that offer all of them."""
        return self._catalogue.items

    def find_items(self, text: str, limit: int = 20) -> list[Item]:
        """Items whose title or tags hold the words, best first; without words, all items in catalogue order."""
        return self._catalogue.find(text, limit) if text.strip() else list(self._catalogue.items[:limit])

    def image_bytes(self, item: Item) -> bytes | None:
        """The item's picture file, or None where it has none."""
        return media.image_bytes(self._catalogue, item)

    def audio_bytes(self, item: Item) -> bytes | None:
        """The item's sound file, or None where it has none."""
        return media.audio_bytes(self._catalogue, item)

    def examples(self) -> list[Example]:
        """One-click queries that this catalogue can answer."""
        return choose_examples(self._catalogue.items)

    def query_of(self, example: Example) -> Query:
        """The query that an example, or a deep link made of catalogue items and text, stands for."""
        self._check_item(example.image_of)
        self._check_item(example.audio_of)
        return media.query_of(self._catalogue, example)

    def read_query(
        self,
        *,
        image: bytes | None = None,
        text: str | None = None,
        audio: bytes | None = None,
        item_id: str | None = None,
    ) -> Query:
        """Decode uploads into a query; raises MediaError with a message for the user."""
        return media.read_query(image, text, audio, item_id)

    def spectrogram(self, audio: Audio) -> Spectrogram:
        """The sound as a picture, in the bands that the encoder hears."""
        from mmrec_core.explain.spectrogram import spectrogram

        return spectrogram(audio)

    def like(
        self, item_id: str, *, session: str, query: Query, rank: int | None = None, profile: str = "default"
    ) -> int:
        """Store a like, in place of what the session said before; returns its number. Only the kind of query is kept."""
        return self._say(Verdict.LIKE, item_id, session, query, rank, profile)

    def dislike(
        self, item_id: str, *, session: str, query: Query, rank: int | None = None, profile: str = "default"
    ) -> int:
        """Store a dislike; see ``like``."""
        return self._say(Verdict.DISLIKE, item_id, session, query, rank, profile)

    def undo(self, item_id: str, *, session: str) -> bool:
        """Take back what the session said about the item; False where it had said nothing."""
        return self._feedback.undo(item_id, session=session)

    def verdicts(self, session: str) -> dict[str, Verdict]:
        """What the session said, by item id."""
        return {entry.item_id: entry.verdict for entry in self._feedback.entries(session=session)}

    def device_info(self) -> DeviceInfo:
        """Where models run, at which precision, with how much memory."""
        from mmrec_core.encoders.device import device_info

        precisions = {getattr(e, "precision", "float32") for e in self.encoder.encoders.values()}
        return device_info(self._device, " and ".join(sorted(precisions)))

    def bundle_info(self) -> BundleInfo:
        """The model in use and what training measured."""
        bundle = self._bundle
        metrics = {k: v for k, v in bundle.metadata.get("metrics", {}).items() if isinstance(v, int | float)}
        return BundleInfo(bundle.name, bundle.hash, bundle.fusion.name, dict(bundle.encoders), metrics)

    def catalogue_summary(self) -> CatalogueSummary:
        """How many items there are, by modality, category and source, most first."""
        items = self._catalogue.items
        return CatalogueSummary(
            items=len(items),
            by_modality=dict(Counter(str(m) for item in items for m in item.modalities).most_common()),
            by_category=dict(Counter(item.category for item in items).most_common()),
            by_source=dict(Counter(item.source for item in items).most_common()),
        )

    def warm_up(self) -> None:
        """Run every path once, so that the first person does not wait for lazy loading."""
        from mmrec_core.recommend.warm import warm_query

        query = warm_query()
        best = self.recommend(query, 1).results[0]
        self.explain(query, best.item.id)

    @property
    def _bundle(self) -> ModelBundle:
        return self.encoder.bundle

    @property
    def _bundle_name(self) -> str:
        return f"{self._bundle.name}@{self._bundle.hash[:12]}"

    def _check_item(self, item_id: str | None) -> None:
        if item_id and item_id not in self._catalogue.rows:
            close = [item.id for item in self._catalogue.find(item_id.rsplit("/", 1)[-1], 3)]
            raise UnknownNameError("item", item_id, close)

    def _say(self, verdict: Verdict, item_id: str, session: str, query: Query, rank: int | None, profile: str) -> int:
        self._check_item(item_id)
        kind, bundle = query_kind(query), self._bundle.hash
        entry = self._feedback.add(
            item_id, verdict, session=session, profile=profile, query_kind=kind, rank=rank, bundle=bundle
        )
        return entry.id

    def _shown_item(self, item: Item, encoded: Any) -> Shown:
        from mmrec_core.explain.pair import Shown

        image, audio = media.item_image(self._catalogue, item), media.item_audio(self._catalogue, item)
        return Shown(image, item.reading, audio, self._concepts(encoded))

    def _shown_query(self, query: Query, encoded: Any) -> Shown:
        from mmrec_core.explain.pair import Shown

        shown = Shown(query.image, query.text, query.audio, self._concepts(encoded))
        if query.item_id is None:
            return shown
        own = self._shown_item(self.item(query.item_id), encoded)
        return replace(
            own,
            image=own.image if query.image is None else query.image,
            text=query.text or own.text,
            audio=query.audio or own.audio,
        )

    def _concepts(self, encoded: Any) -> tuple:
        tokens = encoded.tokens.get(Modality.IMAGE)
        return self._bundle.concepts(Modality.IMAGE, tokens, projected=True) if tokens is not None else ()


def limit_threads() -> None:
    """Half as many threads an operation as this process may use, within MOST_THREADS: media are encoded side by side."""
    import torch

    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(max(1, min(usable // 2, MOST_THREADS)))
