"""Values -> small pieces of HTML; pure, everything escaped, styled by assets/app.css."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from mmrec_core.explain.parts import UNSPACED
from mmrec_core.fusion.votes import RULES
from mmrec_core.plots import COLOURS, colour_of, how_obtained, name_of, signed_format
from mmrec_core.settings import REPOSITORY
from mmrec_core.types import Attribution, Concept, Item, Modality, TextGrid, TokenMap, sure
from pages._ui.language import say

LARGE_BELOW = 240
"""Characters up to which a text is set large."""


BASELINE = "What this item scores before anything you brought counts: some items are near to every query."
"""The baseline of the query's shares, in plain words."""


def noun(modality: str) -> str:
    """What a modality is called when one speaks of the thing itself: a picture, a text, a sound."""
    return {"image": "picture", "audio": "sound"}.get(modality, modality)


def colour_variables() -> str:
    """The modality colours as CSS variables, so that the stylesheet repeats none of them."""
    pairs = "".join(f"--mm-{name}:{colour};" for name, colour in COLOURS.items())
    return f"<style>:root{{{pairs}}}</style>"


def dot(player: str) -> str:
    """A spot in the colour of a modality."""
    return f'<span class="mm-dot" style="background:{colour_of(player)}"></span>'


def how(attribution: Attribution) -> str:
    """How a share was obtained, e.g. ``exact Shapley value``."""
    return say(how_obtained(attribution.method))


def extent(attributions: Iterable[Attribution]) -> tuple[float, float]:
    """The longest negative and positive stacks among several, so that their bars share one scale."""
    low, high = 0.0, 0.0
    for attribution in attributions:
        values = [float(value) for value in attribution.values]
        low = max(low, -sum(value for value in values if value < 0))
        high = max(high, sum(value for value in values if value > 0))
    return low, max(high, 1e-9)


def share_bar(attribution: Attribution, scale: tuple[float, float]) -> str:
    """A signed stacked bar: shares below zero to the left of the mark, the others to the right; hover tells the rest."""
    low, high = scale
    unit = 100.0 / (low + high)
    zero = low * unit
    left = right = zero
    parts = []
    for player, value in attribution.as_dict().items():
        width = abs(value) * unit
        start = right if value >= 0 else left - width
        left, right = (left, right + width) if value >= 0 else (left - width, right)
        parts.append(_segment(attribution, player, value, start, width))
    mark = f'<i class="mm-zero" style="left:{zero:.2f}%"></i>' if low > 0 else ""
    return f'<div class="mm-bar">{"".join(parts)}{mark}</div><div class="mm-legend">{_legend(attribution)}</div>'


def _legend(attribution: Attribution) -> str:
    """What the score is made of, in numbers that add up to it: the shares, and what was there before them."""
    digits = "+.4f" if attribution.method in RULES else "+.3f"
    shares = "".join(
        f"<span>{dot(player)}{escape(say(name_of(player)))} <b>{signed_format(value, digits)}</b></span>"
        for player, value in attribution.as_dict().items()
    )
    baseline = signed_format(attribution.baseline, digits)
    if not baseline.startswith(("+", "−")):
        return shares
    tip = escape(say(BASELINE), quote=True)
    start = f'<span class="mm-small mm-tip" tabindex="0" data-tip="{tip}">{say("Baseline")} {baseline}</span>'
    return f"{start}{shares}"


def _segment(attribution: Attribution, player: str, value: float, start: float, width: float) -> str:
    tip = say(
        "{how} of {whose}: {share} of score {score:.3f}",
        how=how(attribution),
        whose=whose(player),
        share=signed_format(value, "+.3f"),
        score=attribution.target,
    )
    side = " mm-minus" if value < 0 else ""
    style = f"left:{start:.2f}%;width:{width:.2f}%;background-color:{colour_of(player)}"
    tip = escape(tip[0].upper() + tip[1:], quote=True)
    return f'<span class="mm-seg mm-tip{side}" style="{style}" tabindex="0" role="img" aria-label="{tip}" data-tip="{tip}"></span>'


def whose(player: str) -> str:
    """ "the query's text", "your profile"."""
    if player == "profile":
        return say("your profile")
    return say("the query's {modality}", modality=say(name_of(player)).lower())


def score_tip(attribution: Attribution) -> str:
    """How a score comes about, as one line."""
    shares = " ".join(
        f"{signed_format(value, '+.3f')} {say(name_of(player)).lower()}"
        for player, value in attribution.as_dict().items()
    )
    return say(
        "Score {score:.4f} (higher is closer) = baseline {baseline} {shares}; {count} evaluations of the model",
        score=attribution.target,
        baseline=signed_format(attribution.baseline, "+.3f"),
        shares=shares,
        count=attribution.evaluations,
    )


def picture(address: str, mat: str, alt: str) -> str:
    """A picture whole inside a frame of fixed proportions, on its own mat."""
    return f'<div class="mm-frame" style="background:{mat}"><img src="{address}" alt="{escape(alt, quote=True)}"></div>'


def waveform(peaks: Sequence[float], label: str) -> str:
    """The frame of an item that is only a sound: its peaks as bars."""
    return f'<div class="mm-frame mm-sound" role="img" aria-label="{escape(label, quote=True)}">{bars(peaks)}</div>'


def bars(peaks: Sequence[float]) -> str:
    """Peaks in [0, 1] as rounded bars around a middle line."""
    rods = "".join(f'<i style="height:{max(100 * peak, 4):.0f}%"></i>' for peak in peaks)
    return f'<div class="mm-wave">{rods}</div>'


def excerpt(text: str) -> str:
    """The frame of an item that is only text: its beginning."""
    return f'<div class="mm-frame mm-prose"><p>{escape(text[:220])}</p></div>'


