"""Tune the last stages of the picture encoder: pictures are led to where the fusion puts their words.

A fusion can only turn what its frozen encoders say. ImageNet's network says little of drawings, of people and of rooms, so
its last stages learn from the training part and from captioned photographs; what its classifier says must stay what it
was, by which the thousand names that it knows are kept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmrec_core.encoders.efficientnet import published_network
from mmrec_core.encoders.lite_tuning import Tuning, last_stages
from mmrec_core.encoders.threads import every_core
from mmrec_core.errors import OptionError
from mmrec_core.features.projection import Projection
from mmrec_core.fusion.anchor import Anchor
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.settings import Settings
from mmrec_core.training.data import TrainingData, same_thing
from mmrec_core.training.objectives import info_nce, prototype_loss
from mmrec_core.training.picture_maps import Maps, picture_maps, with_picture
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.run import Workshop, classifiers, open_workshop
from mmrec_core.training.start import start_fusion
from mmrec_core.training.step import MAXIMUM_SCALE
from mmrec_core.types import FUSED, Modality, Progress, Report, told

EPOCHS = 16
BATCH = 256
VIEWS = 4
STAGES_RATE, ANCHOR_RATE, HEAD_RATE = 4e-4, 3e-4, 3e-3
"""Of the stages; of the map of pictures, which is thrown away after; of the categories' directions and the temperature."""
WARM_STEPS = 20
CATEGORY_WEIGHT, CATEGORY_SCALE = 2.0, 10.0
NAMES_WEIGHT = 1.0
"""Of keeping what the classifier says."""
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

    def pictures(self, rows: Tensor, views: Tensor) -> Tensor:
        """Maps (batch, 112, 14, 14) of a view of each row."""
        first = len(self.maps[0][0])
        picked = [
            self.maps[0][view][row] if row < first else self.maps[1][view][row - first]
            for row, view in zip(rows.tolist(), views.tolist(), strict=True)
        ]
        maps = torch.from_numpy(np.stack(picked)).float().permute(0, 3, 1, 2)
        return maps.contiguous(memory_format=torch.channels_last)


def tune_published(settings: Settings, recipe: Recipe, report: Report) -> Tuning:
    """Tune the network as it is published, on the catalogue and the corpus that are there.

    Raises:
        OptionError: in a preset whose pictures are read by another network.
    """
    if settings.preset != "embedded":
        raise OptionError(
            told(
                "The preset {preset!r} reads pictures by another network. Tune with MMREC_PRESET=embedded.",
                preset=settings.preset,
            )
        )
    return tune_pictures(open_workshop(settings, recipe, report), report)


def tune_pictures(workshop: Workshop, report: Report, epochs: int = EPOCHS) -> Tuning:
    """Tune the published network on the workshop's training part and corpus; nothing of other parts is looked at.

    Loss: symmetric InfoNCE of pictures with the words of their item, cross-entropy of the category, and the divergence
    KL(published || tuned) of what the classifier says. Words stand where the linear stage of the fusion puts them.

    Args:
        workshop: whose training part and corpus are learned from.
        report: progress in steps, with the mean losses of each epoch as a note.
        epochs: how often each picture is seen, every time in a view drawn at random.
    """
    recipe = workshop.recipe
    fusion = start_fusion(workshop.prepared, workshop.encoders, classifiers(workshop.encoders), recipe)
    examples = _examples(workshop, fusion, report)
    model = published_network(workshop.settings)
    stages = last_stages(model)
    before = {name: tensor.clone() for name, tensor in stages.state_dict().items()}
    student = Student(stages, fusion, workshop.prepared.projections[Modality.IMAGE], model.get_classifier())
    heads = Heads(examples, len(workshop.prepared.data.category_names))
    with every_core():
        train_stages(student, heads, examples, before, epochs, recipe.seed, report)
    return Tuning.between(before, stages.state_dict())


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

    @torch.no_grad()
    def said_before(self, maps: Tensor, before: Mapping[str, Tensor]) -> Tensor:
        """The logarithm of what the classifier said with the weights of ``before``."""
        pooled = torch.func.functional_call(self.stages, dict(before), (maps,)).mean(dim=(2, 3))
        return torch.log_softmax(self.classifier(pooled), dim=-1)


class Heads(nn.Module):
    """What is thrown away after: an inverse temperature, and a direction a category that starts at the mean of its words."""

    def __init__(self, examples: Examples, categories: int) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(START_SCALE).log())
        texts, labels = examples.texts[0][examples.trained], examples.labels[examples.trained]
        sums = torch.zeros(categories, texts.shape[1]).index_add_(0, labels, texts)
        self.prototypes = nn.Parameter(F.normalize(sums + torch.finfo(sums.dtype).eps, dim=-1))


