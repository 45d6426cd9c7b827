"""Other views of the same medium, so that the fusion learns what a user's photo, recording or few words look like."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from mmrec_core.types import Audio, ImageArray, Item, Samples

WHITE = 245
TEMPLATES = ("{}", "a photo of {}", "a picture of {}", "the sound of {}", "something like {}")


def image_view(image: ImageArray, backgrounds: Sequence[ImageArray], rng: np.random.Generator) -> ImageArray:
    """A random crop, colour, blur and compression of a picture; a cut-out on white may get a background."""
    if backgrounds and _is_cut_out(image) and rng.random() < 0.6:
        image = _on_background(image, backgrounds[int(rng.integers(len(backgrounds)))], rng)
    picture = _random_crop(Image.fromarray(image), rng)
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        picture = enhance(picture).enhance(rng.uniform(0.6, 1.4))
    if rng.random() < 0.3:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 2.0)))
    if rng.random() < 0.5:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    compressed = io.BytesIO()
    picture.save(compressed, "JPEG", quality=int(rng.integers(40, 95)))
    return np.asarray(Image.open(compressed).convert("RGB"))


def _is_cut_out(image: ImageArray) -> bool:
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    return bool((border >= WHITE).all(axis=-1).mean() > 0.7)


def _on_background(image: ImageArray, background: ImageArray, rng: np.random.Generator) -> ImageArray:
    height, width = image.shape[:2]
    scale = rng.uniform(1.1, 1.6)
    scene = Image.fromarray(background).resize((int(width * scale), int(height * scale)))
    left, top = (int(rng.integers(0, max(1, side))) for side in (scene.width - width, scene.height - height))
    solid = Image.fromarray(((image < WHITE).any(axis=-1) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))
    scene.paste(Image.fromarray(image), (left, top), solid)
    return np.asarray(scene)


def _random_crop(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    share = np.sqrt(rng.uniform(0.5, 1.0))
    width, height = int(picture.width * share), int(picture.height * share)
    left, top = (int(rng.integers(0, room + 1)) for room in (picture.width - width, picture.height - height))
    return picture.crop((left, top, left + width, top + height))


def audio_view(audio: Audio, rng: np.random.Generator) -> Audio:
    """A sound as a microphone might bring it: another gain, noise, a narrower band, cut or shifted."""
    samples = _cut(audio.samples, audio.rate, rng)
    if rng.random() < 0.5:
        samples = _band_limit(samples, audio.rate, cutoff=float(rng.choice([4000, 7000, 8000, 11000])))
    if rng.random() < 0.6:
        noise = rng.standard_normal(len(samples)).astype(np.float32)
        samples = _mix(samples, noise, decibels=rng.uniform(8, 30))
    return Audio((samples * rng.uniform(0.2, 1.0)).astype(np.float32), audio.rate)


def _cut(samples: Samples, rate: int, rng: np.random.Generator) -> Samples:
    longest = int(rng.uniform(2.0, 6.0) * rate)
    if len(samples) <= longest:
        lead = int(rng.uniform(0, 0.5) * rate)
        return np.concatenate([np.zeros(lead, np.float32), samples])
    start = int(rng.integers(0, len(samples) - longest))
    return samples[start : start + longest]


def _band_limit(samples: Samples, rate: int, cutoff: float) -> Samples:
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / rate) > cutoff] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def _mix(samples: Samples, other: Samples, decibels: float) -> Samples:
    """Add ``other`` so that ``samples`` is ``decibels`` louder."""
    other = np.resize(other, len(samples))
    loudness, other_loudness = np.sqrt(np.mean(samples**2)), np.sqrt(np.mean(other**2))
    if other_loudness == 0:
        return samples
    mixed = samples + other * (loudness / other_loudness / 10 ** (decibels / 20))
    return (mixed / max(1.0, float(np.abs(mixed).max()))).astype(np.float32)


def text_views(item: Item, count: int, rng: np.random.Generator) -> list[str]:
    """Shorter ways to say an item: its title in a phrase, its sentence, its tags."""
    title = item.title.lower()
    choices = [template.format(title) for template in TEMPLATES]
    choices += [item.text.split(". ")[0], ", ".join([title, *item.tags[:4]])]
    picked = rng.permutation(len(choices))[:count]
    return [choices[i] for i in picked]
