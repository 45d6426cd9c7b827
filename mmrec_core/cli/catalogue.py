"""``catalogue``: what there is to recommend."""

from __future__ import annotations

import typer

from mmrec_core.cli.shared import Json, guarded, show
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
