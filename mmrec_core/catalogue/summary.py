"""How many items there are, and by what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mmrec_core.types import CatalogueSummary, Item


def summarise(items: Sequence[Item], fingerprint: str) -> CatalogueSummary:
    """Counts by modality, category and source, most first."""
    return CatalogueSummary(
        items=len(items),
        by_modality=dict(Counter(str(m) for item in items for m in item.modalities).most_common()),
        by_category=dict(Counter(item.category for item in items).most_common()),
        by_source=dict(Counter(item.source for item in items).most_common()),
        fingerprint=fingerprint,
    )
