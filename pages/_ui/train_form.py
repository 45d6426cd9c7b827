"""What to train: a name, a catalogue, and what belongs to it: fusion, tasks and their weights, augmentation, features.

Drawn from what the core declares; of MovieLens, a recommender of its own is trained on people's ratings.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from pydantic import BaseModel
from streamlit.delta_generator import DeltaGenerator

from mmrec_core import service as core
from mmrec_core.fusion.base import FUSIONS
from mmrec_core.interactions import training as movies
from mmrec_core.jobs.desk import JobDesk
from mmrec_core.registry import Option
from mmrec_core.settings import OWN_NAME, REPOSITORY, get_settings
from mmrec_core.training.recipe import AUGMENTATION, FEATURES, TASKS, Recipe, options
from mmrec_core.types import told
from pages._ui import cache, controls, html, job_panel
from pages._ui.language import say
from pages._ui.splits import SPLITS

SHIPPED = REPOSITORY / "assets" / "models"
"""A bundle of one's own would hide the one of its name here."""
DEFAULT_FUSION, WITH_FEATURES = "model_level", "feature_level"
KIND = "train"
OPEN_MEDIA, MOVIELENS = "open-media", "movielens"
PREFIX = "mm-train-"
CATALOGUE, START = f"{PREFIX}catalogue", f"{PREFIX}start"


def keep() -> None:
    """Carry what was chosen over runs that do not draw the form, while a training runs; before any widget is drawn."""
    for key in [str(key) for key in st.session_state if str(key).startswith(PREFIX)]:
        if key != START:
            st.session_state[key] = st.session_state[key]


def draw(service: core.Service, desk: JobDesk) -> None:
    """The form and its button."""
    columns = st.columns(3, gap="large")
    with columns[0]:
        _headed("Model", MODEL_HINT)
        name, catalogue = _name(), _catalogue(service)
    form = _of_movies if catalogue == MOVIELENS else _of_media
    words, hint = form(service, name, columns)
    _start(desk, name, catalogue, words, hint)


def catalogue() -> str:
    """Of which catalogue the form is."""
    return str(st.session_state.get(CATALOGUE, OPEN_MEDIA))


def _of_media(service: core.Service, name: str, columns: list[DeltaGenerator]) -> tuple[list[str], str]:
    left, middle, right = columns
    with left:
        fusion = _fusion()
    with middle:
        _headed("Tasks", TASKS_HINT)
        chosen = _fields(TASKS)
    with right:
        _headed("Augmentation", AUGMENTATION_HINT)
        chosen |= _fields(AUGMENTATION)
        if fusion == WITH_FEATURES:
            _headed("Features", FEATURES_HINT)
            chosen |= _fields(FEATURES)
    with left:
        chosen |= _fields(("epochs", "seed"))
    return arguments(name, fusion, chosen, service.bundle_info().name), HOW_LONG


def _of_movies(service: core.Service, name: str, columns: list[DeltaGenerator]) -> tuple[list[str], str]:  # noqa: ARG001 - forms are called alike
    left, middle, right = columns
    st.session_state.setdefault("mm-train-split", "per-user")
    with left:
        split = st.selectbox(
            say("Cut the ratings"),
            list(SPLITS),
            format_func=lambda key: say(SPLITS[key]),
            key="mm-train-split",
            help=say("What is chosen by and what is reported: likes that the model may not see."),
        )
        chosen = {"split": split, **_fields(("walks", "seed"), movies.MovieTraining)}
    with middle:
        _headed("Tasks", MOVIE_TASKS_HINT)
        chosen |= _fields(movies.TASKS, movies.MovieTraining)
    with right:
        _headed("Features", MOVIE_FEATURES_HINT)
        chosen |= _fields(movies.FEATURES, movies.MovieTraining)
    return movie_arguments(name, chosen), MOVIES_HOW_LONG


def arguments(name: str, fusion: str, chosen: dict[str, object], in_use: str) -> list[str]:
    """The command line of the run: only what differs from the defaults is named.

    The projections are those of the bundle in use, so that both read the same tokens and one can switch between them.
    """
    named = ["--projections-of", in_use] + ([] if fusion == DEFAULT_FUSION else ["--fusion", fusion])
    return ["train", "--name", name, *named, *_changes(chosen, Recipe)]


def movie_arguments(name: str, chosen: Mapping[str, object]) -> list[str]:
    """The command line of a training of movies; only what differs from the defaults is named."""
    return ["train", MOVIELENS, "--name", name, *_changes(chosen, movies.MovieTraining)]


