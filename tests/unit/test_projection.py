"""Principal components of tokens."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmrec_core.errors import MMRecError
from mmrec_core.features.projection import Projection, fit_projection, sample_rows, scale_only


def rows(count: int = 400, dims: int = 12, rank: int = 4) -> np.ndarray:
    """Rows that vary in ``rank`` directions around a mean."""
    draw = np.random.default_rng(0)
    return (draw.normal(size=(count, rank)) @ draw.normal(size=(rank, dims)) + 3.0).astype(np.float32)


def test_as_many_components_as_the_rank_restore_everything() -> None:
    data = rows()
    projection = fit_projection(data, 4)
    np.testing.assert_allclose(projection.restore(projection.project(data)), data, atol=1e-3)
    coarse = fit_projection(data, 1)
    assert (
        np.square(coarse.restore(coarse.project(data)) - data).sum() > 0.1 * np.square(data - data.mean(axis=0)).sum()
    )


def test_projected_tokens_have_variance_one_on_average() -> None:
    projected = fit_projection(rows(), 3).project(rows())
    assert projected.dtype == np.float32
    assert projected.var(axis=0).mean() == pytest.approx(1.0, abs=1e-3)
    np.testing.assert_allclose(projected.mean(axis=0), 0.0, atol=1e-3)


def test_components_are_orthonormal_and_ordered() -> None:
    projection = fit_projection(rows(rank=6), 5)
    np.testing.assert_allclose(projection.components @ projection.components.T, np.eye(5), atol=1e-5)
    assert (np.diff(projection.project(rows(rank=6)).var(axis=0)) <= 1e-4).all()


def test_distances_are_kept_up_to_one_factor() -> None:
    data = rows()
    projected = fit_projection(data, 4).project(data)
    ratio = np.linalg.norm(projected[1:] - projected[:-1], axis=1) / np.linalg.norm(data[1:] - data[:-1], axis=1)
    assert ratio.std() / ratio.mean() < 1e-3


def test_arrays_round_trip_and_fit_is_reproducible() -> None:
    first, second = fit_projection(rows(), 3, seed=1), fit_projection(rows(), 3, seed=1)
    again = Projection.from_arrays(first.to_arrays())
    np.testing.assert_array_equal(again.project(rows()), second.project(rows()))


def test_half_precision_rows_do_as_well() -> None:
    np.testing.assert_allclose(
        np.abs(fit_projection(rows().astype(np.float16), 2).components),
        np.abs(fit_projection(rows(), 2).components),
        atol=0.02,
    )


def test_a_sample_is_drawn_without_replacement_and_in_order() -> None:
    numbers = np.arange(1000, dtype=np.float32)[:, None]
    drawn = sample_rows(numbers, 100, seed=3)[:, 0]
    assert len(set(drawn)) == 100 and (np.diff(drawn) > 0).all()
    assert not np.array_equal(drawn, sample_rows(numbers, 100, seed=4)[:, 0])


@pytest.mark.parametrize("k", [0, 13])
def test_an_impossible_width_is_refused(k: int) -> None:
    with pytest.raises(MMRecError, match="dimensions"):
        fit_projection(rows(), k)


def test_rows_that_are_all_the_same_are_refused() -> None:
    with pytest.raises(MMRecError, match="the same"):
        fit_projection(np.ones((10, 4), np.float32), 2)


def test_a_fitted_projection_comes_back_from_safetensors_as_it_was(tmp_path) -> None:
    from safetensors.numpy import load_file, save_file

    fitted = fit_projection(np.random.default_rng(0).normal(size=(200, 12)).astype(np.float32), 5)
    save_file(fitted.to_arrays(), tmp_path / "projection.safetensors")
    back = Projection.from_arrays(load_file(tmp_path / "projection.safetensors"))
    np.testing.assert_allclose(back.components @ back.components.T, np.eye(5), atol=1e-5)
    np.testing.assert_array_equal(back.components, fitted.components)


def test_numbers_that_are_passed_on_stay_as_they_are() -> None:
    data = np.concatenate([rows(), np.full((400, 2), 0.25, np.float32)], axis=1)
    projection = Projection.from_arrays(scale_only(data, passed=2).to_arrays())
    projected = projection.project(data)
    assert projected.shape[1] == projection.width == data.shape[1]
    np.testing.assert_array_equal(projected[:, -2:], data[:, -2:])
    np.testing.assert_allclose(projected[:, :-2].var(axis=0).mean(), 1.0, atol=1e-3)
    np.testing.assert_allclose(projection.restore(projected), data, atol=1e-4)
    np.testing.assert_allclose(projection.project_tensor(torch.from_numpy(data)).numpy(), projected, atol=1e-5)


def test_what_a_classifier_reads_is_kept_even_where_it_varies_little() -> None:
    data = rows(dims=12, rank=3)
    quiet = np.linalg.svd(data - data.mean(axis=0))[2][-1].astype(np.float32)
    readout = np.stack([quiet, -quiet])
    assert np.abs(fit_projection(data, 3).components @ quiet).max() < 1e-3
    assert np.abs(fit_projection(data, 3, readout=readout).components @ quiet).max() > 0.99
