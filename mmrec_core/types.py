"""The values that travel between layers: frozen, with shapes in their names and docstrings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

ImageArray = NDArray[np.uint8]
"""Shape (height, width, 3): sRGB, upright."""
Samples = NDArray[np.float32]
"""Shape (n_samples,): mono, in [-1, 1]."""
TokenMatrix = NDArray[np.float32]
"""Shape (n_tokens, dim)."""
TokenMask = NDArray[np.bool_]
"""Shape (n_tokens,): True where the token is real."""
Vector = NDArray[np.float32]
"""Shape (dim,)."""
Embeddings = NDArray[np.float32]
"""Shape (n, dim): each row has length one."""
Presence = NDArray[np.bool_]
"""Shape (n, n_modalities): which of ``FUSED`` each row has."""


class Modality(StrEnum):
    """What a person can bring, and what an item can hold."""

    IMAGE = "image"
    TEXT = "text"
    AUDIO = "audio"
    VIDEO = "video"


FUSED: tuple[Modality, ...] = (Modality.IMAGE, Modality.TEXT, Modality.AUDIO)
"""The modalities a fusion sees, in the order of every presence array. (A video is brought as frames and a sound.)"""


@dataclass(frozen=True)
class Audio:
    """A mono sound. ``rate`` in Hz."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


Medium = ImageArray | str | Audio
"""What one encoder takes: an image, a text or a sound."""


@dataclass(frozen=True)
class ImageGrid:
    """Tokens are the cells of ``rows`` x ``cols``, row by row, over ``box`` = (left, top, right, bottom), in shares of the original picture."""

    rows: int
    cols: int
    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class TextGrid:
    """Token i stands for the characters ``spans[i]`` = (start, end) of the text; a special token has an empty span."""

    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class AudioGrid:
    """Tokens are cells of time x band, time by time.

    ``seconds`` has one edge more than there are time steps (measured on the original sound), ``hertz`` one more than bands.
    """

    seconds: tuple[float, ...]
    hertz: tuple[float, ...]


Grid = ImageGrid | TextGrid | AudioGrid


@dataclass(frozen=True)
class Tokens:
    """What an encoder returns for one medium: ``values`` (n, dim), ``mask`` (n,), and the ``grid`` that says what each token stands for."""

    values: TokenMatrix
    mask: TokenMask
    grid: Grid


@dataclass(frozen=True)
class Concept:
    """What a frozen encoder by itself sees in a picture: a class name and its posterior in [0, 1]."""

    name: str
    probability: float


@dataclass(frozen=True)
class Item:
    """One thing of the catalogue. ``image`` and ``audio`` are paths below the catalogue folder, or None.

    ``text`` is what a person would read; ``licence`` and ``credit`` are shown wherever the item is.
    """

    id: str
    title: str
    text: str
    tags: tuple[str, ...]
    category: str
    source: str
    licence: str
    credit: str
    image: str | None = None
    audio: str | None = None

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """Which of ``FUSED`` the item holds; every item has text, since it has a title."""
        held = {Modality.IMAGE: bool(self.image), Modality.TEXT: True, Modality.AUDIO: bool(self.audio)}
        return tuple(m for m in FUSED if held[m])

    @property
    def reading(self) -> str:
        """The text the encoder reads: the title, then the text, then the tags."""
        parts = [self.title, self.text if self.text != self.title else "", ", ".join(self.tags)]
        return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


