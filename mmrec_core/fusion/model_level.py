"""Model-level fusion, the default: attention within each modality, then attention between modalities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmrec_core.fusion.anchor import Anchor
from mmrec_core.fusion.anchored import AnchoredFusion, kept_modalities, spread_rows
from mmrec_core.fusion.attention import AttentionPool, SlotLayer, affine
from mmrec_core.fusion.base import Summaries, TokenBatch
from mmrec_core.fusion.categories import Categories
from mmrec_core.registry import Option, Plugin
from mmrec_core.types import FUSED, Modality

LEAST_LENGTH = 1e-12
"""Of a vector that is divided by its length, as torch's ``normalize`` has it."""
SLOTS = ("fused", *FUSED)
"""Slot 0 is [CLS]; the others follow FUSED."""


class ModelLevelFusion(AnchoredFusion):
    """``embedding = unit(nothing + sum_m w_m anchor_m + correction([CLS])) - centre``, and beside it the categories it speaks of.

    A modality alone has nothing to be fused with and is not corrected: the correction is learned on the catalogue and costs
    what the anchors know of other sources. In bundles of before it was; ``corrected_alone`` is then 1.

    Beside words, ``w`` of a picture and of a sound is ``beside_words``: a text says of what kind an item is more surely than
    its looks do. It is 1 where there are no words, and for words themselves. ``centre`` is a share of what all embeddings
    have in common (see ``training.centre``), zero until it is set. ``categories`` are read off the embedding and set beside it (see
    ``fusion.categories``); there are none until they are fitted.

    Within a modality, learned queries attend over its tokens; the summaries and a [CLS] then attend to each other, with a
    learned absence token in the slot of what is missing. Any subset of modalities is a valid input, none included.

    Args:
        modalities: by modality, the keyword arguments of its ``Anchor`` except ``out``.
        dim: width of the embedding, without its categories.
        hidden: width of the transformer.
        queries: learned queries a modality.
        layers: layers of the transformer over the slots.
        heads: its attention heads.
        dropout: in training.
        beside_words: how much the anchors of pictures and sounds count where there is a text, too.
    """

    name = "model_level"
    centre: Tensor
    corrected_alone: Tensor
    no_anchor: Tensor
    always: Tensor
    beside_words: Tensor
    categories: Categories | None

    def __init__(
        self, modalities: Mapping[str, Mapping[str, Any]], dim: int, hidden: int, queries: int, layers: int, heads: int,
        dropout: float, beside_words: float = 1.0,
    ) -> None:  # fmt: skip
        super().__init__()
        self._width = dim
        self._config = {
            "modalities": {str(m): dict(spec) for m, spec in modalities.items()}, "dim": dim, "hidden": hidden,
            "queries": queries, "layers": layers, "heads": heads, "dropout": dropout,
            "beside_words": beside_words,
        }  # fmt: skip
        self.anchors = nn.ModuleDict({str(m): Anchor(out=dim, **spec) for m, spec in modalities.items()})
        self.pools = nn.ModuleDict({m: AttentionPool(self.anchor(m).token_dim, hidden, queries) for m in self.anchors})
        self.slot_inputs = nn.ModuleDict(
            {
                m: nn.Sequential(nn.Linear(queries * hidden + self.anchor(m).feature_dim, hidden), nn.LayerNorm(hidden))
                for m in self.anchors
            }
        )
        self.absent = nn.Parameter(torch.randn(len(FUSED), hidden) * 0.02)
        self.cls = nn.Parameter(torch.randn(hidden) * 0.02)
        self.layers = nn.ModuleList(SlotLayer(hidden, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(hidden)
        self.correction = nn.Linear(hidden, dim)
        self.nothing = nn.Parameter(torch.randn(dim) * 0.01)
        self.register_buffer("centre", torch.zeros(dim))
        self.register_buffer("corrected_alone", torch.zeros(()))
        self.register_buffer("no_anchor", torch.zeros(1, dim), persistent=False)
        self.register_buffer("always", torch.ones(1, 1, dtype=torch.bool), persistent=False)
        self.register_buffer("beside_words", torch.ones(len(FUSED)), persistent=False)
        self.weigh_beside_words(beside_words)
        self.set_categories(None)
        nn.init.zeros_(self.correction.weight)
        nn.init.zeros_(self.correction.bias)
        self._norm, self._correction = affine(self.norm), affine(self.correction)

    def _load_from_state_dict(self, state_dict: dict[str, Tensor], prefix: str, *rest: Any) -> None:
        """Categories are there where they were saved. Bundles of before take no centre off and correct a modality alone; what they
        added to every slot of a kind goes into its bias.
        """
        state_dict.setdefault(f"{prefix}centre", torch.zeros(self._width))
        state_dict.setdefault(f"{prefix}corrected_alone", torch.ones(()))
        read = state_dict.get(f"{prefix}categories.linear.weight")
        self.set_categories(None if read is None else Categories(len(read), self._width))
        kind = state_dict.pop(f"{prefix}kind", None)
        if kind is not None:
            state_dict[f"{prefix}cls"] = state_dict[f"{prefix}cls"] + kind[0]
            state_dict[f"{prefix}absent"] = state_dict[f"{prefix}absent"] + kind[1:]
            for modality in self.slot_inputs:
                bias = f"{prefix}slot_inputs.{modality}.1.bias"
                state_dict[bias] = state_dict[bias] + kind[SLOTS.index(modality)]
        super()._load_from_state_dict(state_dict, prefix, *rest)

    def attend(self, tokens: Mapping[Modality, TokenBatch]) -> dict[Modality, Tensor]:
        """By modality, the weights (batch, queries, n) with which the learned queries look at the tokens."""
        return {m: cast(AttentionPool, self.pools[m]).attend(t.values, t.mask) for m, t in tokens.items()}

    def summarise(
        self, tokens: Mapping[Modality, TokenBatch], attention: Mapping[Modality, Tensor] | None = None
    ) -> Summaries:
        """Attend within each modality; returns anchor and slot of each, and where the queries looked.

        Args:
            tokens: by modality.
            attention: weights as ``attend`` gives them, used as they are; for gradients with respect to them.
        """
        parts, looked, presence = {}, {}, []
        batch, device = next((len(t.mask), t.mask.device) for t in tokens.values())
        for modality in FUSED:
            if modality not in tokens:
                presence.append(torch.zeros(batch, dtype=torch.bool, device=device))
                continue
            values, mask = tokens[modality].values, tokens[modality].mask
            there = mask.any(dim=1)
            given = None if attention is None else attention[modality][there]
            seen = self._summarise_one(modality, values[there], mask[there], given)
            looked[modality] = spread_rows(seen.pop("weights"), there)
            parts[modality] = {name: spread_rows(part, there) for name, part in seen.items()}
            presence.append(there)
        return Summaries(parts, torch.stack(presence, dim=1), looked)

    def _summarise_one(
        self, modality: Modality, values: Tensor, mask: Tensor, attention: Tensor | None
    ) -> dict[str, Tensor]:
        """Anchor, slot and attention of rows that all have the modality."""
        seen, weights = self.pools[modality](values, mask, attention)
        weights = weights.mean(dim=1)
        anchor = self.anchor(modality)
        features = anchor.features(anchor.pool(values, mask, weights))
        return {"anchor": anchor.linear(features), "slot": self.slot(modality, seen, features), "weights": weights}

    def slot(self, modality: Modality, seen: Tensor, features: Tensor) -> Tensor:
        """What the transformer reads of a modality (batch, hidden): what its queries saw, and its anchor's features."""
        slot: Tensor = self.slot_inputs[modality](torch.cat([seen.flatten(1), features], dim=-1))
        return slot

    def fuse(self, summaries: Summaries, presence: Tensor | None = None) -> Tensor:
        """Unit vectors less the centre, and their categories (batch, dim), of the modalities that ``presence`` keeps."""
        kept = kept_modalities(summaries, presence)
        rows = len(summaries.presence)
        missing = {"anchor": self.no_anchor.expand(rows, -1)}
        anchors = torch.stack([summaries.parts.get(m, missing)["anchor"] for m in FUSED], dim=1)
        total = self.beside_anchors(summaries, kept) + self._weighed(anchors, kept)
        own = total / torch.linalg.vector_norm(total, dim=-1, keepdim=True).clamp_min(LEAST_LENGTH) - self.centre
        return own if self.categories is None else self.categories(own)

    def set_categories(self, categories: Categories | None) -> None:
        """Read these off every embedding from now on, or none; no weight changes, and summaries stay what they are."""
        self.categories = categories
        self.dim = self._width + (0 if categories is None else categories.count)

    def _weighed(self, anchors: Tensor, kept: Tensor) -> Tensor:
        """``sum_m w_m anchor_m`` (batch, dim) of anchors (rows, m, dim); one row serves all."""
        weights = self.anchor_weights(kept)
        return weights @ anchors[0] if len(anchors) == 1 else (weights[:, None] @ anchors)[:, 0]

    def anchor_weights(self, kept: Tensor) -> Tensor:
        """How much each anchor counts (batch, m), of the modalities that ``kept`` (batch, m) keeps."""
        counted = kept.to(self.nothing.dtype)
        if self._config["beside_words"] == 1.0:
            return counted
        text = FUSED.index(Modality.TEXT)
        return torch.where(kept[:, text : text + 1], self.beside_words, 1.0) * counted

    def weigh_beside_words(self, factor: float) -> None:
        """Set ``beside_words``; no weight changes, and summaries stay what they are."""
        self._config["beside_words"] = factor
        for place, modality in enumerate(FUSED):
            self.beside_words[place] = 1.0 if modality is Modality.TEXT else factor

    def beside_anchors(self, summaries: Summaries, kept: Tensor) -> Tensor:
        """``nothing + correction([CLS])`` (batch, dim) of the modalities that ``kept`` (batch, m) keeps.

        Of one modality, or none, ``nothing`` alone.
        """
        slots, mask = self._slots(summaries, kept)
        *before, last = cast("list[SlotLayer]", list(self.layers))
        for layer in before:
            slots = layer(slots, mask)
        read = F.layer_norm(last.first(slots, mask), self.norm.normalized_shape, *self._norm)
        correction = F.linear(read, *self._correction)
        several = kept.sum(dim=1, keepdim=True) > 1
        return self.nothing + correction * torch.where(several, 1.0, self.corrected_alone)

    def alpha(self, summaries: Summaries, presence: Tensor | None = None) -> Tensor:
        """Mean attention between the slots over layers and heads: (batch, slots, slots), rows sum to one."""
        return self.alphas(summaries, presence).mean(dim=0)

    def alphas(self, summaries: Summaries, presence: Tensor | None = None) -> Tensor:
        """Attention between the slots, mean over heads, by layer: (layers, batch, slots, slots)."""
        kept = kept_modalities(summaries, presence)
        cls, absent, own = (
            self._slots(summaries, kept)[0].expand(len(kept), -1, -1).split([1, len(FUSED), len(FUSED)], 1)
        )
        x, alphas = torch.cat([cls, torch.where(kept[..., None], own, absent)], dim=1), []
        for layer in cast("list[SlotLayer]", self.layers):
            x, alpha = layer.with_alpha(x)
            alphas.append(alpha)
        return torch.stack(alphas)

    def _slots(self, summaries: Summaries, kept: Tensor) -> tuple[Tensor, Tensor]:
        """What slots can hold, [CLS], absence tokens and summaries (rows, 7, hidden); and what they do (batch, 7).

        Summaries of one row serve every row of ``kept``.
        """
        rows, missing = len(summaries.presence), {"slot": self.absent[:1].expand(len(summaries.presence), -1)}
        own = torch.stack([summaries.parts.get(m, missing)["slot"] for m in FUSED], dim=1)
        standing = self.cls.expand(rows, 1, -1), self.absent.expand(rows, -1, -1)
        return torch.cat([*standing, own], dim=1), torch.cat([self.always.expand(len(kept), -1), ~kept, kept], dim=1)


def build(modalities: Mapping[str, Mapping[str, Any]], **options: Any) -> ModelLevelFusion:
    """The untrained fusion for encoders of the given widths."""
    return ModelLevelFusion(modalities, **options)


PLUGIN = Plugin(
    name="model_level",
    title="Model-level (hierarchical attention)",
    build=build,
    requires=("torch",),
    options=(
        Option("dim", 448, "Embedding width", "Length of the fused vector.", 32, 2048),
        Option("hidden", 128, "Transformer width", "Width of the attention over modalities.", 32, 1024),
        Option("queries", 4, "Queries a modality", "How many learned queries look at the tokens.", 1, 16),
        Option("layers", 1, "Layers", "Transformer layers between the modalities.", 1, 8),
        Option("heads", 4, "Heads", "Attention heads; they divide the transformer width.", 1, 16),
        Option("dropout", 0.1, "Dropout", "Share of activations dropped in training.", 0.0, 0.9),
        Option(
            "beside_words",
            1.0,
            "Beside words",
            "How much pictures and sounds count where there is a text, too; 1 is as much as alone.",
            0.05,
            2.0,
        ),
    ),
)
