"""What would have to be missing: where the item falls without a modality, and the smallest removal that changes its place."""

from __future__ import annotations

import streamlit as st

from mmrec_core import service as core
from mmrec_core.explain.words import ordinal
from mmrec_core.media.encode import encode_wav
from mmrec_core.types import FUSED, Counterfactual, Item, Modality, PairExplanation, Placed, RemovedPart, Without
from pages._ui import ask, html, jobs, maps, state
from pages._ui.language import say, tell

OUT, RIVAL = "It drops out", "Another outranks it"
EXPECTED = 2000
TOUCHING = 1e-3
"""Seconds between two stretches that are told as one."""


def draw(service: core.Service, explanation: PairExplanation) -> None:
    """Ranks without one modality at once; the search for the smallest removal on request."""
    _without(explanation)
    st.markdown(f"**{say('The smallest removal from your query after which …')}**")
    left, middle, right = st.columns([1.5, 1.2, 1.5], gap="medium", vertical_alignment="bottom")
    with left:
        goal = st.segmented_control(
            say("Goal"), [OUT, RIVAL], default=OUT, required=True, format_func=say, key="mm-if-goal"
        )
    k, rival = 10, None
    with middle:
        if goal == RIVAL:
            rival = choose_other(service, explanation, "mm-if-rival", behind=True)
        else:
            k = int(st.number_input(say("… of the first"), 1, 100, 10, key="mm-if-k"))
    with right:
        held = [modality for modality in FUSED if modality in explanation.query.attribution.players]
        names = {modality: maps.called("query", modality) for modality in held}
        edited = st.pills(
            say("What may be edited"),
            held,
            selection_mode="multi",
            default=held,
            format_func=names.__getitem__,
            key=f"mm-if-media-{len(held)}",
        )
    ready = bool(edited) and (goal == OUT or rival is not None)
    pressed = st.button(say("Search"), icon=":material/search:", type="primary", key="mm-if-run", disabled=not ready)
    if ready:
        found = _search(service, explanation, (k, rival, tuple(edited)), pressed)
        if found is not None:
            _show(explanation, found)


def choose_other(service: core.Service, explanation: PairExplanation, key: str, behind: bool = False) -> str | None:
    """An item ranked next to this one, by id; with ``behind``, only those ranked after it. The nearest behind is the default."""
    item_id = explanation.item.id
    near = ask.around(service, explanation)
    place = next((n for n, placed in enumerate(near) if placed.item.id == item_id), -1)
    others = near[place + 1 :] if behind else [placed for placed in near if placed.item.id != item_id]
    offered = {placed.item.id: f"{placed.rank}. {placed.item.title}" for placed in others}
    if not offered:
        st.caption(say("No other item of the ranking comes after this one."))
        return None
    start = 0 if behind else min(max(place, 0), len(offered) - 1)
    return st.selectbox(
        say("Which item"),
        list(offered),
        index=start,
        format_func=offered.__getitem__,
        key=f"{key}-{explanation.item.id}",
    )


def _search(
    service: core.Service,
    explanation: PairExplanation,
    asked: tuple[int, str | None, tuple[Modality, ...]],
    pressed: bool,
) -> Counterfactual | None:
    query, item_id, (k, rival, edited) = state.query(), explanation.item.id, asked
    mine = ask.counting_profile(service)

    def work() -> Counterfactual:
        return service.counterfactual(query, item_id, k=k, rival=rival, modalities=edited, profile=mine)

    whole = ask.about(service, explanation, "if", *asked)
    return jobs.run(whole, say("Taking out parts and ranking again"), work, pressed=pressed, expected=EXPECTED)


def _without(explanation: PairExplanation) -> None:
    """One line a modality: where the item would rank without it."""
    if not explanation.without or explanation.rank is None:
        return
    chips = "".join(_without_chip(place, explanation.rank) for place in explanation.without)
    st.html(f'<div class="mm-withouts">{chips}</div>')


