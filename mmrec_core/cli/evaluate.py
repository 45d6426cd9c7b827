"""``evaluate``: how good the model in use is, on held-out items, on people's ratings, or on sources it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mmrec_core.cli.shared import (
    Json,
    given_options,
    guarded,
    open_service,
    reporting,
    show,
    show_figures,
    tell_ratings,
)
from mmrec_core.errors import OptionError
from mmrec_core.settings import Settings, get_settings

if TYPE_CHECKING:
    from mmrec_core.evaluate.direct import Direct
    from mmrec_core.types import Item

app = typer.Typer(help="How good the model is.")

ONLY_OF = {
    "open-media": frozenset({"--source", "--robustness", "--bundle"}),
    "movielens": frozenset({"--split", "--peers"}),
}
"""Options that one catalogue alone has."""


@app.callback(invoke_without_command=True)
@guarded
def evaluate(
    context: typer.Context,
    source: Annotated[
        list[str] | None, typer.Option(help="Only held-out items of this source; may be repeated.")
    ] = None,
    robustness: Annotated[
        bool, typer.Option(help="Instead: what is left when modalities are missing from the queries.")
    ] = False,
    bundle: Annotated[
        list[str] | None, typer.Option(help="By default the one in use; repeated: several in one table.")
    ] = None,
    catalogue: Annotated[
        Literal["open-media", "movielens"], typer.Option(help="Items and media, or movies and people's ratings.")
    ] = "open-media",
    split: Annotated[
        Literal["global", "per-user", "leave-one-out", "cold"], typer.Option(help="How ratings are cut (movielens).")
    ] = "global",
    peers: Annotated[
        bool, typer.Option(help="Also Cornac's and LensKit's recommenders, see requirements-bench.txt (movielens).")
    ] = False,
    as_json: Json = False,
) -> None:
    """Measure the model in use beside the baselines, with intervals; kept for the Evaluate page."""
    _refuse_options_of_others(catalogue, given_options(context))
    if catalogue == "movielens":
        _movielens(split, peers, as_json)
    else:
        _open_media(tuple(bundle or ()), tuple(source or ()), robustness, as_json)


def _refuse_options_of_others(catalogue: str, options: Sequence[str]) -> None:
    """Raise OptionError where an option is given that another catalogue has."""
    for option in options:
        for other in (name for name, only in ONLY_OF.items() if name != catalogue and option in only):
            raise OptionError(
                f"{option} is for --catalogue {other}, not {catalogue}. Leave it out, or add: --catalogue {other}"
            )


def _open_media(bundles: tuple[str, ...], sources: tuple[str, ...], robustness: bool, as_json: bool) -> None:
    from mmrec_core.evaluate.best_single import subset_table
    from mmrec_core.evaluate.report import figures, report_table
    from mmrec_core.evaluate.run import evaluate_bundles, evaluate_in_use, robustness_in_use

    settings = get_settings().with_bundle(bundles[0]) if bundles else get_settings()
    with reporting() as report:
        if len(bundles) > 1:
            found = evaluate_bundles(settings, bundles, report, sources, robustness)
        else:
            run = robustness_in_use if robustness else evaluate_in_use
            found = run(settings, report, sources)
    tables = (report_table, subset_table) if robustness else (report_table,)
    show(figures(found), as_json, lambda: [table(found) for table in tables])


def _movielens(split: str, peers: bool, as_json: bool) -> None:
    from mmrec_core.evaluate.movielens import evaluate_movielens
    from mmrec_core.evaluate.movielens_report import movielens_table
    from mmrec_core.evaluate.report import figures
    from mmrec_core.interactions.movielens import open_movielens

    settings = get_settings()
    tell_ratings(open_movielens(settings))
    with reporting() as report:
        found = evaluate_movielens(settings, split, report, peers)
    tables = {evaluation.protocol: figures(evaluation) for evaluation in found}
    show(tables, as_json, lambda: [movielens_table(evaluation) for evaluation in found])


@app.command("transfer")
@guarded
def transfer(
    tuning: Annotated[
        bool, typer.Option(help="The sources that levers are chosen on, instead of the reported ones.")
    ] = False,
    epochs: Annotated[int | None, typer.Option(help="Upper limit of epochs.", min=0)] = None,
    as_json: Json = False,
) -> None:
    """Train without a whole source and query with its photographs and sounds, for each source that is kept out."""
    from mmrec_core.evaluate.report import figures, report_table
    from mmrec_core.evaluate.transfer_run import evaluate_transfer
    from mmrec_core.training.recipe import Recipe

    settings = get_settings()
    given = {"epochs": epochs, "seed": settings.seed}
    recipe = Recipe.model_validate({key: value for key, value in given.items() if value is not None})
    with reporting() as report:
        found = evaluate_transfer(settings, recipe, report, tuning)
    show(figures(found), as_json, lambda: [report_table(found)])


@app.command("ablation")
@guarded
def ablation(
    epochs: Annotated[int, typer.Option(help="Epochs of each variant; few show the direction.", min=0)] = 3,
    publish: Annotated[bool, typer.Option(help="Write the table into RESULTS.md.")] = False,
    as_json: Json = False,
) -> None:
    """Train a feature-level fusion without one of its steps at a time; every variant on the validation part."""
    from mmrec_core.encoders.device import choose_device, device_name
    from mmrec_core.evaluate.ablation import ablation_section, evaluate_ablation
    from mmrec_core.evaluate.report import figures, report_table
    from mmrec_core.evaluate.results import machine, save

    settings = get_settings()
    with reporting() as report:
        found = evaluate_ablation(settings, epochs, report)
    if publish:
        save({"ablation": ablation_section(found, epochs, machine(device_name(choose_device(settings.device))))})
    show(figures(found), as_json, lambda: [report_table(found)])


@app.command("folder")
@guarded
def folder(
    path: Annotated[Path, typer.Argument(help="Holds folders named like categories, e.g. animals or food+household.")],
    as_json: Json = False,
) -> None:
    """Pictures and sounds of one's own, sorted into folders by category: are the right kinds of items found?"""
    from mmrec_core.evaluate.folder import evaluate_folder
    from mmrec_core.evaluate.report import figures, report_table

    if not path.is_dir():
        raise OptionError(f"{path} is not a folder. Name one that holds folders of pictures and sounds.")
    service = open_service()
    with reporting() as report:
        found = evaluate_folder(get_settings(), service.encoder, path, report)
    show(figures(found), as_json, lambda: [report_table(found)])


