"""The methods that draw maps on media, as they are offered: what each tells, in which kinds, and what its budget is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pages._ui import maps

ATTENTION_KEY = (
    '<i class="mm-key mm-key-plus"></i>attended to, the stronger the more within that map; '
    "whether a part raises or lowers the score, attention does not tell."
)
RAISING_KEY = (
    '<i class="mm-key mm-key-plus"></i>attended to where that raises the score, the stronger the more within that map; '
    "what lowers the score is left out."
)
JUDGED = 1500
"""About how many evaluations the test of one map takes."""


@dataclass(frozen=True)
class Kind:
    """One way in which a method is run: what its numbers are, what its colours mean (HTML), and the options that ask for it."""

    label: str
    tells: str
    key: str = maps.SIGNED_KEY
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Method:
    """One choice: its plugin and the kinds it comes in, the usual one first.

    ``budget`` names the option that "Refine" doubles, with its first value and how many evaluations one unit takes; None
    for a method that does not sample.
    """

    label: str
    plugin: str
    kinds: tuple[Kind, ...]
    budget: tuple[str, int, int] | None = None

    def at(self, doublings: int) -> dict[str, Any]:
        """The option of the budget after it was doubled so many times."""
        if self.budget is None:
            return {}
        name, first, _ = self.budget
        return {name: first * 2**doublings}

    def evaluations(self, doublings: int) -> int:
        """About how many evaluations one medium takes, its tests and a model with shuffled weights included."""
        _, first, each = self.budget or ("", 0, 0)
        return 2 * first * each * 2**doublings + JUDGED


SHAP = Method(
    "SHAP on parts",
    "token_shap",
    (Kind("", "Shares of the score among the parts of each medium (Shapley values), the other media as they are."),),
    budget=("evaluations", 2000, 1),
)
GRADIENT = Method(
    "Gradients · quick",
    "gradient",
    (
        Kind(
            "Gradient × input",
            "How the score reacts to each part, to first order: gradient times input. One backward pass a side.",
            options={"kind": "input"},
        ),
        Kind(
            "Hiding, to first order",
            "What the score would lose, to first order, if a part were hidden and its attention shared among the others.",
            options={"kind": "masking"},
        ),
        Kind(
            "Gradient × attention",
            "The model’s attention within each medium, weighted by what it does to the score (Chefer 2021).",
            RAISING_KEY,
            options={"kind": "attention"},
        ),
    ),
)
LIME = Method(
    "LIME",
    "token_lime",
    (Kind("", "Weights of a linear model of the score around this pair; the mean of three seeds."),),
    budget=("samples", 1000, 3),
)
ROLLOUT = Method(
    "Attention rollout",
    "rollout",
    (
        Kind(
            "",
            "How much of the fused slot came from each part by attention alone; never negative. It is no share of the score.",
            ATTENTION_KEY,
        ),
    ),
)
INSIDE = Method(
    "Inside the encoders",
    "encoder_attention",
    (
        Kind(
            "Relevance",
            "Attention inside the encoder, in all its layers, weighted by what it does to the score (Chefer 2021).",
            RAISING_KEY,
            options={"kind": "relevance"},
        ),
        Kind(
            "Rollout",
            "Attention inside the encoder, followed through all its layers (Abnar and Zuidema 2020).",
            ATTENTION_KEY,
            options={"kind": "rollout"},
        ),
        Kind(
            "Last layer",
            "Where the encoder’s last layer looked, the mean of its heads.",
            ATTENTION_KEY,
            options={"kind": "last"},
        ),
    ),
)
METHODS = (SHAP, GRADIENT, LIME, ROLLOUT, INSIDE)
"""The default first, as RESULTS.md decides; a test holds it."""
BY_LABEL = {method.label: method for method in METHODS}
