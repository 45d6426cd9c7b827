"""Measure the bundle in use on held-out items, beside the baselines, in one run."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from mmrec_core.catalogue.store import Catalogue
from mmrec_core.errors import UnknownNameError
from mmrec_core.evaluate.baselines import BM25Scorer, RawScorer
from mmrec_core.evaluate.data import all_raw_vectors, evaluation_data
from mmrec_core.evaluate.report import FUSION, Cell, evaluate_methods
from mmrec_core.features.token_cache import TokenCache
from mmrec_core.fusion.bundle import ModelBundle
from mmrec_core.settings import Settings
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.types import Progress, Report

if TYPE_CHECKING:
    from mmrec_core.training.data import TrainingData
    from mmrec_core.training.lines import Scorer


def evaluate_in_use(settings: Settings, report: Report, sources: Collection[str] = ()) -> list[Cell]:
    """Every line for the bundle in use and for each baseline, on the catalogue as set-up encoded it.

    Args:
        sources: only held-out items of these sources are queries and retrieval galleries; all where empty.

    Raises:
        UnknownNameError: for a source that the catalogue does not hold.
        NotSetUpError: where catalogue or tokens are missing.
        BundleError: where there is no bundle.
    """
    bundle = ModelBundle.load(settings.bundle_folder)
    catalogue = Catalogue.open(settings.catalogue)
    cache = TokenCache.open(settings.catalogue_tokens, bundle.token_version)
    known = {item.source for item in catalogue.items}
    if unknown := set(sources) - known:
        raise UnknownNameError("source", sorted(unknown)[0], sorted(known))
    return evaluate_data(bundle, evaluation_data(catalogue, cache), report, sources)


def evaluate_data(bundle: ModelBundle, data: TrainingData, report: Report, sources: Collection[str] = ()) -> list[Cell]:
    """Every line on the test part; the galleries of category lines are all other items."""
    import numpy as np

    raw = all_raw_vectors(bundle.fusion, data)
    methods: dict[str, Scorer] = {
        FUSION: FusionScorer(bundle.fusion, data, bundle.device),
        "untrained ensemble": RawScorer(raw, same_modality_only=False),
        "raw neighbours": RawScorer(raw, same_modality_only=True),
        "BM25": BM25Scorer([item.reading for item in data.items]),
    }
    split, names = data.split, list(methods)
    gallery = np.sort(np.concatenate([split.train, split.validation]))
    chosen = np.array([not sources or data.items[row].source in sources for row in split.test], bool)
    return evaluate_methods(
        methods,
        split.test[chosen],
        gallery,
        data.presence.numpy(),
        data.categories.numpy(),
        tick=lambda name: report(Progress("Evaluating", names.index(name), len(names), "methods", name)),
    )
