"""Shares of a score, and maps on a medium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types.media import Grid, Modality


@dataclass(frozen=True)
class Attribution:
    """Shares of one score, one a player. Immutable.

    ``target = baseline + values.sum() + residual``; for an exact method the residual is rounding error.

    Args:
        method: name of the explainer.
        players: what the score is shared among, e.g. modalities.
        values: shape (n_players,), signed, in units of the score.
        baseline: value of the empty coalition.
        target: value of the full coalition, i.e. the score that is explained.
        evaluations: how many times the model was evaluated.
        standard_errors: shape (n_players,) for a sampled method, else None.
        seed: of a sampled method, else None.
        within: by player, how its own share divides among its parts (the items of a profile); their sum is its value.
    """

    method: str
    players: tuple[str, ...]
    values: NDArray[np.float64]
    baseline: float
    target: float
    evaluations: int
    standard_errors: NDArray[np.float64] | None = None
    seed: int | None = None
    within: Mapping[str, Attribution] = field(default_factory=dict)

    @property
    def residual(self) -> float:
        """``target - baseline - sum of values``."""
        return float(self.target - self.baseline - self.values.sum())

    def as_dict(self) -> dict[str, float]:
        """Value by player."""
        return {player: float(value) for player, value in zip(self.players, self.values, strict=True)}


@dataclass(frozen=True)
class PairAttribution:
    """Shares of one score, one a pair (query modality, item modality): ``matrix`` (n_query_players, n_item_players).

    ``target = baseline + query_only.sum() + item_only.sum() + matrix.sum()``, where the one-sided shares
    are what a side adds while the other side is the empty coalition.
    """

    query_players: tuple[str, ...]
    item_players: tuple[str, ...]
    matrix: NDArray[np.float64]
    query_only: NDArray[np.float64]
    item_only: NDArray[np.float64]
    baseline: float
    target: float
    evaluations: int

    @property
    def residual(self) -> float:
        """``target - baseline - every share``."""
        shares = self.matrix.sum() + self.query_only.sum() + self.item_only.sum()
        return float(self.target - self.baseline - shares)


@dataclass(frozen=True)
class Interactions:
    """What players do alone and what each pair does beyond that (k-SII of order 2). Immutable.

    ``target = baseline + alone.sum() + pairs[i < j].sum() + residual``. A positive pair is synergy (together they give more
    than the sum of both alone). A negative one is redundancy where both alone raise the score (each says what the other already
    said); otherwise one weakens the other.

    Args:
        players: what the score is shared among.
        alone: shape (n_players,).
        pairs: shape (n_players, n_players), symmetric, zero on the diagonal.
        baseline: value of the empty coalition.
        target: value of the full coalition.
        evaluations: how many coalitions were evaluated.
    """

    players: tuple[str, ...]
    alone: NDArray[np.float64]
    pairs: NDArray[np.float64]
    baseline: float
    target: float
    evaluations: int

    @property
    def residual(self) -> float:
        """What the shares leave of the target: rounding error."""
        return float(self.target - self.baseline - self.alone.sum() - np.triu(self.pairs, 1).sum())


@dataclass(frozen=True)
class LocalFit:
    """How well a local linear model (LIME) stands for the model, and how far its weights move from seed to seed.

    Args:
        r2: weighted coefficient of determination of each seed's model, shape (n_seeds,).
        spread: largest minus smallest weight over the seeds, shape (n_players,).
        seeds: one a model.
    """

    r2: NDArray[np.float64]
    spread: NDArray[np.float64]
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class TokenMap:
    """One weight a token, drawn on the original through ``grid``. ``weights`` (n_tokens,), non-negative for attention."""

    modality: Modality
    grid: Grid
    weights: NDArray[np.float64]
    method: str


@dataclass(frozen=True)
class FusionAttention:
    """alpha_ij between the slots of the top transformer: ``matrix`` (n_slots, n_slots), rows sum to one; row = who looks, column = at whom."""

    slots: tuple[str, ...]
    matrix: NDArray[np.float64]