@app.command("photographs")
@guarded
def photographs(
    part: Annotated[
        Literal["held-out", "chosen-on"], typer.Option(help="Held out, or those that settings are chosen on.")
    ] = "held-out",
    as_json: Json = False,
) -> None:
    """Photographs of other packages (270 MB, fetched on demand): are the right kinds of items found?"""
    from mmrec_core.evaluate.folder import evaluate_folder
    from mmrec_core.evaluate.photographs import Part, photograph_folder
    from mmrec_core.evaluate.report import figures, report_table

    service, settings = open_service(), get_settings()
    with reporting() as report:
        folder = photograph_folder(settings, Part(part), report)
        found = evaluate_folder(settings, service.encoder, folder, report)
    show(figures(found), as_json, lambda: [report_table(found)])


@app.command("languages")
@guarded
def languages(as_json: Json = False) -> None:
    """Whether other languages find what English finds: held-out stamps, units of Wesnoth by name, and single nouns."""
    from mmrec_core.evaluate.languages import evaluate_languages

    service, settings = open_service(), get_settings()
    direct = _direct(settings, service.engine.catalogue.items)
    with reporting() as report:
        show_figures(evaluate_languages(settings, service.encoder, service.engine, report, direct), as_json)


def _direct(settings: Settings, items: Sequence[Item]) -> Direct | None:
    """Search with the multilingual encoder alone, where set-up read this catalogue's texts."""
    from mmrec_core.assembly import known_texts
    from mmrec_core.bootstrap.languages import texts_read
    from mmrec_core.encoders.use import SentenceEncoder
    from mmrec_core.evaluate.direct import Direct

    known = known_texts(settings) if settings.preset == "embedded" and texts_read(settings) else None
    return Direct(SentenceEncoder(settings), known, items) if known else None


@app.command("speech")
@guarded
def speech(as_json: Json = False) -> None:
    """How often words are heard in sounds that hold none, and how many words of synthetic voices are misheard."""
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.encoders import weights
    from mmrec_core.evaluate.speech import evaluate_speech
    from mmrec_core.speech.transcriber import Transcriber

    settings = get_settings()
    transcriber = Transcriber(weights.verified(settings, weights.WHISPER)["model.bin"].parent)
    with reporting() as report:
        show_figures(evaluate_speech(Catalogue.open(settings.catalogue), transcriber, report), as_json)
