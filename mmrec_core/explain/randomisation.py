"""The model-randomisation check: does a map depend on what the model has learned? (Adebayo et al., NeurIPS 2018)

The map of a pair is compared with its maps under copies of the fusion whose parameters are randomised. A map that stays
the same explains the input, not the model. Media are not encoded again: the frozen encoders stay what they are.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.agreement import on_parts, spearman
from mmrec_core.explain.base import Explainer, Pair
from mmrec_core.explain.parts import parts_of
from mmrec_core.explain.scorer import SideName, side_of
from mmrec_core.fusion.base import Fusion
from mmrec_core.recommend.encode import Encoded
from mmrec_core.types import Modality, RandomisationCheck, TokenMap, told
from mmrec_core.types.sentence import in_a_row

if TYPE_CHECKING:
    from collections.abc import Hashable

    from torch import Generator, nn

SEEDS = 5
SENSITIVE = 0.5
"""Adebayo gives no threshold. Above this mean rank correlation, most of the order survives the loss of all that was learned."""
FEWEST = 8
"""With fewer parts, two orders that have nothing to do with each other correlate by 0.3 and more on average."""
WHOLE = "whole fusion"
KEPT = 3
"""Copies that are remembered: shuffling takes longer than most maps do, and every medium of a pair asks for the same ones."""


def why_not_randomisable(fusion: Fusion) -> str | None:
    """A sentence where the fusion has no parameters to randomise, else None."""
    if any(True for _ in _parameters(fusion)):
        return None
    return told("The fusion {name!r} has no learned parameters to randomise.", name=fusion.name)


def randomisation_check(
    explainer: Explainer, pair: Pair, side: SideName, seeds: int = SEEDS, cascade: bool = False
) -> dict[Modality, RandomisationCheck]:
    """Compare the maps of one side with those of randomised copies of the fusion.

    Args:
        explainer: gives ``maps``.
        pair: what is explained.
        side: whose maps.
        seeds: independent copies.
        cascade: randomise the fusion's parts one after the other, from the output down, and compare after each.

    Returns:
        One check a modality that has a map.

    Raises:
        ValueError: where ``why_not_randomisable`` says so, or ``seeds`` is below 1.
    """
    if (why := why_not_randomisable(pair.fusion)) or seeds < 1:
        raise ValueError(why or f"{seeds} seeds were asked for; 1 or more are needed.")
    own = _maps(explainer, pair, side)
    stages = stage_names(pair.fusion) if cascade else (WHOLE,)
    found = {m: np.zeros((seeds, len(stages))) for m in own}
    for seed in range(seeds):
        for column in range(len(stages)):
            randomised = _maps(explainer, randomised_pair(pair, stages[: column + 1], seed), side)
            for modality in own:
                found[modality][seed, column] = _correlation(pair, side, own[modality], randomised[modality])
    counts = {m: len(parts_of(side_of(pair, side).tokens[m], None)) for m in own}
    return {m: verdict_on(explainer.name, m, stages, correlations, counts[m]) for m, correlations in found.items()}


def randomised_pair(pair: Pair, stages: Sequence[str], seed: int) -> Pair:
    """The pair under a copy of its fusion whose ``stages`` are randomised; the pair and its fusion stay as they are."""
    fusion = randomised_fusion(cast("Hashable", pair.fusion), tuple(stages), seed)
    return replace(pair, fusion=fusion, query=_again(fusion, pair.query), item=_again(fusion, pair.item))


@lru_cache(maxsize=KEPT)
def randomised_fusion(fusion: Any, stages: tuple[str, ...], seed: int) -> Any:
    """A copy in which the entries of every parameter tensor are shuffled.

    Shuffling keeps each tensor's distribution, so activations stay in range, and destroys what was learned. Buffers
    (statistics of the data, vectors of classes) and the classifier of an encoder are not learned by the fusion and stay.
    """
    import torch

    from mmrec_core.fusion.anchor import ClassifierConcept

    generator = torch.Generator().manual_seed(seed)
    randomised = copy.deepcopy(fusion)
    whole = WHOLE in stages
    concepts = [module for module in randomised.modules() if isinstance(module, ClassifierConcept)]
    kept = {id(parameter) for concept in concepts for parameter in concept.layers.parameters()}
    with torch.no_grad():
        for name, parameter in randomised.named_parameters():
            if id(parameter) not in kept and (whole or name.split(".")[0] in stages):
                _shuffle(parameter, generator)
    return randomised


def stage_names(fusion: Any) -> tuple[str, ...]:
    """The fusion's parts from the output down: the reverse of the order in which they are made, and so used."""
    names = dict.fromkeys(name.split(".")[0] for name, _ in fusion.named_parameters())
    return tuple(reversed(names))


def verdict_on(
    method: str, modality: Modality, stages: tuple[str, ...], correlations: NDArray[np.float64], parts: int
) -> RandomisationCheck:
    """Judge by the last stage, where everything is randomised.

    Args:
        method: whose map, of this ``modality``.
        stages: see ``RandomisationCheck``, as ``correlations``.
        parts: how many the map ranks.
    """
    mean = float(np.abs(correlations[:, -1]).mean())
    text = told(
        "The map depends on what the model has learned where its mean absolute rank correlation with maps of models whose "
        "weights are shuffled stays below {limit}; over {n} of them it is {mean:.2f}.",
        limit=SENSITIVE,
        n=len(correlations),
        mean=mean,
    )
    if parts < FEWEST:
        few = told(
            "With {parts} parts, fewer than {fewest}, chance decides; so there is no verdict.",
            parts=parts,
            fewest=FEWEST,
        )
        text = in_a_row([text, few])
    sensitive = mean < SENSITIVE if parts >= FEWEST else None
    return RandomisationCheck(method, modality, stages, correlations, sensitive, text)


def _shuffle(parameter: nn.Parameter, generator: Generator) -> None:
    import torch

    flat = parameter.detach().reshape(-1)
    order = torch.randperm(len(flat), generator=generator).to(flat.device)
    parameter.copy_(flat[order].reshape(parameter.shape))


def _again(fusion: Fusion, side: Encoded) -> Encoded:
    """The side under another fusion; one without media (a profile alone asks) holds nothing that could be summarised."""
    import torch

    if not side.players:
        return side
    with torch.no_grad():
        return replace(side, summaries=fusion.summarise(side.batch))


def _maps(explainer: Explainer, pair: Pair, side: SideName) -> Mapping[Modality, TokenMap]:
    found = explainer.explain(pair)
    return found.query.maps if side == "query" else found.item.maps


def _correlation(pair: Pair, side: SideName, one: TokenMap, other: TokenMap) -> float:
    parts = parts_of(side_of(pair, side).tokens[one.modality], None)
    return spearman(on_parts(parts, one.weights), on_parts(parts, other.weights))


def _parameters(fusion: Any) -> Any:
    return fusion.parameters() if hasattr(fusion, "parameters") else ()