def train_stages(
    student: Student, heads: Heads, examples: Examples, before: Mapping[str, Tensor], epochs: int, seed: int,
    report: Report,
) -> None:  # fmt: skip
    """Train the student's stages in place, from the weights ``before``."""
    generator = torch.Generator().manual_seed(seed)
    optimizer = _optimizer(student, heads)
    rates = [group["lr"] for group in optimizer.param_groups]
    batches = len(examples.trained) // BATCH
    steps = epochs * batches
    for epoch in range(epochs):
        means = dict.fromkeys(("alignment", "category", "names"), 0.0)
        order = examples.trained[torch.randperm(len(examples.trained), generator=generator)]
        for number, rows in enumerate(order[: batches * BATCH].split(BATCH)):
            step = epoch * batches + number
            report(Progress(told("Tuning the picture encoder"), step, steps, told("steps")))
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * _share(step, steps)
            losses = _losses(student, heads, examples, rows, before, generator)
            optimizer.zero_grad()
            (losses["alignment"] + CATEGORY_WEIGHT * losses["category"] + NAMES_WEIGHT * losses["names"]).backward()
            optimizer.step()
            means = {name: mean + losses[name].item() / batches for name, mean in means.items()}
        said = ", ".join(f"{name} {mean:.3f}" for name, mean in means.items())
        report(
            Progress(told("Tuning the picture encoder"), steps, steps, told("steps"), note=f"epoch {epoch + 1}: {said}")
        )


def _optimizer(student: Student, heads: Heads) -> torch.optim.Optimizer:
    groups: list[dict[str, Any]] = [
        {"params": list(student.stages.parameters()), "lr": STAGES_RATE},
        {"params": [student.map], "lr": ANCHOR_RATE},
        {"params": list(heads.parameters()), "lr": HEAD_RATE},
    ]
    return torch.optim.Adam(groups)


def _share(step: int, steps: int) -> float:
    """Of the rate: warm-up, then half a cosine."""
    return min(1.0, (step + 1) / WARM_STEPS) * 0.5 * (1 + math.cos(math.pi * step / steps))


def _losses(
    student: Student, heads: Heads, examples: Examples, rows: Tensor, before: Mapping[str, Tensor],
    generator: torch.Generator,
) -> dict[str, Tensor]:  # fmt: skip
    seen, said = (torch.randint(count, (len(rows),), generator=generator) for count in (VIEWS, len(examples.texts)))
    maps = examples.pictures(rows, seen)
    embeddings, names = student(maps)
    same = same_thing(examples.twins[rows])
    scale = heads.log_scale.exp().clamp(max=MAXIMUM_SCALE)
    named = student.said_before(maps, before)
    return {
        "alignment": info_nce(embeddings, examples.texts[said, rows], scale, same),
        "category": prototype_loss(embeddings, heads.prototypes, examples.labels[rows], CATEGORY_SCALE),
        "names": F.kl_div(names, named, reduction="batchmean", log_target=True),
    }


def _examples(workshop: Workshop, fusion: AnchoredFusion, report: Report) -> Examples:
    data = workshop.prepared.data
    books = [workshop.catalogue, *([workshop.corpus] if workshop.corpus else [])]
    maps = [picture_maps(workshop.settings, book, VIEWS, workshop.recipe.seed, report) for book in books]
    starts = [0, len(workshop.catalogue.items)]
    rows = torch.tensor([start + row for start, book in zip(starts, books, strict=False) for row in with_picture(book)])
    return Examples(
        maps=maps,
        texts=torch.stack([_texts(fusion, data, rows, view) for view in range(data.views[Modality.TEXT].shape[1])]),
        labels=data.categories[rows],
        twins=data.twins[rows],
        trained=torch.from_numpy(np.flatnonzero(np.isin(rows.numpy(), data.split.trained))),
    )


@torch.inference_mode()
def _texts(fusion: AnchoredFusion, data: TrainingData, rows: Tensor, view: int) -> Tensor:
    """Unit vectors (n, dim) of one view of the items' words."""
    numbers, parts = data.views[Modality.TEXT][rows, view], []
    there = torch.tensor([[m is Modality.TEXT for m in FUSED]])
    for chunk in numbers.split(512):
        tokens = {Modality.TEXT: data.tables[Modality.TEXT].gather(chunk)}
        parts.append(fusion.fuse(fusion.summarise(tokens), there.expand(len(chunk), -1)).float())
    return F.normalize(torch.cat(parts), dim=-1).clone()
