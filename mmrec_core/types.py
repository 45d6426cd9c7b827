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
class Interactions:
    """What players do alone and what each pair does beyond that (k-SII of order 2). Immutable.

    ``target = baseline + alone.sum() + pairs[i < j].sum() + residual``. A positive pair is synergy (together they give more
    than each alone), a negative one redundancy (each says what the other already said).

    Args:
        players: what the score is shared among.
        alone: shape (n_players,).
        pairs: shape (n_players, n_players), symmetric, zero on the diagonal.
        baseline: value of the empty coalition.
        target: value of the full coalition.
        evaluations: how many coalitions were evaluated.
    """

    players: tuple[str, ...]
    alone: NDArray[np.float64]
    pairs: NDArray[np.float64]
    baseline: float
    target: float
    evaluations: int

    @property
    def residual(self) -> float:
        """What the shares leave of the target: rounding error."""
        return float(self.target - self.baseline - self.alone.sum() - np.triu(self.pairs, 1).sum())


@dataclass(frozen=True)
class LocalFit:
    """How well a local linear model (LIME) stands for the model, and how far its weights move from seed to seed.

    Args:
        r2: weighted coefficient of determination of each seed's model, shape (n_seeds,).
        spread: largest minus smallest weight over the seeds, shape (n_players,).
        seeds: one a model.
    """

    r2: NDArray[np.float64]
    spread: NDArray[np.float64]
    seeds: tuple[int, ...]


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
class TrustMeasure:
    """One measure of how faithful a map is, beside random maps of the same shape.

    Args:
        value: of the map, in units of the score.
        random_mean: mean over the random maps.
        p: ``(1 + #random maps at least as good) / (1 + #random maps)``.
        higher_is_better: which way is good.
    """

    value: float
    random_mean: float
    p: float
    higher_is_better: bool

    @property
    def gain(self) -> float:
        """How much better than the mean random map, in units of the score; negative where worse."""
        return (self.value - self.random_mean) * (1.0 if self.higher_is_better else -1.0)


@dataclass(frozen=True)
class TrustCurves:
    """What a drawing of deletion and insertion needs: scores after ``share`` of the parts were removed, or put in.

    ``share`` (k,) from 0 to 1; ``deletion`` and ``insertion`` (k,); the random ones (n_random, k).
    """

    share: NDArray[np.float64]
    deletion: NDArray[np.float64]
    insertion: NDArray[np.float64]
    random_deletion: NDArray[np.float64]
    random_insertion: NDArray[np.float64]


