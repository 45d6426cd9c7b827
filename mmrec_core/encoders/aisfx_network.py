"""The convolutional part of aiSFX, written for its published tensors, with batch norms folded into the convolutions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import torch

CHANNELS = (1, 64, 128, 256, 512)
POOLS = (2, 2, 2, 1)


def read_checkpoint(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, tuple[int, int]]]:
    """The tensors, and (index, number of classes) of each data set it was trained on. Nothing is unpickled but tensors and numpy integers."""
    import torch
    from numpy._core.multiarray import scalar

    # The file was written by numpy 1, which called the module by its old name.
    allowed: list[Any] = [(scalar, "numpy.core.multiarray.scalar"), np.dtype, np.dtypes.Int64DType]
    with torch.serialization.safe_globals(allowed):
        tensors, heads = torch.load(path, map_location="cpu", weights_only=True)
    return tensors, {name: (int(index), int(classes)) for name, (index, classes) in heads.items()}


def load(path: Path) -> torch.nn.Module:
    """Spectrograms (n, frames, 96) -> maps (n, 512, frames / 8, 12): four blocks of two 3 x 3 convolutions, then max-pooling."""
    import torch

    tensors, _ = read_checkpoint(path)
    layers: list[Any] = [torch.nn.Unflatten(1, (1, -1))]
    for block, pool in enumerate(POOLS, start=1):
        for part in (1, 2):
            layers += [_folded(tensors, f"embedding_net.conv_block{block}", part), torch.nn.ReLU(inplace=True)]
        layers += [torch.nn.MaxPool2d(pool)] if pool > 1 else []
    network = torch.nn.Sequential(*layers).eval().requires_grad_(False)
    return network.to(memory_format=torch.channels_last)


def _folded(tensors: dict[str, torch.Tensor], block: str, part: int) -> torch.nn.Conv2d:
    """One convolution that also does the work of the batch norm behind it."""
    import torch
    from torch.nn.utils.fusion import fuse_conv_bn_eval

    weight = tensors[f"{block}.conv{part}.weight"]
    convolution = torch.nn.Conv2d(weight.shape[1], weight.shape[0], 3, padding=1, bias=False).eval()
    convolution.load_state_dict({"weight": weight})
    norm = torch.nn.BatchNorm2d(weight.shape[0]).eval()
    prefix = f"{block}.bn{part}."
    norm.load_state_dict({key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)})
    return fuse_conv_bn_eval(convolution, norm)
