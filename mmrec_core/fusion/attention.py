"""The two kinds of attention that fusion uses, each returning the weights it used."""

from __future__ import annotations

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


class SlotLayer(nn.Module):
    """One pre-norm transformer layer over the handful of slots (Vaswani 2017; Xiong 2020)."""

    def __init__(self, hidden: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.norm_attention = nn.LayerNorm(hidden)
        self.attention = nn.MultiheadAttention(hidden, heads, dropout=dropout, batch_first=True)
        self.norm_mlp = nn.LayerNorm(hidden)
        self.mlp = nn.Sequential(
            nn.Linear(hidden, 2 * hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(2 * hidden, hidden)
        )

    def forward(self, slots: Tensor, rows: int | None = None, weights: bool = False) -> tuple[Tensor, Tensor | None]:
        """Return the new slots (batch, s, hidden) and, where asked for, alpha (batch, s, s), the mean over heads.

        Args:
            rows: compute only the first ``rows`` slots; enough for the last layer, of which only [CLS] is read.
        """
        x = self.norm_attention(slots)
        slots = slots[:, :rows]
        mixed, alpha = self.attention(x[:, :rows], x, x) if weights else (self._mix(x, rows), None)
        slots = slots + mixed
        return slots + self.mlp(self.norm_mlp(slots)), alpha

    def _mix(self, x: Tensor, rows: int | None) -> Tensor:
        """What ``self.attention`` returns when nobody asks for alpha: for a few slots, the module's checks cost more than the sums."""
        own, hidden = self.attention, x.shape[-1]
        weight, bias = own.in_proj_weight, own.in_proj_bias
        projected = F.linear(x[:, :rows], weight[:hidden], bias[:hidden]), F.linear(x, weight[hidden:], bias[hidden:])
        looks, held = (part.unflatten(-1, (-1, own.head_dim)).transpose(1, 2) for part in projected)
        keys, values = held.chunk(2, dim=1)
        dropped = own.dropout if self.training else 0.0
        mixed = F.scaled_dot_product_attention(looks, keys, values, dropout_p=dropped)
        return own.out_proj(mixed.transpose(1, 2).flatten(2))


def lay_out_for_few_rows(fusion: nn.Module) -> None:
    """Store the matrices of slot layers column by column: their product with a few rows takes a quarter less time.

    Every coalition of modalities is only a few rows. Numbers and shapes stay what they are.
    """
    layers = (module for module in fusion.modules() if isinstance(module, SlotLayer))
    for weight in (weight for layer in layers for weight in layer.parameters() if weight.dim() == 2):
        weight.data = weight.data.t().contiguous().t()
