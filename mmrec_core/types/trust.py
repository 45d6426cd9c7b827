"""How far a map can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types.media import Modality


@dataclass(frozen=True)
class TrustMeasure:
    """One measure of how faithful a map is, beside random maps of the same shape.

    Args:
        value: of the map, in units of the score.
        random_mean: mean over the random maps.
        p: ``(1 + #random maps at least as good) / (1 + #random maps)``.
        higher_is_better: which way is good.
    """

    value: float
    random_mean: float
    p: float
    higher_is_better: bool

    @property
    def gain(self) -> float:
        """How much better than the mean random map, in units of the score; negative where worse."""
        return (self.value - self.random_mean) * (1.0 if self.higher_is_better else -1.0)


@dataclass(frozen=True)
class TrustCurves:
    """What a drawing of deletion and insertion needs: scores after ``share`` of the parts were removed, or put in.

    ``share`` (k,) from 0 to 1; ``deletion`` and ``insertion`` (k,); the random ones (n_random, k).
    """

    share: NDArray[np.float64]
    deletion: NDArray[np.float64]
    insertion: NDArray[np.float64]
    random_deletion: NDArray[np.float64]
    random_insertion: NDArray[np.float64]


@dataclass(frozen=True)
class Trust:
    """How far one map can be trusted (see ``explain.faithfulness``, which states every definition).

    Args:
        method: whose map.
        parts: how many parts the map ranks.
        deletion, insertion, sufficiency, comprehensiveness: each against random maps.
        p: of all four together, one test; the verdict follows from it alone.
        better: True where the map is better than random; None where it ranks too few parts to tell.
        rule: the rule behind the verdict, in words for a user.
        random_maps: how many there were.
        seed: of the random maps.
        evaluations: model evaluations this test took (shared, where several maps were judged together).
        curves: for drawing.
        residual: completeness, ``target - baseline - sum of shares``, for methods that share a score, else None.
        standard_error: the largest of a sampled method, else None.
        method_evaluations: model evaluations the method itself took, where known.
        agreement: rank correlation with the maps of other methods, by method.
        randomisation: with the maps of models that know nothing; None where that was not asked.
    """

    method: str
    parts: int
    deletion: TrustMeasure
    insertion: TrustMeasure
    sufficiency: TrustMeasure
    comprehensiveness: TrustMeasure
    p: float
    better: bool | None
    rule: str
    random_maps: int
    seed: int
    evaluations: int
    curves: TrustCurves
    residual: float | None = None
    standard_error: float | None = None
    method_evaluations: int | None = None
    agreement: Mapping[str, float] = field(default_factory=dict)
    randomisation: RandomisationCheck | None = None

    @property
    def verdict(self) -> str:
        """``"better than random"``, ``"not better than random"`` or ``"too few parts to test"``."""
        verdicts = {True: "better than random", False: "not better than random", None: "too few parts to test"}
        return verdicts[self.better]

    @property
    def doubted(self) -> bool:
        """True where the map was tested and is not better than random: it must not look like a reason."""
        return self.better is False

    @property
    def measures(self) -> dict[str, TrustMeasure]:
        """The four measures by name, in the order in which they are shown."""
        names = ("deletion", "insertion", "sufficiency", "comprehensiveness")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Agreement:
    """Rank correlation among the maps of several methods on the same parts.

    ``spearman`` and ``kendall`` (n_methods, n_methods) in [-1, 1]; ``disputed`` are indices of parts that one method puts
    near the top and another near the bottom.
    """

    methods: tuple[str, ...]
    spearman: NDArray[np.float64]
    kendall: NDArray[np.float64]
    disputed: tuple[int, ...]


@dataclass(frozen=True)
class RandomisationCheck:
    """Rank correlation of a map with the maps of randomised copies of the model (Adebayo 2018): near zero is good.

    ``stages`` names what was randomised, cumulatively, last the whole fusion; ``correlations`` (n_seeds, n_stages).
    ``sensitive`` is None where too few parts are ranked to tell.
    """

    method: str
    modality: Modality
    stages: tuple[str, ...]
    correlations: NDArray[np.float64]
    sensitive: bool | None
    rule: str

    @property
    def mean(self) -> float:
        """Mean absolute correlation where everything was randomised."""
        return float(np.abs(self.correlations[:, -1]).mean())
