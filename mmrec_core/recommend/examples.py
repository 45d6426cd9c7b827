"""One-click queries, chosen by rules from what the catalogue holds, so that none of them leads nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mmrec_core.types import Example, Item, told
from mmrec_core.types.sentence import capitalised

MOST_EXAMPLES = 8


@dataclass(frozen=True)
class Rule:
    """One example: a text, a picture from the first of some categories that has one, a sound likewise.

    A picture with one of the titles ``image_called`` comes before all others, the earlier title first. Left out where the catalogue lacks any part of it; a text needs an item whose words hold ``about``.
    """

    title: str
    text: str | None = None
    about: str = ""
    image_from: tuple[str, ...] = ()
    audio_from: tuple[str, ...] = ()
    image_called: tuple[str, ...] = ()


RULES: tuple[Rule, ...] = (
    Rule("A bird singing in the forest", text="a bird singing in the forest", about="bird"),
    Rule("Picture: {image}", image_called=("Zebra", "Strawberry"), image_from=("animals", "food", "plants", "vehicles")),
    Rule("Sound: {audio}", audio_from=("animals", "birds", "instruments")),
    Rule("An icy world with a thin atmosphere", text="an icy world with a thin atmosphere", about="planet"),
    Rule("{audio}, heard and named", text="musical instrument", about="instrument", audio_from=("instruments", "beats")),
    Rule("{image}, but at night", text="at night, in the dark", about="night", image_from=("places", "planets", "nature")),
    Rule("Picture: {image}, sound: {audio}", image_from=("birds", "animals"), audio_from=("nature", "instruments")),
    Rule(
        "All three: {image}, {audio} and a sentence",
        text="a warrior ready for battle",
        about="warrior",
        image_from=("fantasy", "people"),
        audio_from=("weapons", "fantasy"),
    ),
)  # fmt: skip


def choose_examples(items: Sequence[Item], rules: Sequence[Rule] = RULES) -> list[Example]:
    """The examples whose every part the catalogue has, at most MOST_EXAMPLES; the order of ``items`` does not matter."""
    ordered = sorted(items, key=lambda item: item.id)
    taken: set[str] = set()
    examples = []
    for rule in rules:
        if (example := _apply(rule, ordered, taken)) is not None:
            examples.append(example)
            taken |= {i for i in (example.image_of, example.audio_of) if i}
    return examples[:MOST_EXAMPLES]


def _apply(rule: Rule, items: Sequence[Item], taken: set[str]) -> Example | None:
    image = _first((i for i in items if i.image and i.id not in taken), rule.image_from, rule.image_called)
    audio = _first((i for i in items if i.audio and i.id not in taken), rule.audio_from)
    lacks_text = rule.text and not any(rule.about in item.reading.lower() for item in items)
    if lacks_text or (rule.image_from and not image) or (rule.audio_from and not audio):
        return None
    title = capitalised(told(rule.title, image=_name(image), audio=_name(audio)))
    return Example(title, rule.text, image.id if image else None, audio.id if audio else None)


def _first(items: Iterable[Item], categories: tuple[str, ...], called: tuple[str, ...] = ()) -> Item | None:
    """An item with one of the titles, else of the first category that has one; the shortest title reads best on a button."""
    found = [item for item in items if item.category in categories]
    by_title = {title: place for place, title in enumerate(called)}

    def order(item: Item) -> tuple[int, int, int, str]:
        return by_title.get(item.title, len(called)), categories.index(item.category), len(item.title), item.id

    return min(found, key=order, default=None)


def _name(item: Item | None) -> str:
    return item.title.lower() if item else ""
