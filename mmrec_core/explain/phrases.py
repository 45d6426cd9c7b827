"""Sentences about counterfactuals and contrasts, by rules from the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from mmrec_core.explain.words import NEGLIGIBLE, noun, number, ordinal, signed
from mmrec_core.types import Attribution, Counterfactual, Modality, Placed, RemovedPart

PART_NOUNS = {
    Modality.IMAGE: ("patch", "patches"),
    Modality.TEXT: ("word", "words"),
    Modality.AUDIO: ("stretch of sound", "stretches of sound"),
}
NAMED = 3
"""Parts that a sentence names; more are counted."""


def counterfactual_words(found: Counterfactual) -> str:
    """What the search found, whether it was proven, and what becomes of it when the edited media are encoded again."""
    goal = f"let “{found.rival.title}” overtake it" if found.rival else f"drop it out of the first {found.k}"
    if not found.succeeded:
        nearest = (
            f"; the nearest, of {counted(found.removed)}, puts it {ordinal(found.after.rank)}" if found.removed else ""
        )
        return (
            f"No removal of up to {min(found.most, found.parts)} of {found.parts} parts was found to {goal}{nearest}."
        )
    proof = (
        "no smaller removal does" if found.smallest else "none of them can be put back; not every smaller set was tried"
    )
    text = (
        f"Without {listed(found.removed)} it ranks {ordinal(found.after.rank)} instead of {ordinal(found.before.rank)}: "
        f"enough to {goal}, and {proof}."
    )
    return text + _again(found)


def contrast_words(above: Placed, below: Placed, shares: Attribution, reversing: Sequence[Modality]) -> str:
    """Which modality makes the difference, and without which the order turns round."""
    gap = above.score - below.score
    if abs(gap) < NEGLIGIBLE:
        text = f"“{above.item.title}” and “{below.item.title}” score alike ({number(above.score)})."
    else:
        order = "above" if gap > 0 else "below"
        text = f"“{above.item.title}” scores {number(abs(gap))} {order} “{below.item.title}”: {_shares(shares)}."
    if reversing:
        names = " or ".join(f"your {noun(m)}" for m in reversing)
        text += f" Without {names} the order turns round."
    return text


def counted(parts: Sequence[RemovedPart]) -> str:
    """ "3 patches and 1 word"."""
    pieces = []
    for modality, (one, many) in PART_NOUNS.items():
        if count := sum(part.modality == modality for part in parts):
            pieces.append(f"{count} {one if count == 1 else many}")
    return _joined(pieces)


def listed(parts: Sequence[RemovedPart]) -> str:
    """The parts by name where they are few, else counted."""
    if len(parts) > NAMED:
        return counted(parts)
    return _joined([_name(part) for part in parts])


def _joined(pieces: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(pieces[:-1]), pieces[-1] if pieces else "")))


def _name(part: RemovedPart) -> str:
    if part.modality is Modality.TEXT:
        return f"the word “{part.label}”"
    return f"{part.label} of the {noun(part.modality)}"


def _again(found: Counterfactual) -> str:
    if found.encoded_again is None:
        return ""
    rank = ordinal(found.encoded_again)
    if found.rival is not None:
        return f" With the edited media encoded again, it ranks {rank}."
    holds = found.encoded_again > found.k
    agree = (
        "which confirms it" if holds else f"so still among the first {found.k}: the rest of the query speaks of it too"
    )
    return f" With the edited media encoded again, it ranks {rank}, {agree}."


def _shares(shares: Attribution) -> str:
    named = sorted(zip(shares.players, shares.values, strict=True), key=lambda pair: -abs(pair[1]))
    text = ", ".join(f"your {noun(player)} {signed(float(value))}" for player, value in named)
    return f"{text}, and {signed(shares.baseline)} whatever is brought" if abs(shares.baseline) >= NEGLIGIBLE else text
