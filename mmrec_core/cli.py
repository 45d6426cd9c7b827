"""``python -m mmrec_core``: results go to stdout, progress and messages to stderr; a known error is one line and exit code 2."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console

from mmrec_core.errors import MMRecError, UnreadableError
from mmrec_core.settings import Settings, get_settings
from mmrec_core.types import Progress, Query, Report

if TYPE_CHECKING:
    from mmrec_core.service import Service
    from mmrec_core.training.loop import Epoch

FAILED, STOPPED = 2, 130
MAX_FILE_BYTES = 50 * 2**20

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Multimodal recommendation with its reasons.")
catalogue_app = typer.Typer(no_args_is_help=True, help="What there is to recommend.")
bench_app = typer.Typer(no_args_is_help=True, help="Measure speed on this machine.")
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(bench_app, name="bench")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]
ImageFile = Annotated[Path | None, typer.Option("--image", help="A picture to search with.", metavar="FILE")]
TextPart = Annotated[str | None, typer.Option("--text", help="A text to search with.")]
AudioFile = Annotated[Path | None, typer.Option("--audio", help="A sound to search with.", metavar="FILE")]


def console() -> Console:
    """Where progress and messages go."""
    return Console(stderr=True)


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Turn errors made for users into one line and an exit code, and Ctrl-C into a way to go on."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except MMRecError as error:
            console().print(f"error: {error}", style="red", markup=False, soft_wrap=True)
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt as stop:
            console().print("stopped; run again to resume")
            raise typer.Exit(STOPPED) from stop

    return wrapped


@contextmanager
def reporting() -> Iterator[Report]:
    """A report that draws one progress bar a step on stderr."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}"),
    )
    with Bars(
        *columns, TimeElapsedColumn(), TextColumn("{task.fields[note]}", markup=False), console=console()
    ) as bars:
        tasks: dict[str, Any] = {}

        def report(progress: Progress) -> None:
            if progress.step not in tasks:
                tasks[progress.step] = bars.add_task(progress.step, unit="", note="")
            done, total = round(progress.done), round(progress.total) or None
            bars.update(tasks[progress.step], completed=done, total=total, unit=progress.unit, note=progress.note)

        yield report


def open_service(settings: Settings | None = None) -> Service:
    """The facade; loading it takes seconds, so it is not done for ``--help``."""
    from mmrec_core.service import Service

    with console().status("Loading the model and the catalogue"):
        return Service.open(settings or get_settings())


@app.command()
@guarded
def setup(
    preset: Annotated[Literal["embedded", "hub"] | None, typer.Option(help="Which encoders.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only this step; may be repeated.")] = None,
) -> None:
    """Fetch weights and media, build catalogue and index. Skips what is done; may be interrupted."""
    from mmrec_core import bootstrap
    from mmrec_core.render import steps_table

    settings = get_settings() if preset is None else get_settings().model_copy(update={"preset": preset})
    with reporting() as report:
        steps = bootstrap.run(settings, report, tuple(only or ()))
    console().print(steps_table(steps))


