"""The part of each medium that counts most, for sentences: only as far as the map's test allows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mmrec_core.explain.words import Telling
from mmrec_core.types import Explained


def tellings(explained: Iterable[Explained]) -> tuple[Telling, ...]:
    """One a medium of the query, from the first method that has a map of it; a medium where nothing speaks for the item is
    left out."""
    found: dict[str, Telling] = {}
    for one in explained:
        speaks = one.side == "query" and one.map is not None and len(one.values) > 1 and one.values.max() > 0
        if speaks and one.modality not in found:
            found[one.modality] = Telling(one.modality, one.parts[int(np.argmax(one.values))], one.trust)
    return tuple(found.values())
