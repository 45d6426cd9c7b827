"""What every trained fusion shares: an anchor a modality, and which modalities count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from torch import Tensor, nn

from mmrec_core.fusion.anchor import Anchor
from mmrec_core.fusion.base import Summaries, TokenBatch
from mmrec_core.types import Modality


class AnchoredFusion(nn.Module):
    """A fusion whose modalities each have an ``Anchor``: pooled features, concepts, a linear map of both.

    Training needs no more than this of a fusion, so one recipe serves all of them.
    """

    name: ClassVar[str]
    dim: int
    anchors: nn.ModuleDict
    _config: dict[str, Any]

    def anchor(self, modality: str) -> Anchor:
        """The linear path of one modality."""
        return cast(Anchor, self.anchors[modality])

    def config(self) -> dict[str, Any]:
        """Arguments that rebuild the same architecture."""
        return self._config

    def summarise(self, tokens: Mapping[Modality, TokenBatch]) -> Summaries:
        """The heavy part: each modality by itself."""
        raise NotImplementedError

    def fuse(self, summaries: Summaries, presence: Tensor | None = None) -> Tensor:
        """Embeddings (batch, dim) of the modalities that ``presence`` keeps."""
        raise NotImplementedError

    def alpha(self, summaries: Summaries, presence: Tensor | None = None) -> Tensor | None:
        """Attention between the slots, or None where the method has none."""
        raise NotImplementedError


def kept_modalities(summaries: Summaries, presence: Tensor | None) -> Tensor:
    """(batch, modalities) bool: what is there and, where ``presence`` is given, is kept by it."""
    return summaries.presence if presence is None else summaries.presence & presence


def spread_rows(part: Tensor, there: Tensor) -> Tensor:
    """Rows of ``part`` at the places that are True in ``there``, zeros at the others."""
    whole = part.new_zeros(len(there), *part.shape[1:])
    return whole.masked_scatter(there.view(-1, *[1] * (part.dim() - 1)), part)
