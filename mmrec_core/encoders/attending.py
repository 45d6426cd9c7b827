"""Where an encoder's own layers look: the attention that made its tokens, kept where gradients can reach it.

Not every encoder has attention (a convolutional network has none), so this is an ability that an encoder may offer beside its
contract. Asking costs one forward pass on a copy that shares the weights; what encodes queries is never touched.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from torch import Tensor

ATTENTION = "attention"
"""What the plugin of such an encoder declares in ``offers``, so that pages can tell before anything is loaded."""
M = TypeVar("M")


@dataclass(frozen=True)
class AttentionLayer:
    """The attention of one layer, in the graph of the tokens.

    Args:
        weights: (windows, heads, n, n), row = who looks, rows sum to one. Without windows there is one, that holds all.
        places: (windows, n) integers: the position of the layer that each row and column stands for.
        merged: (positions,) integers: the position of the next layer that takes this one in; None where positions stay.
    """

    weights: Tensor
    places: Tensor
    merged: Tensor | None = None


@dataclass(frozen=True)
class Attended:
    """One medium, encoded where its attention can be read.

    Args:
        tokens: (n_tokens, dim), as ``encode`` gives them, up to rounding.
        layers: from the first to the last.
        read: (positions of the last layer,), what the published embedding is read from; sums to one.
        token_of: (positions of the last layer,) integers: the token of each position, -1 for one that is no token.
    """

    tokens: Tensor
    layers: tuple[AttentionLayer, ...]
    read: Tensor
    token_of: Tensor


@runtime_checkable
class AttentiveEncoder(Protocol):
    """An encoder that can say where it looked."""

    def attend(self, medium: Any) -> Attended:
        """Encode one medium with gradients on."""
        ...


def private_copy(model: M) -> M:
    """The same network in objects of its own that share every tensor: hooks and settings on it reach nobody else."""
    network: Any = model
    shared = [*network.parameters(), *network.buffers()]
    return copy.deepcopy(model, {id(tensor): tensor for tensor in shared})


def whole_layers(weights: Sequence[Tensor]) -> tuple[AttentionLayer, ...]:
    """Layers (1, heads, n, n) in which every position may look at every other."""
    import torch

    return tuple(AttentionLayer(w, torch.arange(w.shape[-1], device=w.device)[None]) for w in weights)


def one_place(count: int, place: int, like: Tensor) -> Tensor:
    """``read`` (count,) of an embedding that is taken from one position, such as [CLS]."""
    read = like.new_zeros(count)
    read[place] = 1.0
    return read
