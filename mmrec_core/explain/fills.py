"""What is put in the place of a hidden part of a medium: blur, colour, a guess from around it; no word; silence, noise.

Pure functions on arrays. Each ``*_filler`` prepares one medium once and returns a function from hidden tokens to the edited
medium; where nothing is hidden, that is the medium itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types import Audio, AudioGrid, Grid, ImageArray, ImageGrid, Medium, Modality, Samples, TextGrid

Hidden = NDArray[np.bool_]
"""Shape (n_tokens,): True where the token's part of the medium is hidden."""
Filler = Callable[[Hidden], Medium]

if TYPE_CHECKING:
    from torch import Tensor

BLUR, MEAN, INPAINT = "blur", "mean", "inpaint"
REMOVED, REPLACED = "removed", "replaced"
SILENCE, NOISE = "silence", "noise"
FILLS: dict[Modality, tuple[str, ...]] = {
    Modality.IMAGE: (BLUR, MEAN, INPAINT),
    Modality.TEXT: (REMOVED, REPLACED),
    Modality.AUDIO: (SILENCE, NOISE),
}
"""What can be put in the place of a hidden part, by modality; the first is the default."""
PLACEHOLDER = "…"
"""Stands for a word that is hidden but not removed."""
LONGEST_SIDE = 672
"""A larger picture is shrunk first: encoders read 224 pixels, and hundreds of edited copies are made."""
WINDOW = 2048
"""Samples of one short-time spectrum; neighbours overlap by three quarters."""


def filler(modality: Modality, medium: Any, grid: Grid, fill: str) -> Filler:
    """How the parts of this medium are hidden.

    Raises:
        ValueError: for a fill that the modality does not have.
    """
    if fill not in FILLS[modality]:
        raise ValueError(f"The fill is {fill!r}; for {modality} it takes one of {', '.join(FILLS[modality])}.")
    if isinstance(grid, ImageGrid):
        return image_filler(medium, grid, fill)
    if isinstance(grid, TextGrid):
        return text_filler(medium, grid, fill)
    return sound_filler(medium, grid, fill)


def image_filler(image: ImageArray, grid: ImageGrid, fill: str) -> Callable[[Hidden], ImageArray]:
    """Hide cells of a picture.

    ``blur``: by its own blur, as wide as a cell. ``mean``: in the mean colour of the whole picture. ``inpaint``: by colours
    that run in from what is still seen around the hole.
    """
    small = shrunk(image)
    cells = _cell_of_pixel(small.shape[:2], grid)
    patch: ImageArray = _blurred(small, grid) if fill == BLUR else _mean_colour(small)

    def hide(hidden: Hidden) -> ImageArray:
        gone = np.append(hidden, False)[cells]  # cell -1, outside the grid's box, is never hidden
        if fill == INPAINT and gone.any() and not gone.all():
            return inpainted(small, gone)
        return np.where(gone[..., None], patch, small)

    return hide


def shrunk(image: ImageArray) -> ImageArray:
    """The picture with no side above LONGEST_SIDE."""
    from PIL import Image

    share = LONGEST_SIDE / max(image.shape[:2])
    if share >= 1:
        return image
    height, width = (max(1, round(side * share)) for side in image.shape[:2])
    return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.LANCZOS))


def inpainted(image: ImageArray, gone: NDArray[np.bool_]) -> ImageArray:
    """Fill the hole from its surroundings by push and pull (Gortler et al. 1996).

    Known pixels are averaged into ever smaller pictures until no hole is left; on the way back each hole takes the colour of
    the next smaller picture. Smooth, quick, and without texture: it invents no things.
    """
    known = np.where(gone[..., None], 0.0, image.astype(np.float64))
    filled = _push_pull(known, (~gone).astype(np.float64))
    return np.where(gone[..., None], np.rint(filled).astype(np.uint8), image)


