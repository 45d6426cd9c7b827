"""One question about one item: the pair, the whole catalogue it is ranked in, and the media that are shown and edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from mmrec_core.encoders.language import ENGLISH
from mmrec_core.explain.base import Pair
from mmrec_core.explain.inside import EncoderInside
from mmrec_core.explain.pair import Shown
from mmrec_core.explain.scorer import SideName
from mmrec_core.explain.showing import Showing
from mmrec_core.explain.standing import Standing
from mmrec_core.fusion.base import Fusion
from mmrec_core.recommend.coalitions import embed_whole
from mmrec_core.recommend.encode import Encoded, QueryEncoder
from mmrec_core.recommend.engine import Engine
from mmrec_core.recommend.profile import History
from mmrec_core.recommend.timing import Stopwatch
from mmrec_core.types import Edited, Item, Modality, Query, Vector

EncodeAgain = Callable[[Encoded, frozenset[Modality], Edited], Encoded | None]
"""The query, the modalities that were edited, and what is left of them -> the edited query, or None where nothing is left."""


@dataclass(frozen=True)
class Case:
    """What counterfactuals, contrasts and matches are asked about.

    Args:
        pair: the encoded query and item.
        standing: of the item in the catalogue.
        query: the query's media.
        answer: the item's media.
        encode_again: encodes an edited query, or None where media cannot be encoded.
    """

    pair: Pair
    standing: Standing
    query: Shown
    answer: Shown
    encode_again: EncodeAgain | None = None

    @property
    def item(self) -> Item:
        """The item asked about."""
        return self.standing.item

    def text(self, side: SideName) -> str | None:
        """What one side reads."""
        return self.query.text if side == "query" else self.answer.text

    @property
    def vector(self) -> Vector:
        """The query's embedding (dim,)."""
        return embed(self.pair.fusion, self.pair.query)


def build_case(
    engine: Engine, encoder: QueryEncoder, query: Query, item_id: str, watch: Stopwatch, history: History | None = None
) -> Case:
    """Encode both sides and read their media.

    Args:
        engine: ranks; holds the catalogue.
        encoder: of queries and items.
        query: what was brought; raises QueryError where it is empty and there is no ``history``.
        item_id: of an item in the catalogue.
        watch: receives the time of each stage.
        history: what the person liked.
    """
    answer = encoder.encode_item(item_id, watch)
    encoded = answer.emptied() if query.is_empty and history else encoder.encode_query(query, watch)
    with watch.stage("read media"):
        showing = Showing(engine.catalogue, encoder.bundle)
        shown = showing.query(query, encoded), showing.item(engine.catalogue.get(item_id), answer)
    standing = Standing.of(engine, item_id, query.item_id, history, bool(encoded.players))
    inside = EncoderInside(encoder, *shown, encoded.language)
    pair = Pair(engine.fusion, encoded, answer, history, inside)
    return Case(pair, standing, *shown, again_with(encoder))


def embed(fusion: Fusion, side: Encoded) -> Vector:
    """The embedding (dim,) of one side, of all that it holds."""
    return embed_whole(fusion, side.summaries)


def again_with(encoder: QueryEncoder) -> EncodeAgain:
    """Encode what was edited; what was not keeps its tokens."""

    def encode_again(query: Encoded, changed: frozenset[Modality], edited: Edited) -> Encoded | None:
        language = query.language or ENGLISH  # an item is read in English
        media = Query(image=edited.image, text=edited.text, audio=edited.audio, language=language)
        tokens: Mapping = {m: t for m, t in query.tokens.items() if m not in changed}
        if not media.is_empty:
            tokens = {**tokens, **encoder.encode_query(media).tokens}
        return replace(encoder.encode_tokens(tokens, Stopwatch()), language=query.language) if tokens else None

    return encode_again
