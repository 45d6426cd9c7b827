"""``catalogue``: what there is to recommend, and whether a file of people's ratings can be used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mmrec_core.cli.shared import Json, guarded, show, tell_ratings
from mmrec_core.settings import get_settings

app = typer.Typer(no_args_is_help=True, help="What there is to recommend.")


@app.command()
@guarded
def stats(as_json: Json = False) -> None:
    """Count items by source, category, modality and licence; say what was left out and why."""
    from mmrec_core.catalogue.stats import print_statistics, statistics
    from mmrec_core.catalogue.store import Catalogue

    opened = Catalogue.open(get_settings().catalogue)
    if as_json:
        show(statistics(opened), as_json, list)
    else:
        print_statistics(opened)


@app.command()
@guarded
def ratings(
    path: Annotated[
        Path | None, typer.Argument(help="CSV with user, item, rating, timestamp; else the one in use.")
    ] = None,
) -> None:
    """Read a file of ratings of movies: what is wrong with it, by row, and what is done about it, or why it is refused."""
    from mmrec_core.interactions.movielens import open_movielens

    settings = get_settings()
    found = open_movielens(settings.model_copy(update={"movielens_ratings": path}) if path else settings)
    tell_ratings(found)
    users, items, likes = len(found.viewers), int((found.ratings.popularity() > 0).sum()), len(found.ratings.likes)
    typer.echo(f"{len(found.ratings):,} ratings by {users:,} users of {items:,} items, {likes:,} of them likes.")