@dataclass(frozen=True)
class Trust:
    """How far one map can be trusted (see ``explain.faithfulness``, which states every definition).

    Args:
        method: whose map.
        parts: how many parts the map ranks.
        deletion, insertion, sufficiency, comprehensiveness: each against random maps.
        p: of all four together, one test; the verdict follows from it alone.
        better: True where the map is better than random.
        rule: the rule behind the verdict, in words for a user.
        random_maps: how many there were.
        seed: of the random maps.
        evaluations: model evaluations this test took (shared, where several maps were judged together).
        curves: for drawing.
        residual: completeness, ``target - baseline - sum of shares``, for methods that share a score, else None.
        standard_error: the largest of a sampled method, else None.
        method_evaluations: model evaluations the method itself took, where known.
        agreement: rank correlation with the maps of other methods, by method.
    """

    method: str
    parts: int
    deletion: TrustMeasure
    insertion: TrustMeasure
    sufficiency: TrustMeasure
    comprehensiveness: TrustMeasure
    p: float
    better: bool
    rule: str
    random_maps: int
    seed: int
    evaluations: int
    curves: TrustCurves
    residual: float | None = None
    standard_error: float | None = None
    method_evaluations: int | None = None
    agreement: Mapping[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """``"better than random"`` or ``"not better than random"``."""
        return "better than random" if self.better else "not better than random"

    @property
    def measures(self) -> dict[str, TrustMeasure]:
        """The four measures by name, in the order in which they are shown."""
        names = ("deletion", "insertion", "sufficiency", "comprehensiveness")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Agreement:
    """Rank correlation among the maps of several methods on the same parts.

    ``spearman`` and ``kendall`` (n_methods, n_methods) in [-1, 1]; ``disputed`` are indices of parts that one method puts
    near the top and another near the bottom.
    """

    methods: tuple[str, ...]
    spearman: NDArray[np.float64]
    kendall: NDArray[np.float64]
    disputed: tuple[int, ...]


@dataclass(frozen=True)
class RandomisationCheck:
    """Rank correlation of a map with the maps of randomised copies of the model (Adebayo 2018): near zero is good.

    ``stages`` names what was randomised, cumulatively, last the whole fusion; ``correlations`` (n_seeds, n_stages).
    """

    method: str
    modality: Modality
    stages: tuple[str, ...]
    correlations: NDArray[np.float64]
    sensitive: bool
    rule: str


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
    """Why one item answers one query: both sides, the matrix between them, and a few sentences in plain words.

    ``without`` says where the item would stand if one side lacked one modality.
    """

    item: Item
    rank: int | None
    score: float
    query: Side
    answer: Side
    pairs: PairAttribution
    sentence: str
    timings_ms: Mapping[str, float]
    bundle: str
    without: tuple[Without, ...] = ()


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


@dataclass(frozen=True)
class Placed:
    """One item at its place in a ranking, without shares."""

    rank: int
    item: Item
    score: float


@dataclass(frozen=True)
class RemovedPart:
    """A patch, word or stretch of sound that was taken out of the query.

    ``extent`` says where it lies: (left, top, right, bottom) in shares of the picture, (start, end) in characters of the
    text, or (start, end) in seconds of the sound.
    """

    modality: Modality
    label: str
    tokens: tuple[int, ...]
    extent: tuple[float, ...]


@dataclass(frozen=True)
class Edited:
    """The query's media after something was taken out; a medium that was left as it is, or of which nothing is left, is None."""

    image: ImageArray | None = None
    text: str | None = None
    audio: Audio | None = None


@dataclass(frozen=True)
class Without:
    """Where the item stands when ``side`` ("query" or "item") lacks one modality."""

    side: str
    modality: Modality
    rank: int
    score: float


@dataclass(frozen=True)
class Counterfactual:
    """The smallest removal from the query that was found to change an item's place.

    Args:
        item: whose place is to change.
        rival: the item that is to overtake it, or None where it is to drop out of the first ``k``.
        k: see ``rival``.
        succeeded: whether ``removed`` does it. If not, it is the removal that came closest.
        removed: what was taken out; no part of it can be put back without undoing the change.
        smallest: True where every smaller set was tried and none does it.
        parts: how many parts could be taken out.
        most: how many at once were allowed.
        before: the item's place for the query as it was.
        after: and without what was removed.
        encoded_again: its rank when the edited media themselves are encoded, since tokens know of their neighbours; None
            where that was not asked for or nothing is left to encode.
        ranking_before: the first items for the query as it was.
        ranking_after: and without what was removed.
        edited: the media without what was removed.
        evaluations: how many queries were embedded.
        sentence: all this in plain words.
    """

    item: Item
    rival: Item | None
    k: int
    succeeded: bool
    removed: tuple[RemovedPart, ...]
    smallest: bool
    parts: int
    most: int
    before: Placed
    after: Placed
    encoded_again: int | None
    ranking_before: tuple[Placed, ...]
    ranking_after: tuple[Placed, ...]
    edited: Edited
    evaluations: int
    sentence: str


@dataclass(frozen=True)
class Contrast:
    """Why one query ranks ``above`` before ``below``: the shares of the difference of their scores.

    Args:
        above: the item asked about.
        below: the item it is compared with; its score may be the higher one, the difference is negative then.
        attribution: exact shares of ``score(above) - score(below)`` by query modality.
        first: shares of ``score(above)``.
        second: shares of ``score(below)``; ``attribution`` is ``first - second``.
        shares: by query modality, shares of the difference among the parts of that medium.
        maps: the same, signed, on its tokens.
        reversing: query modalities without which the order of the two turns round.
        sentence: in plain words.
    """

    above: Placed
    below: Placed
    attribution: Attribution
    first: Attribution
    second: Attribution
    shares: Mapping[Modality, Attribution]
    maps: Mapping[Modality, TokenMap]
    reversing: tuple[Modality, ...]
    sentence: str


@dataclass(frozen=True)
class Match:
    """One part of the query and the part of the item that answers it; ``similarity`` is a cosine in the fused space.

    ``query_extent`` and ``item_extent`` say where the parts lie, as in ``RemovedPart``.
    """

    query_modality: Modality
    query_label: str
    query_extent: tuple[float, ...]
    item_modality: Modality
    item_label: str
    item_extent: tuple[float, ...]
    similarity: float


@dataclass(frozen=True)
class Matches:
    """Which parts of the query answer to which of the item: the ``best`` pairs first, and every similarity.

    ``matrices`` holds, by (query modality, item modality), the cosines (n_query_parts, n_item_parts) in the order of
    ``query_parts`` and ``item_parts``; ``note`` says what the similarity leaves out.
    """

    best: tuple[Match, ...]
    matrices: Mapping[tuple[Modality, Modality], NDArray[np.float64]]
    query_parts: Mapping[Modality, tuple[str, ...]]
    item_parts: Mapping[Modality, tuple[str, ...]]
    note: str


@dataclass(frozen=True)
class Explained:
    """What one method says about one medium of one side, and how far to trust it.

    Args:
        method: name of the plugin.
        title: what it is called in front of a person.
        side: "query" or "item".
        modality: of the medium.
        options: as the method ran, defaults included.
        parts: what the medium was taken apart into, by label.
        values: weight of each part (n_parts,); signed shares of the score, or attention.
        map: the same on tokens, or None for a method that speaks of modalities only.
        shares: of the parts, for methods that share the score among them.
        fit: of a local model.
        attribution: shares of the side's modalities, for methods that give them.
        interactions: of the side's modalities, likewise.
        trust: the test of ``values`` against random maps; None where there is no map.
        milliseconds: what the method took, the test not counted.
    """

    method: str
    title: str
    side: str
    modality: Modality
    options: Mapping[str, bool | int | float | str]
    parts: tuple[str, ...]
    values: NDArray[np.float64]
    map: TokenMap | None
    shares: Attribution | None
    fit: LocalFit | None
    attribution: Attribution | None
    interactions: Interactions | None
    trust: Trust | None
    milliseconds: float


@dataclass(frozen=True)
class Comparison:
    """Several methods on the same medium, judged against the same random maps; ``agreement`` is among those with maps."""

    side: str
    modality: Modality
    parts: tuple[str, ...]
    explained: tuple[Explained, ...]
    agreement: Agreement | None
