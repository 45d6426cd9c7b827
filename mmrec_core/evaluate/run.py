"""Measure the bundle in use on held-out items, beside the baselines, in one run."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mmrec_core.catalogue.store import Catalogue
from mmrec_core.errors import BundleError, OptionError, UnknownNameError
from mmrec_core.evaluate import robustness
from mmrec_core.evaluate.baselines import BM25Scorer, RawScorer
from mmrec_core.evaluate.best_single import best_single_cells
from mmrec_core.evaluate.data import all_raw_vectors, evaluation_data
from mmrec_core.evaluate.lists import exposure_cells, top_lists, variety_lines
from mmrec_core.evaluate.report import FUSION, compare, evaluate_methods
from mmrec_core.evaluate.robustness import KINDS, Precision, Presence, missing_curves, subset_cells
from mmrec_core.evaluate.store import HELD_OUT, EvaluationStore
from mmrec_core.evaluate.votes import votes_of
from mmrec_core.features.token_cache import TokenCache
from mmrec_core.fusion.bundle import ModelBundle
from mmrec_core.settings import Settings
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.types import Cell, Evaluation, Item, Progress, Report, Sentence, bundle_label, told

if TYPE_CHECKING:
    from mmrec_core.training.data import TrainingData
    from mmrec_core.training.lines import Rows, Scorer
    from mmrec_core.training.raw import RawVectors

SEED = 0
RAW = "raw neighbours"


def evaluate_in_use(settings: Settings, report: Report, sources: Collection[str] = ()) -> Evaluation:
    """Every line for the bundle in use and for each baseline, on the catalogue as set-up encoded it.

    Args:
        sources: only held-out items of these sources are queries and retrieval galleries; all where empty.

    Raises:
        UnknownNameError: for a source that the catalogue does not hold.
        OptionError: where no item of these sources is held out.
        NotSetUpError: where catalogue or tokens are missing.
        BundleError: where there is no bundle.
    """
    found = evaluate_data(*open_in_use(settings, sources), report, sources)
    EvaluationStore(settings.evaluations).save(found)
    return found


def robustness_in_use(settings: Settings, report: Report, sources: Collection[str] = ()) -> Evaluation:
    """The same for queries that lack modalities; see ``evaluate.robustness``."""
    found = robustness_of(*open_in_use(settings, sources), report, sources)
    EvaluationStore(settings.evaluations).save(found)
    return found


def evaluate_bundles(
    settings: Settings, names: Sequence[str], report: Report, sources: Collection[str] = (), robust: bool = False
) -> Evaluation:
    """Several bundles in one table, on the same queries; the first is the reference. Nothing is kept.

    Args:
        names: of bundles that read the same tokens, at least one.
        robust: every subset of modalities instead of the held-out lines; see ``evaluate.robustness``.

    Raises:
        BundleError: where a bundle is missing, or reads other tokens than the first.
    """
    bundles = [ModelBundle.load(settings.folder_of(name)) for name in names]
    for bundle in bundles:
        if bundle.token_version != bundles[0].token_version:
            raise BundleError(
                told(
                    "The bundle {name!r} reads other tokens than {first!r}, so one table cannot hold both. "
                    "Train it with --projections-of {first}.",
                    name=bundle.name,
                    first=names[0],
                )
            )
    _, data, fingerprint = open_in_use(settings.with_bundle(names[0]), sources)
    measure = robustness_of if robust else evaluate_data
    return measure(bundles[0], data, fingerprint, report, sources, bundles[1:])


def open_in_use(settings: Settings, sources: Collection[str]) -> tuple[ModelBundle, TrainingData, str]:
    """The bundle in use, the catalogue's tokens, and the catalogue's fingerprint."""
    bundle = ModelBundle.load(settings.bundle_folder)
    catalogue = Catalogue.open(settings.catalogue)
    cache = TokenCache.open(settings.catalogue_tokens, bundle.token_version)
    known = {item.source for item in catalogue.items}
    if unknown := set(sources) - known:
        raise UnknownNameError("source", sorted(unknown)[0], sorted(known))
    return bundle, evaluation_data(catalogue, cache), catalogue.fingerprint


def evaluate_data(
    bundle: ModelBundle, data: TrainingData, fingerprint: str, report: Report, sources: Collection[str] = (),
    others: Sequence[ModelBundle] = (),
) -> Evaluation:  # fmt: skip
    """Every line on the test part; the galleries of category lines are all other items. Sounds that another part holds are not asked."""
    started = time.perf_counter()
    raw = all_raw_vectors(bundle.fusion, data)
    methods = methods_of(bundle, data, raw, others)
    names = list(methods)
    held_out, gallery = parts(data, sources)
    asks = data.asks
    values = evaluate_methods(
        methods,
        held_out,
        gallery,
        asks,
        data.categories.numpy(),
        tick=lambda name: report(Progress("Evaluating", names.index(name), len(names), "methods", name)),
    )
    lists = {name: top_lists(scorer, held_out, gallery, asks) for name, scorer in methods.items()}
    for name, found in lists.items():
        values[name] += variety_lines(found, raw.vectors["lexical"].numpy()[gallery])
    exposure = [cell for name, found in lists.items() for cell in exposure_cells(name, found, len(gallery))]
    asked = {line.name: line.queries for line in values[FUSION]}
    cells = (*compare(values, FUSION), *exposure)
    return describe(HELD_OUT, bundle, data, fingerprint, held_out, cells, asked, started, sources)


def robustness_of(
    bundle: ModelBundle, data: TrainingData, fingerprint: str, report: Report, sources: Collection[str] = (),
    others: Sequence[ModelBundle] = (),
) -> Evaluation:  # fmt: skip
    """What is left of the precision when modalities are missing from held-out queries."""
    started = time.perf_counter()
    methods = methods_of(bundle, data, all_raw_vectors(bundle.fusion, data), others)
    held_out, gallery = parts(data, sources)
    asks, measure = data.asks, Precision(data.categories.numpy(), gallery)
    done = 0

    def tick() -> None:
        nonlocal done
        report(Progress("Taking modalities away", done, KINDS * len(methods), "curves"))
        done += 1

    curves = missing_curves(methods, held_out, asks, measure, SEED, tick)
    report(Progress("Asking with every subset of modalities", 0, 1))
    voters = [FUSION, *(other.name for other in others)]
    cells, asked = _subsets(methods, voters, held_out, asks, measure)
    return replace(
        describe(robustness.PROTOCOL, bundle, data, fingerprint, held_out, cells, asked, started, sources),
        curves=tuple(curves),
        seed=SEED,
    )


def _subsets(
    methods: Mapping[str, Scorer], voters: Sequence[str], queries: Rows, presence: Presence, measure: Precision
) -> tuple[tuple[Cell, ...], dict[str, Rows]]:
    """Every subset by every method, by votes among the voters' rankings, and by the best single modality."""
    votes = votes_of({name: methods[name] for name in voters})
    cells, asked = subset_cells({**methods, **votes}, queries, presence, measure, FUSION)
    own = {cell.line: cell for cell in cells if cell.method == FUSION}
    singles = best_single_cells({name: methods[name] for name in (FUSION, RAW)}, own, asked, measure)
    return (*cells, *singles), asked


