"""The step for the Evaluate page: the model in use, measured on this machine."""

from __future__ import annotations

from mmrec_core.assembly import bundle_description
from mmrec_core.bootstrap.encoding import index_done
from mmrec_core.settings import Settings
from mmrec_core.types import Report, bundle_label, told


def figures_done(settings: Settings) -> str | None:
    """Whether the bundle in use was measured on this catalogue."""
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.evaluate.store import HELD_OUT, EvaluationStore

    if index_done(settings) is None:
        return None
    catalogue, bundle = Catalogue.open(settings.catalogue).fingerprint, bundle_description(settings)
    label = bundle_label(settings.bundle_name, bundle["hash"])
    return told("measured") if EvaluationStore(settings.evaluations).has(HELD_OUT, label, catalogue) else None


def measure_bundle(settings: Settings, report: Report) -> None:
    """Measure the bundle in use on held-out items, so that the Evaluate page has figures of this machine's own."""
    from mmrec_core.evaluate.run import evaluate_in_use

    evaluate_in_use(settings, report)
