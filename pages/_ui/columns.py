"""Rankings side by side: how alike they are, what each modality brought, and every list as tiles."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mmrec_core import service as core
from mmrec_core.fusion.votes import RULES
from mmrec_core.plots import colour_of, name_of, signed_format
from mmrec_core.types import Column, Recommendation, SideBySide
from mmrec_core.types.sentence import AND
from pages._ui import cache, html, state, tiles
from pages._ui.language import say

RBO = (
    "How far two lists agree, the top ranks counting most: 1 where they are the same, 0 where they share nothing. So it may be "
    "higher, or lower, than the part of the items that both hold. Rank-biased overlap (Webber 2010, persistence 0.9)."
)


def draw(facades: Mapping[str, core.Service], found: SideBySide, one_unit: bool = True) -> None:
    """Overlap, shares, then a column a ranking.

    Args:
        one_unit: the scores of all columns are of one kind, so that shares can be compared across columns.
    """
    st.html(_overlaps(found))
    places = st.columns(len(found.columns), gap="medium")
    for number, (place, column) in enumerate(zip(places, found.columns, strict=True)):
        with place, st.container(key=f"mm-column-{number}", gap="small"):
            st.html(
                f'<h2 class="mm-column-head">{html.escape(column.title)}</h2>{_shares(found, column.title, one_unit)}'
            )
            scale = html.extent(result.attribution for result in column.results)
            for result in column.results:
                with st.container(border=True, gap="xsmall", key=f"mm-tile-{number}-{result.rank}"):
                    _tile(facades[column.title], found, column, result, scale)


def _overlaps(found: SideBySide) -> str:
    tip, shown = html.escape(say(RBO), quote=True), len(found.columns[0].results)
    rows = "".join(
        f"<div><span>{html.escape(say(AND, first=o.first, last=o.second))}</span>"
        f'<span class="mm-meter" aria-hidden="true"><i style="width:{100 * o.rbo:.0f}%"></i></span>'
        f'<b class="mm-tip" tabindex="0" data-tip="{tip}">{say("agreement {rbo:.2f}, top ranks count more", rbo=o.rbo)}</b>'
        f'<span class="mm-small">{say("{n} of {total} items in both", n=o.shared, total=shown)}</span></div>'
        for o in found.overlaps
    )
    return f'<div class="mm-overlaps">{rows}</div>'


def _shares(found: SideBySide, title: str, one_unit: bool) -> str:
    """By modality, the mean share of the scores shown, beside the mean of the other columns where their unit is the same."""
    own = found.mean_shares[title]
    others = [shares for name, shares in found.mean_shares.items() if name != title]
    rows = ""
    for player, value in own.items():
        name, share = say(name_of(player)), amount(value, one_unit)
        tip = say("Mean exact Shapley value of the query's {modality} over these items: {share}", modality=name.lower(), share=share)  # fmt: skip
        beside = ""
        if one_unit:
            difference = value - sum(shares.get(player, 0.0) for shares in others) / max(len(others), 1)
            tip += say("; {difference} against the other columns", difference=signed_format(difference, "+.3f"))
            beside = f' <span class="mm-small">({signed_format(difference, "+.2f")})</span>'
        rows += (
            f'<span class="mm-chip mm-tip" tabindex="0" data-tip="{html.escape(tip, quote=True)}" style="border-bottom:2px solid {colour_of(player)}">'
            f"{html.dot(player)}{name} {signed_format(value, '+.2f') if one_unit else share}{beside}</span>"
        )
    return f'<div class="mm-column-shares">{rows}</div>'


def amount(value: float, one_unit: bool) -> str:
    """A share with its sign; points of votes, which may be small, with a place more."""
    return signed_format(value, "+.3f" if one_unit else "+.4f")


def _tile(
    service: core.Service, found: SideBySide, column: Column, result: Recommendation, scale: tuple[float, float]
) -> None:
    item = result.item
    picture, words = st.columns([2, 3], gap="small")
    with picture:
        tiles.frame(service, item)
    tip = html.escape(_score_tip(result), quote=True)
    with words:
        st.html(
            f'<div class="mm-title" title="{html.escape(item.title, quote=True)}">{html.escape(item.title)}</div>'
            f'<div class="mm-score"><span class="mm-small">#{result.rank} · {say("points") if _is_voted(result) else say("score")}</span>'
            f'<b class="mm-tip" tabindex="0" data-tip="{tip}">{_score(result)}</b></div>'
            f"{html.share_bar(result.attribution, scale)}{_moves(found, column.title, result)}"
        )


def _score(result: Recommendation) -> str:
    """Points of reciprocal ranks are small: the first place of a modality is worth 1 / 61."""
    return f"{result.score:.4f}" if _is_voted(result) else f"{result.score:.3f}"


def _is_voted(result: Recommendation) -> bool:
    return result.attribution.method in RULES


def _score_tip(result: Recommendation) -> str:
    """How the score comes about: a cosine with its baseline, or points added up."""
    shares = result.attribution
    if not _is_voted(result):
        return html.score_tip(shares)
    terms = " + ".join(f"{value:.4f} {say(name_of(player)).lower()}" for player, value in shares.as_dict().items())
    return say("{rule}: {score:.4f} points = {terms}", rule=say(RULES[shares.method].title), score=shares.target, terms=terms)  # fmt: skip


def _moves(found: SideBySide, title: str, result: Recommendation) -> str:
    """Where the other columns have the item."""
    chips = []
    for other, place in found.elsewhere(title, result.item.id).items():
        if place is None:
            chips.append(html.escape(say("not in {column}", column=other)))
        else:
            arrow = "→" if place == result.rank else ("↑" if place < result.rank else "↓")
            chips.append(html.escape(say("{arrow} #{place} in {column}", arrow=arrow, place=place, column=other)))
    return f'<div class="mm-small mm-moves">{" · ".join(chips)}</div>'


def gallery(service: core.Service) -> None:
    """Items to start from; one becomes the query and the page stays."""
    grid = st.grid("auto", min_column_width=tiles.GALLERY_WIDTH, gap="small", key="mm-gallery")
    for number, item in enumerate(cache.showcase(service)):
        with grid.container(gap="xxsmall", key=f"mm-show-{number}"):
            tiles.frame(service, item)
            st.button(item.title, key=f"mm-start-{number}", type="tertiary", on_click=state.set_item, args=(item.id,))
