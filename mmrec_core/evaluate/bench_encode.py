"""How fast media become tokens, beside the same image weights run one by one in the default memory format in fp32."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mmrec_core.encoders import weights
from mmrec_core.encoders.base import ENCODERS
from mmrec_core.encoders.efficientnet import SIDE, shrink
from mmrec_core.encoders.lite_network import unfolded_network
from mmrec_core.encoders.logmel import RATE
from mmrec_core.encoders.precision import processor_has_bf16
from mmrec_core.encoders.threads import every_core, limited_threads
from mmrec_core.evaluate.floor import operations, peak
from mmrec_core.settings import Settings
from mmrec_core.types import Audio, ImageArray, Progress, Report

ROUNDS = 5
TRIAL = 8
Encode = Callable[[Sequence[ImageArray]], np.ndarray]
SENTENCE = "A small wooden boat drifts past an old lighthouse in the evening."


@limited_threads()
def bench_encode(settings: Settings, report: Report = lambda _: None, images: int = 64) -> dict[str, Any]:
    """Time our image encoder and its plain counterpart in turns, on the same pictures; then texts and sounds.

    Image runs start from decoded pictures and include shrinking them. The plain one has as many threads an
    operation as the app gives it or one for every core, whichever a first trial finds quicker. Speeds are those of the best
    round, since other programs can only slow a round down; the ratio is the median over rounds, each round holding both.

    Returns:
        ``{image_per_s, image_plain_per_s, image_ratio, image_least_cosine, text_per_s, audio_per_s, images,
        image_operations, floor_ms: {float32, bfloat16 where there is any}, device, precision}``; a sound is 10 s long, and the
        floor is the least time a picture can take on this machine.
    """
    pictures = _pictures(images)
    encoder, plain = ENCODERS.build("efficientnet", settings), _Plain(settings)
    ways: tuple[Encode, ...] = (plain, plain.on_every_core)
    quicker = min(ways, key=lambda way: _seconds(lambda: way(pictures[:TRIAL])))
    runs: dict[str, Callable[[], Any]] = {"plain": lambda: quicker(pictures), "ours": lambda: encoder.encode(pictures)}
    seconds, outputs = _rounds(runs, report)
    text, audio = ENCODERS.build("minilm", settings), ENCODERS.build("aisfx_yamnet", settings)
    sentences, sounds = [f"{number}. {SENTENCE}" for number in range(images)], _sounds(2)
    rest, _ = _rounds({"text": lambda: text.encode(sentences), "audio": lambda: audio.encode(sounds)}, report)
    ours = np.stack([encoder.pooled(tokens) for tokens in outputs["ours"]])
    return {
        "image_per_s": images / min(seconds["ours"]),
        "image_plain_per_s": images / min(seconds["plain"]),
        "image_ratio": float(np.median(np.divide(seconds["plain"], seconds["ours"]))),
        "image_least_cosine": float(np.sum(ours * outputs["plain"], axis=1).min()),
        "text_per_s": len(sentences) / min(rest["text"]),
        "audio_per_s": len(sounds) / min(rest["audio"]),
        "images": images,
        **_floor(plain),
        "device": str(encoder.device),
        "precision": encoder.precision,
    }


def _floor(plain: _Plain) -> dict[str, Any]:
    """Operations of one picture, and the milliseconds they take at the speed of a large matrix product on every core.

    A processor that only emulates bf16 has no floor in it.
    """
    import torch

    count = operations(plain.network.forward_features, torch.zeros(1, 3, SIDE, SIDE, device=plain.device))
    has_bf16 = plain.device.type != "cpu" or processor_has_bf16()
    with every_core():
        floors = {"float32": 1000 * count / peak(plain.device)}
        if has_bf16:
            floors["bfloat16"] = 1000 * count / peak(plain.device, bfloat16=True)
    return {"image_operations": count, "floor_ms": floors}


class _Plain:
    """The published network as one would first write it: one picture at a time, default memory format, fp32."""

    def __init__(self, settings: Settings) -> None:
        from mmrec_core.encoders.device import choose_device

        self.device = choose_device(settings.device)
        path = next(iter(weights.verified(settings, weights.EFFICIENTNET).values()))
        self.network = unfolded_network(path).to(self.device)

    def __call__(self, pictures: Sequence[ImageArray]) -> np.ndarray:
        """Pooled unit vectors (n, 1280)."""
        import torch

        with torch.inference_mode():
            rows = [self._one(picture).mean(dim=(2, 3))[0].cpu().numpy() for picture in pictures]
        return np.stack([row / np.linalg.norm(row) for row in rows])

    def on_every_core(self, pictures: Sequence[ImageArray]) -> np.ndarray:
        """The same, each operation on every core."""
        with every_core():
            return self(pictures)

    def _one(self, picture: ImageArray) -> Any:
        pixels = shrink(picture).contiguous().to(self.device).float()
        return self.network.forward_features((pixels - 127.0) / 128.0)


def _rounds(
    runs: dict[str, Callable[[], Any]], report: Report, turns: int = ROUNDS
) -> tuple[dict[str, list[float]], dict[str, Any]]:
    """Seconds of each run in every round, in turns, after a warm-up; and what each returned."""
    outputs = {name: run() for name, run in runs.items()}
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(turns):
        for name, run in runs.items():
            report(Progress(f"Encoding ({name})", turn, turns, "rounds"))
            start = time.perf_counter()
            outputs[name] = run()
            seconds[name].append(time.perf_counter() - start)
    return seconds, outputs


def _seconds(run: Callable[[], Any]) -> float:
    """The better of two times."""
    return min(_rounds({"trial": run}, lambda _: None, turns=2)[0]["trial"])


def _pictures(count: int) -> list[ImageArray]:
    """Colour blots of 300 x 400 px."""
    coarse = np.random.default_rng(0).integers(0, 256, (count, 12, 16, 3), dtype=np.uint8)
    return [picture.repeat(25, axis=0).repeat(25, axis=1) for picture in coarse]


def _sounds(count: int) -> list[Audio]:
    """Noise of 10 s."""
    noise = np.random.default_rng(0).normal(size=(count, 10 * RATE)).astype(np.float32)
    return [Audio(row / 4, RATE) for row in noise]
