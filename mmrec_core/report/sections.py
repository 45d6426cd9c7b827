"""The sections of the HTML report: content -> markup, one function a section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from mmrec_core import plots
from mmrec_core.explain.phrases import category_words
from mmrec_core.explain.words import noun, ordinal
from mmrec_core.report.comparison import NAMES, PART, Draw
from mmrec_core.report.content import Content
from mmrec_core.report.markup import picture, player, table
from mmrec_core.types import (
    DISLIKE,
    LIKE,
    Attribution,
    Edited,
    Modality,
    Say,
    Sentence,
    Without,
    sure,
    told,
)
from mmrec_core.types.sentence import COMMA, joined

ENCODER_NAMES = {
    Modality.IMAGE: "The picture encoder by itself guesses (it knows 1,000 kinds of things, from photographs): {named}.",
    Modality.AUDIO: "The sound encoder by itself guesses (it knows 521 kinds of everyday sounds): {named}.",
}
BASELINES = {
    "query": "The baseline is what this item scores before anything you brought counts: some items are near to every query.",
    "item": "The baseline is what your query scores with an item that shows nothing.",
}
ADDS_UP = (
    "All cells add up to the score. Each row adds up to the bar of its part of the query, the last row to the query’s "
    "baseline; each column to the bar of its part of the item, the last column to the item’s baseline. In the corner neither "
    "side shows anything."
)
NO_QUERY = "Only your profile was asked about: there are no media on this side, and so no maps."


def summary(content: Content) -> str:
    """Heading, place, sentences, and where the item comes from."""
    found = content.explanation
    say, item = content.say, found.item
    place = (
        say("ranks {rank}", rank=ordinal(found.rank))
        if found.rank
        else say("is not ranked (it is the query's own, or in the profile)")
    )
    origin = say(
        "{title} ({category}, <code>{id}</code>) {place}, score {score:.4f}. Licence: {licence}; {credit}.",
        title=escape(item.title),
        category=escape(say(item.category)),
        id=escape(item.id),
        place=place,
        score=found.score,
        licence=escape(item.licence),
        credit=escape(item.credit),
    )
    notes = "".join(f"<p class='note'>{escape(say(note))}</p>" for note in content.notes)
    return (
        f"<header><h1>{escape(say(content.title))}</h1><p class='lead'>{escape(say(content.words))}</p>"
        f"<p>{origin}</p>{notes}</header>"
    )


def media(content: Content) -> str:
    """Both sides as they were seen and heard."""
    return f"<section><h2>{content.say('What was compared')}</h2><div class='two'>{_side(content, 'query')}{_side(content, 'item')}</div></section>"


def shares(content: Content, draw: Draw) -> str:
    """Exact shares of the score by modality on both sides and between them, and attention between modalities."""
    found = content.explanation
    say = content.say
    pieces = [f"<section><h2>{say('What the score is made of')}</h2><div class='two'>"]
    for name in ("query", "item"):
        attribution = content.side(name).attribution
        bars = draw(plots.modality_bars(attribution, say=say, start=True))
        pieces.append(
            f"<div><h3>{say(NAMES[name])}</h3>{bars}{_account(attribution, say)}<p class='note'>{say(BASELINES[name])}</p></div>"
        )
    matrix = draw(plots.pair_matrix(found.pairs, say=say))
    pieces.append(f"</div>{_profile(content)}<h3>{say('Between the two')}</h3>{matrix}")
    spent = {"n": found.pairs.evaluations, "residual": _rounded(found.pairs.residual)}
    pieces.append(f"<p>{say(ADDS_UP)} {say('{n} evaluations; residual {residual}.', **spent)}</p>")
    if found.category:
        pieces.append(f"<p>{say(category_words(found.category))}</p>")
    if found.without:
        pieces.append(_without(found.without, say))
    sides = [(name, content.side(name)) for name in ("query", "item")]
    alphas = [(name, side.alpha) for name, side in sides if side.alpha.slots and len(side.maps) > 1]
    pieces.append(f"<h3>{say('Attention between modalities')}</h3><div class='two'>" if alphas else "<div>")
    for name, alpha in alphas:
        pieces.append(f"<div><h4>{say(NAMES[name])}</h4>{draw(plots.alpha_heatmap(alpha, say=say))}</div>")
    return "".join(pieces) + "</div></section>"


def _without(places: Sequence[Without], say: Say) -> str:
    """Where the item would rank without one modality."""
    rows = [
        (
            say("your {thing}", thing=noun(w.modality))
            if w.side == "query"
            else say("its {thing}", thing=noun(w.modality)),
            say(ordinal(w.rank)),
            f"{w.score:.4f}",
        )
        for w in places
    ]
    head = say("Without one modality it would rank")
    return f"<h3>{head}</h3>" + table((say("without"), say("rank"), say("score")), rows)


def counterfactual(content: Content) -> str:
    """What was taken out, the edited media, and both rankings."""
    found = content.counterfactual
    if found is None:
        return ""
    rows = [
        (before.rank, before.item.title, f"{before.score:.4f}", after.item.title, f"{after.score:.4f}")
        for before, after in zip(found.ranking_before, found.ranking_after, strict=True)
    ]
    say = content.say
    parts = say(joined([part.label for part in found.removed], COMMA))
    removed = f"<p>{escape(say('Taken out: {parts}.', parts=parts))}</p>" if found.removed else ""
    spent = say("{n} queries embedded, {parts} parts.", n=found.evaluations, parts=found.parts)
    return (
        f"<section><h2>{say('What would have to be missing')}</h2><p>{escape(say(found.sentence))}</p>{removed}"
        f"<div class='two'>{_edited(found.edited, say)}</div>"
        + table(("#", say("before"), say("score"), say("after"), say("score")), rows)
        + f"<p>{spent}</p></section>"
    )


def contrast(content: Content) -> str:
    """Why above, or below, the best other item."""
    found = content.contrast
    if found is None:
        return ""
    say = content.say
    players = (say(plots.name_of(player)).lower() for player in found.attribution.players)
    columns = ("", *players, say("baseline"), say("score"))
    rows = [
        (title, *(f"{v:+.4f}" for v in a.values), f"{a.baseline:+.4f}", f"{a.target:+.4f}")
        for title, a in (
            (found.above.item.title, found.first), (found.below.item.title, found.second), (say("difference"), found.attribution),
        )
    ]  # fmt: skip
    head = say("Beside another item")
    return f"<section><h2>{head}</h2><p>{escape(say(found.sentence))}</p>{table(columns, rows)}</section>"


def matches(content: Content) -> str:
    """Which part of the query answers to which of the item."""
    say = content.say
    rows = [
        (
            say(PART, modality=say(plots.name_of(m.query_modality)), part=m.query_label),
            say(PART, modality=say(plots.name_of(m.item_modality)), part=m.item_label),
            f"{m.similarity:+.3f}",
        )
        for m in content.matches.best
    ]
    if not content.matches.matrices:
        return ""
    head, body = (
        say("Which part answers to which"),
        table((say("query"), say("item"), say("similarity (cosine)")), rows),
    )
    return f"<section><h2>{head}</h2>{body}<p class='note'>{escape(say(content.matches.note))}</p></section>"


def facts(content: Content) -> list[tuple[str, str]]:
    """Model, machine and versions, by name."""
    bundle, device = content.bundle, content.device
    return [
        (told("made (UTC)"), content.made),
        (told("model bundle"), bundle.name),
        (told("bundle hash (SHA-256)"), bundle.hash),
        (told("fusion"), bundle.fusion),
        *((told("{modality} encoder", modality=told(m)), name) for m, name in bundle.encoders.items()),
        (told("device"), told("{name} ({kind}, {precision})", **vars(device))),
        *((told("version of {name}", name=name), version) for name, version in content.versions.items()),
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
    say = content.say
    times = [(say(stage), f"{ms:.1f} ms") for stage, ms in content.explanation.timings_ms.items()]
    told_facts = [(say(name), say(value)) for name, value in facts(content)]
    return (
        f"<section><h2>{say('How this was made')}</h2>{table((say('fact'), say('value')), told_facts)}"
        f"<h3>{say('Options and seeds of the methods')}</h3>{table((say('method'), say('options')), options_run(content))}"
        f"<h3>{say('Time')}</h3>{table((say('stage'), say('time')), times)}</section>"
    )


def _side(content: Content, name: str) -> str:
    side, say = content.side(name), content.say
    pieces = [f"<div><h3>{say(NAMES[name])}</h3>"]
    if side.image is not None:
        pieces.append(picture(side.image, say(NAMES[name])))
    if side.text:
        pieces.append(f"<p class='words'>{escape(side.text)}</p>")
    if side.audio is not None:
        pieces.append(player(side.audio))
    if not side.attribution.players or side.attribution.players == ("profile",):
        pieces.append(f"<p class='note'>{say(NO_QUERY)}</p>")
    for modality, named in side.concepts.items():
        guesses = ", ".join(f"{c.name} ({c.probability:.0%})" for c in sure(named)) or say("nothing that it knows well")
        pieces.append(f"<p>{say(ENCODER_NAMES[modality], named=escape(guesses))}</p>")
    return "".join(pieces) + "</div>"


def _profile(content: Content) -> str:
    """The share of the profile, and what each thing liked, disliked and said adds to it; nothing without one."""
    found, say = content.explanation.query.attribution, content.say
    inside = found.within.get("profile")
    if inside is None:
        return ""
    errors = inside.standard_errors
    order = np.argsort(-np.abs(inside.values), kind="stable").tolist()
    rows = [
        (
            say(_said(inside.players[n], content.titles)),
            f"{inside.values[n]:+.4f}" + (f" ± {errors[n]:.4f}" if errors is not None else ""),
        )
        for n in order
    ]
    words = say(
        "Your profile adds {share:+.4f} to the score {score:.4f}. It counts in every number of this report; only gradients "
        "hold it still.",
        share=found.as_dict()["profile"],
        score=found.target,
    )
    body = table((say("in your profile"), say("share")), rows)
    return f"<h3>{say('Your profile')}</h3><p>{words}</p>{body}"


def _said(player: str, titles: Mapping[str, str]) -> Sentence:
    """What an entry of a profile is called; by its id where the item is no longer there."""
    kind, _, item_id = player.partition(":")
    item = titles.get(item_id, item_id)
    liked, disliked = told("you liked {item}", item=item), told("you disliked {item}", item=item)
    return {LIKE: liked, DISLIKE: disliked}.get(f"{kind}:", told("your own words"))


def _rounded(residual: float) -> str:
    """What is below the last digit of a number near one is nothing."""
    return f"{residual:.1e}" if abs(residual) >= 1e-12 else "0"


def _account(a: Attribution, say: Say) -> str:
    words = say(
        "Score {score:.4f} = baseline {baseline:+.4f} + shares {shares:+.4f}; residual {residual}, {n} evaluations "
        "({method}).",
        score=a.target,
        baseline=a.baseline,
        shares=a.values.sum(),
        residual=_rounded(a.residual),
        n=a.evaluations,
        method=say(plots.how_obtained(a.method)),
    )
    return f"<p>{words}</p>"


def _edited(edited: Edited, say: Say) -> str:
    pieces = []
    if edited.image is not None:
        pieces.append(f"<div>{picture(edited.image, say('The edited picture'))}</div>")
    if edited.text is not None:
        pieces.append(f"<div><p class='words'>{escape(edited.text)}</p></div>")
    if edited.audio is not None:
        pieces.append(f"<div>{player(edited.audio)}</div>")
    return "".join(pieces)
