"""The media of a query and of an item: bytes in, what encoders and pages use out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmrec_core.types import Audio, Example, ImageArray, Item, Query, told

if TYPE_CHECKING:
    from mmrec_core.catalogue.store import Catalogue


def read_query(
    image: bytes | None = None,
    text: str | None = None,
    audio: bytes | None = None,
    item_id: str | None = None,
    language: str | None = None,
) -> Query:
    """Decode what was brought, within the limits of ``media``; nothing is written anywhere.

    Raises:
        MediaError: where a part cannot be used; the message says what to do.
    """
    from mmrec_core.media.audio import decode_audio
    from mmrec_core.media.image import decode_image
    from mmrec_core.media.text import clean_text

    return Query(
        image=decode_image(image, told("The picture")) if image is not None else None,
        text=(clean_text(text) or None) if text else None,
        audio=decode_audio(audio, told("The sound")) if audio is not None else None,
        item_id=item_id or None,
        language=language or None,
    )


def item_image(catalogue: Catalogue, item: Item) -> ImageArray | None:
    """The item's picture, or None."""
    from mmrec_core.media.image import decode_image

    data = image_bytes(catalogue, item)
    return decode_image(data, item.title) if data else None


def item_audio(catalogue: Catalogue, item: Item) -> Audio | None:
    """The item's whole sound, or None."""
    from mmrec_core.media.audio import decode_audio

    data = audio_bytes(catalogue, item)
    return decode_audio(data, item.title) if data else None


def image_bytes(catalogue: Catalogue, item: Item) -> bytes | None:
    """The item's picture file, or None where it has none."""
    path = catalogue.image_path(item)
    return path.read_bytes() if path else None


def audio_bytes(catalogue: Catalogue, item: Item) -> bytes | None:
    """The item's sound file, or None where it has none."""
    path = catalogue.audio_path(item)
    return path.read_bytes() if path else None


def query_of(catalogue: Catalogue, example: Example) -> Query:
    """The query that a one-click example, or a deep link made of catalogue items, stands for."""
    return Query(
        image=item_image(catalogue, catalogue.get(example.image_of)) if example.image_of else None,
        text=example.text or None,
        audio=item_audio(catalogue, catalogue.get(example.audio_of)) if example.audio_of else None,
    )
