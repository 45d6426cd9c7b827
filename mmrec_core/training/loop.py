"""The training loop: seeded epochs, validation, early stop, resumable checkpoints."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.training.data import TrainingData
from mmrec_core.training.lines import validation_lines
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.training.step import Heads, step_losses
from mmrec_core.types import FUSED, Epoch, Modality, Progress, Report, told


@dataclass
class State:
    """Everything that resuming needs."""

    epoch: int = 0
    best_score: float = -1.0
    best_epoch: int = 0
    history: list[Epoch] = field(default_factory=list)


class Trainer:
    """Trains one fusion on one catalogue.

    Args:
        fusion: with anchors started; trained in place.
        checkpoint: file that holds the last finished epoch, so that an interrupted run on the same data goes on from it.
    """

    def __init__(
        self, fusion: AnchoredFusion, data: TrainingData, recipe: Recipe, device: str, checkpoint: Path | None
    ) -> None:
        self.fusion, self.data, self.recipe, self.device, self.checkpoint = fusion, data, recipe, device, checkpoint
        self.heads = Heads(len(data.category_names), fusion.dim).to(device)
        self.state = State()
        self.average = AveragedModel(fusion, multi_avg_fn=get_ema_multi_avg_fn(recipe.averaging), use_buffers=False)
        self.best = self._average_state()
        self.generator = torch.Generator().manual_seed(recipe.seed)
        self.optimizer = torch.optim.AdamW(self._parameter_groups(), weight_decay=recipe.weight_decay)

    def run(self, report: Report, watch: Callable[[Epoch], None] = lambda _: None) -> State:
        """Train until the epochs are over or validation no longer improves; the best weights are in the fusion then."""
        torch.manual_seed(self.recipe.seed)
        self._resume()
        if not self.state.history:
            self._record(Epoch(0, {}, *self._validate(), 0.0))
            watch(self.state.history[0])
        while self.state.epoch < self.recipe.epochs and not self._is_stale():
            epoch = self._epoch(report)
            self._record(epoch)
            self._save()
            watch(epoch)
        self.fusion.load_state_dict(self.best)
        return self.state

    @property
    def _first_chosen(self) -> int:
        """The first epoch that may be chosen."""
        return min(self.recipe.least_epochs, self.recipe.epochs)

    def _is_stale(self) -> bool:
        return self.state.epoch - max(self.state.best_epoch, self._first_chosen) >= self.recipe.patience

    def _record(self, epoch: Epoch) -> None:
        self.state.history.append(epoch)
        self.state.epoch = epoch.number
        if epoch.score > self.state.best_score and epoch.number >= self._first_chosen:
            self.state.best_score, self.state.best_epoch = epoch.score, epoch.number
            self.best = self._average_state()

    def _average_state(self) -> dict[str, Tensor]:
        """A copy of the averaged weights; they are what is validated and kept."""
        return {k: v.clone() for k, v in self.average.module.state_dict().items()}

    def _parameter_groups(self) -> list[dict[str, Any]]:
        anchors = [p for n, p in self.fusion.named_parameters() if n.startswith("anchors") and p.requires_grad]
        looks = [p for n, p in self.fusion.named_parameters() if n.endswith(".queries")]
        others = [
            p for n, p in self.fusion.named_parameters() if not n.startswith("anchors") and not n.endswith(".queries")
        ]
        return [
            {"params": anchors, "lr": self.recipe.anchor_rate, "weight_decay": 0.0},
            {"params": looks, "lr": self.recipe.attention_rate, "weight_decay": 0.0},
            {"params": [*others, *self.heads.parameters()], "lr": self.recipe.learning_rate},
        ]

    def _epoch(self, report: Report) -> Epoch:
        started = time.perf_counter()
        self.fusion.train()
        batches = self._batches()
        sums: dict[str, float] = {}
        for n, rows in enumerate(batches):
            report(
                Progress(
                    told("Epoch {n} of at most {most}", n=self.state.epoch + 1, most=self.recipe.epochs),
                    n,
                    len(batches),
                    "batches",
                )
            )
            self._schedule(self.state.epoch + n / len(batches))
            losses = self._step(rows)
            sums = {name: sums.get(name, 0.0) + value for name, value in losses.items()}
        means = {name: value / len(batches) for name, value in sums.items()}
        lines, score = self._validate()
        return Epoch(self.state.epoch + 1, means, lines, score, time.perf_counter() - started)

    def _step(self, rows: Tensor) -> dict[str, float]:
        mixed = torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda")
        with mixed:
            losses = step_losses(self.fusion, self.heads, self.data, rows, self.recipe, self.generator, self.device)
        self.optimizer.zero_grad()
        losses.total(self.recipe).backward()
        torch.nn.utils.clip_grad_norm_(self.fusion.parameters(), 1.0)
        self.optimizer.step()
        self.average.update_parameters(self.fusion)
        return {name: float(value.detach()) for name, value in vars(losses).items()}

    def _schedule(self, epoch: float) -> None:
        """One epoch of warm-up, then a cosine down to a twentieth."""
        warm = min(1.0, epoch + 0.05)
        decay = 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1.0, epoch / max(1, self.recipe.epochs))))
        rates = (self.recipe.anchor_rate, self.recipe.attention_rate, self.recipe.learning_rate)
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * warm * decay

    def _batches(self) -> list[Tensor]:
        rows = torch.from_numpy(self.data.split.trained)
        weight = torch.ones(len(rows))
        weight[self.data.presence[rows, FUSED.index(Modality.AUDIO)]] = self.recipe.audio_boost
        picked = rows[torch.multinomial(weight, len(rows), replacement=True, generator=self.generator)]
        chunks = [chunk.unique() for chunk in picked.split(self.recipe.batch_size)]
        return [chunk for chunk in chunks if len(chunk) > 1]

    def _validate(self) -> tuple[dict[str, float], float]:
        averaged = cast(AnchoredFusion, self.average.module.eval())
        scorer = FusionScorer(averaged, self.data, self.device)
        values = {line.name: float(line.values.mean()) for line in validation_lines(scorer, self.data)}
        return values, float(np.mean(list(values.values()))) if values else 0.0

    def _save(self) -> None:
        if self.checkpoint is None:
            return
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        draft = self.checkpoint.with_suffix(".draft")
        state = {**vars(self.state), "history": [asdict(e) for e in self.state.history]}
        torch.save(
            {
                "recipe": self.recipe.model_dump_json(), "data": self.data.key, "fusion": self.fusion.state_dict(), "best": self.best, "average": self.average.state_dict(),
                "heads": self.heads.state_dict(), "optimizer": self.optimizer.state_dict(),
                "generator": self.generator.get_state(), "random": random_states(), "state": state,
            },
            draft,
        )  # fmt: skip
        draft.replace(self.checkpoint)

    def _resume(self) -> None:
        if self.checkpoint is None or not self.checkpoint.exists():
            return
        saved = torch.load(self.checkpoint, map_location="cpu", weights_only=True)
        known = saved["recipe"] == self.recipe.model_dump_json() and saved.get("data") == self.data.key
        if not known or "random" not in saved:
            return
        self.fusion.load_state_dict(saved["fusion"])
        self.heads.load_state_dict(saved["heads"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.generator.set_state(saved["generator"])
        set_random_states(saved["random"])
        self.average.load_state_dict(saved["average"])
        self.best = saved["best"]
        state = saved["state"]
        self.state = State(**{**state, "history": [Epoch(**e) for e in state["history"]]})


def random_states() -> list[Tensor]:
    """Where the random numbers of torch stand: of the processor, then of each GPU."""
    return [torch.get_rng_state(), *(torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [])]


def set_random_states(states: list[Tensor]) -> None:
    """Go on from ``random_states``; of GPUs that this machine lacks nothing is set."""
    torch.set_rng_state(states[0])
    if torch.cuda.is_available():
        torch.cuda.set_rng_state_all(states[1:][: torch.cuda.device_count()])