@dataclass(frozen=True)
class Query:
    """What the person brought; every part is optional. With ``item_id`` that item's own media fill what was not brought."""

    image: ImageArray | None = None
    text: str | None = None
    audio: Audio | None = None
    item_id: str | None = None

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to search with."""
        return self.image is None and not (self.text or "").strip() and self.audio is None and not self.item_id


@dataclass(frozen=True)
class Attribution:
    """Shares of one score, one a player. Immutable.

    ``target = baseline + values.sum() + residual``; for an exact method the residual is rounding error.

    Args:
        method: name of the explainer.
        players: what the score is shared among, e.g. modalities.
        values: shape (n_players,), signed, in units of the score.
        baseline: value of the empty coalition.
        target: value of the full coalition, i.e. the score that is explained.
        evaluations: how many times the model was evaluated.
        standard_errors: shape (n_players,) for a sampled method, else None.
        seed: of a sampled method, else None.
    """

    method: str
    players: tuple[str, ...]
    values: NDArray[np.float64]
    baseline: float
    target: float
    evaluations: int
    standard_errors: NDArray[np.float64] | None = None
    seed: int | None = None

    @property
    def residual(self) -> float:
        """``target - baseline - sum of values``."""
        return float(self.target - self.baseline - self.values.sum())

    def as_dict(self) -> dict[str, float]:
        """Value by player."""
        return {player: float(value) for player, value in zip(self.players, self.values, strict=True)}


@dataclass(frozen=True)
class PairAttribution:
    """Shares of one score, one a pair (query modality, item modality): ``matrix`` (n_query_players, n_item_players).

    ``target = baseline + query_only.sum() + item_only.sum() + matrix.sum()``, where the one-sided shares
    are what a side adds while the other side is the empty coalition.
    """

    query_players: tuple[str, ...]
    item_players: tuple[str, ...]
    matrix: NDArray[np.float64]
    query_only: NDArray[np.float64]
    item_only: NDArray[np.float64]
    baseline: float
    target: float
    evaluations: int

    @property
    def residual(self) -> float:
        """``target - baseline - every share``."""
        shares = self.matrix.sum() + self.query_only.sum() + self.item_only.sum()
        return float(self.target - self.baseline - shares)


@dataclass(frozen=True)
class TokenMap:
    """One weight a token, drawn on the original through ``grid``. ``weights`` (n_tokens,), non-negative for attention."""

    modality: Modality
    grid: Grid
    weights: NDArray[np.float64]
    method: str


@dataclass(frozen=True)
class FusionAttention:
    """alpha_ij between the slots of the top transformer: ``matrix`` (n_slots, n_slots), rows sum to one; row = who looks, column = at whom."""

    slots: tuple[str, ...]
    matrix: NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """One side of an explained pair (the query, or the item): its shares, its alpha, its maps, what is shown."""

    attribution: Attribution
    alpha: FusionAttention
    maps: Mapping[Modality, TokenMap]
    image: ImageArray | None
    text: str | None
    audio: Audio | None
    concepts: tuple[Concept, ...] = ()


@dataclass(frozen=True)
class Recommendation:
    """One ranked item and the exact shares of its score by query modality."""

    rank: int
    item: Item
    score: float
    attribution: Attribution


@dataclass(frozen=True)
class Recommendations:
    """The answer to a query. ``timings_ms`` is by stage, in order; ``notices`` are sentences a user must be shown."""

    results: tuple[Recommendation, ...]
    timings_ms: Mapping[str, float]
    bundle: str
    device: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class PairExplanation:
    """Why one item answers one query: both sides, the matrix between them, and one sentence in plain words."""

    item: Item
    rank: int | None
    score: float
    query: Side
    answer: Side
    pairs: PairAttribution
    sentence: str
    timings_ms: Mapping[str, float]
    bundle: str


@dataclass(frozen=True)
class DeviceInfo:
    """Where the model runs. Memory in GiB."""

    kind: str
    name: str
    precision: str
    memory_used: float
    memory_total: float


@dataclass(frozen=True)
class SetupStep:
    """One step of set-up, as shown to a user."""

    name: str
    title: str
    done: bool
    detail: str = ""


@dataclass(frozen=True)
class Progress:
    """A report from long work: the step's title, how much is done of how much, and the unit."""

    step: str
    done: float
    total: float
    unit: str = ""
    note: str = ""


Report = Callable[[Progress], None]
"""Receives progress. It may raise to cancel: long work must leave a resumable state then."""


@dataclass(frozen=True)
class Example:
    """A one-click query: a text and, where given, the catalogue item whose picture or sound goes with it."""

    title: str
    text: str | None = None
    image_of: str | None = None
    audio_of: str | None = None
    media: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Spectrogram:
    """A sound as a picture: ``decibels`` (n_bands, n_frames), 0 at the loudest cell, low bands first.

    ``seconds`` has one edge more than there are frames, ``hertz`` one more than bands.
    """

    decibels: NDArray[np.float32]
    seconds: tuple[float, ...]
    hertz: tuple[float, ...]


@dataclass(frozen=True)
class BundleInfo:
    """The model in use, as shown to a user: ``encoders`` is name by modality, ``metrics`` what training measured."""

    name: str
    hash: str
    fusion: str
    encoders: Mapping[Modality, str]
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class CatalogueSummary:
    """How many items there are, and by what."""

    items: int
    by_modality: Mapping[str, int]
    by_category: Mapping[str, int]
    by_source: Mapping[str, int]


class Verdict(StrEnum):
    """What a person said about a recommended item."""

    LIKE = "like"
    DISLIKE = "dislike"


@dataclass(frozen=True)
class FeedbackEntry:
    """One verdict as stored. ``query_kind`` names what was brought (e.g. ``"image+text"``), never the media; ``time`` is UTC, ISO 8601."""

    id: int
    session: str
    profile: str
    item_id: str
    verdict: Verdict
    query_kind: str
    rank: int | None
    bundle: str
    time: str
