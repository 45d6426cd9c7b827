"""A folder of one's own media, sorted by category."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from mmrec_core.errors import OptionError, UnknownNameError
from mmrec_core.evaluate.folder import Labelled, _lines, _scores, read_folder
from mmrec_core.fusion.bundle import ModelBundle
from mmrec_core.types import Audio, Modality, TextGrid, Tokens
from tests.fake_media import png_bytes, wav_bytes
from tests.tiny import DIMS, tiny_data, tiny_fusion

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


def test_a_sound_where_no_item_has_one_is_asked_of_the_fusion_alone():
    whole = tiny_data(40)
    views = {modality: rows for modality, rows in whole.views.items() if modality is not Modality.AUDIO}
    silent = replace(whole, tables={modality: whole.tables[modality] for modality in views}, views=views)
    tokens = Tokens(np.ones((6, DIMS[Modality.AUDIO]), np.float32), np.ones(6, bool), TextGrid(((0, 0),) * 6))
    projections = {Modality.AUDIO: SimpleNamespace(width=DIMS[Modality.AUDIO])}
    bundle = ModelBundle("tiny", tiny_fusion(), projections, {}, {}, {})
    encoder = SimpleNamespace(bundle=bundle, encode_media=lambda *_: [tokens])
    files = [Labelled("a", Modality.AUDIO, Audio(np.zeros(9, np.float32), 9), frozenset({"0"}))]
    found = _scores(encoder, silent, Modality.AUDIO, files, lambda _: None)
    assert set(found) == {"fusion"} and found["fusion"].shape == (1, 40)
    assert set(_scores(encoder, whole, Modality.AUDIO, files, lambda _: None)) > {"fusion"}
