"""Any explainer on one medium of one side, judged against random maps; several side by side against the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from time import perf_counter
from typing import Any

import numpy as np

from mmrec_core.errors import QueryError
from mmrec_core.explain.agreement import agreement, on_parts, spearman
from mmrec_core.explain.base import EXPLAINERS, Pair, SideFindings
from mmrec_core.explain.faithfulness import RANDOM_MAPS, judge_all, with_costs
from mmrec_core.explain.masking import InputScorer
from mmrec_core.explain.media_shares import MediumShares, token_map
from mmrec_core.explain.parts import parts_of
from mmrec_core.explain.randomisation import WHOLE, randomised_pair, verdict_on, why_not_randomisable
from mmrec_core.explain.scorer import SideName, TokenScorer, side_of
from mmrec_core.types import Comparison, Explained, Modality, RandomisationCheck, told

Options = Mapping[str, Any]
FAITHFUL_RANDOM_MAPS = 10
"""Each takes as many runs of the encoder as the map itself; of ten none may do as well."""
RANDOMISED = 3
"""Models with shuffled weights that a map is compared with; one where the method takes more than CHEAP evaluations."""
CHEAP = 1000


def compare(
    pair: Pair,
    side: SideName,
    modality: Modality,
    methods: Mapping[str, Options],
    text: str | None = None,
    seed: int = 0,
    scorer: TokenScorer | InputScorer | None = None,
) -> Comparison:
    """Run several methods on one medium, judge their maps against the same random maps, and ask what is left of them under
    models that know nothing (fast only: the copies read the same tokens).

    Args:
        pair: both sides, encoded.
        side: whose medium.
        modality: which medium.
        methods: by name of the plugin, its options; ``side`` is filled in.
        text: what that side reads, to name words.
        seed: of the random maps.
        scorer: of that medium; by default one that hides tokens (fast). An ``InputScorer`` edits the medium instead
            (faithful); its maps are judged by fewer random ones, since every evaluation is a run of the encoder.

    Raises:
        QueryError: where the side lacks the modality, or a method does not apply to the pair.
        UnknownNameError, OptionError, MissingPackageError: as the registry raises them.
    """
    scorer = scorer or scorer_of(pair, side, modality, text)
    fill = getattr(scorer, "fill", None)
    built = {name: _build(pair, scorer, name, options) for name, options in methods.items()}
    found = [_run(pair, scorer, explainer, chosen) for explainer, chosen in built.values()]
    drawn = {e.method: e.values for e in found if e.map is not None}
    labels = tuple(part.label for part in scorer.parts)
    if not drawn:
        return Comparison(side, modality, labels, tuple(found), None, fill)
    random_maps = RANDOM_MAPS if fill is None else FAITHFUL_RANDOM_MAPS
    trusts = judge_all(scorer, drawn, random_maps, seed)
    randomisable = isinstance(scorer, TokenScorer) and not why_not_randomisable(pair.fusion)
    judged = []
    for explained in found:
        trust = trusts.get(explained.method)
        if trust and explained.shares is not None:
            trust = with_costs(trust, explained.shares)
        if trust and randomisable:
            trust = replace(trust, randomisation=_randomised(pair, scorer, built[explained.method][0], explained))
        judged.append(replace(explained, trust=trust))
    agreed = agreement(drawn)
    disputed = tuple(token for part in agreed.disputed for token in scorer.parts[part].tokens)
    return Comparison(side, modality, labels, tuple(judged), agreed, fill, disputed)


def scorer_of(pair: Pair, side: SideName, modality: Modality, text: str | None) -> TokenScorer:
    """The scorer of one medium with words named; raises QueryError where the side lacks the modality."""
    own = side_of(pair, side)
    if modality not in own.players:
        raise QueryError(
            told(
                "The {side} has no {modality}; it has {held}.",
                side=told(side),
                modality=told(modality),
                held=", ".join(own.players) or "nothing",
            )
        )
    named = text if modality is Modality.TEXT else None
    return TokenScorer(pair, side, modality, parts_of(own.tokens[modality], named))


def _build(pair: Pair, scorer: TokenScorer | InputScorer, method: str, options: Options) -> tuple[Any, dict[str, Any]]:
    """The explainer, its libraries loaded, and its options with the defaults; raises QueryError where it does not apply."""
    plugin = EXPLAINERS.get(method)
    declared = {option.name: option.default for option in plugin.options}
    chosen = declared | dict(options) | ({"side": scorer.side} if "side" in declared else {})
    explainer = EXPLAINERS.build(method, **chosen)
    if why := explainer.why_incompatible(pair):
        raise QueryError(why)
    for requirement in plugin.requires:
        import_module(requirement.partition(":")[0])  # here, so that it does not count as time of the method
    return explainer, chosen


def _randomised(
    pair: Pair, scorer: TokenScorer | InputScorer, explainer: Any, explained: Explained
) -> RandomisationCheck:
    """The same method on the same medium under models that know nothing."""
    modality, correlations = scorer.modality, []
    spent = explained.shares.evaluations if explained.shares else 0
    for seed in range(RANDOMISED if spent <= CHEAP else 1):
        copy = randomised_pair(pair, (WHOLE,), seed)
        maps = _findings(explainer, copy, TokenScorer(copy, scorer.side, modality, scorer.parts)).maps
        correlations.append([spearman(explained.values, on_parts(scorer.parts, maps[modality].weights))])
    return verdict_on(explained.method, modality, (WHOLE,), np.array(correlations), len(scorer.parts))


def _run(pair: Pair, scorer: TokenScorer | InputScorer, explainer: Any, chosen: dict[str, Any]) -> Explained:
    start = perf_counter()
    findings = _findings(explainer, pair, scorer)
    milliseconds = (perf_counter() - start) * 1000
    drawn = findings.maps.get(scorer.modality)
    return Explained(
        method=explainer.name,
        title=EXPLAINERS.get(explainer.name).title,
        side=scorer.side,
        modality=scorer.modality,
        options=chosen,
        parts=tuple(part.label for part in scorer.parts),
        values=on_parts(scorer.parts, drawn.weights) if drawn else np.zeros(0),
        map=drawn,
        shares=findings.shares.get(scorer.modality),
        fit=findings.fits.get(scorer.modality),
        attribution=findings.attribution,
        interactions=findings.interactions,
        trust=None,
        milliseconds=milliseconds,
    )


def _findings(explainer: Any, pair: Pair, scorer: TokenScorer | InputScorer) -> SideFindings:
    """What the method says of the scorer's side; a method that takes media apart is spared the other media."""
    if not hasattr(explainer, "share"):
        if isinstance(scorer, InputScorer):
            raise QueryError(
                told(
                    "{method!r} reads the model's inside and cannot edit the medium. Choose SHAP or LIME.",
                    method=explainer.name,
                )
            )
        if hasattr(explainer, "explain_medium"):
            return explainer.explain_medium(pair, scorer.side, scorer.modality)
        found = explainer.explain(pair)
        return found.query if scorer.side == "query" else found.item
    shared = explainer.share(scorer)
    shared = shared if isinstance(shared, MediumShares) else MediumShares(shared)
    modality = scorer.modality
    return SideFindings(
        maps={modality: token_map(scorer, shared.attribution)},
        shares={modality: shared.attribution},
        fits={modality: shared.fit} if shared.fit else {},
    )
