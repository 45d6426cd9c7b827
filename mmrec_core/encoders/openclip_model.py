"""One OpenCLIP model for both of its towers, loaded from a local folder."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from mmrec_core.errors import BundleError


def load_openclip(folder: Path) -> Any:
    """The model of ``open_clip_config.json`` with the tensors of ``open_clip_model.safetensors``, towers ``visual`` and ``text``.

    Raises:
        BundleError: it is not a plain vision transformer with a plain text transformer.
    """
    import open_clip

    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.ERROR)  # open_clip reports every step of loading on the root logger
    try:
        model = open_clip.create_model(
            f"local-dir:{folder}", force_custom_text=True, require_pretrained=True, weights_only=True
        )
    finally:
        logger.setLevel(level)
    for tower in ("visual", "text"):
        if not hasattr(getattr(model, tower), "output_tokens"):
            raise BundleError(f"The {tower} tower of {folder.name} gives no tokens. Use a ViT model such as ViT-B-32.")
        getattr(model, tower).output_tokens = True
    return model.eval().requires_grad_(False)
