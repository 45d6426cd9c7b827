"""EfficientNet-Lite0 (ImageNet), as published: a picture -> 7 x 7 patch tokens of 1280, and the names its classifier knows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.encoders import weights
from mmrec_core.encoders.device import Precision, choose_device
from mmrec_core.encoders.fused import has_fused_convolutions
from mmrec_core.encoders.lite_fused import FusedNetwork
from mmrec_core.encoders.lite_network import ROUNDING, FoldedNetwork, fold_norms, unfolded_network
from mmrec_core.encoders.lite_tuning import Tuning
from mmrec_core.encoders.pooling import mean_pool, unit
from mmrec_core.encoders.precision import choose_precision
from mmrec_core.encoders.threads import side_by_side, usable_cores
from mmrec_core.registry import Plugin
from mmrec_core.settings import Settings
from mmrec_core.types import Embeddings, ImageArray, ImageGrid, Modality, Tokens, Vector

if TYPE_CHECKING:
    import torch

SIDE = 224
CELLS = 7
FEW = 4
"""Pictures that run together on a processor where no calls are fused: its caches must hold their maps."""
TOGETHER = (16, 8, FEW)
"""Sizes of what runs together in fused calls, the largest of which every core gets one."""
_BATCH_ELSEWHERE = 64
_PREPROCESSING = "squash224-bicubic-1"


class EfficientNetLite0:
    """The frozen network of Tan and Le (2019) in its Lite0 variant, behind the encoder contract.

    The whole picture is squashed to 224 x 224, so the grid covers all of it. Tokens are the last map after its activation;
    the classifier is linear over their mean, so ``head()`` says exactly what each token adds to each class.

    Args:
        settings: say where the weights lie and which device is used.
        tuning: what is added to the weights of the last stages; None leaves them as published.
    """

    modality = Modality.IMAGE
    dim = 1280
    version = f"efficientnet-lite0-{weights.weight_sha(weights.EFFICIENTNET)}-{_PREPROCESSING}"

    def __init__(self, settings: Settings, tuning: Tuning | None = None) -> None:
        self.device = choose_device(settings.device)
        model = published_network(settings)
        if tuning is not None:
            tuning.add_to(model)
            self.version = f"{self.version}-tuned-{tuning.version}"
        fused = has_fused_convolutions(self.device)
        self._network = FusedNetwork(model) if fused else FoldedNetwork(model, self.device)
        self._sizes = TOGETHER if fused else (FEW,)
        self._classifier = model.get_classifier()
        self.precision = choose_precision(settings.home, self.device, f"{self.version} {ROUNDING}", self._probe)

    def encode(self, batch: Sequence[ImageArray]) -> list[Tokens]:
        """49 tokens a picture, row by row. Pictures of any size from 1 x 1."""
        grid, mask = ImageGrid(CELLS, CELLS), np.ones(CELLS * CELLS, dtype=bool)
        if self.device.type == "cpu":
            maps = side_by_side(self._maps_of, chunked(batch, self._sizes, usable_cores()))
        else:
            maps = [self._maps_of(chunk) for chunk in chunked(batch, (_BATCH_ELSEWHERE,), 1)]
        return [Tokens(values, mask, grid) for chunk in maps for values in chunk]

    def pooled(self, tokens: Tokens) -> Vector:
        """The mean of the tokens (what the classifier reads), at length one."""
        return unit(mean_pool(tokens))

    def head(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Classifier ``weight`` (1000, 1280) and ``bias`` (1000,): posteriors are softmax(weight @ mean of tokens + bias)."""
        layer = self._classifier
        return layer.weight.float().cpu().numpy(), layer.bias.float().cpu().numpy()

    def class_names(self) -> list[str]:
        """The 1000 ImageNet classes in the order of the head, as short names."""
        return [names.split(",")[0].strip() for names in self._labels]

    def class_definitions(self) -> list[str]:
        """Names and WordNet definition of each class, in the order of the head: text that a text encoder can read."""
        return [self._info.index_to_description(index, detailed=True) for index in range(len(self._labels))]

    def _maps_of(self, pictures: Sequence[ImageArray]) -> NDArray[np.float32]:
        """Last maps of pictures that run together, (n, 49, 1280)."""
        return self._maps(stack([shrink(picture) for picture in pictures]), self.precision)

    def _maps(self, pixels: torch.Tensor, precision: Precision) -> NDArray[np.float32]:
        """Last maps of pixels (n, 3, 224, 224) uint8, as (n, 49, 1280)."""
        import torch

        with torch.inference_mode():
            maps = self._network(pixels, precision)
            return maps.permute(0, 2, 3, 1).reshape(len(maps), CELLS * CELLS, self.dim).cpu().numpy()

    def _probe(self, precision: Precision) -> Embeddings:
        """Pooled embeddings of four fixed pictures."""
        values = self._maps(stack([shrink(picture) for picture in probe_pictures()]), precision)
        return np.stack([unit(v.mean(axis=0)) for v in values])

    @cached_property
    def _info(self) -> Any:
        from timm.data import ImageNetInfo

        return ImageNetInfo()

    @cached_property
    def _labels(self) -> list[str]:
        return [self._info.index_to_description(index) for index in range(1000)]


def published_network(settings: Settings) -> Any:
    """The network with its batch norms folded; raises NotSetUpError where its weights are missing."""
    return fold_norms(unfolded_network(next(iter(weights.verified(settings, weights.EFFICIENTNET).values()))))


def chunked(batch: Sequence[ImageArray], sizes: Sequence[int], cores: int) -> list[Sequence[ImageArray]]:
    """The batch in chunks of the largest of the sizes of which there is one for every core, the rest in chunks of the smallest.

    Few sizes occur, because oneDNN keeps weights in an order of their own for each.
    """
    large = next((size for size in sizes if len(batch) >= size * cores), sizes[-1])
    whole = len(batch) // large * large
    starts = [
        *((n, large) for n in range(0, whole, large)),
        *((n, sizes[-1]) for n in range(whole, len(batch), sizes[-1])),
    ]
    return [batch[start : start + size] for start, size in starts]


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


def probe_pictures() -> list[ImageArray]:
    """Two pictures full of colour blots, and two with a few of them on white, which rounding harms most."""
    blots = np.random.default_rng(0).integers(0, 256, (4, 12, 12, 3), dtype=np.uint8)
    blots[2:, :4] = blots[2:, 6:] = blots[2:, :, :4] = blots[2:, :, 6:] = 255
    return list(blots)


def build(settings: Settings) -> EfficientNetLite0:
    """Load the encoder; raises NotSetUpError where its weights are missing."""
    return EfficientNetLite0(settings)


PLUGIN = Plugin("efficientnet", "EfficientNet-Lite0 (image)", build, requires=("torch", "timm"))
