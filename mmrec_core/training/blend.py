"""Between the closed-form start and the trained weights: WiSE-FT (Wortsman et al., CVPR 2022).

Training on a catalogue gains on the catalogue and loses on what is unlike it; weights in between keep most of both.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn


@torch.no_grad()
def blend(trained: nn.Module, start: Mapping[str, Tensor], kept: float) -> None:
    """Set the weights of ``trained`` to ``start + kept * (trained - start)``, in place.

    Args:
        start: the state before training, same names and shapes.
        kept: share of what training changed, in [0, 1].
    """
    for name, weight in trained.state_dict().items():
        if weight.is_floating_point():
            weight.copy_(torch.lerp(start[name].to(weight), weight, kept))
