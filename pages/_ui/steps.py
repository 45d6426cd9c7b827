"""The rows of long work: what a step is, how far it is, and how much that is. Pure HTML."""

from __future__ import annotations

from typing import Literal

from mmrec_core.types import Progress
from pages._ui import html
from pages._ui.language import say

State = Literal["done", "active", "waiting"]


def row(title: str, note: str, state: State, progress: Progress | None = None) -> str:
    """One step; an active one has a bar, which moves by itself while the amount is unknown."""
    share = min(progress.done / progress.total, 1.0) if progress and progress.total > 0 else 0.0
    amount = {"done": say("done"), "active": amount_of(progress), "waiting": ""}[state]
    value = f'value="{share:.3f}" ' if share > 0 else ""
    bar = f'<progress max="1" {value}aria-label="{html.escape(title)}"></progress>' if state == "active" else ""
    return (
        f'<div class="mm-step mm-{state}"><i aria-hidden="true"></i><div><b>{html.escape(title)}</b>'
        f'<span class="mm-small">{html.escape(note)}</span>{bar}</div>'
        f'<span class="mm-small">{html.escape(amount)}</span></div>'
    )


def amount_of(progress: Progress | None) -> str:
    """How much is done of how much."""
    if progress is None or progress.total <= 1:
        return say("working …")
    if progress.unit == "bytes":
        return say("{done:,.1f} of {total:,.1f} MB", done=progress.done / 1e6, total=progress.total / 1e6)
    return say(
        "{done:,.0f} of {total:,.0f} {unit}", done=progress.done, total=progress.total, unit=say(progress.unit)
    ).strip()
