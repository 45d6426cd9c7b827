"""What tuning changed in the last stages of EfficientNet-Lite0: differences from the published weights, in few levels."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.encoders.lite_network import MEAN, SCALE
from mmrec_core.errors import BundleError
from mmrec_core.files import write_atomically
from mmrec_core.settings import REPOSITORY
from mmrec_core.types import told

if TYPE_CHECKING:
    import torch

FOLDER = REPOSITORY / "assets" / "models" / "pictures"
WEIGHTS = "weights.safetensors"
FIRST_STAGE = 5
"""The first of the stages that are tuned: from here on maps have 7 x 7 cells, and 57 % of all weights lie here."""
LEVELS = 31
"""Whole numbers on either side of zero that a difference is rounded to, in steps of its own row: as good as it was on the
validation part, at half the size of half precision."""
STEP = ".step"


def first_stages(model: Any, pixels: torch.Tensor) -> torch.Tensor:
    """The part of the folded network that stays as published: pixels (n, 3, 224, 224) uint8 -> maps (n, 112, 14, 14)."""
    import torch

    scaled = ((pixels.float() - MEAN) / SCALE).contiguous(memory_format=torch.channels_last)
    x: torch.Tensor = model.bn1(model.conv_stem(scaled))
    for stage in model.blocks[:FIRST_STAGE]:
        x = stage(x)
    return x


def last_stages(model: Any) -> torch.nn.Sequential:
    """The part that is tuned, sharing its weights with the folded network: maps (n, 112, 14, 14) -> (n, 1280, 7, 7)."""
    from torch import nn

    return nn.Sequential(*model.blocks[FIRST_STAGE:], model.conv_head, model.bn2)


@dataclass(frozen=True)
class Tuning:
    """What is added to the tensors of ``last_stages``: under a tensor's name whole numbers (out, ...), under ``.step`` the size
    of one of them (out,), row by row.
    """

    differences: Mapping[str, NDArray[Any]]

    @classmethod
    def between(cls, before: Mapping[str, torch.Tensor], after: Mapping[str, torch.Tensor]) -> Tuning:
        """The difference of two states, rounded to LEVELS steps a row."""
        differences: dict[str, NDArray[Any]] = {}
        for name, tensor in after.items():
            change = (tensor - before[name]).detach().cpu().numpy()
            steps = np.abs(change).reshape(len(change), -1).max(axis=1) / LEVELS
            steps = np.maximum(steps, np.finfo(np.float16).tiny).astype(np.float16)
            rounded = change / _by_row(steps, change.ndim)
            differences[name] = np.clip(np.rint(rounded), -LEVELS, LEVELS).astype(np.int8)
            differences[name + STEP] = steps
        return cls(differences)

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Tuning:
        """Read it; raises BundleError where there is none, or it is damaged."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        if not (folder / WEIGHTS).exists():
            raise BundleError(
                told(
                    "There is no tuned picture encoder at {folder}. Tune one with: python -m mmrec_core train pictures",
                    folder=folder,
                )
            )
        try:
            return cls(load_file(folder / WEIGHTS))
        except SafetensorError as error:
            raise BundleError(
                told("The tuned picture encoder at {folder} is damaged. Fetch it again.", folder=folder)
            ) from error

    def save(self, folder: Path) -> None:
        """Write it."""
        from safetensors.numpy import save

        contiguous = {name: np.ascontiguousarray(array) for name, array in self.differences.items()}
        write_atomically(folder / WEIGHTS, save(contiguous))

    @property
    def version(self) -> str:
        """Changes with every number."""
        digest = hashlib.sha256()
        for name in sorted(self.differences):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(self.differences[name]).tobytes())
        return digest.hexdigest()[:12]

    def add_to(self, model: Any) -> None:
        """Tune the folded network in place; raises BundleError where the tuning is of another one."""
        import torch

        own = last_stages(model).state_dict()
        for name in (name for name in self.differences if not name.endswith(STEP)):
            levels, steps = self.differences[name], self.differences[name + STEP]
            if name not in own or own[name].shape != levels.shape:
                raise BundleError(
                    told(
                        "The tuned picture encoder changes {name}, which is not that of EfficientNet-Lite0. Fetch it again.",
                        name=name,
                    )
                )
            own[name] += torch.from_numpy(levels * _by_row(steps, levels.ndim))


def _by_row(steps: NDArray[np.float16], dimensions: int) -> NDArray[np.float32]:
    """Steps (out,) in a shape that multiplies the rows of a tensor of so many dimensions."""
    return steps.astype(np.float32).reshape(-1, *[1] * (dimensions - 1))