def _push_pull(colours: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Colours everywhere, from ``colours`` (h, w, 3) that hold where ``weight`` (h, w) is above zero."""
    if (weight > 0).all() or weight.size == 1:
        return colours
    height, width = weight.shape
    rows, columns = -(-height // 2), -(-width // 2)
    padded = np.zeros((2 * rows, 2 * columns, 4))
    padded[:height, :width, :3] = colours * weight[..., None]
    padded[:height, :width, 3] = weight
    sums = padded.reshape(rows, 2, columns, 2, 4).sum(axis=(1, 3))
    below = _push_pull(sums[..., :3] / np.maximum(sums[..., 3:], 1e-12), np.minimum(sums[..., 3], 1.0))
    above = below.repeat(2, axis=0).repeat(2, axis=1)[:height, :width]
    share = np.minimum(weight, 1.0)[..., None]
    return colours * share + above * (1.0 - share)


def _blurred(image: ImageArray, grid: ImageGrid) -> ImageArray:
    """The picture under a Gaussian whose standard deviation is the longer side of a cell."""
    from PIL import Image, ImageFilter

    radius = max(image.shape[0] / grid.rows, image.shape[1] / grid.cols)
    return np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(radius)))


def _mean_colour(image: ImageArray) -> ImageArray:
    return np.rint(image.reshape(-1, 3).mean(axis=0)).astype(np.uint8)


def _cell_of_pixel(shape: tuple[int, ...], grid: ImageGrid) -> NDArray[np.int_]:
    """Which token each pixel belongs to (height, width); -1 outside the grid's box."""
    left, top, right, bottom = grid.box
    rows = _cells(shape[0], top, bottom, grid.rows)[:, None]
    columns = _cells(shape[1], left, right, grid.cols)[None, :]
    return np.where((rows < 0) | (columns < 0), -1, rows * grid.cols + columns)


def _cells(pixels: int, start: float, end: float, count: int) -> NDArray[np.int_]:
    """Cell of each pixel's middle along one axis, -1 outside."""
    place = ((np.arange(pixels) + 0.5) / pixels - start) / (end - start)
    return np.where((place < 0) | (place >= 1), -1, np.floor(place * count).astype(int))


def text_filler(text: str, grid: TextGrid, fill: str) -> Callable[[Hidden], str]:
    """Hide words: ``removed`` takes them out and closes the gap, ``replaced`` leaves an ellipsis for each run of them."""

    def hide(hidden: Hidden) -> str:
        gone = np.zeros(len(text), dtype=bool)
        for (start, end), is_hidden in zip(grid.spans, hidden, strict=True):
            gone[start:end] |= is_hidden
        if not gone.any():
            return text
        mark = "\0" if fill == REPLACED else " "
        kept = "".join(mark if is_gone else c for c, is_gone in zip(text, gone, strict=True))
        marked = re.sub(r"\0[\0\s]*", f" {PLACEHOLDER} ", kept)
        return re.sub(r"\s+", " ", marked).strip()

    return hide


def sound_filler(audio: Audio, grid: AudioGrid, fill: str, seed: int = 0) -> Callable[[Hidden], Audio]:
    """Hide cells of time x band in the short-time spectrum: ``silence`` or ``noise`` as loud as the sound's mean there."""
    import torch

    window = min(WINDOW, max(4, len(audio.samples)))
    shape: dict[str, Any] = {"n_fft": window, "hop_length": max(1, window // 4), "window": torch.hann_window(window)}
    samples = np.pad(audio.samples, (0, max(0, window - len(audio.samples))))
    spectrum = _spectrum(samples, shape)
    bins, frames = spectrum.shape
    seconds, hertz = np.arange(frames) * shape["hop_length"] / audio.rate, np.arange(bins) * audio.rate / window
    cells = _cell_of_bin(seconds, hertz, grid)
    patch = _noise_like(spectrum, shape, len(samples), seed) if fill == NOISE else torch.zeros_like(spectrum)

    def hide(hidden: Hidden) -> Audio:
        gone = torch.from_numpy(hidden[cells])
        if not gone.any():
            return audio
        edited = torch.istft(torch.where(gone, patch, spectrum), **shape, length=len(samples))[: len(audio.samples)]
        return Audio(edited.clamp(-1.0, 1.0).numpy(), audio.rate)

    return hide


def _spectrum(samples: Samples, shape: dict[str, Any]) -> Tensor:
    """Short-time spectrum (frequencies, times), complex; beyond its ends a sound is silent."""
    import torch

    return torch.stft(torch.from_numpy(samples), **shape, pad_mode="constant", return_complex=True)


def _cell_of_bin(times: NDArray[np.float64], frequencies: NDArray[np.float64], grid: AudioGrid) -> NDArray[np.int_]:
    """Which token each bin of the spectrum belongs to (frequencies, times).

    What lies outside the grid goes with its nearest cell. Of a long sound the encoder hears only the most telling seconds;
    were the rest left in place, it would turn to that as soon as those seconds are hidden.
    """
    steps, bands = len(grid.seconds) - 1, len(grid.hertz) - 1
    step = np.clip(np.searchsorted(grid.seconds, times, side="right") - 1, 0, steps - 1)
    band = np.clip(np.searchsorted(grid.hertz, frequencies, side="right") - 1, 0, bands - 1)
    return step[None, :] * bands + band[:, None]


def _noise_like(spectrum: Tensor, shape: dict[str, Any], length: int, seed: int) -> Tensor:
    """Spectrum of Gaussian noise with the mean power of the sound at each frequency.

    It is coloured from the spectrum of real noise: bins drawn one by one would cancel where windows overlap, and sound quieter.
    """
    noise = _spectrum(np.random.default_rng(seed).normal(size=length).astype(np.float32), shape)
    ours, theirs = (s.abs().square().mean(dim=1, keepdim=True) for s in (spectrum, noise))
    return noise * (ours / theirs.clamp_min(float(np.finfo(np.float32).tiny))).sqrt()
