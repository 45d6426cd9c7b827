"""Faithful fidelity for one medium of a case: the medium itself is edited, and encoded again.

``compare_edited`` runs methods that way; ``compare_fills`` asks how far one map owes its numbers to what stands in the
place of hidden parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from time import perf_counter

from mmrec_core.errors import QueryError
from mmrec_core.explain.agreement import agreement
from mmrec_core.explain.case import Case
from mmrec_core.explain.fills import FILLS
from mmrec_core.explain.masking import InputScorer, encode_with, shares_by_fill
from mmrec_core.explain.media_shares import token_map
from mmrec_core.explain.medium import Options, compare, scorer_of
from mmrec_core.explain.parts import Part
from mmrec_core.explain.scorer import SideName, TokenScorer
from mmrec_core.explain.superpixels import superpixel_parts
from mmrec_core.explain.token_shap import PARTITION, TokenShap
from mmrec_core.recommend.encode import QueryEncoder
from mmrec_core.types import Attribution, Comparison, Explained, Medium, Modality, told

EVALUATIONS = 200
"""Runs of the encoder for each fill: halves of halves of the medium, the same for all, so that only the fill differs."""


def compare_hidden(
    case: Case, methods: Mapping[str, Options], side: SideName, modality: Modality, superpixels: bool = False
) -> Comparison:
    """Methods on a scorer that hides tokens; see ``medium.compare``. ``superpixels`` makes regions of a picture the parts.

    Raises:
        QueryError: where the side lacks the modality, or there are no superpixels of it.
    """
    scorer = TokenScorer(case.pair, side, modality, regions_of(case, side, modality)) if superpixels else None
    return compare(case.pair, side, modality, methods, case.text(side), scorer=scorer)


def compare_edited(
    case: Case,
    encoder: QueryEncoder,
    methods: Mapping[str, Options],
    side: SideName,
    modality: Modality,
    fill: str,
    superpixels: bool = False,
) -> Comparison:
    """Methods that share the score among parts, on a scorer that edits the medium; see ``medium.compare``.

    Raises:
        QueryError: where the side lacks the modality, the modality lacks the fill, or a method cannot work that way.
    """
    parts = regions_of(case, side, modality) if superpixels else None
    scorer = input_scorer(case, encoder, side, modality, parts)(fill)
    return compare(case.pair, side, modality, methods, case.text(side), scorer=scorer)


def compare_fills(
    case: Case, encoder: QueryEncoder, side: SideName, modality: Modality, evaluations: int = EVALUATIONS
) -> Comparison:
    """The same shares (Owen values over halves of halves) under every fill of the modality, named by the fill; untested."""
    share = TokenShap(side, PARTITION, evaluations, 0).share
    make, times = input_scorer(case, encoder, side, modality), [perf_counter()]

    def timed(scorer: InputScorer) -> Attribution:
        found = share(scorer)
        times.append(perf_counter())
        return found

    found = shares_by_fill(make, modality, timed)
    scorer = scorer_of(case.pair, side, modality, case.text(side))
    spent = [(end - start) * 1000 for start, end in pairwise(times)]
    explained = tuple(
        _explained(scorer, fill, shares, took) for (fill, shares), took in zip(found.items(), spent, strict=True)
    )
    agreed = agreement({fill: shares.values for fill, shares in found.items()})
    disputed = tuple(token for part in agreed.disputed for token in scorer.parts[part].tokens)
    return Comparison(side, modality, explained[0].parts, explained, agreed, None, disputed)


def regions_of(case: Case, side: SideName, modality: Modality) -> tuple[Part, ...]:
    """The superpixels of a picture; raises QueryError where the side has none, or for another medium."""
    if modality is not Modality.IMAGE:
        raise QueryError(
            told("Superpixels are regions of a picture; a medium of {modality} has none.", modality=told(modality))
        )
    own = scorer_of(case.pair, side, modality, None)
    image = (case.query if side == "query" else case.answer).image
    if image is None:
        raise QueryError(
            told("The picture of the {side} cannot be read, so it has no superpixels. Choose patches.", side=told(side))
        )
    return superpixel_parts(image, own.tokens)


def input_scorer(
    case: Case, encoder: QueryEncoder, side: SideName, modality: Modality, parts: Sequence[Part] | None = None
) -> Callable[[str], InputScorer]:
    """Makes scorers of one medium by fill, by default of its natural parts; raises QueryError as ``compare_edited`` does."""
    parts = parts or scorer_of(case.pair, side, modality, case.text(side)).parts
    medium = _medium(case, side, modality)
    encode = encode_with(encoder, modality, case.pair.query.language if side == "query" else None)

    def make(fill: str) -> InputScorer:
        if fill not in FILLS[modality]:
            raise QueryError(
                told(
                    "The fill is {fill!r}; for {modality} it takes one of {known}.",
                    fill=fill,
                    modality=told(modality),
                    known=", ".join(FILLS[modality]),
                )
            )
        return InputScorer(case.pair, side, modality, medium, encode, fill, parts)

    return make


def _medium(case: Case, side: SideName, modality: Modality) -> Medium:
    shown = case.query if side == "query" else case.answer
    medium = {Modality.IMAGE: shown.image, Modality.TEXT: shown.text, Modality.AUDIO: shown.audio}[modality]
    if medium is None:
        raise QueryError(
            told(
                "The {modality} of the {side} cannot be read, so it cannot be edited. Choose fast fidelity.",
                modality=told(modality),
                side=told(side),
            )
        )
    return medium


def _explained(scorer: TokenScorer, fill: str, shares: Attribution, milliseconds: float) -> Explained:
    drawn = token_map(scorer, shares)
    return Explained(
        method=fill,
        title=fill.capitalize(),
        side=scorer.side,
        modality=drawn.modality,
        options={"fill": fill},
        parts=shares.players,
        values=shares.values,
        map=drawn,
        shares=replace(shares, method=fill),
        fit=None,
        attribution=None,
        interactions=None,
        trust=None,
        milliseconds=milliseconds,
    )
