"""``evaluate``: how good the model in use is, on held-out items."""

from __future__ import annotations

from typing import Annotated

import typer

from mmrec_core.cli.shared import Json, guarded, reporting, show
from mmrec_core.settings import get_settings


@guarded
def evaluate(
    source: Annotated[
        list[str] | None, typer.Option(help="Only held-out items of this source; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure the fusion on held-out items, beside the baselines, with intervals."""
    from mmrec_core.evaluate.report import figures, report_table
    from mmrec_core.evaluate.run import evaluate_in_use

    with reporting() as report:
        found = evaluate_in_use(get_settings(), report, tuple(source or ()))
    show(figures(found), as_json, lambda: [report_table(found)])
