"""Tokens of every view of every medium, as the encoders give them: encoded once, kept on disk, read as memory maps.

What is fitted on a part of the items (projections) comes after, so leaving items out never encodes anything again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmrec_core.catalogue.store import Catalogue
from mmrec_core.encoders.base import Encoder
from mmrec_core.encoders.threads import limited_threads
from mmrec_core.files import replace_folder
from mmrec_core.media.audio import decode_audio
from mmrec_core.media.image import decode_image
from mmrec_core.training import augment
from mmrec_core.training.tables import TokenTable, build_table
from mmrec_core.types import Item, Modality, Progress, Report, Tokens, told

CHUNK = 64
BACKGROUNDS = 40
VIEWS_VERSION = 1


class MediaReader:
    """Media of items, and seeded augmented views of them.

    Args:
        catalogue: whose files are read.
        seed: of the augmentation; each (item row, view) has a generator of its own, so order does not matter.
    """

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self.catalogue, self.seed = catalogue, seed
        # Of all parts: the shipped bundles were trained so, and other backgrounds would be other views (VIEWS_VERSION).
        pictures = [i for i in catalogue.items if i.image and i.category in ("planets", "places", "nature")]
        self.backgrounds = [self.image(i) for i in pictures[:: max(1, len(pictures) // BACKGROUNDS)]]

    def image(self, item: Item) -> np.ndarray:
        """The item's picture."""
        return decode_image(_bytes(self.catalogue.image_path(item)), item.title)

    def view(self, modality: Modality, row: int, number: int) -> Any:
        """View ``number`` of an item's medium; 0 is the medium as it is."""
        item = self.catalogue.items[row]
        rng = np.random.default_rng([self.seed, row, number])
        if modality is Modality.TEXT:
            return (
                item.reading
                if number == 0
                else augment.text_views(item, number, np.random.default_rng([self.seed, row]))[-1]
            )
        if modality is Modality.IMAGE:
            image = self.image(item)
            return image if number == 0 else augment.image_view(image, self.backgrounds, rng)
        audio = decode_audio(_bytes(self.catalogue.audio_path(item)), item.title)
        return audio if number == 0 else augment.audio_view(audio, rng)


class Views:
    """The views of one catalogue.

    Args:
        encoders: by modality.
        seed: of the augmentation.
        folder: of the cache.
    """

    def __init__(
        self, catalogue: Catalogue, encoders: Mapping[Modality, Encoder], seed: int, folder: Path, report: Report
    ) -> None:
        self.catalogue, self.encoders, self.seed, self.folder, self.report = catalogue, encoders, seed, folder, report
        self.reader = MediaReader(catalogue, seed)

    def rows(self, modality: Modality) -> list[int]:
        """Items that hold the modality, in catalogue order; a table has one entry for each."""
        return [n for n, item in enumerate(self.catalogue.items) if modality in item.modalities]

    def table(self, modality: Modality, number: int) -> TokenTable | None:
        """Unprojected tokens of view ``number``, a memory map; None where no item holds the modality."""
        if not self.rows(modality):
            return None
        place = self.folder / self.key(modality) / f"view-{number}"
        if not place.exists():
            table = build_table(self._encode(modality, number), lambda values: values)
            with replace_folder(place) as draft:
                torch.save(vars(table), draft / "table.pt")
        return TokenTable(**torch.load(place / "table.pt", weights_only=True, mmap=True))

    def key(self, modality: Modality) -> str:
        """Changes with the media, the encoder and the seed."""
        parts = [VIEWS_VERSION, self.catalogue.fingerprint, self.encoders[modality].version, self.seed]
        return f"{modality}-{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]}"

    def _encode(self, modality: Modality, number: int) -> Iterator[Tokens]:
        title = told("Encoding {modality}", modality=told(modality))
        if number:
            title = told("{title}, view {n}", title=title, n=number)
        rows = self.rows(modality)
        for start in range(0, len(rows), CHUNK):
            self.report(Progress(title, start, len(rows), "items"))
            media: Sequence[Any] = [self.reader.view(modality, row, number) for row in rows[start : start + CHUNK]]
            with limited_threads():
                found = self.encoders[modality].encode(media)
            yield from found


def _bytes(path: Path | None) -> bytes:
    """Bytes of a medium that the item is known to have."""
    assert path is not None  # noqa: S101 - rows are chosen by the item's modalities
    return path.read_bytes()
