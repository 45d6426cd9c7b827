"""Embeddings of what remains when only some modalities are kept: many coalitions in one batched call."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mmrec_core.fusion.base import Fusion, Summaries
from mmrec_core.types import FUSED, Embeddings, Modality, Vector

if TYPE_CHECKING:
    from torch import Tensor


def repeat_first(summaries: Summaries, times: int) -> Summaries:
    """The first row of ``summaries``, ``times`` times over, without copying memory."""

    def expand(tensor: Tensor) -> Tensor:
        return tensor[:1].expand(times, *tensor.shape[1:])

    return Summaries(
        parts={m: {name: expand(part) for name, part in parts.items()} for m, parts in summaries.parts.items()},
        presence=expand(summaries.presence),
        attention={m: expand(weights) for m, weights in summaries.attention.items()},
    )


@lru_cache
def _columns(players: tuple[Modality, ...]) -> list[int]:
    return [FUSED.index(player) for player in players]


def embed_whole(fusion: Fusion, summaries: Summaries) -> Vector:
    """Embedding (dim,) of the first row, of all that it holds."""
    import torch

    with torch.inference_mode():
        return fusion.fuse(summaries)[0].float().cpu().numpy()


def embed_coalitions(
    fusion: Fusion, summaries: Summaries, players: Sequence[Modality], members: NDArray[np.bool_]
) -> Embeddings:
    """Embed one query or item once for every coalition of its modalities, in one ``fuse`` call.

    Args:
        fusion: the model.
        summaries: of one row.
        players: the modalities that the columns of ``members`` stand for.
        members: shape (n_coalitions, n_players).

    Returns:
        Embeddings, shape (n_coalitions, dim).
    """
    import torch

    presence = np.zeros((len(members), len(FUSED)), dtype=bool)
    presence[:, _columns(tuple(players))] = members
    kept = torch.from_numpy(presence).to(summaries.presence.device)
    with torch.inference_mode():
        embedded = fusion.fuse(summaries, kept)
    return embedded.float().cpu().numpy()
