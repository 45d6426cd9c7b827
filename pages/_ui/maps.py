"""One map on its original: heat over a picture, shaded words, or a spectrogram linked to its player."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from mmrec_core import plots
from mmrec_core import service as core
from mmrec_core.explain.scorer import SideName
from mmrec_core.media.encode import encode_wav
from mmrec_core.registry import Option
from mmrec_core.types import AudioGrid, Grid, ImageGrid, Modality, PairExplanation, Side, TokenMap
from pages._ui import controls, html, shell, trust
from pages._ui.language import say
from pages._ui.sides import CHART, KEPT

OPACITY = Option("opacity", 0.85, "Strength of the colours", "0 shows the originals alone.", 0.0, 1.0)
STRENGTH_WIDTH = 300
"""Pixels; a share of the row would squeeze the slider where the row is a column already."""
SIGNED_KEY = (
    '<i class="mm-key mm-key-plus"></i>raises the score <i class="mm-key mm-key-less"></i>lowers it; '
    "the strongest colour is the largest part of that map."
)


@dataclass(frozen=True)
class Look:
    """How a map is drawn: opacity, the weight of the strongest colour (None: the map's own), tokens to mark, pixels high, and
    what its numbers are in."""

    opacity: float = 0.85
    limit: float | None = None
    marks: tuple[int, ...] = ()
    height: int = 320
    unit: str = plots.OF_THE_SCORE


def strength(key: str) -> float:
    """The slider of the colours' strength."""
    with st.container(width=STRENGTH_WIDTH):
        return float(controls.draw(OPACITY, key))


def draw(service: core.Service, side: Side, drawn: TokenMap, place: str, alt: str, look: Look) -> None:
    """The medium under its signed map; ``place`` makes keys of it, ``alt`` says what is seen."""
    if drawn.modality is Modality.IMAGE and side.image is not None:
        figure = plots.picture_heat(
            side.image, drawn, look.opacity, shell.template(), signed=True, limit=look.limit, unit=look.unit, say=say
        )
        height, width = side.image.shape[:2]
        _mark(figure, drawn.grid, look.marks, (width, height))
        figure.update_layout(height=look.height)
        st.plotly_chart(figure, theme=None, config=CHART, key=f"mm-map-{place}", alt=alt)
    elif drawn.modality is Modality.AUDIO and side.audio is not None:
        with st.container(gap="xsmall", key=f"mm-heard-{place}"):
            _sound(service, side, drawn, place, alt, look)
    else:
        st.html(trust.words(side.text or "", drawn, look.limit, look.marks))


def _sound(service: core.Service, side: Side, drawn: TokenMap, place: str, alt: str, look: Look) -> None:
    """The spectrogram, its player, and what is left of it when only the strongest cells are kept."""
    assert side.audio is not None  # noqa: S101
    spectrogram = service.spectrogram(side.audio)
    figure = plots.sound_heat(
        spectrogram, drawn, look.opacity, shell.template(), signed=True, limit=look.limit, unit=look.unit, say=say
    )
    _mark(figure, drawn.grid, look.marks, (1, 1))
    st.plotly_chart(figure, theme=None, config=CHART, key=f"mm-map-{place}", alt=alt)
    label, tip = say("Hear only the top {kept:.0%}", kept=KEPT), say("All other cells are silenced.")
    only = st.toggle(label, key=f"mm-only-{place}", help=tip)
    heard = service.strongest_only(side.audio, drawn, KEPT) if only else side.audio
    alt = say("The strongest cells alone") if only else say("The whole sound")
    st.audio(encode_wav(heard), format="audio/wav", alt=alt)


def _mark(figure: go.Figure, grid: Grid, tokens: tuple[int, ...], size: tuple[int, int]) -> None:
    """Dotted outlines around the cells of some tokens."""
    line = {"color": "#ffffff", "width": 1.5, "dash": "dot"}
    for token in tokens:
        x0, y0, x1, y1 = _cell(grid, token, size)
        figure.add_shape(type="rect", x0=x0, x1=x1, y0=y0, y1=y1, line={**line, "color": "#20242b", "dash": "solid"})
        figure.add_shape(type="rect", x0=x0, x1=x1, y0=y0, y1=y1, line=line)


def _cell(grid: Grid, token: int, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a token in the units of its figure."""
    if isinstance(grid, ImageGrid):
        left, top, right, bottom = grid.box
        row, column = divmod(token, grid.cols)
        wide, high = (right - left) / grid.cols * size[0], (bottom - top) / grid.rows * size[1]
        x, y = left * size[0] + column * wide, top * size[1] + row * high
        return x, y, x + wide, y + high
    assert isinstance(grid, AudioGrid)  # noqa: S101
    step, band = divmod(token, len(grid.hertz) - 1)
    return grid.seconds[step], plots.mel(grid.hertz[band]), grid.seconds[step + 1], plots.mel(grid.hertz[band + 1])


def link_players() -> None:
    """Let every spectrogram show where its player is, and a click on it move the player; once a page."""
    st.html(f"<script>{(shell.ASSETS / 'player_link.js').read_text()}</script>", unsafe_allow_javascript=True)


def media(explanation: PairExplanation) -> list[tuple[SideName, Modality]]:
    """Every medium of the pair, in the order in which they are drawn."""
    found: list[tuple[SideName, Modality]] = []
    names: tuple[SideName, SideName] = ("query", "item")
    for name in names:
        side = side_of(explanation, name)
        held = {
            Modality.IMAGE: side.image is not None,
            Modality.TEXT: bool(side.text),
            Modality.AUDIO: bool(side.audio),
        }
        found += [(name, modality) for modality, there in held.items() if there]
    return found


def side_of(explanation: PairExplanation, name: str) -> Side:
    """The query's side, or the item's."""
    return explanation.query if name == "query" else explanation.answer


def choose(explanation: PairExplanation, key: str) -> tuple[SideName, Modality]:
    """A choice among the media of the pair; the key carries the pair, since another one may hold other media."""
    offered = media(explanation)
    return st.selectbox(
        say("Medium"),
        offered,
        format_func=lambda medium: called(*medium),
        key=f"{key}-{explanation.item.id}-{len(offered)}",
    )


def called(side: str, modality: Modality) -> str:
    """ "Your picture", "The item's words"."""
    thing = say({Modality.TEXT: "words"}.get(modality, html.noun(modality)))
    return say("Your {thing}", thing=thing) if side == "query" else say("The item’s {thing}", thing=thing)
