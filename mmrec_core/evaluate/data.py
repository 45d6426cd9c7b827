"""What an evaluation reads: the catalogue's tokens as set-up encoded them, and what the frozen encoders say of them."""

from __future__ import annotations

import torch

from mmrec_core.catalogue.store import Catalogue
from mmrec_core.catalogue.taxonomy import CATEGORIES
from mmrec_core.encoders.base import ENCODERS
from mmrec_core.features.token_cache import TokenCache
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.fusion.bundle import ModelBundle
from mmrec_core.training.data import TrainingData, group_numbers
from mmrec_core.training.prepare import prepare
from mmrec_core.training.raw import RawVectors, raw_vectors
from mmrec_core.training.run import Workshop, training_tokens
from mmrec_core.training.split import split_items
from mmrec_core.training.tables import ABSENT, build_table
from mmrec_core.types import FUSED, Report

BATCH = 256


def evaluation_data(catalogue: Catalogue, cache: TokenCache) -> TrainingData:
    """One view of every medium, from the token cache (whose tokens are projected already)."""
    tables, views = {}, {}
    for modality in FUSED:
        tokens = [cache.get(item.id, modality) for item in catalogue.items]
        rows = [n for n, t in enumerate(tokens) if t is not None]
        if rows:
            tables[modality] = build_table((t for t in tokens if t is not None), lambda values: values)
            views[modality] = torch.full((len(tokens), 1), ABSENT)
            views[modality][rows, 0] = torch.arange(len(rows))
    names = tuple(CATEGORIES)
    return TrainingData(
        items=catalogue.items,
        tables=tables,
        views=views,
        categories=torch.tensor([names.index(item.category) for item in catalogue.items]),
        category_names=names,
        twins=group_numbers(catalogue.items),
        split=split_items(catalogue.items),
    )


def data_as_read(bundle: ModelBundle, workshop: Workshop, report: Report) -> TrainingData:
    """What ``evaluation_data`` would be once set-up encoded the catalogue for a bundle that the workshop just trained.

    A bundle may read another encoder than it was trained on (``training.run.READS``), and the training corpus is no part of what
    it is asked about. So the catalogue's media as they are go through the bundle's own encoders and projections.
    """
    encoders = {
        modality: encoder
        if encoder.version == bundle.encoder_versions[modality]
        else ENCODERS.build(bundle.encoders[modality], workshop.settings)
        for modality, encoder in workshop.encoders.items()
    }
    as_they_are = workshop.recipe.model_copy(update={"views": dict.fromkeys(workshop.recipe.views, 1)})
    folder, own = training_tokens(workshop.settings), bundle.projections
    return prepare(workshop.catalogue, encoders, as_they_are, folder, report, projections=own).data


def all_raw_vectors(fusion: AnchoredFusion, data: TrainingData) -> RawVectors:
    """Raw vectors of every item, in catalogue order."""
    parts = [raw_vectors(fusion, data.batch(rows, "cpu")) for rows in torch.arange(len(data.items)).split(BATCH)]
    vectors = {}
    for name in sorted({name for part in parts for name in part.vectors}):
        width = next(part.vectors[name].shape[1] for part in parts if name in part.vectors)
        blank = {len(part.presence): torch.zeros(len(part.presence), width) for part in parts}
        vectors[name] = torch.cat([part.vectors.get(name, blank[len(part.presence)]) for part in parts])
    return RawVectors(vectors, torch.cat([part.presence for part in parts]))
