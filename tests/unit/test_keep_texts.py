"""The catalogue's texts, read twice and kept: resumed, opened, and refused where they belong to other encoders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from mmrec_core.encoders.use import DIM, Sentence
from mmrec_core.errors import MMRecError, NotSetUpError
from mmrec_core.features.keep_texts import are_kept, keep_texts, known_sentences, open_texts, text_name
from mmrec_core.types import Modality, Progress, TextGrid, Tokens
from tests.fake_media import make_items

TEXTS = [f"text {n}" for n in range(200)]


class Stop(MMRecError):
    pass


class Reader:
    """Both encoders: a text's number is its vector and the mean of its states; counts what it reads."""

    modality, dim, version = Modality.TEXT, 4, "words-1"

    def __init__(self) -> None:
        self.seen: list[str] = []

    def read(self, text: str) -> Sentence:
        self.seen.append(text)
        return Sentence(np.full(DIM, int(text.split()[1]), np.float32), np.zeros((0, DIM), np.float32), ())

    def encode(self, batch: Sequence[str]) -> list[Tokens]:
        grid = TextGrid(((0, 1), (1, 2)))
        return [
            Tokens(np.array([[n - 1] * 4, [n + 1] * 4], np.float32), np.ones(2, bool), grid)
            for n in (int(t.split()[1]) for t in batch)
        ]


def keep(folder: Path, reader: Reader, texts: Sequence[str] = TEXTS, key: str = "a", report=lambda _: None) -> None:
    keep_texts(texts, reader, reader, folder, key, report)  # type: ignore[arg-type]


def test_what_is_kept_is_what_was_read(tmp_path):
    keep(tmp_path, Reader())
    known = open_texts(tmp_path, "a")
    assert known.names == tuple(map(text_name, TEXTS))
    assert known.vectors.shape == (200, DIM)
    assert known.vectors[:, 0].tolist() == known.states[:, 3].tolist() == list(range(200))


def test_stopped_in_the_middle_it_resumes_there(tmp_path):
    def stop(progress: Progress) -> None:
        raise Stop("stopped")

    first, second = Reader(), Reader()
    with pytest.raises(Stop):
        keep(tmp_path, first, report=stop)
    assert not are_kept(tmp_path, "a")
    with pytest.raises(NotSetUpError):
        open_texts(tmp_path, "a")
    keep(tmp_path, second)
    assert 0 < len(first.seen) < len(TEXTS)
    assert first.seen + second.seen == TEXTS
    assert len(open_texts(tmp_path, "a").names) == 200


def test_another_catalogue_reads_only_what_is_new(tmp_path):
    keep(tmp_path, Reader())
    reader = Reader()
    keep(tmp_path, reader, ["text 7", "text 300"])
    assert reader.seen == ["text 300"]
    assert open_texts(tmp_path, "a").vectors[:, 0].tolist() == [7, 300]


def test_other_encoders_read_anew(tmp_path):
    keep(tmp_path, Reader())
    keep(tmp_path, Reader(), TEXTS[:2], "b")
    assert not are_kept(tmp_path, "a")
    assert are_kept(tmp_path, "b")


def test_titles_and_texts_are_read_once_each():
    items = make_items()
    texts = known_sentences(items)
    assert len(texts) == len(set(texts))
    assert {item.title for item in items} <= set(texts)
    assert all(text.strip() for text in texts)
