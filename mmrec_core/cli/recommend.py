"""``recommend``: items for a query."""

from __future__ import annotations

from typing import Annotated

import typer

from mmrec_core.cli.asked import AudioFile, ImageFile, TextLanguage, TextPart, read_query, tell_language
from mmrec_core.cli.liked import Disliked, Liked, ProfileName, ProfileWeight, read_profile
from mmrec_core.cli.shared import Json, console, guarded, open_service, show


@guarded
def recommend(
    image: ImageFile = None,
    text: TextPart = None,
    language: TextLanguage = None,
    audio: AudioFile = None,
    item: Annotated[str | None, typer.Option(help="Search with this item of the catalogue.", metavar="ID")] = None,
    k: Annotated[int, typer.Option("-k", help="How many results.", min=1)] = 10,
    category: Annotated[list[str] | None, typer.Option(help="Only this category; may be repeated.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may be repeated.")] = None,
    like: Liked = None,
    dislike: Disliked = None,
    profile: ProfileName = None,
    profile_weight: ProfileWeight = None,
    diversity: Annotated[float, typer.Option(help="Prefer results unlike each other (MMR).", min=0, max=1)] = 0.0,
    novelty: Annotated[float, typer.Option(help="Prefer what is seldom seen.", min=0, max=1)] = 0.0,
    hide_duplicates: Annotated[bool, typer.Option("--hide-duplicates", help="Leave out near-duplicates.")] = False,
    as_json: Json = False,
) -> None:
    """Recommend items for a picture, a text, a sound, what you like, or all of them."""
    from mmrec_core.render import recommendations_json, recommendations_table
    from mmrec_core.types import Rerank

    service = open_service()
    query = read_query(service, image, text, audio, item, language)
    answer = service.recommend(
        query,
        k,
        categories=tuple(category or ()),
        sources=tuple(source or ()),
        profile=read_profile(service, like, dislike, profile, profile_weight),
        rerank=Rerank(diversity, novelty, hide_duplicates),
    )
    tell_language(service, query)
    for notice in answer.notices:
        console().print(notice, markup=False)
    show(recommendations_json(answer), as_json, lambda: [recommendations_table(answer)])
