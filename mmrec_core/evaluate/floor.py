"""The least time that a network can take on this machine: its multiplications against what a large matrix product reaches."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

SIDE = 1024
ROUNDS = 8


def operations(network: Any, example: torch.Tensor) -> float:
    """Floating-point operations of one call: two for each multiplication of its convolutions and linear layers."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        network(example)
    return float(counter.get_total_flops())


def peak(device: torch.device, bfloat16: bool = False) -> float:
    """Operations a second of a product of two 1024 x 1024 matrices, the best of a few."""
    import torch

    matrix = torch.randn(SIDE, SIDE, device=device, dtype=torch.bfloat16 if bfloat16 else torch.float32)
    seconds = [_product(matrix) for _ in range(ROUNDS)]
    return 2 * SIDE**3 / min(seconds)


def _product(matrix: torch.Tensor) -> float:
    start = time.perf_counter()
    float((matrix @ matrix)[0, 0])  # reading one number waits for the device
    return time.perf_counter() - start
