"""What every catalogue source promises, run over each of them on the packages that set-up unpacked."""

from __future__ import annotations

from functools import cache

import pytest

from mmrec_core.catalogue.base import SOURCES, RawItem
from mmrec_core.catalogue.packages import MANIFEST
from mmrec_core.catalogue.taxonomy import CATEGORIES
from mmrec_core.settings import get_settings

NAMES = SOURCES.names()
MOST_LEFT_OUT_BY_THE_BUILD = 0.1


@cache
def read(name: str) -> tuple[RawItem, ...]:
    folder = get_settings().media / name
    if not (folder / MANIFEST).exists():
        pytest.skip(f"the package of {name} is not unpacked here")
    return tuple(SOURCES.build(name).read(folder))


@pytest.mark.parametrize("name", NAMES)
def test_a_source_declares_itself(name):
    source = SOURCES.build(name)
    assert source.title and source.packages and all(p == p.lower() and " " not in p for p in source.packages)


@pytest.mark.catalogue
@pytest.mark.parametrize("name", NAMES)
def test_rows_are_whole_and_keys_unique(name):
    rows = read(name)
    assert rows and len({row.key for row in rows}) == len(rows)
    offered = [row for row in rows if not row.left_out]
    assert offered
    for row in offered:
        assert row.title.strip() and row.category in CATEGORIES, row.key
        assert row.licence.strip() and row.credit.strip(), row.key
        assert row.image or row.audio, row.key
        assert all(tag.strip() for tag in row.tags), row.key


@pytest.mark.catalogue
@pytest.mark.parametrize("name", NAMES)
def test_the_order_is_stable(name):
    rows = read(name)
    again = SOURCES.build(name).read(get_settings().media / name)
    assert [(row.key, row.title, row.category) for row in again] == [(row.key, row.title, row.category) for row in rows]


@pytest.mark.catalogue
@pytest.mark.parametrize("name", NAMES)
def test_most_titles_are_distinct(name):
    offered = [row.title.casefold() for row in read(name) if not row.left_out]
    assert len(set(offered)) > 0.75 * len(offered)
