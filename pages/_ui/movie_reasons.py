"""Because of what a movie is recommended: one sentence, a bar, and the strongest reasons in per cent of all that speaks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mmrec_core.plots import COLOURS, OTHER_COLOUR, signed_format
from mmrec_core.types import Attribution, RatedMovie
from pages._ui import html
from pages._ui.language import say

REASONS = 3
FADE = (100, 72, 48)
"""Per cent of the profile colour in the bar of the first, second and third reason."""


@dataclass(frozen=True)
class Part:
    """One line of the list and one piece of the bar; ``value`` is its exact part of the score."""

    words: str
    value: float
    colour: str


@dataclass(frozen=True)
class Reasons:
    """The strongest rated movies by name, all others that speak for it, and all that speak against it."""

    named: tuple[Part, ...]
    others: Part
    against: Part

    @property
    def parts(self) -> list[Part]:
        """Those that there are, in the order of list and bar."""
        return [part for part in (*self.named, self.others, self.against) if part.value]

    @property
    def speaking_for(self) -> float:
        """All that speaks for the movie, in units of the score."""
        return sum(part.value for part in (*self.named, self.others))


def draw(shares: Attribution, rated: Mapping[str, RatedMovie], scale: tuple[float, float]) -> str:
    """Sentence, bar and list."""
    found = divide(shares, rated)
    whole = found.speaking_for or sum(abs(part.value) for part in found.parts) or 1.0
    items = "".join(
        f"<li><span title='{html.escape(part.words, quote=True)}'>{html.escape(part.words)}</span>"
        f'<b class="mm-tip" tabindex="0" data-tip="{_tip(part, shares.target)}">{signed_format(100 * part.value / whole, ".0f")} %</b></li>'
        for part in found.parts
    )
    return (
        f'<div class="mm-small" style="margin:0.2rem 0 0.4rem">{html.escape(sentence(found))}</div>{_bar(found.parts, shares.target, scale)}'
        f'<ul class="mm-reasons">{items}</ul>'
    )


def divide(shares: Attribution, rated: Mapping[str, RatedMovie]) -> Reasons:
    """Every share in one place: by name, among the others, or against."""
    ordered = sorted(shares.as_dict().items(), key=lambda share: -share[1])
    strongest = [(_because(rated[movie]), value) for movie, value in ordered[:REASONS] if value > 0]
    named = tuple(
        Part(words, value, f"color-mix(in srgb,{COLOURS['profile']} {fade}%,transparent)")
        for (words, value), fade in zip(strongest, FADE, strict=False)
    )
    rest = [value for _, value in ordered[len(named) :]]
    more, less = [value for value in rest if value > 0], [value for value in rest if value < 0]
    return Reasons(
        named,
        Part(say("{n} other ratings", n=len(more)), sum(more), OTHER_COLOUR),
        Part(_against(len(less)), sum(less), OTHER_COLOUR),
    )


def sentence(found: Reasons) -> str:
    """What matters, in plain words."""
    if not found.named:
        return say("Nothing that they rated speaks for it.")
    first = found.named[0].words
    if found.others.value > sum(part.value for part in found.named):
        return say("Many small reasons together; of single movies, most because they {first}.", first=first)
    if 2 * found.named[0].value < found.speaking_for:
        return say("Most of all because they {first}.", first=first)
    return say("Mostly because they {first}.", first=first)


def _against(count: int) -> str:
    return say("1 rating against it") if count == 1 else say("{n} ratings against it", n=count)


def _because(rated: RatedMovie) -> str:
    if rated.rating >= 4:
        return say("liked {title}", title=rated.movie.title)
    return say("saw {title}", title=rated.movie.title)


def _tip(part: Part, score: float) -> str:
    exact = signed_format(part.value, "+.4f")
    return html.escape(
        say("{part}: {share} of the score {score:.4f}", part=part.words, share=exact, score=score), quote=True
    )


def _bar(parts: Sequence[Part], score: float, scale: tuple[float, float]) -> str:
    """A signed stacked bar: what takes away to the left of the mark, what adds to the right."""
    low, high = scale
    unit, zero = 100.0 / (low + high), 100.0 * low / (low + high)
    pieces, right = [], zero
    for part in parts:
        width = abs(part.value) * unit
        start = right if part.value > 0 else zero - width
        right += width if part.value > 0 else 0.0
        tip, side = _tip(part, score), "" if part.value > 0 else " mm-minus"
        style = f"left:{start:.2f}%;width:{width:.2f}%;background-color:{part.colour}"
        pieces.append(
            f'<span class="mm-seg mm-tip{side}" style="{style}" tabindex="0" role="img" aria-label="{tip}" data-tip="{tip}"></span>'
        )
    return f'<div class="mm-bar">{"".join(pieces)}<i class="mm-zero" style="left:{zero:.2f}%"></i></div>'
