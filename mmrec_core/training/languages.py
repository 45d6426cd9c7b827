"""Fit the map that lets other languages into the word encoder's space: closed-form ridge on texts that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mmrec_core.catalogue.tuxpaint import TuxPaint, translations
from mmrec_core.catalogue.wesnoth import Wesnoth
from mmrec_core.catalogue.wesnoth_translations import unit_names
from mmrec_core.encoders.foreign import TextMap
from mmrec_core.encoders.language import ENGLISH, LANGUAGES
from mmrec_core.encoders.minilm import MiniLM
from mmrec_core.encoders.pooling import mean_pool
from mmrec_core.encoders.use import SentenceEncoder
from mmrec_core.files import write_atomically
from mmrec_core.settings import Settings
from mmrec_core.training.split import TEST_SHARE, VALIDATION_SHARE, position
from mmrec_core.types import Item, Progress, Report

DIALECTS = {"zh": "zh_CN"}
"""Where the catalogue's code is not the language's own."""
NAMES = 7000
"""Names of things beside the catalogue's own texts: synsets of ImageNet-22k."""
LONGEST_TEXT = 250
PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0)
SEED = 0
BATCH = 256


@dataclass(frozen=True)
class Translated:
    """One stamp: its item, the ``sentence`` in ``language`` and the ``english`` one."""

    item: Item
    language: str
    sentence: str
    english: str


@dataclass(frozen=True)
class Pairs:
    """Texts to read, and the English texts whose mean token states they are to be led to."""

    read: tuple[str, ...]
    english: tuple[str, ...]

    def __add__(self, other: Pairs) -> Pairs:
        return Pairs(self.read + other.read, self.english + other.english)


def translated_stamps(settings: Settings, items: Sequence[Item]) -> list[Translated]:
    """Every stamp of the catalogue with its sentence in every language that can be read, English left out."""
    found = translations(settings.media / TuxPaint.name)
    stamps = [(item, found.get(item.id.removeprefix(f"{TuxPaint.name}/"), {})) for item in items]
    return [
        Translated(item, code, said[DIALECTS.get(code, code)], said[ENGLISH])
        for item, said in stamps
        for code in LANGUAGES
        if code != ENGLISH and DIALECTS.get(code, code) in said
    ]


def translated_units(settings: Settings, items: Sequence[Item]) -> list[Translated]:
    """Wesnoth's units by their names in every language that has them; nothing was fitted or chosen on these."""
    found = unit_names(settings.media / Wesnoth.name)
    return [
        Translated(item, code, found[locale][item.title], item.title)
        for code in LANGUAGES
        if code != ENGLISH and (locale := DIALECTS.get(code, code)) in found
        for item in items
        if item.source == Wesnoth.name and item.title in found[locale]
    ]


def english_pairs(items: Sequence[Item]) -> Pairs:
    """English texts paired with themselves: titles, short texts, and names of things."""
    texts = [item.title for item in items] + [item.text for item in items if 0 < len(item.text) < LONGEST_TEXT]
    texts = sorted({*texts, *_names_of_things()})
    return Pairs(tuple(texts), tuple(texts))


@dataclass(frozen=True)
class Fitted:
    """A map, the ridge ``penalty`` that was chosen, and the mean ``cosine`` on the pairs that chose it."""

    text_map: TextMap
    penalty: float
    cosine: float
    pairs: int
    validation: int

    def save(self, folder: Path) -> None:
        """Weights, and the head of the card; what is told below it, from the first section on, is measured elsewhere and stays."""
        self.text_map.save(folder)
        path = folder / "CARD.md"
        card = CARD.format(
            target=self.text_map.target,
            pairs=self.pairs,
            penalty=self.penalty,
            cosine=self.cosine,
            validation=self.validation,
        )
        write_atomically(path, (card + sections_of(path)).encode())


