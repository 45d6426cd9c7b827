"""Normalising and denoising of tokens: principal components of what an encoder says about the training part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mmrec_core.errors import MMRecError
from mmrec_core.types import told

if TYPE_CHECKING:
    from torch import Tensor

MAX_ROWS = 200_000
"""More tokens than this say nothing new about a covariance of about a thousand dimensions."""
_LEAST_VARIANCE = 1e-12


@dataclass(frozen=True)
class Projection:
    """Tokens of D dimensions -> k denoised ones: ``(x - mean) @ components.T * scale``.

    Args:
        mean: shape (D,).
        components: shape (k, D), orthonormal rows, the directions of the largest variance first.
        scale: one number, so that a projected token has variance one on average over its k dimensions. One number for all
            dimensions keeps the geometry: cosines and distances mean what they meant before, short of the noise.
        passed: how many numbers at the end of a token are left as they are (probabilities of what an encoder names); they
            are not among the D and k above.
    """

    mean: NDArray[np.float32]
    components: NDArray[np.float32]
    scale: float
    passed: int = 0

    @property
    def width(self) -> int:
        """Of a projected token: k and what is passed on."""
        return len(self.components) + self.passed

    def project(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Tokens (..., D + passed) -> (..., k + passed)."""
        values = np.asarray(values, np.float32)
        own, passed = np.split(values, [len(self.mean)], axis=-1)
        projected = np.multiply((own - self.mean) @ self.components.T, self.scale, dtype=np.float32)
        return np.concatenate([projected, passed], axis=-1) if self.passed else projected

    def project_tensor(self, values: Tensor) -> Tensor:
        """The same on tensors, so that gradients pass."""
        import torch

        mean, components = (torch.from_numpy(np.ascontiguousarray(a)).to(values) for a in (self.mean, self.components))
        own, passed = values[..., : len(mean)], values[..., len(mean) :]
        return torch.cat([(own - mean) @ components.T * self.scale, passed], dim=-1)

    def restore(self, projected: NDArray[np.float32]) -> NDArray[np.float32]:
        """Projected tokens -> the closest tokens (..., D + passed); exact but for the components that were left out."""
        own, passed = np.split(np.asarray(projected, np.float32), [len(self.components)], axis=-1)
        restored = np.divide(own, self.scale, dtype=np.float32) @ self.components + self.mean
        return np.concatenate([restored, passed], axis=-1, dtype=np.float32)

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """Arrays by name, for safetensors."""
        # safetensors writes the bytes of an array as they lie, so a transposed one would come back scrambled.
        components = np.ascontiguousarray(self.components)
        arrays = {"mean": self.mean, "components": components, "scale": np.asarray([self.scale], np.float32)}
        return arrays | ({"passed": np.asarray([self.passed], np.float32)} if self.passed else {})

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.float32]]) -> Projection:
        """The inverse of ``to_arrays``; raises KeyError where mean or components are missing."""
        mean = np.asarray(arrays["mean"], np.float32)
        components = np.asarray(arrays["components"], np.float32)
        scale, passed = (float(np.asarray(arrays.get(name, [0.0])).reshape(-1)[0]) for name in ("scale", "passed"))
        return cls(mean, components, scale, int(passed))


def fit_projection(
    rows: NDArray[np.float32], k: int, seed: int = 0, readout: NDArray[np.float32] | None = None
) -> Projection:
    """Principal components (Pearson, 1901) of token vectors, by the eigenvectors of their covariance.

    What varies little in a catalogue of drawings may be what tells one photograph from another. So where the encoder has a
    classifier, the directions it reads count as much as those in which the tokens vary: eigenvectors of
    ``C / tr C + R / tr R`` with C the covariance and ``R = W^T W`` of the classifier's centred weights.

    Args:
        rows: tokens (n, D) of the training part only, float16 or float32, may be a memory map. Beyond 200,000 rows a uniform
            sample without replacement is taken (``sample_rows``).
        k: how many components to keep, at most min(n, D).
        seed: of the sample.
        readout: weights W (classes, D) of the encoder's classifier, if it has one.

    Returns:
        The projection. The sign of each component is fixed (its largest entry is positive), so a fit is reproducible.

    Raises:
        MMRecError: ``k`` is out of range, or the rows do not vary.
    """
    sample = sample_rows(rows, MAX_ROWS, seed)
    if not 1 <= k <= min(sample.shape):
        raise MMRecError(
            told(
                "A projection to {k} dimensions needs at least {k} rows and dimensions; got {shape}. Lower k.",
                k=k,
                shape=sample.shape,
            )
        )
    mean, covariance = _moments(sample)
    if np.trace(covariance) < _LEAST_VARIANCE:
        raise MMRecError(
            told("All tokens are the same, so there is nothing to project. Give tokens of different media.")
        )
    _, vectors = np.linalg.eigh(covariance if readout is None else _with_readout(covariance, readout))
    kept = vectors[:, ::-1][:, :k].T
    signs = np.sign(kept[np.arange(k), np.abs(kept).argmax(axis=1)])
    average = float(np.einsum("kd,de,ke->k", kept, covariance, kept, optimize=True).mean())
    return Projection(mean.astype(np.float32), (kept * signs[:, None]).astype(np.float32), float(average**-0.5))


def _with_readout(covariance: NDArray[np.float64], readout: NDArray[np.float32]) -> NDArray[np.float64]:
    centred = np.asarray(readout, np.float64) - readout.mean(axis=0)
    read = centred.T @ centred
    return covariance / np.trace(covariance) + read / np.trace(read)


def scale_only(rows: NDArray[np.float32], passed: int = 0) -> Projection:
    """A projection that only sets the average variance to one, for tokens that are later pooled by a maximum.

    A maximum over tokens commutes with a positive scale, but not with a rotation or a loss of components.

    Args:
        rows: tokens (n, D + passed) of the training part.
        passed: how many numbers at the end are left as they are.
    """
    dim = rows.shape[1] - passed
    _, covariance = _moments(sample_rows(rows, MAX_ROWS, seed=0)[:, :dim])
    average = max(float(np.trace(covariance)) / dim, _LEAST_VARIANCE)
    return Projection(np.zeros(dim, np.float32), np.eye(dim, dtype=np.float32), average**-0.5, passed)


def sample_rows(rows: NDArray[np.float32], most: int, seed: int) -> NDArray[np.float32]:
    """At most ``most`` of the rows, drawn uniformly without replacement, in their order (quick on a memory map)."""
    if len(rows) <= most:
        return np.asarray(rows)
    chosen = np.random.default_rng(seed).choice(len(rows), most, replace=False)
    return np.asarray(rows[np.sort(chosen)])


def _moments(rows: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean (D,) and covariance (D, D) in double precision, chunk by chunk, so half-precision rows stay small."""
    mean = sum(chunk.sum(axis=0) for chunk in _chunks(rows)) / len(rows)
    covariance = sum((chunk - mean).T @ (chunk - mean) for chunk in _chunks(rows)) / len(rows)
    return np.asarray(mean), np.asarray(covariance)


def _chunks(rows: NDArray[np.float32], size: int = 8192) -> Iterable[NDArray[np.float64]]:
    return (np.asarray(rows[start : start + size], np.float64) for start in range(0, len(rows), size))
