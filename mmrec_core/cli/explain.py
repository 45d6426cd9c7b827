"""``explain``: why an item is recommended."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mmrec_core.cli.asked import AudioFile, ImageFile, TextLanguage, TextPart, read_query, tell_language
from mmrec_core.cli.liked import Disliked, Liked, ProfileName, ProfileWeight, read_profile
from mmrec_core.cli.shared import Json, console, guarded, open_service, show


@guarded
def explain(
    item: Annotated[str, typer.Option(help="The item whose score is explained.", metavar="ID")],
    image: ImageFile = None,
    text: TextPart = None,
    language: TextLanguage = None,
    audio: AudioFile = None,
    query_item: Annotated[str | None, typer.Option(help="Search with this item.", metavar="ID")] = None,
    like: Liked = None,
    dislike: Disliked = None,
    profile: ProfileName = None,
    profile_weight: ProfileWeight = None,
    method: Annotated[
        list[str] | None, typer.Option(help="Also explain each medium by this method; may be repeated.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write a report that needs nothing else: .html or .pdf.", metavar="FILE")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say why an item is recommended for a query; with --out, write everything into one file."""
    from mmrec_core.explain.phrases import category_words
    from mmrec_core.render import explanation_json, maps_json, maps_tables, pairs_table
    from mmrec_core.report.gather import all_comparisons
    from mmrec_core.report.write import write_report

    service = open_service()
    query = read_query(service, image, text, audio, query_item, language)
    tell_language(service, query)
    mine = read_profile(service, like, dislike, profile, profile_weight)
    if out is not None:
        write_report(service, query, item, tuple(method or ()), out, mine)
        console().print(f"wrote {out}", markup=False)
        return
    found = service.explain(query, item, profile=mine)
    maps = all_comparisons(service, query, found, tuple(method or ()), profile=mine)
    answer = explanation_json(found) | ({"maps": maps_json(maps)} if method else {})
    said = [found.sentence, *([category_words(found.category)] if found.category else []), *found.notices]
    show(answer, as_json, lambda: [*said, pairs_table(found), *maps_tables(maps)])
