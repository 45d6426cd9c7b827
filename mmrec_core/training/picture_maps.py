"""What the untouched stages of the picture encoder make of every view of every picture: computed once, kept on disk.

The stages that are tuned start from these maps, so no epoch runs the others again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.encoders.efficientnet import published_network, shrink, stack
from mmrec_core.encoders.lite_tuning import first_stages
from mmrec_core.encoders.threads import limited_threads, side_by_side
from mmrec_core.settings import Settings
from mmrec_core.training.views import MediaReader
from mmrec_core.types import Modality, Progress, Report, told

if TYPE_CHECKING:
    from mmrec_core.catalogue.store import Catalogue

TOGETHER = 8
CHUNK = 8 * TOGETHER
SHAPE = (14, 14, 112)
"""Rows, columns and channels of a map; channels last, as the network reads them."""

Maps = Sequence[NDArray[np.float16]]
"""One array (pictures, 14, 14, 112) a view, a memory map."""


def picture_maps(settings: Settings, catalogue: Catalogue, views: int, seed: int, report: Report) -> Maps:
    """Maps of every view of the catalogue's pictures, in its order; what lies on disk is not computed again."""
    folder = settings.token_cache / "training" / "maps" / f"{catalogue.fingerprint[:16]}-{seed}"
    rows = with_picture(catalogue)
    paths = [folder / f"view-{number}.npy" for number in range(views)]
    if missing := [number for number, path in enumerate(paths) if not path.exists()]:
        model, reader = published_network(settings), MediaReader(catalogue, seed)
        for number in missing:
            _compute(paths[number], model, reader, rows, number, report)
    return [np.load(path, mmap_mode="r") for path in paths]


def with_picture(catalogue: Catalogue) -> list[int]:
    """Rows of the items that have a picture."""
    return [row for row, item in enumerate(catalogue.items) if Modality.IMAGE in item.modalities]


def _compute(path: Path, model: Any, reader: MediaReader, rows: list[int], number: int, report: Report) -> None:
    """Write the maps of one view; a draft that is left unfinished is written anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    maps = np.lib.format.open_memmap(draft, "w+", np.float16, (len(rows), *SHAPE))
    parts = [slice(start, start + TOGETHER) for start in range(0, len(rows), TOGETHER)]
    with limited_threads():
        for start in range(0, len(parts), CHUNK // TOGETHER):
            report(
                Progress(told("Reading pictures, view {n}", n=number), start * TOGETHER, len(rows), told("pictures"))
            )
            some = parts[start : start + CHUNK // TOGETHER]
            found = side_by_side(partial(_maps, model, reader, rows, number), some)
            for part, values in zip(some, found, strict=True):
                maps[part] = values
    maps.flush()
    draft.replace(path)


def _maps(model: Any, reader: MediaReader, rows: list[int], number: int, part: slice) -> NDArray[np.float16]:
    """Maps of some pictures, (n, 14, 14, 112)."""
    import torch

    pixels = stack([shrink(reader.view(Modality.IMAGE, row, number)) for row in rows[part]])
    with torch.inference_mode():
        return first_stages(model, pixels).permute(0, 2, 3, 1).half().numpy()
