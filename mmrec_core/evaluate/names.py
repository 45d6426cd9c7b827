"""Who is whom among sounds: the name that a title says, and the words that say the same name elsewhere."""

from __future__ import annotations

import re

SAME_NAME: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "horse pony mare stallion foal",
        "chicken hen rooster cock chick cockerel",
        "cow bull calf ox cattle",
        "cat kitten",
        "pig boar piglet sow swine",
        "duck drake duckling",
        "goose gander geese gosling",
        "dog puppy hound",
        "sheep ram lamb ewe",
        "goat mountaingoat",
        "deer doe stag caribou reindeer",
        "camel dromedary",
        "bee hornet wasp bumblebee",
        "frog toad frogs",
        "crow raven",
        "monkey chimpanzee gorilla ape",
        "whale orca",
        "mouse rat",
        "drum drums",
        "flute flutes",
        "maracas maraca",
        "bongo bongos",
        "castanets castanet",
    )
)
"""Words that count as one name; any other word is a name of its own."""
NAMED_CATEGORIES = ("animals", "birds", "instruments")
NAMELESS = ("music of", "drum kit ", "percussion", "ambient", "tabla")
"""How titles begin that name no animal and no single instrument."""
NOT_NAMES = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "with",
        "note",
        "melody",
        "barking",
        "cawing",
        "pond",
        "during",
        "storm",
        "brown",
        "great",
        "blue",
        "red",
        "baby",
        "big",
        "small",
        "mid",
        "low",
        "hard",
        "soft",
        "open",
        "closed",
        "transverse",
        "electric",
        "buddhist",
        "colorful",
        "tamworth",
        "black",
        "minor",
        "chord",
        "slide",
        "fifths",
        "harmonics",
        "hand",
    ]
)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")


def words_of(title: str) -> frozenset[str]:
    """Words of a title, without what stands in parentheses."""
    return frozenset(_WORD.findall(re.sub(r"\(.*?\)", "", title.lower())))


def names_of(title: str) -> frozenset[str]:
    """Every word that says the name in ``title``; empty where it names nothing."""
    if title.lower().startswith(NAMELESS):
        return frozenset()
    own = words_of(title) - NOT_NAMES
    return frozenset().union(*(_group(word) for word in own))


def _group(word: str) -> frozenset[str]:
    return next((group for group in SAME_NAME if word in group), frozenset({word}))
