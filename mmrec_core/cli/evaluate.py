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
    robustness: Annotated[
        bool, typer.Option(help="Instead: what is left when modalities are missing from the queries.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Measure the fusion on held-out items, beside the baselines, with intervals; kept for the Evaluate page."""
    from mmrec_core.evaluate.report import figures, report_table
    from mmrec_core.evaluate.run import evaluate_in_use, robustness_in_use

    with reporting() as report:
        sources, settings = tuple(source or ()), get_settings()
        run = robustness_in_use if robustness else evaluate_in_use
        found = run(settings, report, sources)
    show(figures(found), as_json, lambda: [report_table(found)])
