"""An encoder whose attention is known: one layer, and values that only some places have."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import torch

from mmrec_core.encoders.attending import Attended, whole_layers
from mmrec_core.explain.base import Pair
from mmrec_core.types import Modality

HEADS = 2


class PlantedInside:
    """Gives the tokens of the pair as they are; through attention they depend on what the ``telling`` places hold.

    Args:
        pair: whose media there are.
        telling: places that hold anything; all where None.
        sign: of what they hold, along the tokens' first dimension where ``telling`` is given.
    """

    def __init__(self, pair: Pair, telling: Collection[int] | None = None, sign: float = 1.0) -> None:
        self.pair, self.telling, self.sign = pair, telling, sign

    def why_not(self, side: str, modality: Modality) -> str | None:
        own = self.pair.query if side == "query" else self.pair.item
        return None if modality in own.players else "There is no such medium."

    def attend(self, side: str, modality: Modality) -> Attended:
        own = self.pair.query if side == "query" else self.pair.item
        values = own.batch[modality].values[0]
        count, dim = values.shape
        rng = np.random.default_rng(count + 10 * (side == "item"))
        logits = torch.from_numpy(rng.normal(size=(1, HEADS, count, count))).to(values)
        weights = logits.softmax(dim=-1).requires_grad_()
        held = torch.from_numpy(rng.normal(size=(count, dim))).to(values)
        if self.telling is not None:
            held = torch.zeros(count, dim).to(values)
            held[list(self.telling), 0] = self.sign
        with torch.enable_grad():
            looked_up = (weights - weights.detach()).mean(dim=1)[0] @ held
        even = values.new_full((count,), 1 / count)
        return Attended(values + looked_up, whole_layers([weights]), even, torch.arange(count))


def with_inside(pair: Pair) -> Pair:
    """The same pair, whose encoders can be looked into."""
    return replace(pair, inside=PlantedInside(pair))
