"""What would have to be taken out of the query for an item to drop out of the first k, or to be overtaken by another.

Parts are taken out of the fusion's tokens and the whole catalogue is ranked again, for every set that is tried. Then the
media themselves are edited, encoded again and ranked again: a token knows of its neighbours, so the two can differ, and
both ranks are given.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mmrec_core.errors import QueryError
from mmrec_core.explain.case import Case, embed
from mmrec_core.explain.edit import edited_media
from mmrec_core.explain.phrases import counterfactual_words
from mmrec_core.explain.query_mask import QueryMask
from mmrec_core.explain.removal import smallest_removal
from mmrec_core.recommend.coalitions import embed_coalitions
from mmrec_core.types import (
    Counterfactual,
    Edited,
    Embeddings,
    Item,
    Modality,
    Placed,
    RemovedPart,
    Vector,
    Without,
    told,
)

MOST = 24
"""Parts that may be taken out at once: of about 80 that a query of three media has; beyond that, it is another query."""
SHOWN = 10
"""Items of the rankings beside each other, at least."""


def drop_out(
    case: Case, k: int = 10, modalities: Collection[Modality] | None = None, most: int = MOST
) -> Counterfactual:
    """The smallest removal without which the item is not among the first ``k``.

    Args:
        case: the query and the item.
        k: at least 1; an item that ranks below ``k`` already is asked about its own rank instead.
        modalities: what may be edited; by default everything the query holds.
        most: how many parts may be taken out at once.

    Raises:
        QueryError: where the item is the query's own, or the catalogue has no ``k`` other items to fall behind.
    """
    before = _placed(case)
    k = max(k, before.rank)
    others = len(case.standing.items) - 1 - len(case.standing.excluded)
    if k < 1 or others < k:
        raise QueryError(
            told(
                "Nothing can drop out of the first {k} of {items} items. Ask for fewer, at least 1.",
                k=k,
                items=others + 1,
            )
        )
    return _search(case, before, None, k, lambda rows: case.standing.lead_over_place(rows, k), modalities, most)


def overtaken(
    case: Case, rival_id: str, modalities: Collection[Modality] | None = None, most: int = MOST
) -> Counterfactual:
    """The smallest removal after which the item called ``rival_id`` outranks the item of the case.

    Raises:
        QueryError: where one of the two is the query's own item, or both are the same, or the rival is ahead already.
    """
    before, items = _placed(case), case.standing.items
    row = case.standing.row_of(rival_id)
    if row in (case.standing.row, *case.standing.excluded):
        raise QueryError(
            told(
                "{title!r} cannot overtake here. Choose another item than the two of the pair.", title=items[row].title
            )
        )
    place = case.standing.place(case.vector, row)
    if place.rank < before.rank:
        raise QueryError(
            told(
                "{title!r} is ahead already (rank {rank}). Ask about the pair the other way.",
                title=items[row].title,
                rank=place.rank,
            )
        )
    k = max(SHOWN, before.rank)
    return _search(case, before, items[row], k, lambda rows: case.standing.lead_over(rows, row), modalities, most)


def without_modalities(case: Case) -> tuple[Without, ...]:
    """Where the item stands when the query, or the item, lacks one of its modalities.

    The last modality of a side is never taken: nothing would be left to rank by.
    """
    _placed(case)
    found = []
    for modality, vector in _leave_one_out(case, "query"):
        place = case.standing.place(vector)
        found.append(Without("query", modality, place.rank, place.score))
    for modality, vector in _leave_one_out(case, "item"):
        place = case.standing.place_changed(case.vector, vector)
        found.append(Without("item", modality, place.rank, place.score))
    return tuple(found)


def _leave_one_out(case: Case, name: str) -> list[tuple[Modality, NDArray[np.float32]]]:
    side = case.pair.query if name == "query" else case.pair.item
    if len(side.players) < 2:
        return []
    members = ~np.eye(len(side.players), dtype=bool)
    vectors = embed_coalitions(case.pair.fusion, side.summaries, side.players, members)
    return list(zip(side.players, vectors, strict=True))


def _placed(case: Case) -> Placed:
    if case.standing.row in case.standing.excluded:
        raise QueryError(
            told(
                "{title!r} is what the query is made of, or in your profile, so it is never ranked. Choose "
                "another item.",
                title=case.item.title,
            )
        )
    return case.standing.place(case.vector)


def _search(
    case: Case, before: Placed, rival: Item | None, k: int, lead: Callable[[Embeddings], NDArray[np.float64]],
    modalities: Collection[Modality] | None, most: int,
) -> Counterfactual:  # fmt: skip
    """Search on tokens, then rank, edit and encode again."""
    mask = QueryMask(case.pair, modalities, case.query.text)
    if not mask.parts:
        held = ", ".join(case.pair.query.players)
        if not held:
            raise QueryError(
                told("Only a profile was asked about, so there is no query to take parts out of. Bring one.")
            )
        raise QueryError(told("Nothing of that kind can be taken out of this query; it holds {held}.", held=held))

    def still_ahead(keep: NDArray[np.bool_]) -> NDArray[np.float64]:
        # a query of which nothing is left ranks by nothing: not a reason
        return np.where(mask.empty(keep), np.inf, lead(mask.embed(keep)))

    found = smallest_removal(still_ahead, len(mask.parts), most)
    removed = tuple(mask.parts[n] for n in found.parts)
    keep = np.ones((1, len(mask.parts)), dtype=bool)
    keep[0, list(found.parts)] = False
    standing, vector, shown = case.standing, mask.embed(keep)[0], max(k, SHOWN)
    edited = edited_media(removed, case.query.image, case.query.text, case.query.audio)
    again = _encoded_again(case, removed, edited)
    result = Counterfactual(
        item=case.item,
        rival=rival,
        k=k,
        succeeded=found.succeeded,
        removed=removed,
        smallest=found.smallest,
        parts=len(mask.parts),
        most=most,
        before=before,
        after=standing.place(vector),
        encoded_again=None if again is None else standing.place(again).rank,
        confirmed=None if again is None else bool(lead(again[None])[0] < 0),
        ranking_before=standing.first(case.vector, shown),
        ranking_after=standing.first(vector, shown),
        edited=edited,
        evaluations=found.evaluations,
        sentence="",
    )
    return replace(result, sentence=counterfactual_words(result))


def _encoded_again(case: Case, removed: tuple[RemovedPart, ...], edited: Edited) -> Vector | None:
    """The embedding of the edited media; None where nothing was removed, or nothing is left."""
    if case.encode_again is None or not removed:
        return None
    query = case.encode_again(case.pair.query, frozenset(part.modality for part in removed), edited)
    return embed(case.pair.fusion, query) if query is not None else None
