"""``bench``: speed on this machine, and how far explanations can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mmrec_core.cli.shared import Json, console, guarded, open_service, reporting, show_figures
from mmrec_core.errors import UnknownNameError
from mmrec_core.settings import get_settings
from mmrec_core.types import Report

if TYPE_CHECKING:
    from mmrec_core.service import Service

app = typer.Typer(no_args_is_help=True, help="Measure speed and explanations on this machine.")

Pairs = Annotated[int, typer.Option(min=1, help="(query, item) pairs on which every method is judged.")]
PlainPairs = Annotated[
    int, typer.Option(min=1, help="How many of them plain shap and lime explain too; they are slow.")
]
FidelityPairs = Annotated[int, typer.Option(min=1, help="Pairs whose media are edited and encoded again.")]


@app.command("encode")
@guarded
def bench_encode(as_json: Json = False) -> None:
    """How fast media are encoded, beside the same weights one by one in the default memory format."""
    with reporting() as report:
        show_figures(_encode(report), as_json)


@app.command("query")
@guarded
def bench_query(as_json: Json = False) -> None:
    """Latency of warm queries by stage, and the memory of the process."""
    service = open_service()
    with reporting() as report:
        show_figures(_query(service, report), as_json)


@app.command("explain")
@guarded
def bench_explain(
    pairs: Pairs = 50, plain_pairs: PlainPairs = 10, fidelity_pairs: FidelityPairs = 15, as_json: Json = False
) -> None:
    """Every method judged against random maps, beside plain shap and lime; quick maps beside careful ones."""
    service = open_service()
    with reporting() as report:
        runs = _explain(service, report, pairs, plain_pairs, fidelity_pairs)
        show_figures({name: run() for name, run in runs.items()}, as_json)


@app.command("report")
@guarded
def bench_report(
    only: Annotated[
        list[str] | None, typer.Option(help="Only this section; may be repeated.", metavar="SECTION")
    ] = None,
    pairs: Pairs = 50,
    plain_pairs: PlainPairs = 10,
    fidelity_pairs: FidelityPairs = 15,
) -> None:
    """Measure, and write RESULTS.md of this checkout; sections that are not measured now stay as they were."""
    from mmrec_core.evaluate.results import PAGE, save

    service = open_service()
    with reporting() as report:
        runs: dict[str, Callable[[], Any]] = {
            "query": lambda: _query(service, report),
            "encode": lambda: _encode(report),
            **_explain(service, report, pairs, plain_pairs, fidelity_pairs),
        }
        for name in only or runs:
            if name not in runs:
                raise UnknownNameError("section", name, list(runs))
            save({name: {"about": _about(service, name), "figures": runs[name]()}})
    console().print(f"wrote {PAGE}", markup=False)


def _encode(report: Report) -> Mapping[str, Any]:
    from mmrec_core.evaluate.bench_encode import bench_encode as measure

    return measure(get_settings(), report)


def _query(service: Service, report: Report) -> Mapping[str, Any]:
    from mmrec_core.evaluate.bench_query import bench_query as measure

    return measure(service, report)


def _explain(
    service: Service, report: Report, pairs: int, plain_pairs: int, fidelity_pairs: int
) -> dict[str, Callable[[], Mapping[str, Any]]]:
    """What there is to measure about explanations, by section, not yet run."""
    from mmrec_core.evaluate import bench_explain, bench_fidelity, bench_token_explain, bench_trust

    return {
        "modalities": lambda: bench_explain.bench_explain(service, report),
        "maps": lambda: bench_trust.measure(service, report, pairs),
        "plain": lambda: bench_token_explain.measure(service, report, plain_pairs),
        "fidelity": lambda: bench_fidelity.measure(service, report, fidelity_pairs),
    }


def _about(service: Service, section: str) -> dict[str, str]:
    """When, where, with which model and by which command."""
    from mmrec_core.evaluate.results import machine

    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(service.device_info().name),
        "bundle": service.bundle_info().hash,
        "command": f"python -m mmrec_core bench report --only {section}",
    }
