"""What every command shares: errors as one line, progress bars, results on stdout."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from mmrec_core.errors import MMRecError, OptionError
from mmrec_core.jobs.journal import journal, journalled
from mmrec_core.settings import Settings, get_settings
from mmrec_core.types import Progress, Report

if TYPE_CHECKING:
    from mmrec_core.interactions.movielens import MovieLens
    from mmrec_core.service import Service

FAILED, STOPPED = 2, 130

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]


def console() -> Console:
    """Where progress and messages go."""
    return Console(stderr=True)


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Turn errors made for users into one line and an exit code, and Ctrl-C into a way to go on.

    A command that is asked for one of its own words (``context.invoked_subcommand``) leaves everything to that one, the
    journal's end included; options before that word would be lost, so they are refused.
    """

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        context: typer.Context | None = kwargs.get("context")
        try:
            if context is not None and context.invoked_subcommand is not None:
                refuse_options_before(context, context.invoked_subcommand)
                return
            with journalled():
                command(*args, **kwargs)
        except MMRecError as error:
            console().print(f"error: {error}", style="red", markup=False, soft_wrap=True)
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt as stop:
            console().print("stopped; run again to resume")
            raise typer.Exit(STOPPED) from stop

    return wrapped


def given_options(context: typer.Context) -> list[str]:
    """The options that are written on the command line, as they are spelled there in full."""
    written = (p for p in context.command.params if _is_written(context, str(p.name)))
    return [parameter.opts[0] for parameter in written]


def _is_written(context: typer.Context, parameter: str) -> bool:
    source = context.get_parameter_source(parameter)
    return source is not None and source.name == "COMMANDLINE"


def refuse_options_before(context: typer.Context, word: str) -> None:
    """Raise OptionError where an option stands before one of a command's own words, which does not read it."""
    for option in given_options(context):
        raise OptionError(
            f"{option} stands before {word!r}, where it is not read. Write it behind: {context.command_path} {word} {option}; "
            f"what {word!r} takes is told by: {context.command_path} {word} --help"
        )


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
            journal().progress(progress)
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


def tell_ratings(found: MovieLens) -> None:
    """On stderr, what was wrong with the ratings and what was done about it."""
    for finding in found.findings:
        console().print(finding.sentence, style="yellow", markup=False, soft_wrap=True)


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
