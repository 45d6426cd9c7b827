"""What there is: items and their media, queries made of them or of uploads, the model in use and the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mmrec_core.catalogue.summary import summarise
from mmrec_core.errors import UnknownItemError
from mmrec_core.recommend import media
from mmrec_core.recommend.examples import choose_examples
from mmrec_core.types import BundleInfo, CatalogueSummary, DeviceInfo, Example, Item, Query, bundle_label, told
from mmrec_core.types.sentence import enumerated

LOADING = "encoders are loading"
"""What is said of the precision until the first of them is there."""

if TYPE_CHECKING:
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.fusion.bundle import ModelBundle
    from mmrec_core.recommend.encode import QueryEncoder


class Shelf:
    """The part of the facade that runs no model."""

    encoder: QueryEncoder
    _catalogue: Catalogue
    _device: Any

    def item(self, item_id: str) -> Item:
        """The item with this id; raises UnknownItemError."""
        self._check_item(item_id)
        return self._catalogue.get(item_id)

    def items(self) -> tuple[Item, ...]:
        """Every item, in the order of the catalogue; for pages that offer all of them."""
        return self._catalogue.items

    def find_items(self, text: str, limit: int = 20) -> list[Item]:
        """Items whose title or tags hold the words, best first; without words, all items in catalogue order."""
        return self._catalogue.find(text, limit) if text.strip() else list(self._catalogue.items[:limit])

    def image_bytes(self, item: Item) -> bytes | None:
        """The item's picture file, or None where it has none."""
        return media.image_bytes(self._catalogue, item)

    def audio_bytes(self, item: Item) -> bytes | None:
        """The item's sound file, or None where it has none."""
        return media.audio_bytes(self._catalogue, item)

    def examples(self) -> list[Example]:
        """One-click queries that this catalogue can answer."""
        return choose_examples(self._catalogue.items)

    def query_of(self, example: Example) -> Query:
        """The query that an example, or a deep link made of catalogue items and text, stands for."""
        self._check_item(example.image_of)
        self._check_item(example.audio_of)
        return media.query_of(self._catalogue, example)

    def read_query(
        self,
        *,
        image: bytes | None = None,
        text: str | None = None,
        audio: bytes | None = None,
        item_id: str | None = None,
        language: str | None = None,
    ) -> Query:
        """Decode uploads into a query; raises MediaError with a message for the user.

        ``language`` is that of the text, one of ``languages``; without it, it is detected.
        """
        return media.read_query(image, text, audio, item_id, language)

    def catalogue_summary(self) -> CatalogueSummary:
        """How many items there are, by modality, category and source, most first."""
        return summarise(self._catalogue.items, self._catalogue.fingerprint)

    def _check_item(self, item_id: str | None) -> None:
        if item_id and item_id not in self._catalogue.rows:
            near = self._catalogue.find(item_id.rsplit("/", 1)[-1], 3)
            raise UnknownItemError(item_id, {item.id: item.title for item in near})

    def device_info(self) -> DeviceInfo:
        """Where models run, at which precision (once encoders are loaded), with how much memory."""
        from mmrec_core.assembly import LazyEncoders
        from mmrec_core.encoders.device import device_info

        encoders = self.encoder.encoders
        loaded = encoders.loaded if isinstance(encoders, LazyEncoders) else encoders.values()
        precisions = {getattr(e, "precision", "float32") for e in loaded}
        return device_info(self._device, enumerated(sorted(precisions)) if precisions else told(LOADING))

    def bundle_info(self) -> BundleInfo:
        """The model in use."""
        bundle = self._bundle
        return BundleInfo(bundle.name, bundle.hash, bundle.fusion.name, dict(bundle.encoders))

    @property
    def _bundle(self) -> ModelBundle:
        return self.encoder.bundle

    @property
    def _bundle_name(self) -> str:
        return bundle_label(self._bundle.name, self._bundle.hash)
