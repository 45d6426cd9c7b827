"""Set-up as data: what has to be there, how to see that it is, how to make it. Interruptible; skips what is done."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from mmrec_core.bootstrap import encoding, figures, languages, movies
from mmrec_core.errors import MMRecError, UnknownNameError
from mmrec_core.settings import Settings
from mmrec_core.types import Progress, Report, SetupStep, told

LOCK_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True)
class Step:
    """One step of set-up.

    ``done`` is quick (no model, no network) and says what is there, or returns None; ``run`` skips what it has finished
    before, and leaves a resumable state where ``report`` raises. The app opens without an ``optional`` step.
    """

    name: str
    title: str
    done: Callable[[Settings], str | None]
    run: Callable[[Settings, Report], None]
    optional: bool = False


STEPS: tuple[Step, ...] = (
    Step("weights", "Fetch the encoders' weights", encoding.weights_done, encoding.fetch_weights),
    Step("catalogue", "Fetch media and build the catalogue", encoding.catalogue_done, encoding.build_catalogue),
    Step("model", "Train the model where none is shipped", encoding.bundle_done, encoding.train_bundle),
    Step("tokens", "Encode the catalogue", encoding.tokens_done, encoding.encode_tokens),
    Step("index", "Build the index", encoding.index_done, encoding.build_index),
    Step(
        "languages",
        "Read the catalogue for other languages",
        languages.languages_done,
        languages.read_languages,
        optional=True,
    ),
    Step("movielens", "Fetch MovieLens", movies.movielens_done, movies.fetch_movielens, optional=True),
    Step("movies", "Encode the movies", movies.movies_done, movies.encode_movies, optional=True),
    Step("figures", "Measure the model", figures.figures_done, figures.measure_bundle, optional=True),
)
"""In order; each needs the ones before it, save the optional ones."""


def steps(settings: Settings) -> list[SetupStep]:
    """Every step and whether it is done; takes well under a second."""
    found = [(step, step.done(settings)) for step in STEPS]
    return [SetupStep(step.name, told(step.title), detail is not None, detail or "") for step, detail in found]


def is_set_up(settings: Settings) -> bool:
    """True where every step is done that the app cannot open without."""
    return all(step.optional or step.done(settings) is not None for step in STEPS)


def run(settings: Settings, report: Report, only: Collection[str] = ()) -> list[SetupStep]:
    """Do what is not done yet; one process at a time.

    Args:
        settings: where things go.
        report: receives progress, and may raise to stop; running again resumes.
        only: names of steps; all where empty. A step that is named runs even where it is done, and then looks for news.

    Raises:
        UnknownNameError: for a step that does not exist.
        MMRecError: where another process is setting up, or a step fails; the message says what to do.
    """
    from filelock import FileLock, Timeout

    known = [step.name for step in STEPS]
    if unknown := set(only) - set(known):
        raise UnknownNameError("set-up step", sorted(unknown)[0], known)
    settings.home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.home / "setup.lock", timeout=LOCK_PATIENCE_SECONDS):
            for step in STEPS:
                if step.name in only or (not only and step.done(settings) is None):
                    step.run(settings, _naming(step, report))
    except Timeout as error:
        raise MMRecError(
            told("Another process is setting up this machine. Wait for it to finish, or stop it.")
        ) from error
    return steps(settings)


def _naming(step: Step, report: Report) -> Report:
    """Progress of whatever a step does, under the step's own title; what it is doing becomes the note."""

    def named(progress: Progress) -> None:
        note = told(progress.step)
        if progress.note:
            note = told("{step}: {note}", step=note, note=told(progress.note))
        report(Progress(told(step.title), progress.done, progress.total, progress.unit, note))

    report(Progress(told(step.title), 0, 1))
    return named
