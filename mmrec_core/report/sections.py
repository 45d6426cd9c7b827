"""The sections of the HTML report: content -> markup, one function a section."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np

from mmrec_core import plots
from mmrec_core.explain.words import NOUNS, ordinal
from mmrec_core.report.content import Content
from mmrec_core.report.figures import is_signed, picture_figure, shared_scale, sound_figure
from mmrec_core.report.markup import coloured_words, picture, player, table
from mmrec_core.types import DISLIKE, LIKE, Attribution, Comparison, Edited, Explained, Modality, Side, Trust

Draw = Callable[[object], str]
"""A figure -> its markup."""
NO_QUERY = "Only your profile was asked about: there are no media on this side, and so no maps."
NAMES = {"query": "Your query", "item": "The item"}


def summary(content: Content) -> str:
    """Heading, place, sentences, and where the item comes from."""
    found = content.explanation
    place = f"ranks {ordinal(found.rank)}" if found.rank else "is the query's own item"
    item = found.item
    return (
        f"<header><h1>{escape(content.title)}</h1><p class='lead'>{escape(content.words)}</p>"
        f"<p>{escape(item.title)} ({escape(item.category)}, <code>{escape(item.id)}</code>) {place}, "
        f"score {found.score:.4f}. Licence: {escape(item.licence)}; {escape(item.credit)}.</p>"
        + "".join(f"<p class='note'>{escape(note)}</p>" for note in content.notes)
        + "</header>"
    )


def media(content: Content) -> str:
    """Both sides as they were seen and heard."""
    return f"<section><h2>What was compared</h2><div class='two'>{_side(content, 'query')}{_side(content, 'item')}</div></section>"


def shares(content: Content, draw: Draw) -> str:
    """Exact shares of the score by modality on both sides and between them, and attention between modalities."""
    found = content.explanation
    pieces = ["<section><h2>What the score is made of</h2><div class='two'>"]
    for name in ("query", "item"):
        attribution = content.side(name).attribution
        pieces.append(
            f"<div><h3>{NAMES[name]}</h3>{draw(plots.modality_bars(attribution))}{_account(attribution)}</div>"
        )
    pieces.append(f"</div>{_profile(content)}<h3>Between the two</h3>{draw(plots.pair_matrix(found.pairs))}")
    pieces.append(f"<p>{found.pairs.evaluations} evaluations; residual {found.pairs.residual:.1e}.</p>")
    if found.without:
        rows = [
            (f"{'your' if w.side == 'query' else 'its'} {NOUNS[w.modality]}", ordinal(w.rank), f"{w.score:.4f}")
            for w in found.without
        ]
        pieces.append("<h3>Without one modality it would rank</h3>" + table(("without", "rank", "score"), rows))
    alphas = [(name, content.side(name).alpha) for name in ("query", "item") if content.side(name).alpha.slots]
    pieces.append("<h3>Attention between modalities</h3><div class='two'>" if alphas else "<div>")
    pieces += [f"<div><h4>{NAMES[name]}</h4>{draw(plots.alpha_heatmap(alpha))}</div>" for name, alpha in alphas]
    return "".join(pieces) + "</div></section>"


def maps(content: Content, draw: Draw) -> str:
    """Every map on its original, methods side by side, each with its test."""
    return "".join(_comparison(content, comparison, draw) for comparison in content.comparisons)


def counterfactual(content: Content) -> str:
    """What was taken out, the edited media, and both rankings."""
    found = content.counterfactual
    if found is None:
        return ""
    rows = [
        (before.rank, before.item.title, f"{before.score:.4f}", after.item.title, f"{after.score:.4f}")
        for before, after in zip(found.ranking_before, found.ranking_after, strict=True)
    ]
    removed = f"<p>Taken out: {escape(', '.join(part.label for part in found.removed))}.</p>" if found.removed else ""
    return (
        f"<section><h2>What would have to be missing</h2><p>{escape(found.sentence)}</p>{removed}"
        f"<div class='two'>{_edited(found.edited)}</div>"
        + table(("#", "before", "score", "after", "score"), rows)
        + f"<p>{found.evaluations} queries embedded, {found.parts} parts.</p></section>"
    )


def contrast(content: Content) -> str:
    """Why above, or below, the best other item."""
    found = content.contrast
    if found is None:
        return ""
    columns = ("", *found.attribution.players, "baseline", "score")
    rows = [
        (title, *(f"{v:+.4f}" for v in a.values), f"{a.baseline:+.4f}", f"{a.target:+.4f}")
        for title, a in (
            (found.above.item.title, found.first), (found.below.item.title, found.second), ("difference", found.attribution),
        )
    ]  # fmt: skip
    return f"<section><h2>Beside another item</h2><p>{escape(found.sentence)}</p>{table(columns, rows)}</section>"


def matches(content: Content) -> str:
    """Which part of the query answers to which of the item."""
    rows = [
        (f"{m.query_modality}: {m.query_label}", f"{m.item_modality}: {m.item_label}", f"{m.similarity:+.3f}")
        for m in content.matches.best
    ]
    if not content.matches.matrices:
        return ""
    body = table(("query", "item", "similarity (cosine)"), rows)
    return f"<section><h2>Which part answers to which</h2>{body}<p class='note'>{escape(content.matches.note)}</p></section>"


def facts(content: Content) -> list[tuple[str, str]]:
    """Model, machine and versions, by name."""
    bundle, device = content.bundle, content.device
    return [
        ("made (UTC)", content.made),
        ("model bundle", bundle.name),
        ("bundle hash (SHA-256)", bundle.hash),
        ("fusion", bundle.fusion),
        *((f"{m} encoder", name) for m, name in bundle.encoders.items()),
        ("device", f"{device.name} ({device.kind}, {device.precision})"),
        *((f"version of {name}", version) for name, version in content.versions.items()),
    ]


def options_run(content: Content) -> list[tuple[str, str]]:
    """Options, seeds among them, by method."""
    ran: dict[str, str] = {}
    for comparison in content.comparisons:
        for e in comparison.explained:
            ran[e.method] = ", ".join(f"{k} {v}" for k, v in e.options.items() if k != "side") or "none"
    return list(ran.items())


def provenance(content: Content) -> str:
    """All that is needed to get the same numbers again."""
    times = [(stage, f"{ms:.1f} ms") for stage, ms in content.explanation.timings_ms.items()]
    return (
        f"<section><h2>How this was made</h2>{table(('fact', 'value'), facts(content))}"
        f"<h3>Options and seeds of the methods</h3>{table(('method', 'options'), options_run(content))}"
        f"<h3>Time</h3>{table(('stage', 'time'), times)}</section>"
    )


def trust_words(trust: Trust | None) -> str:
    """The verdict on one map with its p-value."""
    if trust is None:
        return "not tested"
    return f"{trust.verdict} (p = {trust.p:.3f}, {trust.random_maps} random maps, seed {trust.seed})"


def _side(content: Content, name: str) -> str:
    side = content.side(name)
    pieces = [f"<div><h3>{NAMES[name]}</h3>"]
    if side.image is not None:
        pieces.append(picture(side.image, NAMES[name]))
    if side.text:
        pieces.append(f"<p class='words'>{escape(side.text)}</p>")
    if side.audio is not None:
        pieces.append(player(side.audio))
    if not side.attribution.players or side.attribution.players == ("profile",):
        pieces.append(f"<p class='note'>{NO_QUERY}</p>")
    if side.concepts:
        seen = ", ".join(f"{c.name} ({c.probability:.0%})" for c in side.concepts)
        pieces.append(f"<p>The picture encoder by itself sees: {escape(seen)}.</p>")
    return "".join(pieces) + "</div>"


def _profile(content: Content) -> str:
    """The share of the profile, and what each thing liked, disliked and said adds to it; nothing without one."""
    found = content.explanation.query.attribution
    inside = found.within.get("profile")
    if inside is None:
        return ""
    errors = inside.standard_errors
    order = np.argsort(-np.abs(inside.values), kind="stable").tolist()
    rows = [
        (_said(inside.players[n]), f"{inside.values[n]:+.4f}" + (f" ± {errors[n]:.4f}" if errors is not None else ""))
        for n in order
    ]
    return (
        f"<h3>Your profile</h3><p>Your profile adds {found.as_dict()['profile']:+.4f} to the score {found.target:.4f}. "
        f"It counts in every number of this report; only gradients hold it still.</p>{table(('in your profile', 'share'), rows)}"
    )


def _said(player: str) -> str:
    """What an entry of a profile is called."""
    kind, _, item_id = player.partition(":")
    return {LIKE: f"you liked {item_id}", DISLIKE: f"you disliked {item_id}"}.get(f"{kind}:", "your own words")


def _account(a: Attribution) -> str:
    return (
        f"<p>Score {a.target:.4f} = baseline {a.baseline:+.4f} + shares {a.values.sum():+.4f}; residual {a.residual:.1e}, "
        f"{a.evaluations} evaluations ({escape(a.method)}).</p>"
    )


def _comparison(content: Content, comparison: Comparison, draw: Draw) -> str:
    side = content.side(comparison.side)
    scale = shared_scale(comparison.explained)
    drawn = [e for e in comparison.explained if e.map is not None]
    if not drawn:
        return ""
    cards = "".join(_card(content, comparison, side, e, scale, draw) for e in drawn)
    return (
        f"<section><h2>{NAMES[comparison.side]}: {plots.name_of(comparison.modality).lower()}</h2>"
        f"<div class='cards'>{cards}</div>{_agreement(comparison)}{_numbers(comparison, drawn)}</section>"
    )


def _card(content: Content, comparison: Comparison, side: Side, explained: Explained, scale: float, draw: Draw) -> str:
    denied = explained.trust is not None and not explained.trust.better
    body = ""
    if comparison.modality is Modality.IMAGE and side.image is not None:
        body = draw(picture_figure(side.image, explained, scale))
    elif comparison.modality is Modality.TEXT and side.text:
        largest = float(np.abs(explained.values).max(initial=0.0))
        body = coloured_words(side.text, explained, max(largest, 1e-9))
    elif comparison.modality is Modality.AUDIO and comparison.side in content.spectrograms:
        body = draw(sound_figure(content.spectrograms[comparison.side], explained, scale))
    kind = "shares of the score" if is_signed(explained) else "shares of the attention"
    return (
        f"<div class='card{' denied' if denied else ''}'><h3>{escape(explained.title)}</h3><div class='map'>{body}</div>"
        f"<p class='verdict'>{escape(trust_words(explained.trust))}</p>{_measures(explained)}"
        f"<p class='note'>{kind}; {explained.milliseconds:.0f} ms</p></div>"
    )


def _measures(explained: Explained) -> str:
    trust = explained.trust
    if trust is None:
        return ""
    rows = [
        (name, f"{m.value:.4f}", f"{m.random_mean:.4f}", f"{m.p:.2f}", "↑" if m.higher_is_better else "↓")
        for name, m in trust.measures.items()
    ]
    extra = []
    if trust.residual is not None:
        extra.append(f"completeness residual {trust.residual:+.1e}")
    if trust.standard_error is not None:
        extra.append(f"largest standard error {trust.standard_error:.1e}")
    if trust.method_evaluations is not None:
        extra.append(f"{trust.method_evaluations} evaluations")
    if trust.randomisation is not None:
        extra.append(f"mean |ρ| with maps of models with shuffled weights {trust.randomisation.mean:.2f}")
    if explained.fit is not None:
        seeds, spread = len(explained.fit.seeds), explained.fit.spread
        extra.append(f"R² of the local models of {seeds} seeds {', '.join(f'{r:.2f}' for r in explained.fit.r2)}")
        extra.append(f"from seed to seed a weight moves by {spread.mean():.4f} on average, {spread.max():.4f} at most")
    note = f"<p class='note'>{'; '.join(extra)}</p>" if extra else ""
    return table(("measure", "map", "random", "p", "good"), rows) + note


def _agreement(comparison: Comparison) -> str:
    found = comparison.agreement
    if found is None or len(found.methods) < 2:
        return ""
    rows = [(name, *(f"{v:+.2f}" for v in found.spearman[i])) for i, name in enumerate(found.methods)]
    disputed = ", ".join(comparison.parts[n] for n in found.disputed) or "none"
    body = table(("rank correlation", *found.methods), rows)
    return f"<details><summary>How far the methods agree</summary>{body}<p>Disputed parts: {escape(disputed)}.</p></details>"


def _numbers(comparison: Comparison, drawn: list[Explained]) -> str:
    rows = []
    for n, label in enumerate(comparison.parts):
        cells = [label]
        for e in drawn:
            errors = e.shares.standard_errors if e.shares else None
            cells.append(f"{e.values[n]:+.5f}" + (f" ± {errors[n]:.5f}" if errors is not None else ""))
        rows.append(cells)
    body = table(("part", *(e.method for e in drawn)), rows)
    return f"<details><summary>All numbers (± standard error)</summary>{body}</details>"


def _edited(edited: Edited) -> str:
    pieces = []
    if edited.image is not None:
        pieces.append(f"<div>{picture(edited.image, 'The edited picture')}</div>")
    if edited.text is not None:
        pieces.append(f"<div><p class='words'>{escape(edited.text)}</p></div>")
    if edited.audio is not None:
        pieces.append(f"<div>{player(edited.audio)}</div>")
    return "".join(pieces)
