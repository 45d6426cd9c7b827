"""What was measured about explanations (``RESULTS.md``), for interfaces that have to say it or to choose by it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from mmrec_core.settings import REPOSITORY
from mmrec_core.types import Modality, Sentence, told

FIGURES = REPOSITORY / "assets" / "results.json"
DEFAULT_METHOD, DEFAULT_OPTIONS = "token_shap", MappingProxyType({"algorithm": "permutation"})
"""The explainer that interfaces offer first, with its options; RESULTS.md says why."""
AGREE, IN_PART = 0.7, 0.4
"""From these mean rank correlations on, quick maps are said to agree, or to agree in part, with careful ones."""


@dataclass(frozen=True)
class FidelityFact:
    """How far quick maps (hidden tokens) agree with careful ones (the edited medium), for one modality.

    Args:
        spearman: mean rank correlation over pairs; ``low`` and ``high`` its 95 % bootstrap interval.
        agrees: False where an interface must warn that the quick map may mislead.
        sentence: for a user.
        bundle: hash of the model that it was measured on.
    """

    spearman: float
    low: float
    high: float
    agrees: bool
    sentence: str
    bundle: str


@lru_cache(maxsize=1)
def fidelity_facts() -> Mapping[Modality, FidelityFact]:
    """By modality; empty where nothing was measured."""
    if not FIGURES.exists():
        return {}
    section = json.loads(FIGURES.read_text()).get("fidelity")
    if section is None:
        return {}
    return {
        Modality(name): _fact(Modality(name), f, section["about"]["bundle"]) for name, f in section["figures"].items()
    }


def fidelity_sentence(modality: Modality, figures: Mapping[str, Any]) -> Sentence:
    """What one row of the measurement means, in words; no verdict where careful maps do not even agree with themselves."""
    found, ceiling = figures["spearman"], figures["ceiling"]
    rank = told(
        "rank correlation {mean:.2f} [{low:.2f}, {high:.2f}] over {pairs} pairs",
        mean=found["mean"],
        low=found["low"],
        high=found["high"],
        pairs=figures["pairs"],
    )
    words = {"modality": told(modality), "rank": rank, "ceiling": ceiling}
    if ceiling < IN_PART and found["mean"] < AGREE:
        return told(
            "Whether quick {modality} maps say what careful ones say is open: {rank}, but careful maps of so few walks agree "
            "with themselves only to {ceiling:.2f}.",
            **words,
        )
    how = told("hardly agree")
    if found["mean"] >= IN_PART:
        how = told("agree") if found["mean"] >= AGREE else told("agree in part")
    text = "Quick {modality} maps {how} with careful ones: {rank}; careful maps agree with themselves to {ceiling:.2f}."
    return told(text, **words, how=how)


def _fact(modality: Modality, figures: Mapping[str, Any], bundle: str) -> FidelityFact:
    found = figures["spearman"]
    agrees, sentence = found["mean"] >= AGREE, fidelity_sentence(modality, figures)
    return FidelityFact(found["mean"], found["low"], found["high"], agrees, sentence, bundle)
