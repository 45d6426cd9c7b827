"""The two kinds of attention that fusion uses, each returning the weights it used."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class AttentionPool(nn.Module):
    """A few learned queries look at the tokens of one modality (the within-modality map).

    ``w_qn = softmax_n(query_q . K x_n / sqrt(h))``; queries start at zero, so that training starts from the plain mean.

    Args:
        dim: width of a token.
        hidden: width h of keys and values.
        queries: how many learned queries.
    """

    def __init__(self, dim: int, hidden: int, queries: int) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.zeros(queries, hidden))
        self.keys = nn.Linear(dim, hidden, bias=False)
        self.values = nn.Linear(dim, hidden)
        self.scale = hidden**-0.5

    def forward(self, tokens: Tensor, mask: Tensor, weights: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return what each query saw (batch, queries, hidden) and the weights (batch, queries, n).

        Values are linear, so they are projected after averaging: the same numbers at a cost per token of ``queries``
        instead of ``hidden`` products.

        Args:
            weights: used as they are instead of ``attend``'s, for gradients with respect to them.
        """
        if weights is None:
            weights = self.attend(tokens, mask)
        return self.values(weights @ tokens), weights

    def attend(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """The weights (batch, queries, n). Keys are linear, so the queries go through ``K^T`` once.

        A row without any real token gets weights of zero instead of NaN.
        """
        looks = self.queries @ self.keys.weight * self.scale
        logits = torch.einsum("qd,bnd->bqn", looks, tokens)
        logits = logits.masked_fill(~mask[:, None, :], torch.finfo(logits.dtype).min)
        return torch.softmax(logits, dim=-1) * mask[:, None, :]


Affine = tuple[Tensor, Tensor]
"""Weight and bias."""


class SlotLayer(nn.Module):
    """One pre-norm transformer layer over the handful of slots (Vaswani 2017; Xiong 2020).

    Coalitions are a few rows at a time, where torch's modules take longer for being called than for their sums. So the
    modules hold the parameters, and the sums are called directly.
    """

    def __init__(self, hidden: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.norm_attention = nn.LayerNorm(hidden)
        self.attention = nn.MultiheadAttention(hidden, heads, dropout=dropout, batch_first=True)
        self.norm_mlp = nn.LayerNorm(hidden)
        self.mlp = nn.Sequential(
            nn.Linear(hidden, 2 * hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(2 * hidden, hidden)
        )
        self.hidden, self.head, self.dropout = hidden, hidden // heads, dropout
        self._norms = affine(self.norm_attention), affine(self.norm_mlp)
        self._project: Affine = self.attention.in_proj_weight, self.attention.in_proj_bias
        self._leave, self._widen, self._narrow = map(affine, (self.attention.out_proj, self.mlp[0], self.mlp[3]))

    def forward(self, slots: Tensor, mask: Tensor) -> Tensor:
        """The new slots (batch, s, hidden).

        Args:
            slots: (batch, s, hidden), or (1, s, hidden) where every row of ``mask`` has the same: what slots do by themselves
                before they meet is then done once.
            mask: (batch, s), True where a slot is looked at.
        """
        return self._finish(slots, self._attend(slots, mask, every=True))

    def first(self, slots: Tensor, mask: Tensor) -> Tensor:
        """The first of the new slots (batch, hidden); enough for the last layer, of which only [CLS] is read."""
        return self._finish(slots[:, 0], self._attend(slots, mask, every=False)[:, 0])

    def with_alpha(self, slots: Tensor) -> tuple[Tensor, Tensor]:
        """The new slots, and alpha (batch, s, s): the mean over heads."""
        x = self.norm_attention(slots)
        mixed, alpha = self.attention(x, x, x)
        return self._finish(slots, mixed), alpha

    def _attend(self, slots: Tensor, mask: Tensor, every: bool) -> Tensor:
        """What attention brings to ``every`` slot, or to the first alone: (batch, s or 1, hidden)."""
        projected = self._heads(F.linear(self._norm(slots, 0), *self._project)).expand(len(mask), -1, -1, -1)
        looks, keys, values = projected.chunk(3, dim=1)
        mixed = self._mix(looks if every else looks[:, :, :1], keys, values, mask)
        return F.linear(mixed.transpose(1, 2).flatten(2), *self._leave)

    def _norm(self, slots: Tensor, which: int) -> Tensor:
        return F.layer_norm(slots, (self.hidden,), *self._norms[which])

    def _heads(self, projected: Tensor) -> Tensor:
        """(batch, s, k hidden) -> (batch, k heads, s, head)."""
        return projected.view(*projected.shape[:2], projected.shape[-1] // self.head, self.head).transpose(1, 2)

    def _mix(self, looks: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
        """What each head saw (batch, heads, r, head)."""
        dropout = self.dropout if self.training else 0.0
        return F.scaled_dot_product_attention(looks, keys, values, mask[:, None, None], dropout_p=dropout)

    def _finish(self, slots: Tensor, mixed: Tensor) -> Tensor:
        """Each slot by itself, after what attention brought it."""
        slots = slots + mixed
        wide = F.gelu(F.linear(self._norm(slots, 1), *self._widen))
        if self.training:
            wide = F.dropout(wide, self.dropout)
        return slots + F.linear(wide, *self._narrow)


def affine(module: nn.Module) -> Affine:
    """Weight and bias of a linear layer or a norm, to be read without calling the module."""
    return cast(Affine, (module.weight, module.bias))


def lay_out_for_few_rows(fusion: nn.Module) -> None:
    """Store the matrices of slot layers column by column: their product with a few rows takes a quarter less time.

    Every coalition of modalities is only a few rows. Numbers and shapes stay what they are.
    """
    layers = (module for module in fusion.modules() if isinstance(module, SlotLayer))
    for weight in (weight for layer in layers for weight in layer.parameters() if weight.dim() == 2):
        weight.data = weight.data.t().contiguous().t()
