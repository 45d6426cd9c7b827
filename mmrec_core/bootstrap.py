"""Set-up as data: what has to be there, how to see that it is, how to make it. Interruptible; skips what is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from mmrec_core.assembly import bundle_description, index_key, text_key, token_key
from mmrec_core.errors import MMRecError, UnknownNameError
from mmrec_core.files import write_atomically
from mmrec_core.settings import Settings
from mmrec_core.types import Modality, Progress, Report, SetupStep, bundle_label, told

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


def weights_done(settings: Settings) -> str | None:
    """What is there, or None where something is missing."""
    from mmrec_core.encoders.hub import HUB_MODELS, missing_hub_weights
    from mmrec_core.encoders.weights import WEIGHTS, missing_weights

    if settings.preset == "hub":
        return None if missing_hub_weights(settings) else told("{n} models of the hub", n=len(HUB_MODELS))
    return None if missing_weights(settings) else told("{n} files", n=len(WEIGHTS))


def fetch_weights(settings: Settings, report: Report) -> None:
    """Fetch the weights of the preset's encoders."""
    from mmrec_core.encoders.hub import fetch_hub_weights
    from mmrec_core.encoders.weights import fetch_weights

    fetch = fetch_hub_weights if settings.preset == "hub" else fetch_weights
    fetch(settings, report)


def catalogue_done(settings: Settings) -> str | None:
    """What the catalogue holds and lacks, or None where it is missing or older than the code."""
    from mmrec_core.catalogue.build import build_report, is_built

    found = build_report(settings.catalogue) if is_built(settings) else None
    if found is None:
        return None
    if found.unavailable:
        return told("{n:,} items; without {sources}", n=found.kept, sources=", ".join(found.unavailable))
    return told("{n:,} items", n=found.kept)


def build_catalogue(settings: Settings, report: Report) -> None:
    """Fetch packages and build the catalogue; a source that cannot be had is reported and left out."""
    from mmrec_core.catalogue.build import build_catalogue

    built = build_catalogue(settings, report)
    for name, reason in built.unavailable.items():
        report(Progress(told("Going on without {name}", name=name), 1, 1, note=reason))


def bundle_done(settings: Settings) -> str | None:
    """Which bundle is in use; the repository carries the one of the embedded preset."""
    return settings.bundle_name if (settings.bundle_folder / "bundle.json").exists() else None


def train_bundle(settings: Settings, report: Report) -> None:
    """Train a fusion for encoders that no bundle is shipped for."""
    from mmrec_core.evaluate.train_and_report import train_and_report
    from mmrec_core.training.recipe import Recipe

    folder = settings.home / "models" / settings.bundle_name
    train_and_report(settings, Recipe(seed=settings.seed), folder, report, lambda _: None)


def tokens_done(settings: Settings) -> str | None:
    """Whether this catalogue is encoded for the bundle in use."""
    marker = _token_marker(settings)
    if not marker.exists() or catalogue_done(settings) is None:
        return None
    return told("encoded") if json.loads(marker.read_text()) == _token_state(settings) else None


def encode_tokens(settings: Settings, report: Report) -> None:
    """Encode what is not encoded yet, project it as the bundle does, and keep it."""
    from mmrec_core.assembly import build_encoders
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.encoders.threads import limited_threads
    from mmrec_core.features.encode_catalogue import encode_catalogue
    from mmrec_core.fusion.bundle import ModelBundle

    state = _token_state(settings)
    bundle = ModelBundle.load(settings.bundle_folder)
    encoders = build_encoders(settings, bundle)
    catalogue = Catalogue.open(settings.catalogue)
    with limited_threads():
        encode_catalogue(catalogue, encoders, settings.catalogue_tokens, token_key(settings), bundle.project, report)
    write_atomically(_token_marker(settings), json.dumps(state).encode())


def index_done(settings: Settings) -> str | None:
    """Whether the index belongs to the bundle and the catalogue in use."""
    path = settings.index / "index.json"
    if not path.exists() or tokens_done(settings) is None:
        return None
    return told("built") if json.loads(path.read_text()) == _index_state(settings) else None


def build_index(settings: Settings, report: Report) -> None:
    """Embed every item from its tokens and write the index."""
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.encoders.device import choose_device
    from mmrec_core.features.token_cache import TokenCache
    from mmrec_core.fusion.bundle import ModelBundle
    from mmrec_core.index.faiss_flat import FlatIndex
    from mmrec_core.recommend.embed import embed_items

    catalogue = Catalogue.open(settings.catalogue)
    cache = TokenCache.open(settings.catalogue_tokens, token_key(settings))
    bundle = ModelBundle.load(settings.bundle_folder, device=str(choose_device(settings.device)))
    embeddings = embed_items(bundle, cache, [item.id for item in catalogue.items], report)
    FlatIndex(embeddings).save(settings.index, index_key(settings, catalogue.fingerprint))


def languages_done(settings: Settings) -> str | None:
    """Whether there is a lexicon, and this catalogue's texts are read for queries in other languages."""
    from mmrec_core.encoders.lexicon.build import missing_lists

    if settings.preset == "hub":
        return told("read by the preset's own text encoder")
    missing = missing_lists(settings)
    if missing is None or not texts_read(settings):
        return None
    if missing:
        return told("titles and texts read; without {sources}", sources="; ".join(missing))
    return told("titles and texts read")


