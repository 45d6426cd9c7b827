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

LEAST_PROBABILITY = 1e-6
"""Keeps the logarithm in the gradient of a power finite."""


class Concept(nn.Module):
    """What an encoder names, turned into a vector in text space (ConSE, Norouzi et al. 2014).

    ``c = sum_k p_k t_k`` with ``p`` the posterior over the encoder's own classes and ``t_k`` the text embedding of class k.
    Nothing in here is trained except the temperature.

    Args:
        classes: how many there are.
        text_dim: width of the class embeddings.
    """

    class_vectors: Tensor

    def __init__(self, classes: int, text_dim: int) -> None:
        super().__init__()
        self.register_buffer("class_vectors", torch.zeros(classes, text_dim))
        self.log_sharpness = nn.Parameter(torch.zeros(()))

    def posterior(self, said: Tensor, sharpened: bool = True) -> Tensor:
        """Probabilities (batch, classes) from what ``Anchor.classifier_input`` gives.

        ``sharpened=False`` leaves out the learned temperature: the encoder's own words.
        """
        raise NotImplementedError

    def said(self, said: Tensor) -> Tensor:
        """The encoder's own probabilities (batch, classes), for people to read."""
        return self.posterior(said, sharpened=False)

    def forward(self, said: Tensor) -> Tensor:
        """Concept vectors (batch, text_dim). Their length is below one, and shorter the less sure the classifier is."""
        return self.posterior(said) @ self.class_vectors


class ClassifierConcept(Concept):
    """Reads pooled features through the encoder's frozen classifier: classes exclude each other.

    Args:
        sizes: widths of the classifier's layers, from the pooled features to the classes.
        text_dim: width of the class embeddings.
    """

    def __init__(self, sizes: list[int], text_dim: int) -> None:
        super().__init__(sizes[-1], text_dim)
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in itertools.pairwise(sizes))
        for parameter in self.layers.parameters():
            parameter.requires_grad_(False)

    def posterior(self, said: Tensor, sharpened: bool = True) -> Tensor:
        """Softmax of the classifier's logits."""
        x = said
        for i, layer in enumerate(self.layers):
            x = layer(torch.relu(x) if i else x)
        return torch.softmax(x * self.log_sharpness.exp() if sharpened else x, dim=-1)


class NamedConcept(Concept):
    """Reads probabilities that the tokens hold already, of classes that may be heard together.

    They are divided by their sum where it is above one, so that one sure class of many says as much as one alone.
    """

    def posterior(self, said: Tensor, sharpened: bool = True) -> Tensor:
        """Probabilities that sum to one at most."""
        likely = said.clamp(LEAST_PROBABILITY, 1.0)
        powered = likely ** self.log_sharpness.exp() if sharpened else likely
        return powered / powered.sum(dim=-1, keepdim=True).clamp(min=1.0)

    def said(self, said: Tensor) -> Tensor:
        """The probabilities as they are: each class by itself."""
        return said.clamp(0.0, 1.0)


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
    """One modality's linear path: ``A [unit(pooled - centre); concept; names]``.

    Args:
        dim: width of a projected token, without the probabilities of ``names``.
        out: width of the embedding.
        peak_group: tokens per time step where features are also pooled by their peak over time, else 0.
        concept_sizes: layer widths of the encoder's own classifier, or empty.
        text_dim: width of the class embeddings.
        normalise: whether centred features are brought to length one.
        names: how many numbers at the end of a token are probabilities of what its encoder names; they are pooled by their
            mean, give the concept, and are read as they are, too.
    """

    centre: Tensor

    def __init__(
        self, dim: int, out: int, peak_group: int, concept_sizes: list[int], text_dim: int, normalise: bool = True,
        names: int = 0,
    ) -> None:  # fmt: skip
        super().__init__()
        self.dim = dim
        self.names = names
        self.token_dim = dim + names
        self.normalise = normalise
        self.peak_group = peak_group
        pooled_dim = dim * (2 if peak_group else 1)
        self.register_buffer("centre", torch.zeros(pooled_dim))
        self.concept = _concept(concept_sizes, names, text_dim)
        self.feature_dim = pooled_dim + (text_dim if self.concept is not None else 0) + names
        self.linear = nn.Linear(self.feature_dim, out, bias=False)

    def pool(self, tokens: Tensor, mask: Tensor, weights: Tensor) -> Tensor:
        """Pooled features (batch, pooled_dim + names): the attention-weighted mean, the peak where asked for, the names."""
        mean = torch.einsum("bn,bnd->bd", weights, tokens)
        if not self.peak_group:
            return mean
        return self.beside_mean(mean, peak_over_steps(tokens[..., : self.dim], mask, self.peak_group))

    def beside_mean(self, mean: Tensor, peak: Tensor) -> Tensor:
        """Pooled features from the mean (batch, dim + names) and the peak (batch, dim)."""
        return torch.cat([mean[..., : self.dim], peak, mean[..., self.dim :]], dim=-1)

    def features(self, pooled: Tensor) -> Tensor:
        """What ``linear`` reads: (batch, feature_dim)."""
        own, names = pooled[..., : self.centre.numel()], pooled[..., self.centre.numel() :]
        centred = (own - self.centre).unflatten(-1, (-1, self.dim))
        unit = (F.normalize(centred, dim=-1) if self.normalise else centred).flatten(-2)
        if self.concept is None:
            return unit
        return torch.cat([unit, self.concept(self.classifier_input(pooled)), names], dim=-1)

    def classifier_input(self, pooled: Tensor) -> Tensor:
        """The part of the pooled features that names things: probabilities, or what the classifier was trained on."""
        return pooled[..., self.centre.numel() :] if self.names else pooled[..., -self.dim :]


def _concept(sizes: list[int], names: int, text_dim: int) -> Concept | None:
    if names:
        return NamedConcept(names, text_dim)
    return ClassifierConcept(sizes, text_dim) if sizes else None
