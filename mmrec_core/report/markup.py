"""Small pieces of HTML: escaped text, tables, data URIs, coloured words, figures that are drawn when the file opens."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from mmrec_core.explain.query_mask import placed_parts
from mmrec_core.media.encode import encode_jpeg, encode_wav
from mmrec_core.report.figures import is_signed
from mmrec_core.types import Audio, Explained, ImageArray, Tokens

if TYPE_CHECKING:
    import plotly.graph_objects as go

GREEN, MAGENTA, ORANGE = (72, 160, 44), (200, 40, 125), (250, 110, 20)
"""The ends of the diverging scale of ``plots``, and the colour of what is no share of the score."""


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of text; cells are escaped."""
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def picture(image: ImageArray, alt: str) -> str:
    """The picture, inside the file."""
    return f'<img alt="{escape(alt)}" src="{_uri("image/jpeg", encode_jpeg(image))}">'


def player(audio: Audio) -> str:
    """A player of the sound, which is inside the file."""
    return f'<audio controls src="{_uri("audio/wav", encode_wav(audio))}"></audio>'


def coloured_words(text: str, explained: Explained, scale: float) -> str:
    """The text with each word in the colour of its value; hover shows the number. What no word covers stays plain."""
    assert explained.map is not None  # noqa: S101
    grid, n = explained.map.grid, len(explained.map.weights)
    parts = placed_parts(explained.modality, Tokens(np.zeros((n, 0), np.float32), np.ones(n, bool), grid), text)
    pieces, end = [], 0
    for part, value in zip(parts, explained.values, strict=False):
        start, stop = (int(edge) for edge in part.extent)
        red, green, blue = ORANGE if not is_signed(explained) else GREEN if value >= 0 else MAGENTA
        ink = f"rgba({red},{green},{blue},{min(abs(float(value)) / scale, 1.0) * 0.8:.3f})"
        word = f'<span style="background:{ink}" title="{value:+.4f}">{escape(text[start:stop])}</span>'
        pieces += [escape(text[end:start]), word]
        end = max(end, stop)
    return f'<p class="words">{"".join(pieces)}{escape(text[end:])}</p>'


def figure(drawn: go.Figure, number: int) -> str:
    """A place for the figure and the call that draws it there."""
    layout = drawn.layout.to_plotly_json()
    height = layout.get("height") or 260
    # "</" would end the script
    data = drawn.to_json().replace("</", "<\\/")
    return (
        f'<div id="figure-{number}" class="figure" style="height:{height}px"></div>'
        f"<script>draw({number}, {data})</script>"
    )


def _uri(mime: str, data: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"
