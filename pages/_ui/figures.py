"""Figures of the deeper sections; pure. Everything else is drawn by mmrec_core.plots."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import plotly.graph_objects as go

from mmrec_core.plots import FONT, name_of
from mmrec_core.report.figures import KINDS, unit_of
from mmrec_core.types import Attribution, Explained, Interactions
from pages._ui import shell
from pages._ui.language import say, tell

SHOWN = 6
"""Parts whose error bars are drawn, the strongest first."""
BEFORE, AFTER = "#8a919e", "#3b82f6"


def has_errors(found: Explained) -> bool:
    """True where the shares were sampled, so that there is an error to shrink."""
    return found.shares is not None and found.shares.standard_errors is not None


def error_bars(before: Explained, after: Explained) -> go.Figure:
    """The strongest parts with plus and minus one standard error, before and after the budget was doubled."""
    chosen = np.argsort(-np.abs(after.values), kind="stable")[:SHOWN]
    figure = go.Figure()
    for found, colour, name, shift in ((before, BEFORE, say("before"), 0.16), (after, AFTER, say("after"), -0.16)):
        assert found.shares is not None and found.shares.standard_errors is not None  # noqa: S101
        figure.add_trace(
            go.Scatter(
                x=found.shares.values[chosen],
                y=np.arange(len(chosen)) - shift,
                error_x={"array": found.shares.standard_errors[chosen], "thickness": 2.5, "width": 5},
                mode="markers",
                marker={"color": colour, "size": 8},
                name=say("{when}, {n:,} evaluations", when=name, n=found.shares.evaluations),
                customdata=found.shares.standard_errors[chosen],
                hovertemplate="%{x:+.4f} ± %{customdata:.4f}<extra></extra>",
            )
        )
    ticks = {"tickvals": list(range(len(chosen))), "ticktext": [f"{tell(after.parts[n])}  " for n in chosen]}
    figure.update_yaxes(autorange="reversed", fixedrange=True, automargin=True, showgrid=False, **ticks)
    figure.update_xaxes(
        title_text=say("{values} ± standard error", values=say(KINDS[unit_of(after)])),
        title_font_size=12,
        tickangle=0,
        fixedrange=True,
        automargin=True,
        nticks=4,
    )
    return figure.update_layout(
        template=shell.template(), height=110 + 30 * len(chosen), margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", dragmode=False,
        font={"family": FONT, "size": 13},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )  # fmt: skip


def shrinkage(before: Explained, after: Explained) -> str:
    """How far the mean standard error fell, in words."""
    old, new = (float(np.mean(f.shares.standard_errors)) for f in (before, after))  # type: ignore[union-attr,arg-type]
    words = {"share": new / max(old, 1e-12), "old": old, "new": new}
    if new < old:
        return say("The mean standard error fell to {share:.0%} of what it was: {old:.5f} → {new:.5f}.", **words)
    return say("The mean standard error rose to {share:.0%} of what it was: {old:.5f} → {new:.5f}.", **words)


def together(interactions: Interactions) -> Attribution:
    """What each modality gives alone and what each pair gives beyond that, as shares of one sum that can be drawn as bars."""
    pairs = list(combinations(range(len(interactions.players)), 2))
    called = [say(name_of(player)) for player in interactions.players]
    names = [f"{called[i]} × {called[j].lower()}" for i, j in pairs]
    values = np.array([interactions.pairs[i, j] for i, j in pairs])
    return Attribution(
        "k-SII of order 2",
        (*interactions.players, *names),
        np.concatenate([interactions.alone, values]),
        interactions.baseline,
        interactions.target,
        interactions.evaluations,
    )
