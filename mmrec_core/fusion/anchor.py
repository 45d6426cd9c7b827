"""The linear path that keeps what the frozen encoders know: pooled features and concepts -> the embedding space.

A fusion trained on a small catalogue alone forgets its encoders. So the embedding is ``anchor + correction``: the anchor
is linear in what each encoder says and starts from a closed form (see ``training.closed_form``) in which inner products
equal the sum of raw similarities; the transformer only learns the correction, which starts at zero.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class ConceptHead(nn.Module):
    """A frozen classifier of the encoder, turned into a vector in text space (ConSE, Norouzi et al. 2014).

    ``c = sum_k p_k t_k`` with ``p`` the posterior over the encoder's own classes and ``t_k`` the text embedding of class k.
    Nothing in here is trained except the temperature.

    Args:
        sizes: widths of the classifier's layers, from the pooled features to the classes.
        text_dim: width of the class embeddings.
    """

    class_vectors: Tensor

    def __init__(self, sizes: list[int], text_dim: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in itertools.pairwise(sizes))
        self.register_buffer("class_vectors", torch.zeros(sizes[-1], text_dim))
        self.log_sharpness = nn.Parameter(torch.zeros(()))
        for parameter in self.layers.parameters():
            parameter.requires_grad_(False)

    def posterior(self, pooled: Tensor, sharpened: bool = True) -> Tensor:
        """Probabilities (batch, classes) from features pooled the way the classifier was trained on.

        ``sharpened=False`` leaves out the learned temperature: the encoder's own words.
        """
        x = pooled
        for i, layer in enumerate(self.layers):
            x = layer(torch.relu(x) if i else x)
        return torch.softmax(x * self.log_sharpness.exp() if sharpened else x, dim=-1)

    def forward(self, pooled: Tensor) -> Tensor:
        """Concept vectors (batch, text_dim). Their length is below one, and shorter the less sure the classifier is."""
        return self.posterior(pooled) @ self.class_vectors


def peak_over_steps(tokens: Tensor, mask: Tensor, group: int) -> Tensor:
    """Maximum over time steps of the mean over the ``group`` bands of each step: (batch, dim).

    This is how the sound encoder was pooled when it was trained. A row without real tokens gives zeros.
    """
    batch, n, dim = tokens.shape
    real = mask.view(batch, n // group, group, 1)
    steps = tokens.view(batch, n // group, group, dim)
    means = (steps * real).sum(dim=2) / real.sum(dim=2).clamp(min=1)
    means = means.masked_fill(~real.any(dim=2), torch.finfo(tokens.dtype).min)
    return torch.where(mask.any(dim=1, keepdim=True), means.amax(dim=1), torch.zeros_like(means[:, 0]))


class Anchor(nn.Module):
    """One modality's linear path: ``A [unit(pooled - centre); concept]``.

    Args:
        dim: width of a projected token.
        out: width of the embedding.
        peak_group: tokens per time step where features are also pooled by their peak over time, else 0.
        concept_sizes: layer widths of the encoder's own classifier, or empty.
        text_dim: width of the class embeddings.
        normalise: whether centred features are brought to length one.
    """

    centre: Tensor

    def __init__(
        self, dim: int, out: int, peak_group: int, concept_sizes: list[int], text_dim: int, normalise: bool = True
    ) -> None:
        super().__init__()
        self.dim = dim
        self.normalise = normalise
        self.peak_group = peak_group
        pooled_dim = dim * (2 if peak_group else 1)
        self.register_buffer("centre", torch.zeros(pooled_dim))
        self.concept = ConceptHead(concept_sizes, text_dim) if concept_sizes else None
        self.feature_dim = pooled_dim + (text_dim if concept_sizes else 0)
        self.linear = nn.Linear(self.feature_dim, out, bias=False)

    def pool(self, tokens: Tensor, mask: Tensor, weights: Tensor) -> Tensor:
        """Pooled features (batch, pooled_dim): the attention-weighted mean, then the peak where asked for."""
        mean = torch.einsum("bn,bnd->bd", weights, tokens)
        if not self.peak_group:
            return mean
        return torch.cat([mean, peak_over_steps(tokens, mask, self.peak_group)], dim=-1)

    def features(self, pooled: Tensor) -> Tensor:
        """What ``linear`` reads: (batch, feature_dim)."""
        centred = (pooled - self.centre).unflatten(-1, (-1, self.dim))
        unit = (F.normalize(centred, dim=-1) if self.normalise else centred).flatten(-2)
        if self.concept is None:
            return unit
        return torch.cat([unit, self.concept(self.classifier_input(pooled))], dim=-1)

    def classifier_input(self, pooled: Tensor) -> Tensor:
        """The part of the pooled features that the encoder's own classifier was trained on."""
        return pooled[..., -self.dim :]
