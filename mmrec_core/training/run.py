"""Train a fusion on the catalogue, from media to a bundle in its folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmrec_core.catalogue.store import Catalogue
from mmrec_core.encoders.base import ENCODERS, ClassifyingEncoder, Encoder, NamingEncoder
from mmrec_core.encoders.device import choose_device
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.fusion.bundle import ModelBundle
from mmrec_core.fusion.model_level import ModelLevelFusion
from mmrec_core.fusion.pooled import PooledFusion
from mmrec_core.settings import Settings
from mmrec_core.training.blend import blend
from mmrec_core.training.condense import condense
from mmrec_core.training.corpus.build import open_corpus
from mmrec_core.training.data import TrainingData
from mmrec_core.training.loop import Trainer
from mmrec_core.training.names import read_names_as_words
from mmrec_core.training.prepare import Prepared, prepare
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.start import Classifier, start_fusion
from mmrec_core.types import Epoch, Modality, Report

PRESETS: dict[str, dict[Modality, str]] = {
    "embedded": {Modality.IMAGE: "efficientnet", Modality.TEXT: "minilm", Modality.AUDIO: "aisfx_yamnet"},
    "hub": {Modality.IMAGE: "openclip_image", Modality.TEXT: "openclip_text", Modality.AUDIO: "clap_audio"},
}
"""Which encoder's tokens of each modality a fusion is trained on."""
READS = {"embedded": {**PRESETS["embedded"], Modality.IMAGE: "efficientnet_tuned"}, "hub": PRESETS["hub"]}
"""Which encoder's tokens it reads afterwards. The picture encoder was tuned on the pictures that a fusion is trained on, and is surer of
those than of all others: a fusion trained on its tokens would believe pictures too much."""


@dataclass(frozen=True)
class Workshop:
    """What training and evaluation both need: the catalogue, the encoders and the prepared data."""

    settings: Settings
    catalogue: Catalogue
    corpus: Catalogue | None
    encoders: dict[Modality, Encoder]
    prepared: Prepared
    recipe: Recipe


def open_workshop(
    settings: Settings,
    recipe: Recipe,
    report: Report,
    projections_of: ModelBundle | None = None,
    left_out: Collection[str] = (),
    own: Mapping[Modality, Encoder] | None = None,
) -> Workshop:
    """Read the catalogue and the training corpus, load the encoders of the preset, encode all views (kept on disk).

    Args:
        projections_of: the bundle whose projections are taken over; new ones are fitted where None.
        left_out: sources that nothing is learned from.
        own: encoders in place of the preset's.
    """
    catalogue = Catalogue.open(settings.catalogue)
    preset, own = PRESETS[settings.preset], own or {}
    encoders = {m: own[m] if m in own else ENCODERS.build(name, settings) for m, name in preset.items()}
    folder, corpus = training_tokens(settings), open_corpus(settings)
    given = None if projections_of is None else projections_of.projections
    prepared = prepare(catalogue, encoders, recipe, folder, report, corpus, left_out, given)
    return Workshop(settings, catalogue, corpus, encoders, prepared, recipe)


def training_tokens(settings: Settings) -> Path:
    """Where the tokens of all views are kept."""
    return settings.token_cache / "training"


def classifiers(encoders: dict[Modality, Encoder]) -> dict[Modality, Classifier]:
    """What the encoders themselves name, where they can."""
    named = {}
    for modality, encoder in encoders.items():
        if isinstance(encoder, NamingEncoder):
            head: list[tuple[Any, Any]] = [encoder.head()] if isinstance(encoder, ClassifyingEncoder) else []
            named[modality] = Classifier(
                weights=tuple(weight for weight, _ in head),
                biases=tuple(bias for _, bias in head),
                names=tuple(encoder.class_names()),
                readings=tuple(encoder.class_definitions()),
            )
    return named


def train(
    workshop: Workshop, folder: Path, report: Report, watch: Callable[[Epoch], None] = lambda _: None
) -> ModelBundle:
    """Train and save a bundle at ``folder``; an interrupted run with the same recipe goes on where it stopped."""
    settings, recipe = workshop.settings, workshop.recipe
    device = str(choose_device(settings.device))
    named = classifiers(workshop.encoders)
    fusion = start_fusion(workshop.prepared, workshop.encoders, named, recipe).to(device)
    start = {key: value.clone() for key, value in fusion.state_dict().items()}
    checkpoint = settings.home / "models" / f".{folder.name}.checkpoint"
    data, steps = _for_training(workshop, fusion, report)
    state = Trainer(fusion, data, steps, device, checkpoint).run(report, watch)
    blend(fusion, start, recipe.kept)
    if isinstance(fusion, ModelLevelFusion):
        read_names_as_words(fusion, recipe.names_as_words)
    bundle = ModelBundle(
        name=folder.name,
        fusion=fusion.eval().cpu(),
        projections=workshop.prepared.projections,
        encoders=PRESETS[settings.preset],
        encoder_versions={m: e.version for m, e in workshop.encoders.items()},
        class_names={m: c.names for m, c in named.items()},
        metadata=_metadata(workshop, state.history, state.best_epoch),
    )
    read_tuned(settings, bundle)
    bundle.save(folder)
    checkpoint.unlink(missing_ok=True)
    return bundle


def read_tuned(settings: Settings, bundle: ModelBundle) -> None:
    """Let a bundle read the encoders of ``READS``, its own weights as they are; its metadata keep what it was trained on."""
    reads, before = READS[settings.preset], dict(bundle.encoder_versions)
    bundle.metadata.setdefault("trained_on", before)
    bundle.encoder_versions = {
        m: before[m] if name == bundle.encoders[m] else ENCODERS.build(name, settings).version
        for m, name in reads.items()
    }
    bundle.encoders = reads


def _for_training(workshop: Workshop, fusion: AnchoredFusion, report: Report) -> tuple[TrainingData, Recipe]:
    """Data and recipe as the loop needs them: of pooled fusions tokens are hidden beforehand, not step by step."""
    data, recipe = workshop.prepared.data, workshop.recipe
    if not isinstance(fusion, PooledFusion):
        return data, recipe
    condensed = condense(data, fusion, recipe.condensed_draws, recipe.token_dropout, recipe.seed, report)
    return condensed, recipe.model_copy(update={"token_dropout": 0.0})


def _metadata(workshop: Workshop, history: list[Epoch], best: int) -> dict[str, Any]:
    catalogue, split = workshop.catalogue, workshop.prepared.data.split
    return {
        "preset": workshop.settings.preset,
        "catalogue": {"fingerprint": catalogue.fingerprint, "items": len(catalogue.items)},
        "corpus": _corpus(workshop),
        "split": {"train": len(split.train), "validation": len(split.validation), "test": len(split.test)},
        "recipe": workshop.recipe.model_dump(),
        "best_epoch": best,
        "history": [{"epoch": e.number, "score": round(e.score, 4), "seconds": round(e.seconds, 1)} for e in history],
    }


def _corpus(workshop: Workshop) -> dict[str, int]:
    """Items of the training corpus by source."""
    return dict(Counter(item.source for item in workshop.corpus.items)) if workshop.corpus else {}
