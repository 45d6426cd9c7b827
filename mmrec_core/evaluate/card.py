"""CARD.md of a bundle: what it was trained on, how it does on held-out items, what it cannot do, how to make it again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmrec_core.encoders.weights import WEIGHTS
from mmrec_core.evaluate.levers import LEVERS
from mmrec_core.evaluate.report import figures
from mmrec_core.files import write_atomically
from mmrec_core.fusion.bundle import DESCRIPTION, ModelBundle
from mmrec_core.settings import REPOSITORY
from mmrec_core.training.corpus.build import CORPUS
from mmrec_core.training.split import split_items
from mmrec_core.types import Cell, Evaluation, Item, Modality

CARD = "CARD.md"
PUBLISHED = REPOSITORY / "assets" / "models"
SHIPPED = PUBLISHED / "default"
TUNED = "efficientnet_tuned"
SEEN = """\
Nothing was trained on them, but (counted on the catalogue and the corpus of the bundles that are shipped):
- Titles divide the catalogue; the training corpus is not divided. 31 held-out items and 25 of the validation part bear the title of
  a corpus item (owl, violin, Jupiter): the thing was seen under its name, by another picture or sound. Without these 31 among the
  queries the default bundle has text->image R@10 .510 for .520, image->text .514 for .522, audio->item .632 for .645, and category
  P@10 of pictures .740 for .738, of texts .895 for .897, of sounds .566 for .572.
- Augmented views paste cut-outs on 42 pictures of the whole catalogue, of which 6 are held out and 6 are of the validation part.
  They lend no title, text or category.
"""
LIMITS = """\
- The catalogue is made of drawings, game art, stamps and photographs of free-software packages: its tastes are theirs.
- Texts are read in English; other languages come through the map of languages (see its own card).
- Sounds are effects, instruments and ambiences of some seconds; speech is written down by another model.
- Scores are inner products of embeddings, of length one or near it. They order items; they are not probabilities.
- Categories come from rules over each source's own groups, not from people who looked at every item.
"""


def write_card(folder: Path, bundle: ModelBundle, items: tuple[Item, ...], evaluation: Evaluation) -> None:
    """Write CARD.md and put the metrics into bundle.json (its hash covers weights and architecture, not metrics)."""
    description = json.loads((folder / DESCRIPTION).read_text())
    description["metadata"]["metrics"] = figures(evaluation)
    write_atomically(folder / DESCRIPTION, json.dumps(description, indent=1).encode())
    write_atomically(folder / CARD, card(bundle, items, evaluation, folder).encode())


def card(bundle: ModelBundle, items: tuple[Item, ...], evaluation: Evaluation, folder: Path) -> str:
    """The text of the card, as it stands in ``folder``; what was tried on the shipped bundle stands in that one's alone."""
    about = bundle.metadata
    return "\n".join(
        [
            f"# Model bundle `{bundle.name}`",
            "",
            f"{bundle.fusion.name} fusion, {bundle.fusion.dim}-d embeddings. Hash `{bundle.hash[:12]}`. "
            f"Best epoch {about['best_epoch']} of {len(about['history']) - 1}.",
            "",
            _reproduce(bundle),
            "",
            "## Held-out items",
            _split_sentence(about["split"]),
            "",
            metrics_table(evaluation),
            "",
            "## Trained on",
            _sources_table([items[row] for row in split_items(items).train]),
            "",
            _corpus_sentence(about.get("corpus", {})),
            "",
            "## What was seen of held-out items",
            SEEN,
            *_moved(bundle),
            "## Media of sources that are not trained on",
            _levers(folder),
            "",
            "## Encoders",
            *_tuned(bundle, folder),
            *dict.fromkeys(f"- {w.package} {w.version}: {w.licence}; {w.credit}" for w in WEIGHTS),
            "",
            "## Limits",
            LIMITS,
        ]
    )


def _levers(folder: Path) -> str:
    """What was tried on the shipped bundle, in its own card; elsewhere, where to read it."""
    if folder == SHIPPED:
        return LEVERS
    return f"What was tried for them is told in [the card of the default bundle]({_card_of(SHIPPED, folder)})."


def _tuned(bundle: ModelBundle, folder: Path) -> list[str]:
    """Which encoder was tuned, if one was."""
    if bundle.encoders[Modality.IMAGE] != TUNED:
        return []
    return [
        "All are frozen but the last stages of the picture encoder, which are tuned on the training part and the corpus (see "
        f"[its card]({_card_of(PUBLISHED / 'pictures', folder)}))."
    ]


def _card_of(other: Path, folder: Path) -> str:
    """Where another card lies, seen from the one in ``folder``."""
    return f"../{other.name}/{CARD}" if other.parent == folder.parent else str(other / CARD)


