"""What learns while the picture encoder is tuned: its last stages, and what is thrown away after; with the losses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmrec_core.features.projection import Projection
from mmrec_core.fusion.anchor import Anchor
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.training.data import same_thing
from mmrec_core.training.objectives import info_nce, prototype_loss
from mmrec_core.training.picture_maps import Maps
from mmrec_core.training.step import MAXIMUM_SCALE
from mmrec_core.types import Modality

STAGES_RATE, ANCHOR_RATE, HEAD_RATE = 4e-4, 3e-4, 3e-3
"""Of the stages; of the map of pictures; of the categories' directions and the temperature."""
CATEGORY_SCALE = 10.0
START_SCALE = 20.0


@dataclass(frozen=True)
class Examples:
    """What is learned from, one row a picture.

    Args:
        maps: by view, (pictures of a book, 14, 14, 112), one list a book (catalogue, corpus).
        texts: (views, n, dim) unit vectors of what is said about each picture.
        labels: (n,) categories. twins: (n, 3) group numbers, see ``TrainingData``.
        trained: rows that may be learned from.
    """

    maps: list[Maps]
    texts: Tensor
    labels: Tensor
    twins: Tensor
    trained: Tensor

    @property
    def views(self) -> int:
        """Of each picture."""
        return len(self.maps[0])

    def pictures(self, rows: Iterable[int], views: Iterable[int]) -> Tensor:
        """Maps (batch, 112, 14, 14) of a view of each row."""
        first = len(self.maps[0][0])
        picked = [
            self.maps[0][view][row] if row < first else self.maps[1][view][row - first]
            for row, view in zip(rows, views, strict=True)
        ]
        maps = torch.from_numpy(np.stack(picked)).float().permute(0, 3, 1, 2)
        return maps.contiguous(memory_format=torch.channels_last)


class Student(nn.Module):
    """The stages that are tuned, and after them projection, features and map of the fusion's anchor of pictures.

    Args:
        stages: maps (n, channels, rows, columns) -> maps (n, D, rows, columns).
        fusion: whose anchor of pictures comes after; it stays as it is, but for a copy of its map.
        projection: D -> width of the fusion's tokens.
        classifier: D -> logarithms of classes, up to a constant; stays as it is.
    """

    def __init__(
        self, stages: nn.Sequential, fusion: AnchoredFusion, projection: Projection, classifier: nn.Module
    ) -> None:
        super().__init__()
        self.stages, self.classifier, self.fusion = stages, classifier, fusion.requires_grad_(False)
        self.map = nn.Parameter(self.anchor.linear.weight.detach().clone())
        self.mean, self.components = (torch.from_numpy(a) for a in (projection.mean, projection.components))
        self.scale = projection.scale
        self.stages.requires_grad_(True)

    @property
    def anchor(self) -> Anchor:
        return self.fusion.anchor(Modality.IMAGE)

    def forward(self, maps: Tensor) -> tuple[Tensor, Tensor]:
        """Unit vectors (batch, dim), and the logarithm of what the classifier says (batch, classes)."""
        pooled = self.stages(maps).mean(dim=(2, 3))
        features = self.anchor.features((pooled - self.mean) @ self.components.T * self.scale)
        return F.normalize(features @ self.map.T, dim=-1), torch.log_softmax(self.classifier(pooled), dim=-1)


class Heads(nn.Module):
    """What is thrown away after: an inverse temperature, and a direction a category that starts at the mean of its words."""

    def __init__(self, examples: Examples, categories: int) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(START_SCALE).log())
        texts, labels = examples.texts[0][examples.trained], examples.labels[examples.trained]
        sums = torch.zeros(categories, texts.shape[1]).index_add_(0, labels, texts)
        self.prototypes = nn.Parameter(F.normalize(sums + torch.finfo(sums.dtype).eps, dim=-1))


def parameter_groups(student: Student, heads: Heads) -> list[dict[str, Any]]:
    """What is trained, at its rate."""
    return [
        {"params": list(student.stages.parameters()), "lr": STAGES_RATE},
        {"params": [student.map], "lr": ANCHOR_RATE},
        {"params": list(heads.parameters()), "lr": HEAD_RATE},
    ]


def losses(
    student: Student, heads: Heads, examples: Examples, named: Tensor, rows: Tensor, generator: torch.Generator
) -> dict[str, Tensor]:
    """Losses of some rows, each in a view drawn at random, with words drawn at random.

    Args:
        named: (views, n, classes), see ``classifier_names``.
    """
    seen, said = (
        torch.randint(count, (len(rows),), generator=generator) for count in (examples.views, len(examples.texts))
    )
    embeddings, names = student(examples.pictures(rows.tolist(), seen.tolist()))
    same = same_thing(examples.twins[rows])
    scale = heads.log_scale.exp().clamp(max=MAXIMUM_SCALE)
    return {
        "alignment": info_nce(embeddings, examples.texts[said, rows], scale, same),
        "category": prototype_loss(embeddings, heads.prototypes, examples.labels[rows], CATEGORY_SCALE),
        "names": F.kl_div(names, named[seen, rows].float(), reduction="batchmean", log_target=True),
    }


@torch.inference_mode()
def classifier_names(student: Student, examples: Examples, batch: int) -> Tensor:
    """The logarithm of what the classifier says of every view before anything is tuned, (views, n, classes) in half precision."""
    rows = torch.arange(len(examples.labels))
    return torch.stack(
        [
            torch.cat(
                [student(examples.pictures(some.tolist(), [view] * len(some)))[1].half() for some in rows.split(batch)]
            )
            for view in range(examples.views)
        ]
    ).clone()
