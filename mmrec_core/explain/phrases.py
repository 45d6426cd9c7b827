"""Sentences about counterfactuals and contrasts, by rules from the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from mmrec_core.explain.words import NEGLIGIBLE, noun, number, ordinal, signed, yours
from mmrec_core.types import (
    Attribution,
    CategoryPart,
    Concept,
    Counterfactual,
    Modality,
    Placed,
    RemovedPart,
    Sentence,
    told,
)
from mmrec_core.types.sentence import COMMA, OR, enumerated, in_a_row, joined

PART_COUNTS = {
    Modality.IMAGE: ("{n} patch", "{n} patches"),
    Modality.TEXT: ("{n} word", "{n} words"),
    Modality.AUDIO: ("{n} stretch of sound", "{n} stretches of sound"),
}
NAMED = 3
"""Parts that a sentence names; more are counted."""


def category_words(part: CategoryPart) -> Sentence:
    """What the categories of both sides add to the score, and which they are."""
    value, item = signed(part.value), _read_as(part.item)
    if part.query is None:
        return told("Of the score, {value} is for the category: the item reads as {item}.", value=value, item=item)
    return told(
        "Of the score, {value} is for the category: your query reads as {query}, the item as {item}.",
        value=value,
        query=_read_as(part.query),
        item=item,
    )


def _read_as(category: Concept) -> Sentence:
    return told("{category} ({share})", category=told(category.name), share=f"{category.probability:.0%}")


def counterfactual_words(found: Counterfactual) -> Sentence:
    """What the search found, whether it was proven, and what becomes of it when the edited media are encoded again."""
    if not found.succeeded:
        return told(
            "No removal of up to {most} of {parts} parts was found to {goal}{nearest}.",
            most=min(found.most, found.parts),
            parts=found.parts,
            goal=_goal(found),
            nearest=_nearest(found),
        )
    proof = told("none of them can be put back; not every smaller set was tried")
    text = told(
        "Without {removed} it ranks {after} instead of {before}: enough to {goal}, and {proof}.",
        removed=listed(found.removed),
        after=ordinal(found.after.rank),
        before=ordinal(found.before.rank),
        goal=_goal(found),
        proof=told("no smaller removal does") if found.smallest else proof,
    )
    return in_a_row([text, _again(found)])


def contrast_words(above: Placed, below: Placed, shares: Attribution, reversing: Sequence[Modality]) -> Sentence:
    """Which modality makes the difference, and without which the order turns round."""
    gap = above.score - below.score
    titles = {"first": above.item.title, "second": below.item.title}
    if abs(gap) < NEGLIGIBLE:
        text = told("“{first}” and “{second}” score alike ({score}).", **titles, score=number(above.score))
    elif gap > 0:
        text = told(
            "“{first}” scores {gap} above “{second}”: {shares}.", **titles, gap=number(gap), shares=_shares(shares)
        )
    else:
        text = told(
            "“{first}” scores {gap} below “{second}”: {shares}.", **titles, gap=number(-gap), shares=_shares(shares)
        )
    if not reversing:
        return text
    media = enumerated([yours(m) for m in reversing], OR)
    return in_a_row([text, told("Without {media} the order turns round.", media=media)])


def counted(parts: Sequence[RemovedPart]) -> Sentence:
    """ "3 patches and 1 word"."""
    counts = {modality: sum(part.modality == modality for part in parts) for modality in PART_COUNTS}
    pieces = [told(PART_COUNTS[modality][count > 1], n=count) for modality, count in counts.items() if count]
    return enumerated(pieces)


def listed(parts: Sequence[RemovedPart]) -> Sentence:
    """The parts by name where they are few, else counted."""
    if len(parts) > NAMED:
        return counted(parts)
    return enumerated([_name(part) for part in parts])


def _goal(found: Counterfactual) -> Sentence:
    if found.rival:
        return told("let “{title}” overtake it", title=found.rival.title)
    return told("drop it out of the first {k}", k=found.k)


def _nearest(found: Counterfactual) -> str:
    if not found.removed:
        return ""
    rank = ordinal(found.after.rank)
    return told("; the nearest, of {removed}, puts it {rank}", removed=counted(found.removed), rank=rank)


def _name(part: RemovedPart) -> Sentence:
    if part.modality is Modality.TEXT:
        return told("the word “{word}”", word=part.label)
    return told("{part} of the {medium}", part=part.label, medium=noun(part.modality))


def _again(found: Counterfactual) -> str:
    if found.encoded_again is None:
        return ""
    rank = ordinal(found.encoded_again)
    if found.confirmed:
        return told("With the edited media encoded again, it ranks {rank}, which confirms it.", rank=rank)
    if found.rival is not None:
        return told(
            "With the edited media encoded again, it ranks {rank}, still ahead of “{title}”: the rest of the query speaks of it "
            "too.",
            rank=rank,
            title=found.rival.title,
        )
    return told(
        "With the edited media encoded again, it ranks {rank}, so still among the first {k}: the rest of the query speaks "
        "of it too.",
        rank=rank,
        k=found.k,
    )


def _shares(shares: Attribution) -> Sentence:
    ordered = sorted(zip(shares.players, shares.values, strict=True), key=lambda pair: -abs(pair[1]))
    named = [told("{thing} {share}", thing=yours(player), share=signed(float(value))) for player, value in ordered]
    text = joined(named, COMMA)
    if abs(shares.baseline) < NEGLIGIBLE:
        return text
    return told("{shares}, and {baseline} whatever is brought", shares=text, baseline=signed(shares.baseline))