def item_lines(item: Item) -> str:
    """Title, category, source, licence and credit of an item."""
    where = escape(f"{item.source} · {item.licence}")
    return (
        f'<div class="mm-title" title="{escape(item.title, quote=True)}">{escape(item.title)}</div>'
        f'<div class="mm-meta"><span class="mm-chip">{escape(say(item.category))}</span>'
        f'<span class="mm-small mm-cut" title="{escape(f"{where} · {item.credit}", quote=True)}">{where}</span></div>'
        f'<div class="mm-small mm-cut" title="{escape(item.credit, quote=True)}">{escape(item.credit)}</div>'
    )


ENCODER_NAMES = {
    Modality.IMAGE: (
        "The picture encoder by itself guesses",
        "It knows 1,000 kinds of things, from photographs, and often misses drawings. The recommendations do not hang on "
        "this guess alone. Probability by its own classifier:",
    ),
    Modality.AUDIO: (
        "The sound encoder by itself guesses",
        "It knows 521 kinds of everyday sounds, and often misses what a game or a synthesiser makes. Several may be heard at "
        "once. Probability by its own classifier:",
    ),
}
"""Before the chips, and on hover."""


def concepts(modality: Modality, seen: Sequence[Concept]) -> str:
    """What an encoder by itself sees or hears, with its probabilities; of what it is not sure of, only that."""
    guesses, how = ENCODER_NAMES[modality]
    chips = "".join(_guess(say(how), concept.probability, escape(concept.name)) for concept in sure(seen))
    if not chips:
        most = max((concept.probability for concept in seen), default=0.0)
        chips = _guess(say(how), most, say("nothing that it knows well"), at_most=True)
    return f'<div class="mm-concepts"><span class="mm-small">{say(guesses)}</span>{chips}</div>'


def _guess(how: str, probability: float, name: str, at_most: bool = False) -> str:
    shown = f"{'≤ ' if at_most else ''}{probability:.1%}"
    number = "" if at_most else f" <b>{probability:.0%}</b>"
    tip = escape(f"{how} {shown}", quote=True)
    return f'<span class="mm-chip mm-tip" tabindex="0" data-tip="{tip}">{name}{number}</span>'


def words(text: str, token_map: TokenMap | None, large: bool = False) -> str:
    """The text, each word shaded by its share of the attention; hover gives the share. ``large`` where no picture is beside it."""
    shares = word_shares(text, token_map) if token_map is not None else {}
    highest = max(shares.values(), default=0.0)
    pieces, end = [], 0
    for start, stop in shown_words(text, token_map):
        pieces.append(escape(text[end:start]))
        pieces.append(_word(text[start:stop], shares.get((start, stop)), highest))
        end = stop
    size = " mm-large" if large and len(text) < LARGE_BELOW else ""
    return f'<p class="mm-words{size}">{"".join(pieces)}{escape(text[end:])}</p>'


def _word(word: str, share: float | None, highest: float) -> str:
    if share is None or highest <= 0:
        return escape(word)
    strength = round(100 * share / highest)
    shade = f"background:color-mix(in srgb,var(--mm-text) {round(strength * 0.8)}%,transparent)"
    tip = say("{word}: {share:.1%} of the attention within the text", word=word, share=share)
    tip = escape(tip, quote=True)
    return f'<span class="mm-word mm-tip" style="{shade}" tabindex="0" data-tip="{tip}">{escape(word)}</span>'


def word_shares(text: str, token_map: TokenMap) -> dict[tuple[int, int], float]:
    """Share of the attention by word (start, end): the sum over the tokens that begin inside it."""
    if not isinstance(token_map.grid, TextGrid):
        return {}
    total = float(token_map.weights.sum()) or 1.0
    return {word: value / total for word, value in word_sums(text, token_map).items()}


def word_sums(text: str, token_map: TokenMap) -> dict[tuple[int, int], float]:
    """Weight by word (start, end), signs kept: the sum over the tokens that begin inside it."""
    if not isinstance(token_map.grid, TextGrid):
        return {}
    tokens = [
        (start, value)
        for (start, end), value in zip(token_map.grid.spans, token_map.weights.tolist(), strict=False)
        if end > start
    ]
    inside = {
        (first, last): [value for start, value in tokens if first <= start < last]
        for first, last in shown_words(text, token_map)
    }
    return {word: sum(values) for word, values in inside.items() if values}


def shown_words(text: str, token_map: TokenMap | None) -> list[tuple[int, int]]:
    """Where each word (start, end) lies that is shaded by itself: what stands between spaces, and of scripts without spaces each token."""
    spans = token_map.grid.spans if token_map is not None and isinstance(token_map.grid, TextGrid) else ()
    cuts = sorted({start for start, end in spans if end > start and UNSPACED.match(text[start : start + 1])})
    words: list[tuple[int, int]] = []
    for word in re.finditer(r"\S+", text):
        inside = [cut for cut in cuts if word.start() < cut < word.end()]
        words += pairwise([word.start(), *inside, word.end()])
    return words


def notice(symbol: str, title: str, body: str) -> str:
    """A designed empty or error state; ``body`` is plain text, ``symbol`` the name of a modality colour or ``problem``."""
    return (
        f'<div class="mm-notice mm-{symbol}" role="status">{mark()}'
        f"<div><h3>{escape(title)}</h3><p>{escape(body)}</p></div></div>"
    )


def mark() -> str:
    """The mark of the app, as a picture beside its name (streamlit's sanitiser drops inline SVG)."""
    drawing = base64.b64encode(MARK.read_bytes()).decode("ascii")
    return f'<img class="mm-mark" src="data:image/svg+xml;base64,{drawing}" alt="">'


MARK = REPOSITORY / "assets" / "logo.svg"
