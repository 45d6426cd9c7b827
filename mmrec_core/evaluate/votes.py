"""Votes among rankings of single modalities, as methods of an evaluation, beside learned weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmrec_core.fusion.votes import RULES, Rule
from mmrec_core.metrics import ranks
from mmrec_core.training.lines import Rows, Scorer
from mmrec_core.types import Modality


@dataclass(frozen=True)
class VoteScorer:
    """Points of a rule, over the rankings that ``scorer`` gives for each modality of the query by itself."""

    scorer: Scorer
    rule: Rule

    def __call__(
        self, queries: Rows, asked: Sequence[Modality], items: Rows, held: Sequence[Modality]
    ) -> NDArray[np.float32] | None:
        """Points (q, n); None where the scorer cannot rank by one of the modalities."""
        found = [self.scorer(queries, (modality,), items, held) for modality in asked]
        if any(scores is None for scores in found):
            return None
        points = sum(self.rule.points(ranks(scores)) for scores in found if scores is not None)
        return np.asarray(points, np.float32)


def votes_of(scorers: Mapping[str, Scorer]) -> dict[str, Scorer]:
    """Every rule over every scorer's rankings, e.g. ``fusion, Borda count``."""
    return {
        f"{name}, {rule.title}": VoteScorer(scorer, rule) for name, scorer in scorers.items() for rule in RULES.values()
    }


def is_vote(method: str, scorer: str | None = None) -> bool:
    """True for a name that ``votes_of`` gives; with ``scorer``, for one over its rankings."""
    voter, _, rule = method.rpartition(", ")
    return rule in {known.title for known in RULES.values()} and scorer in (None, voter)
