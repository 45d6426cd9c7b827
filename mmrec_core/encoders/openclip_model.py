"""One OpenCLIP model for both of its towers, loaded from a local folder."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmrec_core.encoders.attending import private_copy
from mmrec_core.errors import BundleError
from mmrec_core.types import told

if TYPE_CHECKING:
    from torch import Tensor


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
            raise BundleError(
                told(
                    "The {tower} tower of {model} gives no tokens. Use a ViT model such as ViT-B-32.",
                    tower=tower,
                    model=folder.name,
                )
            )
        getattr(model, tower).output_tokens = True
    return model.eval().requires_grad_(False)


def watched_tower(tower: Any) -> tuple[Any, list[Tensor]]:
    """A copy of one tower that shares its tensors, and a list that receives the attention (1, heads, n, n) of every layer.

    Raises:
        BundleError: the tower's layers are not plain multi-head attention.
    """
    import torch

    watched = private_copy(tower)
    kept: list[Tensor] = []
    for block in watched.transformer.resblocks:
        if type(block.attn) is not torch.nn.MultiheadAttention:
            raise BundleError(
                told(
                    "The attention of {block} cannot be read. Use a ViT model such as ViT-B-32.",
                    block=type(block).__name__,
                )
            )
        block.attention = partial(_attention, block.attn, kept)
    return watched, kept


def _attention(
    layer: Any, kept: list[Tensor], q_x: Tensor, attn_mask: Tensor | None = None, **_keys_and_values: None
) -> Tensor:
    """Self-attention as ``torch.nn.MultiheadAttention`` defines it; the weights that that returns lie beside the graph."""
    from torch.nn.functional import linear

    states = q_x if layer.batch_first else q_x.transpose(0, 1)
    count, length, width = states.shape
    projected = linear(states, layer.in_proj_weight, layer.in_proj_bias).chunk(3, dim=-1)
    query, key, value = (part.reshape(count, length, layer.num_heads, -1).transpose(1, 2) for part in projected)
    logits = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5
    weights = (logits if attn_mask is None else logits + attn_mask).softmax(dim=-1).requires_grad_()
    kept.append(weights)
    attended = layer.out_proj((weights @ value).transpose(1, 2).reshape(count, length, width))
    return attended if layer.batch_first else attended.transpose(0, 1)
