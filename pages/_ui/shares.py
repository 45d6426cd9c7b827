"""How one score divides: by modality of either side, by pair of modalities, and how the parts looked at each other."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mmrec_core import plots
from mmrec_core.explain.phrases import category_words
from mmrec_core.explain.words import NEGLIGIBLE
from mmrec_core.types import Attribution, PairAttribution, PairExplanation, Side
from pages._ui import html, shell
from pages._ui.language import say, tell
from pages._ui.sides import CHART

PAIR_HELP = (
    "Exact two-sided Shapley values: each cell is what one part of the query and one part of the item add together. "
    "The last column is what the query's parts add while the item shows nothing, the last row what the item's parts add "
    "while the query shows nothing, the corner the score while neither shows anything. All cells together are the score."
)
CATEGORY_HELP = (
    "A part of the shares below, not one beside them: the chance that query and item are of one category, as the model "
    "reads both, times a fixed weight."
)
BASELINE_HELP = {
    "query": html.BASELINE,
    "item": "What your query scores with an item that shows nothing.",
}
ALPHA_HELP = (
    "Attention of the transformer that joins the modality summaries, averaged over its heads. Row = who looks, column = at whom; "
    "each row sums to 100 %. [CLS] is the slot that becomes the embedding. It shows where information flowed, not how much it changed the score: for that see the shares above."
)


def draw(explanation: PairExplanation) -> None:
    """Bars for both sides, the matrix between them, the sum in numbers, alpha of both sides."""
    st.subheader(say("What each part contributed"), anchor=False)
    _sum(explanation)
    _category(explanation)
    left, right = st.columns(2, gap="large")
    with left:
        _bars(say("Parts of the query"), explanation.query, "query")
    with right:
        _bars(say("Parts of the item"), explanation.answer, "item")
    matrix, reading = st.columns([3, 2], gap="large", vertical_alignment="center")
    with reading:
        st.html(_how_to_read(explanation.pairs))
    with matrix:
        st.markdown(f"**{say('Which part of the query met which part of the item')}**", help=say(PAIR_HELP))
        figure = plots.pair_matrix(explanation.pairs, shell.template(), say)
        alt = say("Shares of the score by pair of modalities")
        st.plotly_chart(figure, theme=None, config=CHART, key="mm-pairs", alt=alt)
    if not explanation.query.alpha.slots:
        return
    st.subheader(say("How the parts looked at each other"), anchor=False, help=say(ALPHA_HELP))
    left, right = st.columns(2, gap="large")
    with left:
        _alpha(say("Inside the query"), explanation.query, "query")
    with right:
        _alpha(say("Inside the item"), explanation.answer, "item")


def _how_to_read(pairs: PairAttribution) -> str:
    """The matrix in words: its strongest match, how it agrees with the bars, and that nothing is left over."""
    colours = say(
        "Green raises the score, magenta lowers it. “Nothing of the item” is what the query’s parts do while the item shows "
        "nothing, and the other way round; in the corner neither side shows anything."
    )
    agrees = say(
        "Each row adds up to the bar of its part of the query, the last row to the query’s baseline, {ours}; each column to "
        "the bar of its part of the item, the last column to the item’s baseline, {theirs}.",
        ours=plots.signed_format(float(pairs.item_only.sum() + pairs.baseline), "+.3f"),
        theirs=plots.signed_format(float(pairs.query_only.sum() + pairs.baseline), "+.3f"),
    )
    cells = (len(pairs.query_players) + 1) * (len(pairs.item_players) + 1)
    total = say("All {n} cells add up to the score, {score:.4f}.", n=cells, score=pairs.target)
    return (
        f'<div class="mm-aside"><h4>{say("How to read this")}</h4>'
        f"{_strongest(pairs)}<p>{colours}</p><p>{agrees} {total}</p></div>"
    )


def _strongest(pairs: PairAttribution) -> str:
    """The cell that gives most, where any gives something."""
    row, column = np.unravel_index(int(pairs.matrix.argmax()), pairs.matrix.shape)
    value = float(pairs.matrix[row, column])
    if value < NEGLIGIBLE:
        return ""
    ours, theirs = (say(html.name_of(name)).lower() for name in (pairs.query_players[row], pairs.item_players[column]))
    words = say(
        "The strongest match between a part of the query and a part of the item is the query’s <b>{ours}</b> with the "
        "item’s <b>{theirs}</b>: {value}.",
        ours=ours,
        theirs=theirs,
        value=plots.signed_format(value, "+.3f"),
    )
    return f"<p>{words}</p>"


def _bars(title: str, side: Side, name: str) -> None:
    """The baseline and the shares of one side as bars, and below them as a sum."""
    help_text = say(
        "{how}s over all coalitions of the {side}'s modalities: {count} evaluations.",
        how=html.how(side.attribution).capitalize(),
        side=say(name),
        count=side.attribution.evaluations,
    )
    st.markdown(f"**{title}**", help=help_text)
    figure = plots.modality_bars(side.attribution, shell.template(), say=say, start=True)
    alt = say("Shares of the score by modality of the {side}", side=say(name))
    st.plotly_chart(figure, theme=None, config=CHART, key=f"mm-bars-{name}", alt=alt)
    st.html(_added_up(side.attribution, say(BASELINE_HELP[name])))


def _category(explanation: PairExplanation) -> None:
    """What the category adds, in a sentence."""
    if part := explanation.category:
        st.caption(tell(category_words(part)), help=say(CATEGORY_HELP))


def _added_up(shares: Attribution, meaning: str) -> str:
    """ "Baseline +0.090 + image −0.163 + sound +0.574 = score 0.501": what a reader can add up themselves."""
    terms = "".join(
        f" {'−' if value < 0 else '+'} {say(html.name_of(player)).lower()} <b>{abs(value):.4f}</b>"
        for player, value in shares.as_dict().items()
    )
    baseline = f"{say('Baseline')} <b>{plots.signed_format(shares.baseline, '+.4f')}</b>"
    score = f"{say('score')} <b>{shares.target:.4f}</b>"
    return f'<p class="mm-small">{baseline}{terms} = {score}<br>{html.escape(meaning)}</p>'


def _alpha(title: str, side: Side, name: str) -> None:
    st.markdown(f"**{title}**")
    if len(side.maps) < 2:
        st.caption(say("One modality alone has none to look at."))
        return
    figure = plots.alpha_heatmap(side.alpha, shell.template(), say)
    alt = say("Attention between the slots of the {side}", side=say(name))
    st.plotly_chart(figure, theme=None, config=CHART, key=f"mm-alpha-{name}", alt=alt)


def _sum(explanation: PairExplanation) -> None:
    """Score = baseline + shares + residual, as numbers that say on hover what they are."""
    query = explanation.query.attribution
    columns = st.columns(5)
    columns[0].metric(
        say("Score"), f"{explanation.score:.4f}", help=say("What the ranking sorts by; higher is closer.")
    )
    columns[1].metric(
        say("Baseline"),
        plots.signed_format(query.baseline, "+.4f"),
        help=say(BASELINE_HELP["query"]),
    )
    columns[2].metric(
        say("Sum of shares"),
        plots.signed_format(float(query.values.sum()), "+.4f"),
        help=say("The bars of the query's parts, added up."),
    )
    columns[3].metric(
        say("Residual"),
        f"{query.residual:+.1e}" if abs(query.residual) >= 1e-12 else "0",
        help=say("Score − baseline − sum of shares. An exact method leaves only rounding error."),
    )
    columns[4].metric(
        say("Model evaluations"),
        f"{explanation.pairs.evaluations}",
        help=say("Coalitions that were scored for this page."),
    )
