"""How much of a picture's place in the embedding comes from its look, and how much from what its encoder names in it.

A fusion learns this balance on its catalogue. Drawings, which the encoder's classifier names badly, teach it to trust the
look; photographs, which the classifier names well, then find what looks like a photograph. Two numbers move the balance after
training; no other weight changes.
"""

from __future__ import annotations

import torch

from mmrec_core.errors import OptionError
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.types import Modality

MOST = 10.0


@torch.no_grad()
def reweigh(fusion: AnchoredFusion, modality: Modality, own: float, concept: float) -> None:
    """Scale the two blocks of the modality's anchor in place: ``A [own * features; concept * concept vector]``.

    Args:
        modality: whose encoder has a classifier of its own.
        own: factor of the pooled features, in (0, 10]; concept: factor of the concept vector (see ``ConceptHead``).

    Raises:
        OptionError: for a factor outside its limits, or a modality without a classifier.
    """
    for name, factor in (("own", own), ("concept", concept)):
        if not 0 < factor <= MOST:
            raise OptionError(f"{name} is {factor:g}; it must lie above 0 and not above {MOST:g}.")
    anchor = fusion.anchor(modality)
    if anchor.concept is None:
        raise OptionError(
            f"The encoder of {modality} names nothing, so there is nothing to weigh against its features."
        )
    start, width = anchor.centre.numel(), anchor.concept.class_vectors.shape[1]
    anchor.linear.weight[:, :start] *= own
    anchor.linear.weight[:, start : start + width] *= concept
