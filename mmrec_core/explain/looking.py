"""How much of what an embedding was read from was looked up where: three ways to follow attention through an encoder's layers.

With A_l the attention of layer l and r what the published embedding is read from ([CLS], the end, or all places alike):

- ``last``: ``r A_L``, the heads' mean of the last layer alone;
- ``rollout``: ``r prod_l (I + A_l) / 2`` (Abnar and Zuidema, ACL 2020);
- ``relevance``: ``r prod_l (I + E_h[(A_l * dS/dA_l)+]) - r``, S the score (Chefer, Gur and Wolf, ICCV 2021); what a place keeps
  of itself without looking is left out.

All are carried down as one vector, from the last layer to the first, so that windows of attention (HTSAT) never become
matrices of the whole sound; where layers merge places, the places merged share alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mmrec_core.encoders.attending import Attended, AttentionLayer

if TYPE_CHECKING:
    from torch import Tensor


def last(one: Attended) -> Tensor:
    """(n_tokens,) non-negative: where the last layer looked."""
    layer = one.layers[-1]
    return _on_tokens(one, looked(layer, one.read, layer.weights.detach().mean(dim=1)))


def rollout(one: Attended) -> Tensor:
    """(n_tokens,) non-negative: attention of all layers with their residual connections."""
    found = _carried(one, lambda held, n: (held + looked(one.layers[n], held, _mean(one.layers[n]))) / 2)
    return _on_tokens(one, found)


def relevance(one: Attended, gradients: Sequence[Tensor]) -> Tensor:
    """(n_tokens,) non-negative: attention that raises the score.

    Args:
        one: the medium.
        gradients: of the score with respect to the weights of each layer.
    """
    useful = [
        (layer.weights.detach() * gradient).clamp(min=0).mean(dim=1)
        for layer, gradient in zip(one.layers, gradients, strict=True)
    ]
    found = _carried(one, lambda held, n: held + looked(one.layers[n], held, useful[n]))
    return _on_tokens(one, found - one.read)


def looked(layer: AttentionLayer, held: Tensor, weights: Tensor) -> Tensor:
    """``held`` (positions,) as the layer looks it up: each place hands what it holds to the places it looks at.

    Args:
        layer: whose windows.
        held: by position.
        weights: (windows, n, n).
    """
    import torch

    handed = torch.einsum("wi,wij->wj", held[layer.places], weights)
    return torch.zeros_like(held).index_add_(0, layer.places.reshape(-1), handed.reshape(-1))


def _mean(layer: AttentionLayer) -> Tensor:
    return layer.weights.detach().mean(dim=1)


def _carried(one: Attended, step: Callable[[Tensor, int], Tensor]) -> Tensor:
    """``read`` carried from the last layer down to the first, then back on the places of the last."""
    import torch

    held = one.read
    for n in reversed(range(len(one.layers))):
        merged = one.layers[n].merged
        if merged is not None:
            held = (held / torch.bincount(merged, minlength=len(held)))[merged]
        held = step(held, n)
    for layer in one.layers:
        if layer.merged is not None:
            held = held.new_zeros(int(layer.merged.max()) + 1).index_add_(0, layer.merged, held)
    return held


def _on_tokens(one: Attended, held: Tensor) -> Tensor:
    """From the places of the last layer to tokens; what lies on no token is nobody's."""
    there = one.token_of >= 0
    return held.new_zeros(len(one.tokens)).index_add_(0, one.token_of[there], held[there])