def _without_chip(place: Without, rank: int) -> str:
    thing = say({Modality.TEXT: "words"}.get(place.modality, html.noun(place.modality)))
    without = (
        say("Without your {thing}", thing=thing) if place.side == "query" else say("Without its {thing}", thing=thing)
    )
    moved = "mm-falls" if place.rank != rank else ""
    tip = say("Score {score:.4f} without it; now {rank}.", score=place.score, rank=ordinal(rank))
    return (
        f'<div class="mm-without mm-tip {moved}" tabindex="0" data-tip="{html.escape(tip, quote=True)}">'
        f"{html.dot(place.modality)}{without} <b>{tell(ordinal(place.rank))}</b></div>"
    )


def _show(explanation: PairExplanation, found: Counterfactual) -> None:
    st.html(f'<p class="mm-sentence mm-said">{html.escape(tell(found.sentence))}</p>')
    st.caption(
        say(
            "{n:,} edited queries were ranked; {parts} parts could be taken out.",
            n=found.evaluations,
            parts=found.parts,
        )
    )
    media, before, after = st.columns([1.3, 1, 1], gap="large")
    with media:
        _media(explanation, found)
    with before:
        st.html(_ranking(say("The ranking now"), found.ranking_before, explanation.item, found.before))
    with after:
        st.html(_ranking(say("Without these parts"), found.ranking_after, explanation.item, found.after))


def _media(explanation: PairExplanation, found: Counterfactual) -> None:
    """Every medium that was edited, as the edit leaves it."""
    for modality in dict.fromkeys(part.modality for part in found.removed):
        gone = [part for part in found.removed if part.modality is modality]
        st.html(
            f'<div class="mm-side-head">{html.dot(modality)}{say("{medium}, edited", medium=maps.called("query", modality))}</div>'
        )
        if modality is Modality.IMAGE and found.edited.image is not None:
            original, edited = st.columns(2)
            if explanation.query.image is not None:
                original.image(explanation.query.image, caption=say("as it was"), width="stretch")
            edited.image(found.edited.image, caption=say("{n} patches filled", n=len(gone)), width="stretch")
        elif modality is Modality.TEXT:
            st.html(struck(explanation.query.text or "", gone))
        elif modality is Modality.AUDIO and found.edited.audio is not None:
            st.caption(say("Silent: {parts}", parts=say(", ").join(silences(gone))))
            st.audio(encode_wav(found.edited.audio), format="audio/wav", alt=say("Your sound, edited"))
        else:
            st.caption(say("Nothing of it is left."))


def silences(gone: list[RemovedPart]) -> list[str]:
    """The stretches of time that were silenced, in order, those that touch as one."""
    whole: list[tuple[float, float]] = []
    for start, end in sorted((part.extent[0], part.extent[1]) for part in gone):
        if whole and start <= whole[-1][1] + TOUCHING:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return [f"{start:.2f}–{end:.2f} {say('s')}" for start, end in whole]


def struck(text: str, gone: list[RemovedPart]) -> str:
    """The text with the removed words struck out."""
    pieces, end = [], 0
    for start, stop in sorted((int(part.extent[0]), int(part.extent[1])) for part in gone):
        pieces += [html.escape(text[end:start]), f"<s>{html.escape(text[start:stop])}</s>"]
        end = stop
    return f'<p class="mm-struck">{"".join(pieces)}{html.escape(text[end:])}</p>'


def _ranking(title: str, places: tuple[Placed, ...], item: Item, own: Placed) -> str:
    """A ranking as a list in which the item stands out; it is added below where it is not among the first."""
    rows = [_row(place, place.item.id == item.id) for place in places]
    if all(place.item.id != item.id for place in places):
        rows.append(f'<tr class="mm-gap"><td colspan="3">⋯</td></tr>{_row(own, True)}')
    return f'<div class="mm-side-head">{title}</div><table class="mm-ranking">{"".join(rows)}</table>'


def _row(place: Placed, own: bool) -> str:
    return (
        f'<tr class="{"mm-own" if own else ""}"><td>{place.rank}</td><td title="{html.escape(place.item.title, quote=True)}">'
        f"{html.escape(place.item.title)}</td><td>{place.score:.3f}</td></tr>"
    )
