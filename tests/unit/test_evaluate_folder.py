"""A folder of one's own media, sorted by category."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.errors import OptionError, UnknownNameError
from mmrec_core.evaluate.folder import Labelled, _lines, read_folder
from mmrec_core.types import Audio, Modality
from tests.fake_media import png_bytes, wav_bytes
from tests.tiny import tiny_data

PICTURE = np.full((20, 20, 3), 200, np.uint8)


def test_names_of_folders_say_what_is_right(tmp_path):
    (tmp_path / "food+household").mkdir()
    (tmp_path / "animals").mkdir()
    (tmp_path / "animals" / "bark.wav").write_bytes(wav_bytes(Audio(np.sin(np.arange(44100, dtype=np.float32)), 44100)))
    (tmp_path / "food+household" / "cup.png").write_bytes(png_bytes(PICTURE))
    picture, sound = read_folder(tmp_path)
    assert picture.modality is Modality.IMAGE and picture.accepted == {"food", "household"}
    assert sound.modality is Modality.AUDIO and sound.name == "animals/bark.wav"


def test_unknown_categories_and_unusable_files_are_named(tmp_path):
    with pytest.raises(OptionError, match="holds no file"):
        read_folder(tmp_path)
    (tmp_path / "animals").mkdir()
    (tmp_path / "animals" / "note.txt").write_text("no picture")
    with pytest.raises(OptionError, match=r"animals/note\.txt"):
        read_folder(tmp_path)
    (tmp_path / "dragons").mkdir()
    (tmp_path / "dragons" / "a.png").write_bytes(png_bytes(PICTURE))
    (tmp_path / "animals" / "note.txt").unlink()
    with pytest.raises(UnknownNameError, match="dragons"):
        read_folder(tmp_path)


def test_precision_counts_every_accepted_category():
    data = tiny_data(40)
    files = [Labelled("a", Modality.IMAGE, PICTURE, frozenset({"0", "1"}))]
    right = np.isin(data.categories.numpy(), [0, 1])
    share, most = _lines(Modality.IMAGE, right[None].astype(np.float32), files, data, first=3)
    assert share.values[0] == min(right.sum(), 10) / 10
    assert most.values[0] == float(share.values[0] > 0.5)
    assert share.queries.tolist() == [3]
