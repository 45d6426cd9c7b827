"""The report as one HTML file: pictures and sounds as data URIs, plotly inside, and a policy that forbids any request."""

from __future__ import annotations

from html import escape
from itertools import count
from typing import Any

from mmrec_core.report import sections
from mmrec_core.report.comparison import maps
from mmrec_core.report.content import Content
from mmrec_core.report.markup import figure

POLICY = (
    "default-src 'none'; img-src data: blob:; media-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'"
)
"""What the browser may load: only what the file itself carries."""
STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.55 system-ui, sans-serif; color: #20242b; background: #fff; max-width: 1180px; margin: 0 auto; padding: 2rem; }
h1 { font-size: 1.9rem; margin: 0 0 .4rem; } h2 { margin: 2.4rem 0 .6rem; font-size: 1.3rem; } h3 { margin: 1.2rem 0 .3rem; font-size: 1.02rem; }
.lead { font-size: 1.12rem; } .note { color: #5c6470; font-size: .88rem; } code { overflow-wrap: anywhere; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 1.4rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 1rem; align-items: start; }
.card { border: 1px solid #dfe3e8; border-radius: 10px; padding: .8rem 1rem; min-width: 0; } .card h3 { margin-top: 0; }
.denied .map { filter: grayscale(1); opacity: .5; } .denied .verdict { color: #a3264f; } .verdict { font-weight: 600; margin: .4rem 0; }
.card table { font-size: .78rem; } .card th, .card td { overflow-wrap: normal; padding: .2rem .3rem; }
.figure { min-width: 0; overflow: hidden; }
img { max-width: 100%; max-height: 340px; border-radius: 8px; } audio { width: 100%; } .words { line-height: 1.9; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; font-variant-numeric: tabular-nums; margin: .4rem 0; }
th, td { text-align: left; padding: .22rem .5rem; border-bottom: 1px solid #e6e9ed; overflow-wrap: anywhere; } summary { cursor: pointer; margin: .6rem 0; }
@media print { section { break-inside: avoid-page; } }
"""
DRAW = """
function draw(number, figure) {
  // the whole page is laid out first: a figure takes the width of its place
  addEventListener("DOMContentLoaded", () =>
    Plotly.newPlot("figure-" + number, figure.data, figure.layout, {displayModeBar: false, responsive: true}));
}
"""


def report_html(content: Content) -> str:
    """One file that opens anywhere, without a network: about 5 MB for plotly, the rest for the media."""
    from plotly.offline import get_plotlyjs

    numbers = count(1)

    def draw(drawn: Any) -> str:
        return figure(drawn, next(numbers))

    body = "\n".join(
        (
            sections.summary(content),
            sections.media(content),
            sections.shares(content, draw),
            maps(content, draw),
            sections.counterfactual(content),
            sections.contrast(content),
            sections.matches(content),
            sections.provenance(content),
        )
    )
    return (
        f'<!doctype html>\n<html lang="{content.say("en")}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(content.say(content.title))}</title><style>{STYLE}</style>"
        f"<script>{get_plotlyjs()}</script><script>{DRAW}</script></head>\n<body>{body}</body></html>\n"
    )
