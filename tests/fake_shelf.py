"""Invented items as the facade shows them, their media, and what says on what machine and with what model they are shown."""

from __future__ import annotations

import io
from collections import Counter

import numpy as np
from PIL import Image

from mmrec_core.errors import UnknownItemError, UnreadableError
from mmrec_core.types import (
    Audio,
    BundleInfo,
    CatalogueSummary,
    DeviceInfo,
    Example,
    Item,
    Modality,
    Query,
    Spectrogram,
)  # fmt: skip
from tests.fake_media import draw_picture, make_sound, png_bytes, seed_of, wav_bytes


def fake_hash(bundle: str) -> str:
    """The hash of an invented bundle."""
    return "0123456789ab" if bundle == "fake" else f"hash-of-{bundle}"


CATALOGUE = "c"
"""The fingerprint of the invented items."""


class FakeShelf:
    """Mixed into ``FakeService``: what can be looked at without asking the model."""

    bundle: str
    by_id: dict[str, Item]

    def item(self, item_id: str) -> Item:
        if item_id not in self.by_id:
            raise UnknownItemError(item_id, {})
        return self.by_id[item_id]

    def items(self) -> tuple[Item, ...]:
        return tuple(self.by_id.values())

    def find_items(self, text: str, limit: int = 20) -> list[Item]:
        return [item for item in self.by_id.values() if text.lower() in item.reading.lower()][:limit]

    def image_bytes(self, item: Item) -> bytes | None:
        return png_bytes(draw_picture(item.id)) if item.image else None

    def audio_bytes(self, item: Item) -> bytes | None:
        return wav_bytes(make_sound(item.id)) if item.audio else None

    def examples(self) -> list[Example]:
        return [
            Example("A bird singing in the forest", text="a bird singing in the forest"),
            Example("A picture: Apple", image_of="fake/apple"),
            Example("A sound: Dog", audio_of="fake/dog"),
            Example("All three", text="bright strings", image_of="fake/violin", audio_of="fake/drum"),
        ]

    def query_of(self, example: Example) -> Query:
        image, audio = example.image_of, example.audio_of
        return Query(
            image=draw_picture(image) if image and self.item(image).image else None,
            text=example.text,
            audio=make_sound(audio) if audio and self.item(audio).audio else None,
        )

    def read_query(
        self,
        *,
        image: bytes | None = None,
        text: str | None = None,
        audio: bytes | None = None,
        item_id: str | None = None,
        language: str | None = None,
    ) -> Query:
        try:
            picture = np.asarray(Image.open(io.BytesIO(image)).convert("RGB")) if image else None
        except OSError as error:
            raise UnreadableError("These bytes are not a picture. Bring a PNG, JPEG or WebP file.") from error
        sound = make_sound(str(seed_of(len(audio)))) if audio else None
        return Query(picture, (text or "").strip() or None, sound, item_id, language)

    def spectrogram(self, audio: Audio) -> Spectrogram:
        frames = max(len(audio.samples) // 512, 1)
        levels = np.random.default_rng(0).uniform(-80, 0, (32, frames)).astype(np.float32)
        return Spectrogram(
            levels, tuple(np.linspace(0, audio.seconds, frames + 1)), tuple(np.linspace(0, audio.rate / 2, 33))
        )

    def device_info(self) -> DeviceInfo:
        return DeviceInfo("cpu", "Fake processor", "float32", 1.0, 8.0)

    def bundle_info(self) -> BundleInfo:
        encoders = {Modality.IMAGE: "fake-image", Modality.TEXT: "fake-text", Modality.AUDIO: "fake-audio"}
        return BundleInfo(self.bundle, fake_hash(self.bundle), "model_level", encoders)

    def catalogue_summary(self) -> CatalogueSummary:
        items = self.by_id.values()
        return CatalogueSummary(
            len(self.by_id),
            Counter(str(m) for item in items for m in item.modalities),
            Counter(item.category for item in items),
            Counter(item.source for item in items),
            CATALOGUE,
        )
