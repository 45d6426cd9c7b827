"""OpenCLIP's picture tower: a picture -> patch tokens in the space it shares with text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mmrec_core.encoders.attending import ATTENTION, Attended, one_place, whole_layers
from mmrec_core.encoders.device import Precision, autocast, choose_device
from mmrec_core.encoders.hub import OPENCLIP, hub_sha, verified_folder
from mmrec_core.encoders.openclip_model import load_openclip, watched_tower
from mmrec_core.encoders.pooling import mean_pool, unit
from mmrec_core.encoders.precision import choose_precision
from mmrec_core.encoders.shared_space import centre_on
from mmrec_core.registry import Plugin
from mmrec_core.settings import Settings
from mmrec_core.types import Embeddings, ImageArray, ImageGrid, Modality, TokenMatrix, Tokens, Vector

if TYPE_CHECKING:
    from torch import Tensor

BATCH = 16
_PREPROCESSING = "squash-centred-1"


class OpenClipImage:
    """A frozen vision transformer behind the encoder contract. The whole picture is squashed to the model's square."""

    modality = Modality.IMAGE

    def __init__(self, settings: Settings) -> None:
        folder = verified_folder(settings, OPENCLIP)
        self.device = choose_device(settings.device)
        self.version = f"{OPENCLIP.name}-image-{hub_sha(settings, OPENCLIP)}-{_PREPROCESSING}"
        self._tower: Any = load_openclip(folder).visual.to(self.device)
        self.dim = int(self._tower.output_dim)
        self._rows, self._cols = self._tower.grid_size
        self.precision = choose_precision(settings.home, self.device, self.version, self._probe)

    def encode(self, batch: Sequence[ImageArray]) -> list[Tokens]:
        """One token a patch, row by row; their mean is the published embedding at length one."""
        return [
            t
            for start in range(0, len(batch), BATCH)
            for t in self._encode(batch[start : start + BATCH], self.precision)
        ]

    def pooled(self, tokens: Tokens) -> Vector:
        """The published embedding, at length one."""
        return unit(mean_pool(tokens))

    def attend(self, medium: ImageArray) -> Attended:
        """Encode one picture with its attention; the published embedding is read from [CLS], or from all patches alike."""
        import torch

        tower, kept = watched_tower(self._tower)
        with torch.enable_grad():
            tokens = self._tokens(tower, self._scaled([medium]))[0]
        count = len(tokens)
        places = torch.arange(-1, count, device=self.device)  # [CLS] comes first and is no patch
        by_class = tower.pool_type == "tok"
        read = one_place(count + 1, 0, tokens) if by_class else (places >= 0).to(tokens.dtype) / count
        return Attended(tokens, whole_layers(kept), read.detach(), places)

    def _encode(self, pictures: Sequence[ImageArray], precision: Precision) -> list[Tokens]:
        grid, mask = ImageGrid(self._rows, self._cols), np.ones(self._rows * self._cols, dtype=bool)
        return [Tokens(values, mask, grid) for values in self._values(pictures, precision)]

    def _values(self, pictures: Sequence[ImageArray], precision: Precision) -> TokenMatrix:
        import torch

        pixels = self._scaled(pictures)
        with torch.inference_mode(), autocast(self.device, precision):
            return self._tokens(self._tower, pixels).cpu().numpy()

    def _scaled(self, pictures: Sequence[ImageArray]) -> Tensor:
        """Pixels (n, 3, height, width) as the tower takes them."""
        import torch

        config = self._tower.preprocess_cfg
        mean, std = (torch.tensor(config[key]).reshape(1, 3, 1, 1) for key in ("mean", "std"))
        pixels = torch.cat([_squash(picture, self._tower.image_size, config["interpolation"]) for picture in pictures])
        return ((pixels.float() / 255.0 - mean) / std).to(self.device)

    def _tokens(self, tower: Any, pixels: Tensor) -> Tensor:
        """Tokens (n, patches, dim)."""
        pooled, cells = tower(pixels)
        projected = cells @ tower.proj if tower.proj is not None else cells
        mask = projected.new_ones(projected.shape[:2]).bool()
        return centre_on(pooled.float(), projected.float(), mask)

    def _probe(self, precision: Precision) -> Embeddings:
        pictures = np.random.default_rng(0).integers(0, 256, (2, 12, 12, 3), dtype=np.uint8)
        return np.stack([self.pooled(tokens) for tokens in self._encode(list(pictures), precision)])


def _squash(image: ImageArray, size: tuple[int, int], interpolation: str) -> Any:
    """(1, 3, height, width) uint8."""
    import torch

    pixels = torch.from_numpy(np.require(image, requirements=["C", "W"])).permute(2, 0, 1)[None]
    mode = interpolation if interpolation in ("bilinear", "bicubic") else "bicubic"
    return torch.nn.functional.interpolate(pixels, size=tuple(size), mode=mode, antialias=True)


def build(settings: Settings) -> OpenClipImage:
    """Load the encoder; raises NotSetUpError where its weights are missing."""
    return OpenClipImage(settings)


PLUGIN = Plugin(
    "openclip_image", "OpenCLIP (image)", build, requires=("torch", "open_clip:open-clip-torch"), offers=(ATTENTION,)
)
