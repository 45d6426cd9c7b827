"""The media of a query and of an item as they are drawn, with what the frozen encoders see in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mmrec_core.explain.pair import Shown
from mmrec_core.recommend import media
from mmrec_core.recommend.encode import Encoded
from mmrec_core.types import Concept, Item, Modality, Query

if TYPE_CHECKING:
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.fusion.bundle import ModelBundle


@dataclass(frozen=True)
class Showing:
    """Reads media from ``catalogue`` and names what is seen with ``bundle``."""

    catalogue: Catalogue
    bundle: ModelBundle

    def item(self, item: Item, encoded: Encoded) -> Shown:
        """The item's own media."""
        image, audio = media.item_image(self.catalogue, item), media.item_audio(self.catalogue, item)
        return Shown(image, item.reading, audio, self._concepts(encoded))

    def query(self, query: Query, encoded: Encoded) -> Shown:
        """What was brought; what was not is filled from the query's item, as in encoding."""
        if query.item_id is None:
            return Shown(query.image, query.text, query.audio, self._concepts(encoded))
        own = self.item(self.catalogue.get(query.item_id), encoded)
        return replace(
            own,
            image=own.image if query.image is None else query.image,
            text=query.text or own.text,
            audio=query.audio or own.audio,
        )

    def _concepts(self, encoded: Encoded) -> dict[Modality, tuple[Concept, ...]]:
        """By modality, where its encoder names things."""
        found = {m: self.bundle.concepts(m, tokens, projected=True) for m, tokens in encoded.tokens.items()}
        return {m: named for m, named in found.items() if named}
