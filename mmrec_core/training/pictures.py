"""Tune the last stages of the picture encoder: pictures are led to where the fusion puts their words.

A fusion can only turn what its frozen encoders say. ImageNet's network says little of drawings, of people and of rooms, so
its last stages learn from the training part and from captioned photographs; what its classifier says must stay what it
was, by which the thousand names that it knows are kept.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from mmrec_core.encoders.efficientnet import published_network
from mmrec_core.encoders.lite_tuning import Tuning, last_stages
from mmrec_core.encoders.threads import every_core
from mmrec_core.errors import OptionError
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.settings import Settings
from mmrec_core.training.data import TrainingData
from mmrec_core.training.picture_maps import picture_maps, with_picture
from mmrec_core.training.picture_student import Examples, Heads, Student, classifier_names, losses, parameter_groups
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.run import Workshop, classifiers, open_workshop
from mmrec_core.training.start import start_fusion
from mmrec_core.types import FUSED, Modality, Progress, Report, told

EPOCHS = 16
BATCH = 256
VIEWS = 4
WARM_STEPS = 20
WEIGHTS = {"alignment": 1.0, "category": 2.0, "names": 1.0}
"""Of the losses; the last keeps what the classifier says."""


def tune_published(settings: Settings, recipe: Recipe, report: Report) -> Tuning:
    """Tune the network as it is published, on the catalogue and the corpus that are there; interrupted, it goes on.

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
    checkpoint = settings.home / "models" / ".pictures.checkpoint"
    tuning = tune_pictures(open_workshop(settings, recipe, report), report, checkpoint=checkpoint)
    checkpoint.unlink(missing_ok=True)
    return tuning


def tune_pictures(workshop: Workshop, report: Report, epochs: int = EPOCHS, checkpoint: Path | None = None) -> Tuning:
    """Tune the published network on the workshop's training part and corpus; nothing of other parts is looked at.

    Loss: symmetric InfoNCE of pictures with the words of their item, cross-entropy of the category, and the divergence
    KL(published || tuned) of what the classifier says. Words stand where the linear stage of the fusion puts them.

    Args:
        workshop: whose training part and corpus are learned from.
        report: progress in steps, with the mean losses of each epoch as a note.
        epochs: how often each picture is seen, every time in a view drawn at random.
        checkpoint: file that holds the last finished epoch, so that an interrupted run on the same data goes on from it.
    """
    recipe = workshop.recipe
    fusion = start_fusion(workshop.prepared, workshop.encoders, classifiers(workshop.encoders), recipe)
    examples = _examples(workshop, fusion, report)
    model = published_network(workshop.settings)
    stages = last_stages(model)
    before = {name: tensor.clone() for name, tensor in stages.state_dict().items()}
    student = Student(stages, fusion, workshop.prepared.projections[Modality.IMAGE], model.get_classifier())
    with every_core():
        heads = Heads(examples, len(workshop.prepared.data.category_names))
        StagesTraining(student, heads, examples, epochs, recipe.seed, checkpoint).run(report)
    return Tuning.between(before, stages.state_dict())


class StagesTraining:
    """Trains a student's stages in place.

    Args:
        student: with stages as they are published.
        heads: thrown away after.
        checkpoint: see ``tune_pictures``.
    """

    def __init__(
        self, student: Student, heads: Heads, examples: Examples, epochs: int, seed: int, checkpoint: Path | None = None
    ) -> None:
        self.student, self.heads, self.examples, self.epochs = student, heads, examples, epochs
        self.checkpoint = checkpoint
        self.generator = torch.Generator().manual_seed(seed)
        self.named = classifier_names(student, examples, BATCH)
        self.optimizer = torch.optim.Adam(parameter_groups(student, heads))
        self.rates = [group["lr"] for group in self.optimizer.param_groups]
        self.batches = len(examples.trained) // BATCH
        self.key = self._key(seed)

    def run(self, report: Report) -> None:
        """Every epoch that is not done yet."""
        for epoch in range(self._resume(), self.epochs):
            means = self._epoch(epoch, report)
            self._save(epoch + 1)
            said = ", ".join(f"{name} {mean:.3f}" for name, mean in means.items())
            report(self._progress((epoch + 1) * self.batches, note=f"epoch {epoch + 1}: {said}"))

    def _epoch(self, epoch: int, report: Report) -> dict[str, float]:
        """The mean of each loss."""
        trained = self.examples.trained
        order = trained[torch.randperm(len(trained), generator=self.generator)]
        means = dict.fromkeys(WEIGHTS, 0.0)
        for number, rows in enumerate(order[: self.batches * BATCH].split(BATCH)):
            step = epoch * self.batches + number
            report(self._progress(step))
            for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
                group["lr"] = rate * _share(step, self.epochs * self.batches)
            found = losses(self.student, self.heads, self.examples, self.named, rows, self.generator)
            self.optimizer.zero_grad()
            torch.stack([weight * found[name] for name, weight in WEIGHTS.items()]).sum().backward()
            self.optimizer.step()
            means = {name: mean + found[name].item() / self.batches for name, mean in means.items()}
        return means

    def _progress(self, step: int, note: str = "") -> Progress:
        return Progress(told("Tuning the picture encoder"), step, self.epochs * self.batches, told("steps"), note=note)

    def _key(self, seed: int) -> str:
        """Changes with what is learned from, and how."""
        digest = hashlib.sha256(repr((seed, self.epochs, BATCH, WEIGHTS, self.rates)).encode())
        for tensor in (self.examples.texts, self.examples.labels, self.examples.trained):
            digest.update(tensor.numpy().tobytes())
        return digest.hexdigest()

    def _save(self, epoch: int) -> None:
        if self.checkpoint is None:
            return
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        draft = self.checkpoint.with_suffix(".draft")
        torch.save(
            {
                "key": self.key, "epoch": epoch, "generator": self.generator.get_state(),
                "stages": self.student.stages.state_dict(), "map": self.student.map.data,
                "heads": self.heads.state_dict(), "optimizer": self.optimizer.state_dict(),
            },
            draft,
        )  # fmt: skip
        draft.replace(self.checkpoint)

    def _resume(self) -> int:
        """How many epochs are done."""
        if self.checkpoint is None or not self.checkpoint.exists():
            return 0
        saved = torch.load(self.checkpoint, map_location="cpu", weights_only=True)
        if saved["key"] != self.key:
            return 0
        self.student.stages.load_state_dict(saved["stages"])
        self.student.map.data.copy_(saved["map"])
        self.heads.load_state_dict(saved["heads"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.generator.set_state(saved["generator"])
        return int(saved["epoch"])


def _share(step: int, steps: int) -> float:
    """Of the rate: warm-up, then half a cosine."""
    return min(1.0, (step + 1) / WARM_STEPS) * 0.5 * (1 + math.cos(math.pi * step / steps))


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
