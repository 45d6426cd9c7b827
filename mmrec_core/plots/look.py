"""The one look of every figure: colours, ink, the font, what a player is called and how a number is written."""

from __future__ import annotations

COLOURS: dict[str, str] = {
    "image": "#3b82f6",
    "text": "#e59a1c",
    "audio": "#14a39a",
    "video": "#8b5cf6",
    "profile": "#e2557b",
}
"""One colour a modality, everywhere in the interface."""
OTHER_COLOUR = "#8a919e"
"""Players that are no modality: slots of the model, sums, the rest."""
NAMES: dict[str, str] = {
    "image": "Image",
    "text": "Text",
    "audio": "Sound",
    "video": "Video",
    "profile": "Profile",
    "cls": "[CLS]",
    "fused": "fused",
    "no image": "no image",
    "no text": "no text",
    "no audio": "no sound",
}
"""What a modality, or a slot of the fusion, is called in front of a person."""
METHODS: dict[str, str] = {
    "modality_shapley": "exact Shapley value",
    "shapley": "exact Shapley value",
    "k-SII of order 2": "k-SII of order 2",
    "reciprocal_rank": "reciprocal rank",
    "borda": "borda",
    "linear": "linear",
    "contrast": "contrast",
}
"""How shares were obtained, in front of a person."""
DIVERGING: list[list[object]] = [
    [0.0, "rgba(200,40,125,0.8)"],
    [0.5, "rgba(128,128,128,0.06)"],
    [1.0, "rgba(72,160,44,0.8)"],
]
"""The one scale of signed attributions: magenta below zero, green above; its middle lets any background through."""
FONT = "Source Sans, Source Sans Pro, sans-serif"
"""Of the pages around the figures."""


def colour_of(player: str) -> str:
    """The colour of a modality (or of the grey rest)."""
    return COLOURS.get(player, OTHER_COLOUR)


def name_of(player: str) -> str:
    """What a player is called in front of a person."""
    return NAMES.get(player, player)


def how_obtained(method: str) -> str:
    """How shares were obtained, in front of a person."""
    return METHODS.get(method, method.replace("_", " "))


def signed_format(value: float, spec: str) -> str:
    """A number in the given format, a true minus sign, and no sign on what rounds to zero."""
    text = format(value, spec)
    if not any(digit in text for digit in "123456789"):
        return format(0.0, spec).replace("+", "")
    return text.replace("-", "−")


def ink(template: str) -> str:
    """The colour of text."""
    return "#e9ebee" if template == "plotly_dark" else "#20242b"
