"""Texts in other languages -> tokens in the space of the English word encoder.

Three sources say where a text goes: a learned linear map of its sentence vector, known texts nearby, and a lexicon of words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mmrec_core.encoders.base import Encoder
from mmrec_core.encoders.glossary import Glossary
from mmrec_core.encoders.kana import Kana, Respelled, as_written
from mmrec_core.encoders.known_texts import SHARE, KnownTexts
from mmrec_core.encoders.language import detect
from mmrec_core.encoders.lexicon.store import Lexicon
from mmrec_core.encoders.use import SentenceEncoder
from mmrec_core.errors import BundleError
from mmrec_core.files import write_atomically
from mmrec_core.settings import REPOSITORY, Settings
from mmrec_core.types import Modality, TextGrid, Tokens, Vector, told

FOLDER = REPOSITORY / "assets" / "models" / "languages"


@dataclass(frozen=True)
class TextMap:
    """Sentence vectors (n, 512) -> mean token states of the word encoder (n, 384): ``x @ weights + offset``.

    ``target`` is the version of the word encoder whose space it maps into.
    """

    weights: NDArray[np.float32]
    offset: NDArray[np.float32]
    target: str

    def __call__(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, 512) -> (n, 384)."""
        return vectors @ self.weights + self.offset

    @classmethod
    def load(cls, target: str, folder: Path = FOLDER) -> TextMap:
        """The shipped map; raises BundleError where there is none for this word encoder."""
        from safetensors import safe_open

        path = folder / "weights.safetensors"
        if not path.exists():
            raise BundleError(
                told(
                    "There is no map of languages at {folder}. Fit one with: python -m mmrec_core train languages",
                    folder=folder,
                )
            )
        with safe_open(path, "np") as file:
            fitted_to = (file.metadata() or {}).get("target", "")
            weights, offset = (file.get_tensor(name).astype(np.float32) for name in ("weights", "offset"))
        if fitted_to != target:
            raise BundleError(
                told(
                    "The map of languages at {folder} leads to {fitted_to!r}, but {target!r} reads the words. Fit "
                    "it again with: python -m mmrec_core train languages",
                    folder=folder,
                    fitted_to=fitted_to,
                    target=target,
                )
            )
        return cls(weights, offset, target)

    def save(self, folder: Path) -> None:
        """Write it in half precision."""
        from safetensors.numpy import save

        arrays = {"weights": self.weights.astype(np.float16), "offset": self.offset.astype(np.float16)}
        write_atomically(folder / "weights.safetensors", save(arrays, metadata={"target": self.target}))


class ForeignTexts:
    """What reads texts that are not English; the encoder contract, in the token space of the word encoder.

    One token a word piece. The mean of the tokens is the place of the whole sentence, since that is what fusions pool:
    ``(1 - SHARE) mapped + SHARE mean state of the nearest known texts``, or the mapped vector alone where no texts are known;
    where the lexicon holds words of it, a share of that place is where their English goes (see ``glossary``).
    Each token departs from it as far as its own piece departs from the mean of the pieces; a piece is mapped, and led to the
    English of its word as the whole is. So a part that is hidden takes its meaning along, but the word maps are coarser than
    those of a transformer.

    Args:
        sentences: reads them.
        text_map: leads to the word encoder's space.
        known: the catalogue's own texts.
        respell: says how a text is to be read.
        glossary: the English of single words.
    """

    modality = Modality.TEXT
    dim = 384

    def __init__(
        self,
        sentences: SentenceEncoder,
        text_map: TextMap,
        known: KnownTexts | None = None,
        respell: Callable[[str], Respelled] = as_written,
        glossary: Glossary | None = None,
    ) -> None:
        parts = ("kana", *(["known"] if known else []), *([glossary.version] if glossary else []))
        self.version = f"use-multilingual-v3+{'+'.join(parts)}->{text_map.target}"
        self._sentences = sentences
        self._map = text_map
        self._known = known
        self._respell = respell
        self._glossary = glossary

    def encode(self, batch: Sequence[str]) -> list[Tokens]:
        """Tokens of each text, in order, each read in the language that it seems to be in."""
        return [self._tokens(text, detect(text)) for text in batch]

    def in_language(self, language: str) -> Encoder:
        """The same encoder for texts of one language (ISO 639-1), whatever they seem to be in."""
        return _OneLanguage(self, language)

    def english_words(self, text: str, language: str) -> list[str]:
        """The English of every word that the lexicon holds, in the order of the text."""
        if self._glossary is None:
            return []
        respelled = self._respell(text).text
        spans = self._sentences.read(respelled).spans
        return [gloss.english for gloss in self._glossary.glosses(respelled, language, spans)]

    def _tokens(self, written: str, language: str) -> Tokens:
        respelled = self._respell(written)
        text, read = respelled.text, self._sentences.read(respelled.text)
        whole, pieces = self._whole(read.vector), self._map(read.pieces)
        if self._glossary is not None:
            whole, pieces = self._glossary.lead(text, language, whole, pieces, read.spans)
        placed = [n for n, (start, end) in enumerate(read.spans) if text[start:end].strip()]
        if not placed:
            return Tokens(whole, np.ones(1, dtype=bool), TextGrid(((0, 0),)))
        kept = pieces[placed]
        spans = tuple(respelled.written(*_without_margin(text, *read.spans[n])) for n in placed)
        return Tokens(whole + kept - kept.mean(axis=0), np.ones(len(placed), dtype=bool), TextGrid(spans))

    def _whole(self, vector: Vector) -> NDArray[np.float32]:
        """Where a whole sentence goes, (1, 384)."""
        mapped = self._map(vector[None])
        if self._known is None:
            return mapped
        return (1 - SHARE) * mapped + SHARE * self._known.near(vector)


class _OneLanguage:
    """``ForeignTexts`` told the language."""

    modality = Modality.TEXT
    dim = ForeignTexts.dim

    def __init__(self, texts: ForeignTexts, language: str) -> None:
        self.version = texts.version
        self._read = partial(texts._tokens, language=language)

    def encode(self, batch: Sequence[str]) -> list[Tokens]:
        """Tokens of each text, in order."""
        return [self._read(text) for text in batch]


def _without_margin(text: str, start: int, end: int) -> tuple[int, int]:
    """A piece begins with the space before it; the word does not."""
    return end - len(text[start:end].lstrip()), end


def open_foreign(
    settings: Settings, target: str, known: Callable[[], KnownTexts | None], words: Callable[[], Encoder]
) -> ForeignTexts:
    """Load what reads other languages into the space of the word encoder ``target`` (its version).

    Args:
        settings: say where weights and lexicon lie.
        target: the version of the word encoder.
        known: opens the catalogue's own texts, or gives None where set-up did not read them.
        words: gives the word encoder.

    Raises:
        NotSetUpError: where its weights are missing.
        BundleError: where no map leads to that word encoder.
    """
    lexicon = Lexicon(settings.lexicon) if settings.lexicon.exists() else None
    kana = Kana(settings, lexicon.spelled) if lexicon else Kana(settings)
    glossary = Glossary(lexicon, words()) if lexicon else None
    return ForeignTexts(SentenceEncoder(settings), TextMap.load(target), known(), kana, glossary)