def sections_of(path: Path) -> str:
    """What a Markdown page holds from its first ``## `` on, a blank line before it; nothing where there is no such page."""
    _, mark, told = path.read_text(encoding="utf-8").partition("\n## ") if path.exists() else ("", "", "")
    return mark + told


def fit_languages(settings: Settings, items: Sequence[Item], report: Report) -> Fitted:
    """Fit on the training part; the penalty is chosen on the validation part."""
    stamps = translated_stamps(settings, items)
    of_train = [item for item in items if position(item.title) >= TEST_SHARE + VALIDATION_SHARE]
    train = english_pairs(of_train) + _pairs(stamps, TEST_SHARE + VALIDATION_SHARE, 1.0)
    validation = _pairs(stamps, TEST_SHARE, TEST_SHARE + VALIDATION_SHARE)
    words, sentences = MiniLM(settings), SentenceEncoder(settings)
    x, y = _encoded(train, words, sentences, report)
    vx, vy = _encoded(validation, words, sentences, report)
    maps = {penalty: _fit(x, y, penalty, words.version) for penalty in PENALTIES}
    cosines = {penalty: _cosine(text_map(vx), vy) for penalty, text_map in maps.items()}
    best = max(cosines, key=cosines.__getitem__)
    return Fitted(maps[best], best, cosines[best], len(x), len(vx))


def _pairs(stamps: Sequence[Translated], low: float, high: float) -> Pairs:
    chosen = [s for s in stamps if low <= position(s.item.title) < high]
    return Pairs(tuple(s.sentence for s in chosen), tuple(s.english for s in chosen))


def _encoded(
    pairs: Pairs, words: MiniLM, sentences: SentenceEncoder, report: Report
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Sentence vectors (n, 512) of what is read, mean token states (n, 384) of the English."""
    english = sorted(set(pairs.english))
    means: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(english), BATCH):
        report(Progress("Reading English", start, len(english), "texts"))
        part = english[start : start + BATCH]
        means |= {text: mean_pool(tokens) for text, tokens in zip(part, words.encode(part), strict=True)}
    vectors = []
    for number, text in enumerate(pairs.read):
        if number % BATCH == 0:
            report(Progress("Reading every language", number, len(pairs.read), "texts"))
        vectors.append(sentences.read(text).vector)
    return np.stack(vectors), np.stack([means[text] for text in pairs.english])


def _fit(x: NDArray[np.float32], y: NDArray[np.float32], penalty: float, target: str) -> TextMap:
    """``argmin_W |xc W - yc|^2 + penalty |W|^2`` on centred pairs."""
    centre, mean = x.mean(axis=0), y.mean(axis=0)
    xc = x - centre
    weights = np.linalg.solve(xc.T @ xc + penalty * np.eye(x.shape[1]), xc.T @ (y - mean)).astype(np.float32)
    return TextMap(weights, mean - centre @ weights, target)


def _cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(np.mean((a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)))


def _names_of_things() -> list[str]:
    from timm.data import ImageNetInfo

    info = ImageNetInfo("imagenet22k")
    names = sorted(
        {name.strip() for n in range(info.num_classes()) for name in info.index_to_description(n).split(",")}
    )
    return [names[n] for n in np.random.default_rng(SEED).choice(len(names), NAMES, replace=False)]


CARD = """# Map of languages

A linear map of sentence vectors (Universal Sentence Encoder multilingual v3, 512 numbers) to mean token states of the word
encoder `{target}` (384 numbers), so that texts in other languages are read by the same fusion.

- Fitted by closed-form ridge on {pairs:,} pairs of the training part: translated sentences of Tux Paint's stamps with the
  English sentence's states as target, English titles and short texts of the catalogue, and names of ImageNet-22k synsets.
- Penalty {penalty:g}, chosen on {validation:,} translated sentences of the validation part; mean cosine there {cosine:.4f}.
- Held-out results: `python -m mmrec_core evaluate languages`.
- Fit it again with `python -m mmrec_core train languages`.
"""
