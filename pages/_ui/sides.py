"""One side of an explained pair, large: what it is, and on it what the model attended to."""

from __future__ import annotations

import streamlit as st

from mmrec_core import plots
from mmrec_core import service as core
from mmrec_core.media.encode import encode_wav
from mmrec_core.registry import Option
from mmrec_core.types import Modality, PairExplanation, Side
from pages._ui import controls, html, shell, speech
from pages._ui.language import say

OPACITY = Option(
    "opacity",
    0.65,
    "Strength of the heat",
    help="How strongly the attention maps cover the originals; 0 shows the originals alone.",
    minimum=0.0,
    maximum=1.0,
)
KEPT = 0.2
"""The share of a sound's cells that "hear only" keeps."""
CHART = {"displayModeBar": False, "responsive": True}


@st.fragment
def draw(service: core.Service, explanation: PairExplanation, query_title: str) -> None:
    """Query and item side by side; the slider redraws only this part."""
    place, _ = st.columns([1, 2])
    with place:
        opacity = controls.draw(OPACITY, "mm-opacity")
    left, right = st.columns(2, gap="large")
    with left:
        players = explanation.query.attribution.players
        names = {player: say(html.name_of(player)) for player in players}
        chips = "".join(f'<span class="mm-chip">{html.dot(player)}{name}</span>' for player, name in names.items())
        _head(say("You brought"), query_title, chips)
        _side(service, explanation.query, "query", opacity)
    with right:
        item = explanation.item
        rank = say("Recommended · rank {rank}", rank=explanation.rank) if explanation.rank else say("The item")
        source = html.escape(f"{item.source} · {item.licence} · {item.credit}")
        chips = f'<span class="mm-chip">{html.escape(say(item.category))}</span><span class="mm-small mm-cut">{source}</span>'
        _head(rank, item.title, chips)
        _side(service, explanation.answer, "item", opacity)


def _head(kicker: str, title: str, meta: str) -> None:
    st.html(
        f'<div class="mm-side-head">{html.escape(kicker)}</div><div class="mm-side-title">{html.escape(title)}</div>'
        f'<div class="mm-meta">{meta}</div>'
    )


def _side(service: core.Service, side: Side, name: str, opacity: float) -> None:
    """The media of one side under their maps; what it does not hold is left out."""
    if side.image is not None:
        figure = plots.picture_heat(side.image, side.maps.get(Modality.IMAGE), opacity, shell.template(), say=say)
        figure.update_layout(height=380)
        alt = say("The picture of the {side} with the model's attention as heat", side=say(name))
        st.plotly_chart(figure, theme=None, config=CHART, key=f"mm-picture-{name}", alt=alt)
        _named(side, Modality.IMAGE)
    if side.text:
        st.html(f'<div class="mm-side-head">{html.dot("text")}{say("Words, shaded by attention")}</div>')
        st.html(html.words(side.text, side.maps.get(Modality.TEXT), large=side.image is None))
        if name == "query" and (known := speech.known_words(service)):
            st.caption(known, help=say(speech.COARSER))
    if side.audio is not None:
        st.html(f'<div class="mm-side-head">{html.dot("audio")}{say("Sound, heat by attention")}</div>')
        with st.container(gap="xsmall", key=f"mm-heard-side-{name}"):
            _sound(service, side, name, opacity)
        _named(side, Modality.AUDIO)


def _named(side: Side, modality: Modality) -> None:
    """What the modality's encoder names by itself, if it can."""
    if named := side.concepts.get(modality):
        st.html(html.concepts(modality, named))


def _sound(service: core.Service, side: Side, name: str, opacity: float) -> None:
    """The spectrogram under its heat, linked to its player; on request, only what was attended to most is heard."""
    assert side.audio is not None  # noqa: S101
    heat = side.maps.get(Modality.AUDIO)
    figure = plots.sound_heat(service.spectrogram(side.audio), heat, opacity, shell.template(), say=say)
    alt = say("Spectrogram of the {side}'s sound with the model's attention as heat", side=say(name))
    st.plotly_chart(figure, theme=None, config=CHART, key=f"mm-sound-{name}", alt=alt)
    tip = say(
        "The {kept:.0%} of the cells of time and band with the most attention; all others are silenced.", kept=KEPT
    )
    label = say("Hear only the top {kept:.0%}", kept=KEPT)
    only = heat is not None and st.toggle(label, key=f"mm-only-side-{name}", help=tip)
    heard = service.strongest_only(side.audio, heat, KEPT) if only and heat is not None else side.audio
    st.audio(encode_wav(heard), format="audio/wav", alt=say("The sound of the {side}", side=say(name)))
