"""What the frozen encoders say without any fusion: unit vectors by channel, and the untrained ensemble over them.

The ensemble is the teacher that the fusion must not fall below, and a baseline of the evaluation.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.fusion.base import TokenBatch
from mmrec_core.types import FUSED, Modality

CHANNELS: tuple[tuple[Modality, Modality, str, str], ...] = (
    (Modality.IMAGE, Modality.IMAGE, "visual", "visual"),
    (Modality.TEXT, Modality.TEXT, "lexical", "lexical"),
    (Modality.AUDIO, Modality.AUDIO, "sonic", "sonic"),
    (Modality.IMAGE, Modality.TEXT, "seen", "lexical"),
    (Modality.TEXT, Modality.IMAGE, "lexical", "seen"),
)
"""Which raw similarities exist: (query modality, item modality, query vector, item vector).

What is heard is left out: most sounds of a catalogue of games are no everyday sounds, and names that the classifier is not sure
of would count as much as those it is.
"""


@dataclass(frozen=True)
class RawVectors:
    """Unit vectors (n, d) by name: visual, lexical, sonic = pooled encoder outputs; seen = concepts of pictures in text space.

    Rows without the modality are zero; ``presence`` (n, m) says which those are.
    """

    vectors: dict[str, Tensor]
    presence: Tensor

    def rows(self, index: Tensor) -> RawVectors:
        """The same for some rows."""
        return RawVectors({name: v[index] for name, v in self.vectors.items()}, self.presence[index])


@torch.inference_mode()
def raw_vectors(fusion: AnchoredFusion, tokens: dict[Modality, TokenBatch]) -> RawVectors:
    """Raw vectors of a batch, through the anchors' frozen parts only."""
    batch = next(len(t.mask) for t in tokens.values())
    vectors, presence = {}, torch.zeros(batch, len(FUSED), dtype=torch.bool)
    names = {Modality.IMAGE: ("visual", "seen"), Modality.TEXT: ("lexical", ""), Modality.AUDIO: ("sonic", "")}
    for modality, t in tokens.items():
        anchor = fusion.anchor(modality)
        even = t.mask / t.mask.sum(dim=1, keepdim=True).clamp(min=1)
        pooled = anchor.pool(t.values, t.mask, even)
        there = t.mask.any(dim=1)
        own, concept = names[modality]
        unit = F.normalize((pooled[:, : len(anchor.centre)] - anchor.centre)[:, -anchor.dim :], dim=-1)
        vectors[own] = unit * there[:, None]
        if concept and anchor.concept is not None:
            posterior = anchor.concept.posterior(anchor.classifier_input(pooled), sharpened=False)
            vectors[concept] = F.normalize(posterior @ anchor.concept.class_vectors, dim=-1) * there[:, None]
        presence[:, FUSED.index(modality)] = there
    return RawVectors(vectors, presence)


def ensemble_scores(
    queries: RawVectors, items: RawVectors, asked: Tensor, held: Tensor, channels: tuple = CHANNELS
) -> Tensor:
    """Sum over the channels that both sides have of raw similarities, each standardised over the items: (q, n).

    Args:
        asked: (q, m) the modalities each query is reduced to; held: (n, m) the same for the items.

    Returns:
        Scores; a query without any channel gets NaN. An item that lacks a channel counts as average in it.
    """
    total = torch.zeros(len(asked), len(held))
    used = torch.zeros(len(asked), dtype=torch.bool)
    for q_modality, i_modality, q_name, i_name in channels:
        if q_name not in queries.vectors or i_name not in items.vectors:
            continue
        has_query, has_item = asked[:, FUSED.index(q_modality)], held[:, FUSED.index(i_modality)]
        if not has_query.any() or not has_item.any():
            continue
        scores = standardise(queries.vectors[q_name] @ items.vectors[i_name].T, has_item)
        total += torch.where(has_query[:, None], scores, torch.zeros_like(scores))
        used |= has_query
    return total.masked_fill(~used[:, None], float("nan"))


def standardise(similarity: Tensor, there: Tensor) -> Tensor:
    """z-scores row by row over the columns that are ``there``; other columns get 0, the average."""
    inside = similarity[:, there]
    mean, std = inside.mean(dim=1, keepdim=True), inside.std(dim=1, keepdim=True, correction=0).clamp(min=1e-6)
    return ((similarity - mean) / std) * there
