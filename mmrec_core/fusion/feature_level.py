"""Feature-level fusion: pooled, normalised, denoised features side by side, through one small network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmrec_core.fusion.anchor import Anchor
from mmrec_core.fusion.anchored import kept_modalities
from mmrec_core.fusion.base import Summaries
from mmrec_core.fusion.pooled import PooledFusion
from mmrec_core.registry import Option, Plugin
from mmrec_core.types import FUSED, Modality


class Denoiser(nn.Module):
    """Keeps some features and, of those, the leading principal components.

    ``z = C s (f - mean)``, with ``s`` the 0/1 mask of selected features and ``C`` orthonormal rows. It is fitted once on
    the training part (``training.denoise``) and stays; untouched it keeps the first ``components`` features.

    Args:
        features: how many come in.
        components: how many go out.
    """

    mean: Tensor
    selected: Tensor
    basis: Tensor

    def __init__(self, features: int, components: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("selected", torch.ones(features))
        self.register_buffer("basis", torch.eye(components, features))

    def forward(self, features: Tensor) -> Tensor:
        """Coordinates (batch, components)."""
        return ((features - self.mean) * self.selected) @ self.basis.T

    def restore(self, coordinates: Tensor) -> Tensor:
        """The features (batch, features) short of what was left out."""
        return coordinates @ self.basis + self.mean * self.selected


class FeatureLevelFusion(PooledFusion):
    """``embedding = unit(nothing + sum_m linear_m(f_m) + network([z_1; ...; z_M; presence]))``.

    ``f_m`` are the denoised features of a modality and ``z_m`` their coordinates; a learned vector stands in the place of a
    missing one. The linear part starts from the closed form, the network's last layer from zero (wide and deep, Cheng 2016).

    Args:
        modalities: by modality, the keyword arguments of its ``Anchor`` except ``out`` and ``normalise``.
        dim: width of the embedding.
        hidden: width of the network.
        components: principal components kept of each modality's features; 0 keeps all features as they are.
        normalise: whether pooled features are brought to length one.
        dropout: in training.
    """

    name = "feature_level"

    def __init__(
        self, modalities: Mapping[str, Mapping[str, Any]], dim: int, hidden: int, components: int, normalise: bool,
        dropout: float,
    ) -> None:  # fmt: skip
        super().__init__()
        self.dim = dim
        self._config = {
            "modalities": {str(m): dict(spec) for m, spec in modalities.items()}, "dim": dim, "hidden": hidden,
            "components": components, "normalise": normalise, "dropout": dropout,
        }  # fmt: skip
        self.anchors = nn.ModuleDict(
            {str(m): Anchor(out=dim, normalise=normalise, **spec) for m, spec in modalities.items()}
        )
        widths = {m: self.anchor(m).feature_dim for m in self.anchors}
        sizes = {m: min(components or width, width) for m, width in widths.items()}
        self.denoisers = nn.ModuleDict({m: Denoiser(widths[m], sizes[m]) for m in widths})
        self.absent = nn.ParameterDict({m: torch.randn(size) * 0.02 for m, size in sizes.items()})
        self.network = nn.Sequential(
            nn.Linear(sum(sizes.values()) + len(sizes), hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, dim)
        )
        self.nothing = nn.Parameter(torch.randn(dim) * 0.01)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    @property
    def output(self) -> nn.Linear:
        """The network's last layer."""
        return cast(nn.Linear, self.network[-1])

    def denoiser(self, modality: str) -> Denoiser:
        """Selection and principal components of one modality."""
        return cast(Denoiser, self.denoisers[modality])

    def parts(self, modality: Modality, pooled: Tensor) -> dict[str, Tensor]:
        """Coordinates of the denoised features, and their linear part of the embedding."""
        anchor, denoiser = self.anchor(modality), self.denoiser(modality)
        coordinates = denoiser(anchor.features(pooled))
        return {"linear": anchor.linear(denoiser.restore(coordinates)), "coordinates": coordinates}

    def fuse(self, summaries: Summaries, presence: Tensor | None = None) -> Tensor:
        """Unit vectors (batch, dim) of the modalities that ``presence`` keeps."""
        kept = kept_modalities(summaries, presence)
        total, columns = self.nothing.expand(len(kept), -1), []
        for modality, absent in self.absent.items():
            there = kept[:, FUSED.index(Modality(modality)), None]
            part = summaries.parts.get(Modality(modality))
            if part is None:
                columns.append(absent.expand(len(kept), -1))
                continue
            total = total + part["linear"] * there
            columns.append(torch.where(there, part["coordinates"], absent))
        known = [FUSED.index(Modality(m)) for m in self.absent]
        columns.append(kept[:, known].to(total.dtype))
        return F.normalize(total + self.network(torch.cat(columns, dim=-1)), dim=-1)


def build(modalities: Mapping[str, Mapping[str, Any]], **options: Any) -> FeatureLevelFusion:
    """The untrained fusion for encoders of the given widths."""
    return FeatureLevelFusion(modalities, **options)


PLUGIN = Plugin(
    name="feature_level",
    title="Feature-level (one network over all features)",
    build=build,
    requires=("torch",),
    options=(
        Option("dim", 448, "Embedding width", "Length of the fused vector.", 32, 2048),
        Option("hidden", 256, "Network width", "Width of the hidden layer.", 16, 2048),
        Option(
            "components", 192, "Components", "Principal components kept a modality; 0 keeps every feature.", 0, 2048
        ),
        Option("normalise", True, "Normalise", "Bring the pooled features of every modality to length one."),
        Option("dropout", 0.1, "Dropout", "Share of activations dropped in training.", 0.0, 0.9),
    ),
)
