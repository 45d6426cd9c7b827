"""Where CLAP's HTSAT looks: attention within shifted windows of ever coarser maps (Chen et al., ICASSP 2022; Liu et al., ICCV 2021)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mmrec_core.encoders.attending import AttentionLayer

if TYPE_CHECKING:
    from torch import Tensor


def watch(encoder: Any) -> list[Tensor]:
    """A list that receives the attention (windows, heads, n, n) of every block of ``encoder``, which must be a private copy."""
    kept: list[Tensor] = []
    for stage in encoder.layers:
        for block in stage.blocks:
            block.attention.self.register_forward_hook(lambda _module, _inputs, output: kept.append(output[1]))
    return kept


def attention_layers(encoder: Any, kept: list[Tensor]) -> tuple[AttentionLayer, ...]:
    """The blocks in order, each with the places that its windows hold and, at the end of a stage, what merges into what."""
    layers, weights = [], iter(kept)
    for stage, resolution in zip(encoder.layers, encoder.input_resolutions, strict=True):
        for block in stage.blocks:
            last = block is stage.blocks[-1] and stage.downsample is not None
            found = next(weights)
            places = window_places(tuple(resolution), int(block.window_size), int(block.shift_size)).to(found.device)
            merged = merged_places(tuple(resolution)).to(found.device) if last else None
            layers.append(AttentionLayer(found, places, merged))
    return tuple(layers)


def window_places(resolution: tuple[int, int], window: int, shift: int) -> Tensor:
    """Positions (windows, window ** 2) of a map, row by row, in the windows that a block cuts it into after its shift."""
    import torch

    rows, columns = resolution
    places = torch.arange(rows * columns).reshape(rows, columns).roll((-shift, -shift), (0, 1))
    tiles = places.reshape(rows // window, window, columns // window, window).transpose(1, 2)
    return tiles.reshape(-1, window * window)


def merged_places(resolution: tuple[int, int]) -> Tensor:
    """For every position of a map the position of the map of half its size that takes it in."""
    import torch

    rows, columns = (torch.arange(size) // 2 for size in resolution)
    return (rows[:, None] * ((resolution[1] + 1) // 2) + columns[None, :]).reshape(-1)


def token_of_place(encoder: Any, shape: tuple[int, int]) -> Tensor:
    """For every position of the last map, the token (time by time, each with its bands) that HTSAT's regrouping makes of it.

    The network folds a long spectrogram into a square; its last map (frequency, time) is unfolded again into
    ``shape`` = (times, bands).
    """
    import torch

    (rows, columns), (times, bands) = encoder.input_resolutions[-1], shape
    unfolded = torch.arange(rows * columns).reshape(rows // bands, bands, columns).transpose(0, 1).reshape(bands, times)
    token_of = torch.empty(rows * columns, dtype=torch.long)
    token_of[unfolded.T.reshape(-1)] = torch.arange(times * bands)
    return token_of