def texts_read(settings: Settings) -> bool:
    """Whether this catalogue's titles and texts are read for queries in other languages."""
    marker = _text_marker(settings)
    if not marker.exists() or catalogue_done(settings) is None:
        return False
    return bool(json.loads(marker.read_text()) == _text_state(settings))


def read_languages(settings: Settings, report: Report) -> None:
    """Build the lexicon, and read the catalogue's titles and texts as queries in other languages are read.

    What is done is kept; a lexicon that lacks word lists is built again.
    """
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.encoders.base import ENCODERS
    from mmrec_core.encoders.lexicon.build import build_lexicon, needs_building
    from mmrec_core.encoders.threads import limited_threads
    from mmrec_core.encoders.use import SentenceEncoder
    from mmrec_core.features.keep_texts import keep_texts, known_sentences

    if settings.preset == "hub":
        return
    if needs_building(settings):
        build_lexicon(settings, report)
    texts = known_sentences(Catalogue.open(settings.catalogue).items)
    words = ENCODERS.build(bundle_description(settings)["encoders"][Modality.TEXT]["name"], settings)
    with limited_threads():
        keep_texts(texts, SentenceEncoder(settings), words, settings.known_texts, text_key(settings), report)
    write_atomically(_text_marker(settings), json.dumps(_text_state(settings)).encode())


def movielens_done(settings: Settings) -> str | None:
    """Whether MovieLens is there, or why the last set-up went on without it."""
    from mmrec_core.interactions.fetch import is_fetched, why_left_out

    if is_fetched(settings):
        return told("100,000 ratings")
    return told("left out: {reason}", reason=reason) if (reason := why_left_out(settings)) else None


def fetch_movielens(settings: Settings, report: Report) -> None:
    """Fetch MovieLens-100K; where it cannot be had, that is reported and left out."""
    from mmrec_core.interactions.fetch import fetch_movielens

    fetch_movielens(settings, report)


def movies_done(settings: Settings) -> str | None:
    """Whether what encoders say of the movies is kept, or why there is nothing to do."""
    from mmrec_core.encoders.weights import missing_weights
    from mmrec_core.interactions.content import needs_encoding
    from mmrec_core.interactions.fetch import is_fetched, why_left_out

    if not is_fetched(settings):
        return told("left out") if why_left_out(settings) else None
    if settings.preset == "hub" and missing_weights(settings):
        return told("left out: movies are read by the encoders of the embedded preset")
    return None if needs_encoding(settings) else told("encoded")


def encode_movies(settings: Settings, report: Report) -> None:
    """Read titles, descriptions and posters once, so that the Movies page opens at once."""
    from mmrec_core.encoders.threads import limited_threads
    from mmrec_core.interactions.content import encode_movies

    with limited_threads():
        encode_movies(settings, report)


def figures_done(settings: Settings) -> str | None:
    """Whether the bundle in use was measured on this catalogue."""
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.evaluate.store import HELD_OUT, EvaluationStore

    if index_done(settings) is None:
        return None
    catalogue, bundle = Catalogue.open(settings.catalogue).fingerprint, bundle_description(settings)
    label = bundle_label(settings.bundle_name, bundle["hash"])
    return told("measured") if EvaluationStore(settings.evaluations).has(HELD_OUT, label, catalogue) else None


def measure_bundle(settings: Settings, report: Report) -> None:
    """Measure the bundle in use on held-out items, so that the Evaluate page has figures of this machine's own."""
    from mmrec_core.evaluate.run import evaluate_in_use

    evaluate_in_use(settings, report)


def _token_marker(settings: Settings) -> Path:
    return settings.catalogue_tokens / "made_of.json"


def _token_state(settings: Settings) -> dict[str, str]:
    """What tokens are made of: encoders and projections, and the catalogue, by their hashes."""
    from mmrec_core.catalogue.store import Catalogue

    return {"tokens": token_key(settings), "catalogue": Catalogue.open(settings.catalogue).fingerprint}


def _text_marker(settings: Settings) -> Path:
    return settings.known_texts / "made_of.json"


def _text_state(settings: Settings) -> dict[str, str]:
    """What the kept texts are made of: two encoders, and the catalogue."""
    from mmrec_core.catalogue.store import Catalogue

    return {"texts": text_key(settings), "catalogue": Catalogue.open(settings.catalogue).fingerprint}


def _index_state(settings: Settings) -> dict[str, str]:
    """What the index is made of: the bundle and the catalogue, by their hashes."""
    from mmrec_core.catalogue.store import Catalogue

    return asdict(index_key(settings, Catalogue.open(settings.catalogue).fingerprint))


STEPS: tuple[Step, ...] = (
    Step("weights", "Fetch the encoders' weights", weights_done, fetch_weights),
    Step("catalogue", "Fetch media and build the catalogue", catalogue_done, build_catalogue),
    Step("model", "Train the model where none is shipped", bundle_done, train_bundle),
    Step("tokens", "Encode the catalogue", tokens_done, encode_tokens),
    Step("index", "Build the index", index_done, build_index),
    Step("languages", "Read the catalogue for other languages", languages_done, read_languages, optional=True),
    Step("movielens", "Fetch MovieLens", movielens_done, fetch_movielens, optional=True),
    Step("movies", "Encode the movies", movies_done, encode_movies, optional=True),
    Step("figures", "Measure the model", figures_done, measure_bundle, optional=True),
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
