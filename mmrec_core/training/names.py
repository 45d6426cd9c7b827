"""What a sound is named is read by the map of words, too.

The sound encoder names hundreds of sounds, most of which a small catalogue never holds. The map of sounds learns what
names of its own sounds mean and forgets the others; the map of words has read far more of them. A share of the latter,
added when everything is trained, keeps what the encoder knows. No other weight changes.
"""

from __future__ import annotations

import torch

from mmrec_core.fusion.anchor import Anchor, NamedConcept
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.types import Modality


@torch.no_grad()
def read_names_as_words(fusion: AnchoredFusion, share: float) -> None:
    """Add ``share`` of the map of words to the part of each anchor's map that reads the vector of what is named, in place.

    Args:
        fusion: trained, its text anchor and concepts in the same text space; encoders that only classify are left alone,
            since their thousand classes are seen in training (``training.imagined``).
        share: 0 changes nothing.
    """
    words = fusion.anchor(Modality.TEXT).linear.weight
    for modality in fusion.anchors:
        anchor = fusion.anchor(modality)
        if isinstance(anchor.concept, NamedConcept):
            anchor.linear.weight[:, concept_columns(anchor.concept, anchor)] += share * words


def concept_columns(concept: NamedConcept, anchor: Anchor) -> slice:
    """Which columns of the anchor's map read its concept; they follow those of its pooled features."""
    first = anchor.centre.numel()
    return slice(first, first + concept.class_vectors.shape[1])