@app.command()
@guarded
def recommend(
    image: ImageFile = None,
    text: TextPart = None,
    audio: AudioFile = None,
    item: Annotated[str | None, typer.Option(help="Search with this item of the catalogue.", metavar="ID")] = None,
    k: Annotated[int, typer.Option("-k", help="How many results.", min=1)] = 10,
    category: Annotated[list[str] | None, typer.Option(help="Only this category; may be repeated.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Recommend items for a picture, a text, a sound, or all three."""
    from mmrec_core.render import recommendations_json, recommendations_table

    service = open_service()
    query = read_query(service, image, text, audio, item)
    answer = service.recommend(query, k, categories=tuple(category or ()), sources=tuple(source or ()))
    for notice in answer.notices:
        console().print(notice, markup=False)
    show(recommendations_json(answer), as_json, lambda: [recommendations_table(answer)])


@app.command()
@guarded
def explain(
    item: Annotated[str, typer.Option(help="The item whose score is explained.", metavar="ID")],
    image: ImageFile = None,
    text: TextPart = None,
    audio: AudioFile = None,
    query_item: Annotated[str | None, typer.Option(help="Search with this item.", metavar="ID")] = None,
    method: Annotated[
        list[str] | None, typer.Option(help="Also explain each medium by this method; may be repeated.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write a report that needs nothing else: .html or .pdf.", metavar="FILE")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say why an item is recommended for a query; with --out, write everything into one file."""
    from mmrec_core.render import explanation_json, maps_json, maps_tables, pairs_table
    from mmrec_core.report.gather import all_comparisons
    from mmrec_core.report.write import write_report

    service = open_service()
    query = read_query(service, image, text, audio, query_item)
    if out is not None:
        write_report(service, query, item, tuple(method or ()), out)
        console().print(f"wrote {out}", markup=False)
        return
    found = service.explain(query, item)
    maps = all_comparisons(service, query, found, tuple(method or ()))
    answer = explanation_json(found) | ({"maps": maps_json(maps)} if method else {})
    show(answer, as_json, lambda: [found.sentence, pairs_table(found), *maps_tables(maps)])


@catalogue_app.command()
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
def train(
    name: Annotated[str | None, typer.Option(help="Name of the bundle; by default the one in use is replaced.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Upper limit of epochs.", min=0)] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the run.")] = None,
    publish: Annotated[bool, typer.Option(help="Write into assets/models instead of MMREC_HOME.")] = False,
) -> None:
    """Train the fusion on the catalogue and report it on held-out items; interrupted, it goes on where it stopped."""
    from mmrec_core.evaluate.report import report_table
    from mmrec_core.evaluate.train_and_report import train_and_report
    from mmrec_core.settings import REPOSITORY
    from mmrec_core.training.recipe import Recipe

    settings = get_settings()
    given = {"epochs": epochs, "seed": settings.seed if seed is None else seed}
    recipe = Recipe.model_validate({key: value for key, value in given.items() if value is not None})
    models = REPOSITORY / "assets" / "models" if publish else settings.home / "models"
    with reporting() as report:
        cells = train_and_report(settings, recipe, models / (name or settings.bundle_name), report, tell_epoch)
    Console().print(report_table(cells))


def tell_epoch(epoch: Epoch) -> None:
    """One line an epoch, above the progress bar."""
    losses = ", ".join(f"{name} {value:.3f}" for name, value in epoch.losses.items())
    console().print(f"epoch {epoch.number}: validation {epoch.score:.4f} ({losses}; {epoch.seconds:.0f} s)")


@app.command()
@guarded
def evaluate(
    source: Annotated[
        list[str] | None, typer.Option(help="Only held-out items of this source; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure the fusion on held-out items, beside the baselines, with intervals."""
    from mmrec_core.evaluate.report import cells_json, report_table
    from mmrec_core.evaluate.run import evaluate_in_use

    with reporting() as report:
        cells = evaluate_in_use(get_settings(), report, tuple(source or ()))
    show(cells_json(cells), as_json, lambda: [report_table(cells)])


@bench_app.command("encode")
@guarded
def bench_encode(as_json: Json = False) -> None:
    """How fast media are encoded, beside the same weights one by one in the default memory format."""
    from mmrec_core.evaluate.bench_encode import bench_encode as measure

    with reporting() as report:
        show_figures(measure(get_settings(), report), as_json)


@bench_app.command("query")
@guarded
def bench_query(as_json: Json = False) -> None:
    """Latency of warm queries by stage, and the memory of the process."""
    from mmrec_core.evaluate.bench_query import bench_query as measure

    service = open_service()
    with reporting() as report:
        show_figures(measure(service, report), as_json)


@bench_app.command("explain")
@guarded
def bench_explain(as_json: Json = False) -> None:
    """Exact modality Shapley for ten results, beside shap.KernelExplainer on the same function."""
    from mmrec_core.evaluate.bench_explain import bench_explain as measure

    service = open_service()
    with reporting() as report:
        show_figures(measure(service, report), as_json)


def read_query(service: Service, image: Path | None, text: str | None, audio: Path | None, item: str | None) -> Query:
    """The query that the options describe."""
    return service.read_query(image=read_file(image), text=text, audio=read_file(audio), item_id=item)


def read_file(path: Path | None) -> bytes | None:
    """The file's bytes; raises UnreadableError where it cannot be read or is larger than any upload may be."""
    if path is None:
        return None
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            megabytes = path.stat().st_size / 2**20
            raise UnreadableError(f"{path} has {megabytes:.0f} MB; the limit is {MAX_FILE_BYTES // 2**20} MB.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}. Check the path.") from error


def show_figures(figures: Mapping[str, Any], as_json: bool) -> None:
    """Print measured figures."""
    from mmrec_core.render import figures_table

    show(figures, as_json, lambda: [figures_table(figures)])


def show(value: Mapping[str, Any], as_json: bool, tables: Callable[[], list[Any]]) -> None:
    """Print the result on stdout, as JSON or as tables."""
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
        return
    output = Console()
    for table in tables():
        output.print(table)