def describe(
    protocol: str, bundle: ModelBundle, data: TrainingData, fingerprint: str, held_out: Rows,
    cells: tuple[Cell, ...], asked: Mapping[str, Rows], started: float, sources: Collection[str],
) -> Evaluation:  # fmt: skip
    """The cells with everything that says what they are."""
    split = {
        "trained on": len(data.split.train),
        "chose the epoch": len(data.split.validation),
        "held out": len(held_out),
    }
    return Evaluation(
        protocol=" of ".join(filter(None, (protocol, ", ".join(sorted(sources))))),
        bundle=bundle_label(bundle.name, bundle.hash),
        catalogue=fingerprint,
        reference=FUSION,
        cells=cells,
        split=split,
        queries={line: tuple(data.items[row].id for row in rows) for line, rows in asked.items()},
        slices=slices_of([data.items[row] for row in held_out]),
        seconds=time.perf_counter() - started,
        date=now(),
    )


def methods_of(
    bundle: ModelBundle, data: TrainingData, raw: RawVectors, others: Sequence[ModelBundle] = ()
) -> dict[str, Scorer]:
    """The bundle's fusion, other bundles by their names, and every baseline, by the name it has in reports."""
    return {
        FUSION: FusionScorer(bundle.fusion, data, bundle.device),
        **{other.name: FusionScorer(other.fusion, data, other.device) for other in others},
        "untrained ensemble": RawScorer(raw, same_modality_only=False),
        RAW: RawScorer(raw, same_modality_only=True),
        "BM25": BM25Scorer([item.reading for item in data.items]),
    }


def parts(data: TrainingData, sources: Collection[str] = ()) -> tuple[Rows, Rows]:
    """Rows of the held-out queries (of some sources, or all) and of the gallery they are asked against.

    Raises:
        OptionError: where no item of these sources is held out.
    """
    import numpy as np

    split = data.split
    chosen = np.array([not sources or data.items[row].source in sources for row in split.test], bool)
    if not chosen.any():
        raise OptionError(_nothing_held_out(data, sources))
    return split.test[chosen], np.sort(np.concatenate([split.train, split.validation]))


def _nothing_held_out(data: TrainingData, sources: Collection[str]) -> Sentence:
    known = sorted({data.items[row].source for row in data.split.test})
    if not known:
        return told("No item of this catalogue is held out: it is too small to be measured.")
    return told(
        "There is no held-out item of this source: {sources}. Held-out items are of: {known}.",
        sources=", ".join(sorted(sources)),
        known=", ".join(known),
    )


def slices_of(items: Iterable[Item]) -> dict[str, dict[str, str]]:
    """Which category and source each queried item belongs to, by its id."""
    held = list(items)
    return {"category": {i.id: i.category for i in held}, "source": {i.id: i.source for i in held}}


def now() -> str:
    """The present moment, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
