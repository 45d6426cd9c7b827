"""The profile of a command: what its options like and dislike, and the stored one that they name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from mmrec_core.types import Profile

if TYPE_CHECKING:
    from mmrec_core.service import Service

Liked = Annotated[list[str] | None, typer.Option(help="You like this item; may be repeated.", metavar="ID")]
Disliked = Annotated[list[str] | None, typer.Option(help="You dislike this item; may be repeated.", metavar="ID")]
ProfileName = Annotated[str | None, typer.Option(help="Start from the profile stored under this name.", metavar="NAME")]
ProfileWeight = Annotated[
    float | None, typer.Option(help="Part of the profile in the score; without a query it is all.", min=0, max=1)
]


def read_profile(
    service: Service, like: list[str] | None, dislike: list[str] | None, name: str | None, weight: float | None
) -> Profile | None:
    """The profile that the options describe, or None where they describe none; raises UnknownNameError."""
    if not (like or dislike or name):
        return None
    for item_id in (*(like or ()), *(dislike or ())):
        service.item(item_id)
    stored = service.profiles.load(name) if name else Profile()
    liked, disliked = stored.liked + tuple(like or ()), stored.disliked + tuple(dislike or ())
    return replace(stored, liked=liked, disliked=disliked, weight=stored.weight if weight is None else weight)
