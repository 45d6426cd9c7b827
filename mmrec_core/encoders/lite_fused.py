"""EfficientNet-Lite0 on a processor, of fused convolutions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from mmrec_core.encoders.device import Precision
from mmrec_core.encoders.fused import NOTHING, RELU6, Convolution, FusedConvolution, fuse, prepare
from mmrec_core.encoders.lite_network import MEAN, SCALE, blocks_with_tolerance

if TYPE_CHECKING:
    import torch

Layer: TypeAlias = "FusedBlock | FusedConvolution"
WIDE_BLOCKS = 4
"""The first blocks, whose maps are large and whose weights are few."""
WIDE_TOGETHER: dict[Precision, int] = {"float32": 2, "bfloat16": 4}
"""Pictures that run through the wide blocks together, so that a core's cache holds their maps. All others are few numbers beside
their weights, which are read once for all pictures of a call. Of 64 pictures on two cores a quarter to two fifths more a second than
by fours throughout."""


class FusedNetwork:
    """The folded network for one processor.

    What bf16 needs is prepared when it is first asked for, since oneDNN refuses to prepare it on processors without kernels for it.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._stem = fuse_stem(model.conv_stem)
        self._exact = [FusedBlock(block) for block, _ in blocks_with_tolerance(model, exact_biases=True)]
        self._layers: dict[Precision, list[Layer]] = {"float32": [*self._exact, fuse(model.conv_head, RELU6)]}

    def __call__(self, pixels: torch.Tensor, precision: Precision) -> torch.Tensor:
        """Pixels (n, 3, 224, 224) uint8 -> last map (n, 1280, 7, 7) after its activation."""
        import torch

        if precision not in self._layers:
            self._layers[precision] = self._rough_layers()
        wide, narrow = self._layers[precision][:WIDE_BLOCKS], self._layers[precision][WIDE_BLOCKS:]
        parts = [self._through_wide(some, wide) for some in pixels.split(WIDE_TOGETHER[precision])]
        x = torch.cat(parts).contiguous(memory_format=torch.channels_last) if len(parts) > 1 else parts[0]
        for layer in narrow:
            x = layer(x)
        return x.float()

    def _through_wide(self, pixels: torch.Tensor, layers: list[Layer]) -> torch.Tensor:
        from torch.nn.functional import pad

        x = self._stem(pad(pixels, (0, 1, 0, 1), value=MEAN))
        for layer in layers:
            x = layer(x)
        return x

    def _rough_layers(self) -> list[Layer]:
        """The head and every block that tolerates it in bf16, the other blocks as they are."""
        pairs = zip(self._exact, blocks_with_tolerance(self._model, exact_biases=True), strict=True)
        blocks = [FusedBlock(block, rough=True) if tolerant else exact for exact, (block, tolerant) in pairs]
        return [*blocks, fuse(self._model.conv_head, RELU6, rough=True)]


class FusedBlock:
    """(Expansion,) depthwise convolution and projection, added to the input where the shapes allow it."""

    def __init__(self, block: Any, rough: bool = False) -> None:
        expands = hasattr(block, "conv_pwl")
        inner = (block.conv_pw, block.conv_dw) if expands else (block.conv_dw,)
        last = block.conv_pwl if expands else block.conv_pw
        self._steps = [*(fuse(layer, RELU6, rough) for layer in inner), fuse(last, NOTHING, rough)]
        self._skips = block.has_skip

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        y = x
        for step in self._steps:
            y = step(y)
        return x + y if self._skips else y


def fuse_stem(layer: Convolution) -> FusedConvolution:
    """The first layer for pixels 0 to 255 with their margin already there: their scaling goes into its weights."""
    bias = layer.bias - MEAN / SCALE * layer.weight.sum(dim=(1, 2, 3))
    return prepare(layer, layer.weight / SCALE, bias, margin=0, after=RELU6)
