"""Denoising and selection of features find what was planted."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmrec_core.features.denoise import noise_edge, principal_components
from mmrec_core.features.select import SELECTORS
from mmrec_core.features.steps import FeatureSteps
from mmrec_core.fusion.base import FUSIONS
from mmrec_core.training.starts import calibrate, fit_denoiser
from mmrec_core.types import FUSED, Modality
from tests.tiny import SPECS, random_fusion, tiny_data


def planted(signals: int = 3, noise: float = 0.3, n: int = 400, d: int = 20) -> np.ndarray:
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.normal(size=(d, signals)))[0].T
    return (rng.normal(size=(n, signals)) * 3 @ basis + noise * rng.normal(size=(n, d))).astype(np.float32)


def test_the_noise_filter_keeps_the_planted_components_and_no_others() -> None:
    _, filtered = principal_components(planted(), 10, noise_filter=True)
    _, whole = principal_components(planted(), 10, noise_filter=False)
    assert np.abs(filtered).any(axis=1).sum() == 3
    assert np.abs(whole).any(axis=1).sum() == 10
    np.testing.assert_allclose(whole @ whole.T, np.eye(10), atol=1e-4)


def test_pure_noise_lies_below_the_edge() -> None:
    variances = np.sort(np.linalg.eigvalsh(np.cov(np.random.default_rng(1).normal(size=(2000, 50)).T)))[::-1]
    assert variances[0] < noise_edge(variances, 2000) * 1.05
    assert variances[0] > noise_edge(variances, 2000) * 0.8


def test_more_components_than_there_are_is_padded_with_zeros() -> None:
    mean, basis = principal_components(planted(n=8, d=20), 12, noise_filter=False)
    assert basis.shape == (12, 20) and mean.shape == (20,)
    assert not basis[8:].any()


@pytest.mark.parametrize("method", SELECTORS)
def test_selection_keeps_the_column_that_tells_and_its_share(method) -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 300)
    rows = rng.normal(size=(300, 10)).astype(np.float32)
    rows[:, 4] += 3.0 * labels
    chosen = SELECTORS[method](rows, labels, 0.3)
    assert chosen[4]
    assert 1 <= chosen.sum() <= 3


@pytest.mark.parametrize("select", ["none", "importance", "l1"])
def test_the_denoiser_forgets_what_was_not_selected(select) -> None:
    fusion = FUSIONS.build("feature_level", SPECS, components=6)
    rows = np.random.default_rng(0).normal(size=(200, fusion.anchor("text").feature_dim)).astype(np.float32)
    labels = (rows[:, 0] > 0).astype(np.int64)
    fit_denoiser(fusion, Modality.TEXT, rows, labels, FeatureSteps(select=select, keep=0.5, components=6))
    denoiser = fusion.denoiser("text")
    x = torch.from_numpy(rows[:4])
    before = denoiser(x)
    gone = denoiser.selected == 0
    assert gone.any() == (select != "none")
    x[:, gone] = 99.0
    torch.testing.assert_close(denoiser(x), before)


def test_calibration_makes_the_cosines_of_every_pair_equally_wide() -> None:
    fusion, data = random_fusion("decision_level"), tiny_data(200)
    summaries = fusion.summarise(data.batch(torch.arange(200), "cpu"))
    features = {m: torch.randn(200, fusion.anchor(m).feature_dim) + 0.2 for m in FUSED}
    calibrate(fusion, features, summaries.presence, seed=0)
    assert (fusion.spread > 0).all() and (fusion.spread < 1).all()
    torch.testing.assert_close(fusion.weights() * fusion.spread, fusion.log_weights.exp())
