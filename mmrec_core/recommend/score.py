"""THE score of an item for a query and a profile. Ranking and every explainer call this; there is no second copy."""

from __future__ import annotations

from typing import Any

Array = Any
"""A numpy array or a torch tensor: only ``+``, ``*``, ``@`` and ``.T`` are used, so gradients flow through."""


def blend(query: Array, profile: Array | None = None, weight: float = 0.0) -> Array:
    """What is searched with: ``(1 - w) q + w p``, or ``q`` where there is no profile.

    Args:
        query: embeddings (n, dim) or (dim,).
        profile: embedding (dim,) of what the person liked, or one for each query (n, dim), or None.
        weight: w in [0, 1], the profile's share.

    Raises:
        ValueError: where ``weight`` lies outside [0, 1].
    """
    if not 0.0 <= weight <= 1.0:
        raise ValueError(f"The profile's weight is {weight}; it takes 0 to 1.")
    if profile is None:
        return query
    return (1.0 - weight) * query + weight * profile


def score(query: Array, items: Array, profile: Array | None = None, weight: float = 0.0) -> Array:
    """``score(q, e) = <(1 - w) q + w p, e>``: the inner product of what is searched with and the item.

    Linear in the profile, so an inner-product index ranks by exactly this. Scores order items; they are no probabilities.

    Args:
        query: embeddings (n, dim) or (dim,); one row a query, or a coalition of one.
        items: embeddings (m, dim) or (dim,).
        profile: embedding (dim,), or one for each query (n, dim), or None.
        weight: w in [0, 1].

    Returns:
        Shape (n, m), with an axis less for each argument given as one vector.
    """
    if query.ndim == 1:
        return items @ blend(query, profile, weight)
    return blend(query, profile, weight) @ items.T
