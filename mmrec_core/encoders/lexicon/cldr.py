"""Unicode's names and keywords of emoji (CLDR annotations): things that have a picture, in every language that can be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from mmrec_core.encoders.language import ENGLISH, LANGUAGES
from mmrec_core.encoders.lexicon.base import one_file
from mmrec_core.encoders.lexicon.store import Entry

THINGS = (range(0x2600, 0x2770), range(0x1F300, 0x1F500), range(0x1F568, 0x1FB00))
"""Code points of pictures of things; between them lie arrows, buttons and the hours of the clock."""
LEAST_DICE = 0.6
"""How much of their emoji a keyword and an English phrase must share to be taken for the same."""


@dataclass(frozen=True)
class Annotation:
    """The ``name`` of an emoji and its ``keywords``."""

    name: str
    keywords: tuple[str, ...]

    @property
    def phrases(self) -> tuple[str, ...]:
        """The name, the keywords, and the words of the name."""
        return (self.name, *self.keywords, *self.name.split())


Annotations = Mapping[str, Annotation]
"""By emoji."""


SCRIPTS = {"zh": ("zh", "zh_Hant")}
"""Files of a language that is written in two scripts."""


class CldrNames:
    """The names: the same emoji is called the same in every language."""

    name = "cldr-names"
    title = "CLDR, names of emoji"
    packages: tuple[tuple[str, ...], ...] = (("unicode-cldr-core",),)

    def read(self, folder: Path) -> Iterator[Entry]:
        """Every name, in English without what stands in brackets or after a colon."""
        english = read_annotations(folder, ENGLISH)
        for language in (code for code in LANGUAGES if code != ENGLISH):
            for foreign in _of_language(folder, language):
                for emoji, annotation in foreign.items():
                    if emoji in english:
                        yield Entry(language, annotation.name, plain(english[emoji].name))


class CldrKeywords:
    """The keywords, led to the English phrase that stands with the same emoji (Dice coefficient; Smadja et al. 1996)."""

    name = "cldr-keywords"
    title = "CLDR, keywords of emoji"
    packages: tuple[tuple[str, ...], ...] = CldrNames.packages

    def read(self, folder: Path) -> Iterator[Entry]:
        """Every keyword that one English phrase shares its emoji with."""
        english = read_annotations(folder, ENGLISH)
        for language in (code for code in LANGUAGES if code != ENGLISH):
            for foreign in _of_language(folder, language):
                yield from aligned(foreign, english, language)


def aligned(foreign: Annotations, english: Annotations, language: str) -> Iterator[Entry]:
    """For each phrase the English one with the largest Dice coefficient over emoji; of equals a name, else none.

    A phrase of one emoji alone could be any of its English ones; it counts only as a keyword that is a part of the name, and
    where the English name is one word.
    """
    plainly = {e: Annotation(plain(a.name), tuple(map(plain, a.keywords))) for e, a in english.items()}
    places, english_places = _places(foreign, english), _places(plainly, english)
    for phrase, emoji in places.items():
        if len(emoji) == 1:
            (alone,) = emoji
            if phrase in foreign[alone].keywords and phrase in foreign[alone].name and " " not in plainly[alone].name:
                yield Entry(language, phrase, plainly[alone].name)
        elif best := _best({e: plainly[e] for e in emoji}, english_places):
            yield Entry(language, phrase, best)


def _best(among: Annotations, places: Mapping[str, set[str]]) -> str | None:
    """The English phrase that stands with these emoji and few others; None where there is none, or two are as good."""
    emoji, names = set(among), {annotation.name for annotation in among.values()}
    choices = {phrase for annotation in among.values() for phrase in annotation.phrases}
    rated = sorted(((2 * len(emoji & places[c]) / (len(emoji) + len(places[c])), c in names), c) for c in choices)
    (rate, best), others = rated[-1], rated[:-1]
    return best if rate[0] >= LEAST_DICE and (not others or others[-1][0] < rate) else None


def _of_language(folder: Path, language: str) -> Iterator[Annotations]:
    return (read_annotations(folder, code) for code in SCRIPTS.get(language, (language,)))


def read_annotations(folder: Path, code: str) -> dict[str, Annotation]:
    """Emoji of ``THINGS`` with their names and keywords."""
    path = one_file(folder, f"annotations/{code}.xml")
    names, keywords = {}, {}
    for element in ElementTree.parse(path).getroot().iter("annotation"):  # noqa: S314 - from a signed package
        emoji, text = element.get("cp", ""), element.text or ""
        if not any(ord(emoji[:1] or "\0") in part for part in THINGS):
            continue
        if element.get("type") == "tts":
            names[emoji] = text
        else:
            keywords[emoji] = tuple(word.strip() for word in text.split("|"))
    return {emoji: Annotation(name, keywords.get(emoji, ())) for emoji, name in names.items()}


def plain(phrase: str) -> str:
    """An English phrase in lower case, without what stands in brackets or after a colon."""
    return phrase.split("(")[0].split(":")[0].strip().lower()


def _places(annotations: Annotations, among: Annotations) -> dict[str, set[str]]:
    """The emoji of each phrase."""
    places: dict[str, set[str]] = defaultdict(set)
    for emoji, annotation in annotations.items():
        if emoji in among:
            for phrase in annotation.phrases:
                places[phrase].add(emoji)
    return places


WORD_LISTS = (CldrNames(), CldrKeywords())
