"""What a fusion is: tokens of any subset of modalities in, one embedding out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from mmrec_core.registry import Registry
from mmrec_core.types import Modality

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class TokenBatch:
    """Projected tokens of one modality: ``values`` (batch, n, dim), ``mask`` (batch, n), True where real.

    A row with an all-False mask does not have the modality.
    """

    values: Tensor
    mask: Tensor


@dataclass(frozen=True)
class Summaries:
    """What each modality says by itself, before the modalities meet: everything heavy is done.

    Args:
        parts: by modality, whatever ``fuse`` needs (one tensor per name, batch first).
        presence: (batch, n_modalities) bool, in the order of FUSED.
        attention: by modality, (batch, n_tokens): where the learned queries looked; rows sum to one.
    """

    parts: Mapping[Modality, Mapping[str, Tensor]]
    presence: Tensor
    attention: Mapping[Modality, Tensor]


class Fusion(Protocol):
    """Tokens by modality -> one embedding. ``fuse`` is cheap, so every coalition of modalities is affordable."""

    name: str
    dim: int

    def summarise(self, tokens: Mapping[Modality, TokenBatch]) -> Summaries:
        """The heavy part: each modality by itself."""
        ...

    def fuse(self, summaries: Summaries, presence: Tensor | None = None) -> Tensor:
        """Embeddings (batch, dim) from the modalities that ``presence`` keeps; ``None`` keeps what is there.

        Summaries of one row serve every row of ``presence``: that is how coalitions are asked for.
        """
        ...

    def alpha(self, summaries: Summaries, presence: Tensor | None = None) -> Tensor | None:
        """Attention between the slots (batch, n_slots, n_slots), or None where the method has none."""
        ...

    def config(self) -> dict[str, Any]:
        """What rebuilds the same architecture from the plugin's ``build``."""
        ...


FUSIONS = Registry("mmrec_core.fusion", "fusion")
