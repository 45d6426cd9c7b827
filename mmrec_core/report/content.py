"""What a report holds, whatever it is written as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mmrec_core.types import (
    BundleInfo,
    Comparison,
    Contrast,
    Counterfactual,
    DeviceInfo,
    Matches,
    PairExplanation,
    Say,
    Sentence,
    Side,
    Spectrogram,
    english,
    told,
)

METHODS = ("token_shap", "attention", "token_lime")
"""What a report compares by default; the first of them gives its sentences."""


@dataclass(frozen=True)
class Content:
    """Everything about one pair.

    Args:
        explanation: both sides, shares, attention between modalities.
        words: the sentences, bounded by the tests of the maps.
        comparisons: one a medium and side.
        counterfactual: or None where there is none; ``notes`` says why.
        contrast: with the item ranked next to it, or None.
        matches: between both sides.
        spectrograms: by side, of those that hold a sound.
        bundle: the model.
        device: where it ran.
        versions: of the packages that took part, by name.
        made: UTC, ISO 8601.
        titles: of the profile's items, by id.
        notes: what is missing and why, as sentences.
        say: the language of the HTML report; a PDF is in English, since its fonts hold no other script.
    """

    explanation: PairExplanation
    words: str
    comparisons: tuple[Comparison, ...]
    counterfactual: Counterfactual | None
    contrast: Contrast | None
    matches: Matches
    spectrograms: Mapping[str, Spectrogram]
    bundle: BundleInfo
    device: DeviceInfo
    versions: Mapping[str, str]
    made: str
    titles: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    say: Say = english

    def side(self, name: str) -> Side:
        """The query's side or the item's."""
        return self.explanation.query if name == "query" else self.explanation.answer

    @property
    def title(self) -> Sentence:
        """The heading."""
        return told("Why “{title}”?", title=self.explanation.item.title)
