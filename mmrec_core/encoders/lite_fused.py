"""EfficientNet-Lite0 on a processor: every convolution one oneDNN call together with its bias and activation.

torch runs a convolution and what follows it as separate passes over memory, and 1 x 1 convolutions in fp32 without oneDNN;
on a processor most of the time goes there. The calls are those that torch's own compiler emits; using them needs neither a
compiler on the machine nor a wait for one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from mmrec_core.encoders.device import Precision
from mmrec_core.encoders.lite_network import MEAN, SCALE, blocks_with_tolerance

if TYPE_CHECKING:
    import torch

_RELU6 = ("hardtanh", [0.0, 6.0], "")
_NOTHING: tuple[str, list[float], str] = ("none", [], "")

Convolution = Any
"""A torch.nn.Conv2d that has a bias, as folding its norm leaves it."""
Layer: TypeAlias = "FusedBlock | FusedConvolution"


def has_fused_convolutions(device: torch.device) -> bool:
    """Whether torch was built with oneDNN, and ``device`` is the processor."""
    import torch

    return device.type == "cpu" and torch.backends.mkldnn.is_available()


class FusedNetwork:
    """The folded network for one processor.

    What bf16 needs is prepared when it is first asked for, since oneDNN refuses to prepare it on processors without kernels for it.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._stem = fuse_stem(model.conv_stem)
        self._exact = [FusedBlock(block) for block, _ in blocks_with_tolerance(model)]
        self._layers: dict[Precision, list[Layer]] = {"float32": [*self._exact, fuse(model.conv_head)]}

    def __call__(self, pixels: torch.Tensor, precision: Precision) -> torch.Tensor:
        """Pixels (n, 3, 224, 224) uint8 -> last map (n, 1280, 7, 7) after its activation."""
        from torch.nn.functional import pad

        if precision not in self._layers:
            self._layers[precision] = self._rough_layers()
        x = self._stem(pad(pixels, (0, 1, 0, 1), value=MEAN))
        for layer in self._layers[precision]:
            x = layer(x)
        return x.float()

    def _rough_layers(self) -> list[Layer]:
        """The head and every block that tolerates it in bf16, the other blocks as they are."""
        pairs = zip(self._exact, blocks_with_tolerance(self._model), strict=True)
        blocks = [FusedBlock(block, rough=True) if tolerant else exact for exact, (block, tolerant) in pairs]
        return [*blocks, fuse(self._model.conv_head, rough=True)]


class FusedBlock:
    """(Expansion,) depthwise convolution and projection, added to the input where the shapes allow it."""

    def __init__(self, block: Any, rough: bool = False) -> None:
        expands = hasattr(block, "conv_pwl")
        inner = (block.conv_pw, block.conv_dw) if expands else (block.conv_dw,)
        last = block.conv_pwl if expands else block.conv_pw
        self._steps = [*(fuse(layer, rough) for layer in inner), fuse(last, rough, activated=False)]
        self._skips = block.has_skip

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        y = x
        for step in self._steps:
            y = step(y)
        return x + y if self._skips else y


@dataclass(frozen=True)
class FusedConvolution:
    """One call: a convolution, its bias and what follows; computed in the type of its weights."""

    weight: torch.Tensor
    """Channels last."""
    bias: torch.Tensor
    how: tuple[Any, ...]
    """Padding, stride, dilation and groups."""
    after: tuple[Any, ...]
    ordered: dict[tuple[int, ...], torch.Tensor] = field(default_factory=dict)
    """By shape of the input, the weight in the order in which oneDNN reads it for that shape.

    An order guessed without the shape is now and then another one, and is then changed in every call: on a processor with
    AVX2 by a fifth of the time of one picture.
    """

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        import torch

        weight = self.ordered.get(x.shape)
        if weight is None:
            weight = torch.ops.mkldnn._reorder_convolution_weight(self.weight, *self.how, x.shape)
            self.ordered[x.shape] = weight
        convolve = torch.ops.mkldnn._convolution_pointwise
        return convolve(x.to(self.bias.dtype), weight, self.bias, *self.how, *self.after)


def fuse(layer: Convolution, rough: bool = False, activated: bool = True) -> FusedConvolution:
    """A folded layer as one call, in bf16 where ``rough`` and with its ReLU6 where ``activated``.

    With a step of two the published weights see one pixel more after a picture of even side than before it. oneDNN's call
    pads both sides alike, so such a kernel gets zeros in front, to lie on the pixel too many.
    """
    from torch.nn.functional import pad

    front = layer.stride[0] - 1
    margin = (layer.kernel_size[0] - 1) // 2
    return _prepare(
        layer, pad(layer.weight, (front, 0, front, 0)), layer.bias, margin, rough=rough, activated=activated
    )


def fuse_stem(layer: Convolution) -> FusedConvolution:
    """The first layer for pixels 0 to 255 with their margin already there: their scaling goes into its weights."""
    bias = layer.bias - MEAN / SCALE * layer.weight.sum(dim=(1, 2, 3))
    return _prepare(layer, layer.weight / SCALE, bias, margin=0)


def _prepare(
    layer: Convolution,
    weight: torch.Tensor,
    bias: torch.Tensor,
    margin: int,
    rough: bool = False,
    activated: bool = True,
) -> FusedConvolution:
    import torch

    dtype = torch.bfloat16 if rough else torch.float32
    how = [margin] * 2, list(layer.stride), [1, 1], layer.groups
    weight = weight.to(dtype).contiguous(memory_format=torch.channels_last)
    return FusedConvolution(weight, bias.to(dtype), how, _RELU6 if activated else _NOTHING)