def _changes(chosen: Mapping[str, object], model: type[BaseModel]) -> list[str]:
    defaults = {option.name: option.default for option in options(tuple(chosen), model)}
    changed = {field: value for field, value in chosen.items() if value != defaults[field]}
    return [part for field, value in changed.items() for part in ("--set", f"{field}={value}")]


def problem_of(name: str) -> str | None:
    """Why a bundle cannot have this name, or None."""
    if not OWN_NAME.fullmatch(name):
        return say("Use 2 to 31 small letters, digits and hyphens, beginning with a letter or digit.")
    return say("This is the name of a shipped model; choose another.") if (SHIPPED / name).exists() else None


def is_taken(name: str, catalogue: str) -> bool:
    """Whether a model of one's own has this name, so that a training replaces it."""
    if catalogue == MOVIELENS:
        return name in cache.movie_shelf().names()
    return (get_settings().home / "models" / name).exists()


def _headed(title: str, hint: str) -> None:
    st.html(f"<h2>{say(title)}</h2><div class='mm-small'>{say(hint)}</div>")


def _name() -> str:
    st.session_state.setdefault("mm-train-name", "mine")
    name = st.text_input(say("Name of the bundle"), key="mm-train-name", help=say("A folder of this name is made."))
    return name.strip()


def _catalogue(service: core.Service) -> str:
    names = {OPEN_MEDIA: say("Open Media, {count:,} items", count=cache.summary(service).items)}
    names[MOVIELENS] = say("MovieLens, 100,000 ratings")
    help_of = {OPEN_MEDIA: MEDIA_SPLIT, MOVIELENS: MOVIES_SPLIT}
    return st.selectbox(
        say("Catalogue"), list(names), format_func=names.__getitem__, key=CATALOGUE, help=say(help_of[catalogue()])
    )


def _fusion() -> str:
    plugins = FUSIONS.plugins
    st.session_state.setdefault("mm-train-fusion", DEFAULT_FUSION)
    return st.selectbox(
        say("Fusion"),
        list(plugins),
        format_func=lambda key: say(plugins[key].title),
        key="mm-train-fusion",
        help=say("How the modalities become one embedding."),
    )


def _fields(names: tuple[str, ...], model: type[BaseModel] = Recipe) -> dict[str, object]:
    declared: tuple[Option, ...] = options(names, model)
    return {option.name: controls.draw(option, f"mm-train-{option.name}") for option in declared}


def _start(desk: JobDesk, name: str, catalogue: str, words: list[str], hint: str) -> None:
    problem, busy = problem_of(name), desk.running()
    if problem is None and is_taken(name, catalogue):
        replaced = say("“{name}” is on this machine already; what is trained now takes its place.", name=name)
        st.warning(replaced, icon=":material/swap_horiz:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say("Train"),
            type="primary",
            icon=":material/model_training:",
            disabled=problem is not None or busy is not None,
            key=START,
            on_click=job_panel.start,
            args=(desk, KIND, told("Train “{name}”", name=name), words, {"bundle": name, "catalogue": catalogue}),
        )
        waits = say("“{title}” is running; one heavy job runs at a time.", title=say(busy.title)) if busy else ""
        said = problem or waits or say(hint)
        st.html(f'<span class="mm-small">{html.escape(said)}</span>')


MODEL_HINT = "What is trained, and for how long."
TASKS_HINT = "How much each weighs in the loss; 0 switches it off."
AUGMENTATION_HINT = "What training hides from the model or repeats."
MEDIA_SPLIT = "75% of the items are trained on, 10% choose the epoch, 15% are only reported."
MOVIES_SPLIT = (
    "Ratings are cut in two; what has to be found is only reported, and the rest is cut once more to choose by."
)
MOVIE_TASKS_HINT = "What is learned from, besides who liked what; how much each weighs is chosen on validation."
MOVIE_FEATURES_HINT = "What the model knows of a movie besides who liked it."
MOVIES_HOW_LONG = (
    "Each epoch tries one setting; all of them take a minute or two on two cores. It goes on when this page is closed, and "
    "after every epoch it can be taken up again."
)
FEATURES_HINT = "What pooled features go through first, in this order."
HOW_LONG = (
    "The first run encodes augmented views of every medium, which takes a while; later runs find them on disk. "
    "It goes on when this page is closed, and after every epoch it can be taken up again."
)
