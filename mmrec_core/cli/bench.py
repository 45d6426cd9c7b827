"""``bench``: speed on this machine."""

from __future__ import annotations

import typer

from mmrec_core.cli.shared import Json, guarded, open_service, reporting, show_figures
from mmrec_core.settings import get_settings

app = typer.Typer(no_args_is_help=True, help="Measure speed on this machine.")


@app.command("encode")
@guarded
def bench_encode(as_json: Json = False) -> None:
    """How fast media are encoded, beside the same weights one by one in the default memory format."""
    from mmrec_core.evaluate.bench_encode import bench_encode as measure

    with reporting() as report:
        show_figures(measure(get_settings(), report), as_json)


@app.command("query")
@guarded
def bench_query(as_json: Json = False) -> None:
    """Latency of warm queries by stage, and the memory of the process."""
    from mmrec_core.evaluate.bench_query import bench_query as measure

    service = open_service()
    with reporting() as report:
        show_figures(measure(service, report), as_json)


@app.command("explain")
@guarded
def bench_explain(as_json: Json = False) -> None:
    """Exact modality Shapley for ten results, beside shap.KernelExplainer on the same function."""
    from mmrec_core.evaluate.bench_explain import bench_explain as measure

    service = open_service()
    with reporting() as report:
        show_figures(measure(service, report), as_json)
