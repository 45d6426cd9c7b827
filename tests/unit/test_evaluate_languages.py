"""How other languages are judged: translations as they are read, the search without a fusion, and intervals over items."""

from __future__ import annotations

import struct
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mmrec_core.catalogue.wesnoth_translations import unit_names
from mmrec_core.encoders.known_texts import KnownTexts
from mmrec_core.evaluate.direct import Direct
from mmrec_core.evaluate.languages import _by_language
from mmrec_core.features.keep_texts import known_sentences, text_name
from mmrec_core.training.languages import Translated
from tests.fake_media import make_items


def write_catalogue(path: Path, messages: dict[str, str]) -> None:
    """A GNU message catalogue: a header, two tables of (length, offset), and the strings."""
    pairs = sorted((k.encode(), v.encode()) for k, v in messages.items())
    tables, strings = ([], []), b""
    start = 28 + 16 * len(pairs)
    for side, table in enumerate(tables):
        for pair in pairs:
            table.append(struct.pack("<II", len(pair[side]), start + len(strings)))
            strings += pair[side] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    path.parent.mkdir(parents=True)
    path.write_bytes(head + b"".join(tables[0] + tables[1]) + strings)


def test_names_are_read_without_their_context_where_they_are_translated(tmp_path):
    said = {
        "": "Content-Type: text/plain; charset=UTF-8\n",
        "female^Blood Bat": "Blutfledermaus",
        "Ghast": "Ghast",
        "Yeti": "",
    }
    write_catalogue(tmp_path / "usr/locale/de/LC_MESSAGES/wesnoth-units.mo", said)
    assert unit_names(tmp_path) == {"de": {"Blood Bat": "Blutfledermaus"}}
    assert unit_names(tmp_path / "nothing") == {}


def test_direct_search_takes_the_nearer_of_title_and_text():
    items = make_items()
    texts = known_sentences(items)
    vectors = np.eye(len(texts), 512, dtype=np.float32)
    known = KnownTexts(tuple(map(text_name, texts)), vectors, np.zeros((len(texts), 384), np.float32))
    sought = next(item for item in items if item.text.strip() and item.text != item.title)

    def first(of: str) -> str:
        vector = vectors[texts.index(of)]
        reader = SimpleNamespace(read=lambda text: SimpleNamespace(vector=vector))
        return Direct(reader, known, items).first("?")[0].id  # type: ignore[arg-type]

    assert first(sought.title) == sought.id
    assert first(sought.text) in {item.id for item in items if item.text == sought.text}


def test_translations_of_one_item_count_as_one_observation():
    items = make_items()[:2]
    queries = [Translated(item, code, "said", "english") for item in items for code in ("de", "fr", "zh")]

    class Found:
        """Finds the first item in every language, the second in none; English finds both."""

        def outcomes(self, code, mine):
            hit = [float(query.item is items[0]) for query in mine]
            return {"detected": hit, "english": [1.0] * len(mine)}

    figures = _by_language(Found(), queries, lambda progress: None)  # type: ignore[arg-type]
    assert set(figures) == {"de", "fr", "zh", "all"}
    assert figures["all"]["detected"]["n"] == 2
    assert figures["all"]["detected"]["mean"] == figures["all"]["of_english"] == pytest.approx(0.5)
    assert _by_language(Found(), [], lambda progress: None) == {}  # type: ignore[arg-type]