def _reproduce(bundle: ModelBundle) -> str:
    """The commands that make the bundle, in order."""
    pooled = "" if bundle.fusion.name == "model_level" else f" --fusion {bundle.fusion.name} --projections-of default"
    tuned = bundle.encoders[Modality.IMAGE] == TUNED
    steps = [*(["train pictures"] if tuned else []), f"train{pooled} --name {bundle.name}"]
    if "beside_words" in bundle.metadata:
        steps += ["setup", f"train beside-words {bundle.name}"]
    if "centred" in bundle.metadata:
        steps.append(f"train centre {bundle.name} --share {bundle.metadata['centred']['share']:g}")
    if "categories" in bundle.metadata:
        steps.append(f"train categories {bundle.name} --share {bundle.metadata['categories']['share']:g}")
    told = ", ".join(f"`{step}`" for step in steps)
    return (
        f"Reproduce, each with `python -m mmrec_core`: `train corpus`, {told} (the recipe and the seed are in "
        "`bundle.json`). Measure again: `evaluate`, `evaluate photographs`, and `evaluate transfer` for sources that are "
        f"not trained on; `train card {bundle.name}` writes this page."
    )


def _moved(bundle: ModelBundle) -> list[str]:
    """What was set after training, if anything was."""
    about, told = bundle.metadata, []
    for modality, version in about.get("trained_on", {}).items():
        if version != bundle.encoder_versions[Modality(modality)]:
            told.append(
                f"- It was trained on {modality} tokens of `{version}` and reads those of "
                f"`{bundle.encoder_versions[Modality(modality)]}`, its own weights as they were."
            )
    if "beside_words" in about:
        factor = bundle.fusion.config()["beside_words"]
        told.append(f"- Where there is a text, pictures and sounds count {factor:g}: chosen on the validation part.")
    if "centred" in about:
        told.append(
            f"- {about['centred']['share']:g} of the mean embedding was taken off, so that what is near to everything falls back "
            "(Suzuki et al. 2013): chosen on photographs that are not reported."
        )
    if "categories" in about:
        told.append(
            f"- The categories that an embedding speaks of, read off it by logistic regression on the training part, count {about['categories']['share']:g} "
            "in a score: chosen on the validation part and on photographs that are not reported."
        )
    return ["## What was set after training", *told, ""] if told else []


def _corpus_sentence(corpus: dict[str, int]) -> str:
    if not corpus:
        return "No training corpus was there."
    told = [f"{count} of {CORPUS.build(name).title}" for name, count in sorted(corpus.items())]
    return f"Beside the catalogue, named sounds and photographs that are never shown: {', '.join(told)}."


def metrics_table(evaluation: Evaluation) -> str:
    """Markdown: one row a line; mean and 95% bootstrap interval; the fusion's paired lead over each method."""
    methods = evaluation.methods
    rows = [f"| line (queries) | {' | '.join(methods)} |", "|---" * (len(methods) + 1) + "|"]
    for line in evaluation.lines:
        found = {cell.method: cell for cell in evaluation.cells if cell.line == line}
        count = next(iter(found.values())).value.n
        rows.append(f"| {line} ({count}) | {' | '.join(_cell(found.get(m)) for m in methods)} |")
    return "\n".join(rows)


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "not defined"
    text = f"{cell.value.mean:.3f} [{cell.value.low:.3f}, {cell.value.high:.3f}]"
    if cell.lead is None:
        return text
    return f"{text} (fusion leads by {cell.lead.mean:+.3f} [{cell.lead.low:+.3f}, {cell.lead.high:+.3f}])"


def _split_sentence(split: dict[str, Any]) -> str:
    return (
        f"{split['train']} items were trained on, {split['validation']} chose the epoch, {split['test']} are reported here. "
        "Recall: the query is an item seen through one modality, the gallery the held-out items "
        "seen through others. Category lines: the gallery is every other item of the catalogue; accuracy is the majority "
        "of the ten. Sounds that an item of another part holds, too, are not asked. Intervals are 95% bootstrap intervals over queries; leads are paired. The baselines read the same tokens "
        "as the fusion, i.e. of the encoders as they are tuned, after projection; raw neighbours compare within one modality, the untrained ensemble adds "
        "ImageNet posteriors turned into text space."
    )


def _sources_table(items: Sequence[Item]) -> str:
    rows = ["| source | items of the training part | licences |", "|---|---|---|"]
    for source, count in sorted(Counter(item.source for item in items).items()):
        licences = sorted({item.licence for item in items if item.source == source})
        rows.append(f"| {source} | {count} | {', '.join(licences)} |")
    return "\n".join(rows)
