"""How much pictures and sounds count beside words: one number of a finished fusion, chosen on the validation part.

A fusion that adds what each modality says lets a picture that misleads outvote a text that does not. Among the factors that
cost no line of the validation part more than ``MOST_LOST``, the one is taken whose smallest lead over the best single
modality, over all subsets of two modalities and more, is the largest. No weight changes and the test part is not read.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from mmrec_core.errors import OptionError
from mmrec_core.evaluate.baselines import RawScorer
from mmrec_core.evaluate.best_single import best_single_cells
from mmrec_core.evaluate.data import all_raw_vectors
from mmrec_core.evaluate.report import FUSION
from mmrec_core.evaluate.robustness import Precision, subset_cells
from mmrec_core.evaluate.run import RAW, open_in_use
from mmrec_core.fusion.model_level import ModelLevelFusion
from mmrec_core.training.lines import Scorer, validation_lines
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.types import Progress, Report

if TYPE_CHECKING:
    from rich.table import Table

    from mmrec_core.fusion.bundle import ModelBundle
    from mmrec_core.settings import Settings
    from mmrec_core.training.data import TrainingData

FACTORS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
MOST_LOST = 0.005


@dataclass(frozen=True)
class Candidate:
    """One factor on the validation part: each line's mean, and by subset of modalities the lead over the best single one."""

    factor: float
    lines: dict[str, float]
    leads: dict[str, float]

    @property
    def least_lead(self) -> float:
        """The smallest lead of any subset."""
        return min(self.leads.values())

    def changes(self, before: Candidate) -> dict[str, float]:
        """By line, how much the mean moved."""
        return {name: value - before.lines[name] for name, value in self.lines.items()}


def choose_beside_words(settings: Settings, bundle: ModelBundle, report: Report) -> list[Candidate]:
    """Set the best of ``FACTORS`` in the bundle's fusion and tell its metadata how it was chosen; returns all, the best first.

    Raises:
        OptionError: the fusion is not model-level; the others weigh modalities in their own ways.
        NotSetUpError: where catalogue or tokens are missing.
    """
    fusion = bundle.fusion
    if not isinstance(fusion, ModelLevelFusion):
        raise OptionError(f"{bundle.name!r} is a {fusion.name} fusion; only a model-level one has this factor.")
    _, data, _ = open_in_use(settings.with_bundle(bundle.name), ())
    scorer = FusionScorer(fusion, data, bundle.device)
    raw = RawScorer(all_raw_vectors(fusion, data), same_modality_only=True)
    found = []
    for number, factor in enumerate(FACTORS):
        report(Progress("Weighing modalities on validation", number, len(FACTORS), "factors"))
        fusion.weigh_beside_words(factor)
        scorer.fuse_anew()
        found.append(_measured(factor, scorer, raw, data))
    report(Progress("Weighing modalities on validation", len(FACTORS), len(FACTORS), "factors"))
    ordered = best_first(found)
    fusion.weigh_beside_words(ordered[0].factor)
    bundle.metadata["beside_words"] = {"of": bundle.hash, "validation": [asdict(one) for one in ordered]}
    return ordered


def best_first(found: list[Candidate]) -> list[Candidate]:
    """Those that cost no line more than ``MOST_LOST`` against the first, largest least lead first; then the others."""
    costs = {one.factor: min(one.changes(found[0]).values()) for one in found}
    return sorted(found, key=lambda one: (costs[one.factor] < -MOST_LOST, -one.least_lead))


def _measured(factor: float, scorer: Scorer, raw: Scorer, data: TrainingData) -> Candidate:
    asking, gallery = data.split.validation, data.split.train
    measure = Precision(data.categories.numpy(), gallery)
    cells, asked = subset_cells({FUSION: scorer}, asking, data.asks, measure, FUSION)
    own = {cell.line: cell for cell in cells}
    singles = best_single_cells({FUSION: scorer, RAW: raw}, own, asked, measure)
    leads = {cell.line: cell.lead.mean for cell in singles if cell.lead and "+" in cell.line}
    lines = {line.name: float(line.values.mean()) for line in validation_lines(scorer, data)}
    return Candidate(factor, lines, leads)


def candidates_table(found: list[Candidate]) -> Table:
    """One row a factor, the chosen one first: leads over the best single modality, and what other lines lose and gain."""
    from rich.table import Table

    before = next(one for one in found if one.factor == FACTORS[0])
    subsets = [line.removesuffix(" category P@10") for line in before.leads]
    title = f"Validation part: lead over the best single modality by subset; lines against factor {before.factor:g}"
    table = Table("beside words", *subsets, "most lost", "mean change", title=title)
    for one in found:
        changes = one.changes(before)
        worst = min(changes, key=lambda line: changes[line])
        mean = sum(changes.values()) / len(changes)
        leads = [f"{lead:+.4f}" for lead in one.leads.values()]
        table.add_row(f"{one.factor:g}", *leads, f"{changes[worst]:+.4f} ({worst})", f"{mean:+.4f}")
    return table
