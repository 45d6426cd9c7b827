"""Convolutions on a processor: each one oneDNN call together with its bias and activation.

torch runs a convolution and what follows it as separate passes over memory, and 1 x 1 convolutions in fp32 without oneDNN;
on a processor most of the time goes there. The calls are those that torch's own compiler emits; using them needs neither a
compiler on the machine nor a wait for one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

After = tuple[str, list[float], str]
"""What oneDNN does to the result, in torch's words."""
RELU: After = ("relu", [], "")
RELU6: After = ("hardtanh", [0.0, 6.0], "")
NOTHING: After = ("none", [], "")

SHAPES_KEPT = 3
"""For so many shapes of input a weight is kept as it is read for them: those of single media, whole batches and their rests."""

Convolution = Any
"""A torch.nn.Conv2d that has a bias, as folding its norm leaves it."""


def has_fused_convolutions(device: torch.device) -> bool:
    """Whether torch was built with oneDNN, and ``device`` is the processor."""
    import torch

    return device.type == "cpu" and torch.backends.mkldnn.is_available()


class FusedConvolution:
    """One call: a convolution, its bias and what follows; computed in the type of its weights.

    The bias stays fp32 beside weights in bf16: rounded, it would bend every place of a picture the same way.

    Args:
        weight: channels last.
        bias: in fp32.
        how: padding, stride, dilation and groups.
        after: what follows.
    """

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor, how: tuple[Any, ...], after: After) -> None:
        self.weight = weight
        self._bias, self._how, self._after = bias, how, after
        self._ordered = lru_cache(SHAPES_KEPT)(self._order)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        import torch

        convolve = torch.ops.mkldnn._convolution_pointwise
        return convolve(x.to(self.weight.dtype), self._ordered(x.shape), self._bias, *self._how, *self._after)

    def _order(self, shape: torch.Size) -> torch.Tensor:
        """The weight in the order in which oneDNN reads it for an input of this shape.

        An order guessed without the shape is now and then another one, and is then changed in every call: on a processor with
        AVX2 by a fifth of the time of one picture.
        """
        import torch

        return torch.ops.mkldnn._reorder_convolution_weight(self.weight, *self._how, shape)


def fuse(layer: Convolution, after: After, rough: bool = False) -> FusedConvolution:
    """A layer with what comes after it as one call, in bf16 where ``rough``.

    Padded as TensorFlow's SAME does it: with a step of two its weights see one pixel more after a picture of even side than before
    it. oneDNN's call pads both sides alike, so such a kernel gets zeros in front, to lie on the pixel too many.
    """
    from torch.nn.functional import pad

    front = layer.stride[0] - 1
    margin = (layer.kernel_size[0] - 1) // 2
    return prepare(layer, pad(layer.weight, (front, 0, front, 0)), layer.bias, margin, after, rough=rough)


def prepare(
    layer: Convolution, weight: torch.Tensor, bias: torch.Tensor, margin: int, after: After, rough: bool = False
) -> FusedConvolution:
    """The layer's stride and groups with other weights, and ``margin`` pixels of zeros on every side."""
    import torch

    dtype = torch.bfloat16 if rough else torch.float32
    how = [margin] * 2, list(layer.stride), [1, 1], layer.groups
    weight = weight.to(dtype).contiguous(memory_format=torch.channels_last)
    return FusedConvolution(weight, bias, how, after)
