"""What the catalogue as a whole promises, checked on the one that set-up built."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from mmrec_core.catalogue.dedupe import COLOUR, HAMMING, hamming
from mmrec_core.catalogue.pictures import colour_distance, colour_grid, shape_hash
from mmrec_core.catalogue.store import Catalogue
from mmrec_core.catalogue.taxonomy import CATEGORIES
from mmrec_core.errors import NotSetUpError
from mmrec_core.settings import get_settings
from mmrec_core.types import Modality

pytestmark = pytest.mark.catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    try:
        return Catalogue.open(get_settings().catalogue)
    except NotSetUpError:
        pytest.skip("no catalogue is built here")


def test_it_is_large_enough(catalogue):
    """The whole one: a machine where a source could not be had is told so by ``unavailable``."""
    if catalogue.build.unavailable:
        pytest.skip(f"not every source could be had: {', '.join(catalogue.build.unavailable)}")
    whole = [i for i in catalogue.items if len(i.modalities) == 3 and len(i.text.split()) >= 4]
    assert len(catalogue.items) >= 4000
    assert sum(Modality.AUDIO in i.modalities for i in catalogue.items) >= 400
    assert len(whole) >= 200


def test_every_item_is_whole(catalogue):
    assert len(catalogue.rows) == len(catalogue.items)
    for item in catalogue.items:
        assert item.category in CATEGORIES and item.licence and item.credit and item.text, item.id
        assert not re.search(r"_|\.(svg|png|jpe?g|ogg|flac|wav)\b|<[a-z/]|&[a-z]+;", item.title), item.id
        assert not re.search(r"</?[a-z]+>|&(amp|lt|gt|quot);", item.text), item.id
        for path in (catalogue.image_path(item), catalogue.audio_path(item)):
            assert path is None or path.is_file(), item.id
    assert Counter(i.category for i in catalogue.items)["misc"] < 0.1 * len(catalogue.items)


def test_every_file_belongs_to_an_item(catalogue):
    named = {path for item in catalogue.items for path in (item.image, item.audio) if path}
    there = {p.relative_to(catalogue.folder).as_posix() for p in catalogue.folder.rglob("*") if p.is_file()}
    assert there - {"items.jsonl", "build.json"} == named


def test_no_two_of_a_sample_of_pictures_are_near_duplicates(catalogue):
    import numpy as np
    from PIL import Image

    sample = [item for item in catalogue.items if item.image][::11]
    pictures = [Image.open(catalogue.image_path(item)).convert("RGB") for item in sample]
    hashes = np.array([shape_hash(p) for p in pictures], dtype=np.uint64)
    grids = np.stack([np.frombuffer(colour_grid(p), dtype=np.uint8) for p in pictures])
    for row, item in enumerate(sample):
        near = np.flatnonzero((hamming(int(hashes[row]), hashes) <= HAMMING - 2) & (np.arange(len(sample)) > row))
        alike = near[colour_distance(grids[row].tobytes(), grids[near]) <= COLOUR / 2] if len(near) else near
        assert not len(alike), (item.id, [sample[i].id for i in alike])
