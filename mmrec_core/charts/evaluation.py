"""An evaluation as pictures: accuracy against diversity, curves of missing modalities, subsets, slices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from mmrec_core.charts.base import BASELINES, faint, looks, styled
from mmrec_core.plots import ink
from mmrec_core.types import Curve, Evaluation, Interval, Say, english, label

FEW = 6
"""Points that names have room beside."""


def by_method(
    evaluation: Evaluation, line: str, axis: str, template: str = "plotly_white", say: Say = english
) -> go.Figure:
    """One line, a row a method, best on top: the model in use whole, the others open."""
    found = sorted((c for c in evaluation.cells if c.line == line), key=lambda c: c.value.mean, reverse=True)
    own = [cell.method == evaluation.reference for cell in found]
    colours = [ink(template) if mine else BASELINES[-1] for mine in own]
    figure = go.Figure()
    for cell, mine, colour in zip(found, own, colours, strict=True):
        figure.add_scatter(
            x=[cell.value.mean], y=[say(label(cell.method))], mode="markers", cliponaxis=False, error_x=_bar(cell.value, colour),
            marker={"color": colour, "size": 12 if mine else 9, "symbol": "circle" if mine else "circle-open"},
            hovertemplate="%{y}: %{x:.4f}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title_text=axis, rangemode="tozero")
    figure.update_yaxes(autorange="reversed", ticksuffix="  ", gridcolor=faint(ink(template), 0.08))
    return styled(figure, template, 60 + 27 * len(found), legend=False)


def trade_off(
    evaluation: Evaluation, accuracy: str, diversity: str, template: str = "plotly_white", say: Say = english
) -> go.Figure:
    """One point a method, with both intervals: right is more varied, up is more often right.

    Names stand beside few points; of many there is a legend.
    """
    figure, few = go.Figure(), len(evaluation.methods) <= FEW
    style = looks(evaluation.methods, evaluation.reference, template)
    across, up = say(label(diversity)), say(label(accuracy))
    for method in evaluation.methods:
        x, y = evaluation.cell(method, diversity), evaluation.cell(method, accuracy)
        if x is None or y is None:
            continue
        colour, name = style[method][0], say(label(method))
        figure.add_scatter(
            x=[x.value.mean], y=[y.value.mean], name=name, mode="markers+text" if few else "markers", text=[name],
            textposition="top right", cliponaxis=False, error_x=_bar(x.value, colour), error_y=_bar(y.value, colour),
            marker={"size": 13, "color": colour, "symbol": "circle" if method == evaluation.reference or few else "diamond"},
            hovertemplate=f"{name}<br>{across}: %{{x:.3f}}<br>{up}: %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title_text=say("{line} (more varied →)", line=across))
    figure.update_yaxes(title_text=say("{line} (more often right →)", line=up))
    return styled(figure, template, 380, legend=not few)


def missing(curves: Sequence[Curve], reference: str, template: str = "plotly_white", say: Say = english) -> go.Figure:
    """How precision falls as modalities go missing; one line a method, its interval as a band."""
    figure = go.Figure()
    style = looks([curve.method for curve in curves], reference, template)
    for curve in curves:
        colour, dash = style[curve.method]
        hover = say("{value} with {share} missing", value="%{y:.3f}", share="%{x:.0f}%")
        percents = [100 * step for step in curve.steps]
        low, high = ([getattr(value, end) for value in curve.values] for end in ("low", "high"))
        figure.add_scatter(
            x=percents + percents[::-1], y=high + low[::-1], fill="toself", fillcolor=faint(colour), mode="none",
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip
        figure.add_scatter(
            x=percents, y=[value.mean for value in curve.values], name=say(label(curve.method)), mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2.5 if curve.method == reference else 1.8},
            hovertemplate=f"{say(label(curve.method))}: {hover}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title_text=say("missing, % of the queries' modalities"), dtick=20, ticksuffix=" %")
    figure.update_yaxes(title_text=say(label(curves[0].line)) if curves else "", rangemode="tozero")
    return styled(figure, template, 330)


def rows(
    values: Mapping[str, Mapping[str, Interval]], reference: str, axis: str, template: str = "plotly_white",
    say: Say = english,
) -> go.Figure:  # fmt: skip
    """Intervals in rows, one a group (a subset, a category), one marker a method: ``values`` is group -> method -> interval."""
    figure = go.Figure()
    methods = list(dict.fromkeys(method for group in values.values() for method in group))
    style = looks(methods, reference, template)
    for method in reversed(methods):
        found = {group: by_method[method] for group, by_method in values.items() if method in by_method}
        colour, name = style[method][0], say(label(method))
        hover = say("{value} ({n} queries)", value="%{x:.3f}", n="%{customdata}")
        figure.add_scatter(
            x=[value.mean for value in found.values()], y=[say(label(group)) for group in found], name=name, mode="markers",
            marker={"color": colour, "size": 11 if method == reference else 8,
                    "symbol": "circle" if method == reference else "diamond-open"},
            cliponaxis=False, error_x=_bars(list(found.values()), colour), customdata=[value.n for value in found.values()],
            hovertemplate=f"{name}, %{{y}}: {hover}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title_text=axis, rangemode="tozero")
    figure.update_yaxes(autorange="reversed", ticksuffix="  ", gridcolor=faint(ink(template), 0.08))
    return styled(figure, template, 90 + 30 * len(values)).update_layout(legend={"traceorder": "reversed"})


def _bar(value: Interval, colour: str) -> dict[str, object]:
    return _bars([value], colour)


def _bars(values: Sequence[Interval], colour: str) -> dict[str, object]:
    return {
        "type": "data",
        "array": [value.high - value.mean for value in values],
        "arrayminus": [value.mean - value.low for value in values],
        "color": faint(colour, 0.55),
        "thickness": 1.4,
        "width": 0,
    }
