"""How far a map can be trusted, and its words: values -> HTML; pure, everything escaped, styled by assets/app.css."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mmrec_core.plots import signed_format
from mmrec_core.types import Explained, RandomisationCheck, TextGrid, TokenMap, Trust, TrustMeasure
from pages._ui import html
from pages._ui.language import say, tell

MEANS = {
    "deletion": "Area under the score while the parts are removed, those the map ranks first going first; low is good.",
    "insertion": "Area under the score while the parts are put in, those the map ranks first coming first; high is good.",
    "sufficiency": "What the score loses when only the first parts are kept; low is good.",
    "comprehensiveness": "What the score loses when the first parts are removed; high is good.",
}
"""What each measure is, in one sentence."""
NAMES = {
    "deletion": "Deletion",
    "insertion": "Insertion",
    "sufficiency": "Sufficiency",
    "comprehensiveness": "Comprehensiveness",
}


BETTER = "<b>Better than random</b> ({said})."
FEW = "<b>Too few parts to test</b> ({said}): so few are often ranked right by chance."
DOUBTED = "<b>Not better than random</b> ({said}): do not read this map as a reason. It is greyed for that."

CHANGES = "Changes when the model’s weights are shuffled (|ρ| {rho:.2f}), as it should."
STAYS = "Stays much the same when the model’s weights are shuffled (|ρ| {rho:.2f}): it tells of the encoders more than of the model."
UNTOLD = "Shuffled weights: |ρ| {rho:.2f}; with so few parts chance decides."


def strip(trust: Trust) -> str:
    """The verdict in words, then the four measures; hover tells what each is and how random maps do."""
    cells = "".join(_measure(name, measure, trust) for name, measure in trust.measures.items())
    told = _randomised(trust.randomisation) if trust.randomisation else ""
    return (
        f'<div class="mm-trust{" mm-doubted" if trust.doubted else ""}">{_verdict(trust)}<div>{cells}</div>{told}</div>'
    )


def _verdict(trust: Trust) -> str:
    said = say("p = {p:.2f} against {n} random maps", p=trust.p, n=trust.random_maps)
    text = say({True: BETTER, False: DOUBTED, None: FEW}[trust.better], said=said)
    tip = escape(tell(trust.rule), quote=True)
    return f'<p class="mm-tip" tabindex="0" data-tip="{tip}">{text}</p>'


def _measure(name: str, measure: TrustMeasure, trust: Trust) -> str:
    mean = signed_format(measure.random_mean, ".3f")
    tip = say("Mean of {n} random maps: {mean}; p = {p:.2f}.", n=trust.random_maps, mean=mean, p=measure.p)
    tip = f"{say(MEANS[name])} {tip}"
    return (
        f'<span class="mm-tip" tabindex="0" data-tip="{escape(tip, quote=True)}">'
        f"{say(NAMES[name])} <b>{signed_format(measure.value, '.3f')}</b></span>"
    )


def _randomised(check: RandomisationCheck) -> str:
    """Whether the map changes where what the model has learned is shuffled (Adebayo 2018)."""
    verdict = {True: CHANGES, False: STAYS, None: UNTOLD}[check.sensitive]
    return (
        f'<p class="mm-tip mm-randomised" tabindex="0" data-tip="{escape(tell(check.rule), quote=True)}">'
        f"{say(verdict, rho=check.mean)}</p>"
    )


def caption(found: Explained) -> str:
    """How the numbers came about: evaluations, standard error, seed, fit, completeness; only what there is. Plain text."""
    said = []
    if (shares := found.shares) is not None:
        said.append(say("{n:,} evaluations of the model", n=shares.evaluations))
        if shares.standard_errors is not None and len(shares.standard_errors):
            said.append(say("largest standard error {error:.4f}", error=float(shares.standard_errors.max())))
        if shares.seed is not None:
            said.append(say("seed {seed}", seed=shares.seed))
        said.append(say("residual {residual}", residual=signed_format(shares.residual, "+.4f")))
    if found.fit is not None:
        said.append(
            say(
                "local model R² {r2:.2f} at the worst of {n} seeds",
                r2=float(found.fit.r2.min()),
                n=len(found.fit.seeds),
            )
        )
        spread = found.fit.spread
        said.append(
            say(
                "from seed to seed a weight moves by {mean:.4f} on average, {most:.4f} at most",
                mean=spread.mean(),
                most=spread.max(),
            )
        )
    said.append(say("{n} parts", n=len(found.parts)))
    said.append(f"{found.milliseconds:,.0f} ms")
    return " · ".join(said)


def words(text: str, token_map: TokenMap, limit: float | None = None, marks: Sequence[int] = ()) -> str:
    """The text, each word shaded by its signed weight: green above zero, magenta below; hover gives the weight.

    ``limit`` is the weight of the strongest shade, by default the largest of this map; words of the tokens ``marks`` are
    underlined.
    """
    values = html.word_sums(text, token_map)
    largest = limit or max((abs(value) for value in values.values()), default=0.0)
    spans = token_map.grid.spans if isinstance(token_map.grid, TextGrid) else ()
    starts = [spans[token][0] for token in marks if token < len(spans)]
    pieces, end = [], 0
    for first, last in html.shown_words(text, token_map):
        pieces.append(escape(text[end:first]))
        marked = any(first <= start < last for start in starts)
        pieces.append(_word(text[first:last], values.get((first, last)), largest, marked))
        end = last
    return f'<p class="mm-words">{"".join(pieces)}{escape(text[end:])}</p>'


def _word(word: str, value: float | None, largest: float, marked: bool) -> str:
    if value is None or largest <= 0:
        return escape(word)
    colour = "--mm-plus" if value >= 0 else "--mm-less"
    shade = f"background:color-mix(in srgb,var({colour}) {round(80 * min(abs(value) / largest, 1.0))}%,transparent)"
    tip = escape(f"{word}: {signed_format(value, '+.4f')}{say('; disputed') if marked else ''}", quote=True)
    return f'<span class="mm-word mm-tip{" mm-disputed" if marked else ""}" style="{shade}" tabindex="0" data-tip="{tip}">{escape(word)}</span>'
