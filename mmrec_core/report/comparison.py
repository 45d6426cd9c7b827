"""Maps of one medium by several methods, side by side, each with its test: comparisons -> markup."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np

from mmrec_core import plots
from mmrec_core.report.content import Content
from mmrec_core.report.figures import KINDS, picture_figure, shared_scale, sound_figure, unit_of
from mmrec_core.report.markup import coloured_words, table
from mmrec_core.types import Comparison, Explained, Modality, Say, Sentence, Side, Trust, told
from mmrec_core.types.sentence import COMMA, joined, render

Draw = Callable[[object], str]
"""A figure -> its markup."""
PART = "{modality}: {part}"
NAMES = {"query": "Your query", "item": "The item"}


def maps(content: Content, draw: Draw) -> str:
    """Every map on its original, methods side by side, each with its test."""
    return "".join(_comparison(content, comparison, draw) for comparison in content.comparisons)


def trust_words(trust: Trust | None) -> Sentence:
    """The verdict on one map with its p-value."""
    if trust is None:
        return told("not tested")
    words = {"verdict": told(trust.verdict), "p": trust.p, "n": trust.random_maps, "seed": trust.seed}
    return told("{verdict} (p = {p:.3f}, {n} random maps, seed {seed})", **words)


def _comparison(content: Content, comparison: Comparison, draw: Draw) -> str:
    side = content.side(comparison.side)
    scale = shared_scale(comparison.explained)
    drawn = [e for e in comparison.explained if e.map is not None]
    if not drawn:
        return ""
    say = content.say
    medium = say(plots.name_of(comparison.modality)).lower()
    cards = "".join(_card(content, comparison, side, e, scale, draw) for e in drawn)
    return (
        f"<section><h2>{say(PART, modality=say(NAMES[comparison.side]), part=medium)}</h2>"
        f"<div class='cards'>{cards}</div>{_agreement(comparison, say)}{_numbers(comparison, drawn, say)}</section>"
    )


def _card(content: Content, comparison: Comparison, side: Side, explained: Explained, scale: float, draw: Draw) -> str:
    denied, say = explained.trust is not None and explained.trust.doubted, content.say
    body = ""
    if comparison.modality is Modality.IMAGE and side.image is not None:
        body = draw(picture_figure(side.image, explained, scale, say))
    elif comparison.modality is Modality.TEXT and side.text:
        largest = float(np.abs(explained.values).max(initial=0.0))
        body = coloured_words(side.text, explained, max(largest, 1e-9))
    elif comparison.modality is Modality.AUDIO and comparison.side in content.spectrograms:
        body = draw(sound_figure(content.spectrograms[comparison.side], explained, scale, say))
    kind = say(KINDS[unit_of(explained)])
    return (
        f"<div class='card{' denied' if denied else ''}'><h3>{escape(say(explained.title))}</h3><div class='map'>{body}</div>"
        f"<p class='verdict'>{escape(say(trust_words(explained.trust)))}</p>{_measures(explained, say)}"
        f"<p class='note'>{kind}; {explained.milliseconds:.0f} ms</p></div>"
    )


def _measures(explained: Explained, say: Say) -> str:
    trust = explained.trust
    if trust is None:
        return ""
    rows = [
        (say(name), f"{m.value:.4f}", f"{m.random_mean:.4f}", f"{m.p:.2f}", "↑" if m.higher_is_better else "↓")
        for name, m in trust.measures.items()
    ]
    extra = []
    if trust.residual is not None:
        extra.append(say("completeness residual {residual:+.1e}", residual=trust.residual))
    if trust.standard_error is not None:
        extra.append(say("largest standard error {error:.1e}", error=trust.standard_error))
    if trust.method_evaluations is not None:
        extra.append(say("{n:,} evaluations", n=trust.method_evaluations))
    if trust.randomisation is not None:
        mean = trust.randomisation.mean
        extra.append(say("mean |ρ| with maps of models with shuffled weights {mean:.2f}", mean=mean))
    if explained.fit is not None:
        seeds, spread = len(explained.fit.seeds), explained.fit.spread
        fits = ", ".join(f"{r:.2f}" for r in explained.fit.r2)
        moved = "from seed to seed a weight moves by {mean:.4f} on average, {most:.4f} at most"
        extra.append(say("R² of the local models of {n} seeds {fits}", n=seeds, fits=fits))
        extra.append(say(moved, mean=spread.mean(), most=spread.max()))
    note = f"<p class='note'>{'; '.join(extra)}</p>" if extra else ""
    return table((say("measure"), say("map"), say("random"), "p", say("good")), rows) + note


def _agreement(comparison: Comparison, say: Say) -> str:
    found = comparison.agreement
    if found is None or len(found.methods) < 2:
        return ""
    rows = [(name, *(f"{v:+.2f}" for v in found.spearman[i])) for i, name in enumerate(found.methods)]
    disputed = say(joined([comparison.parts[n] for n in found.disputed], COMMA)) or say("none")
    body = table((say("rank correlation"), *found.methods), rows)
    parts = escape(say("Disputed parts: {parts}.", parts=disputed))
    return f"<details><summary>{say('How far the methods agree')}</summary>{body}<p>{parts}</p></details>"


def _numbers(comparison: Comparison, drawn: list[Explained], say: Say) -> str:
    rows = []
    for n, label in enumerate(comparison.parts):
        cells = [render(label, say)]
        for e in drawn:
            errors = e.shares.standard_errors if e.shares else None
            cells.append(f"{e.values[n]:+.5f}" + (f" ± {errors[n]:.5f}" if errors is not None else ""))
        rows.append(cells)
    body = table((say("part"), *(e.method for e in drawn)), rows)
    return f"<details><summary>{say('All numbers (± standard error)')}</summary>{body}</details>"
