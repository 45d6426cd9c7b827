"""What to train: a name, a fusion, the tasks and their weights, what augments the data. Drawn from what the core declares."""

from __future__ import annotations

import re

import streamlit as st

from mmrec_core import service as core
from mmrec_core.fusion.base import FUSIONS
from mmrec_core.jobs.desk import JobDesk
from mmrec_core.registry import Option
from mmrec_core.training.recipe import AUGMENTATION, FEATURES, TASKS, options
from pages._ui import cache, controls, html, job_panel
from pages._ui.language import say

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,30}")
DEFAULT_FUSION, WITH_FEATURES = "model_level", "feature_level"
KIND = "train"


def draw(service: core.Service, desk: JobDesk) -> None:
    """The form and its button."""
    left, middle, right = st.columns(3, gap="large")
    with left:
        st.html(f"<h2>{say('Model')}</h2><div class='mm-small'>{say(MODEL_HINT)}</div>")
        name, fusion = _model(service)
    with middle:
        st.html(f"<h2>{say('Tasks')}</h2><div class='mm-small'>{say(TASKS_HINT)}</div>")
        chosen = _fields(TASKS)
    with right:
        st.html(f"<h2>{say('Augmentation')}</h2><div class='mm-small'>{say(AUGMENTATION_HINT)}</div>")
        chosen |= _fields(AUGMENTATION)
        if fusion == WITH_FEATURES:
            st.html(f"<h2>{say('Features')}</h2><div class='mm-small'>{say(FEATURES_HINT)}</div>")
            chosen |= _fields(FEATURES)
    with left:
        chosen |= _fields(("epochs", "seed"))
    _start(desk, name, arguments(name, fusion, chosen, service.bundle_info().name))


def arguments(name: str, fusion: str, chosen: dict[str, object], in_use: str) -> list[str]:
    """The command line of the run: only what differs from the defaults is named.

    The projections are those of the bundle in use, so that both read the same tokens and one can switch between them.
    """
    defaults = {option.name: option.default for option in options(tuple(chosen))}
    changed = {field: value for field, value in chosen.items() if value != defaults[field]}
    named = ["--projections-of", in_use] + ([] if fusion == DEFAULT_FUSION else ["--fusion", fusion])
    settings = [part for field, value in changed.items() for part in ("--set", f"{field}={value}")]
    return ["train", "--name", name, *named, *settings]


def problem_of(name: str) -> str | None:
    """Why a bundle cannot have this name, or None."""
    if not NAME.fullmatch(name):
        return say("Use 2 to 31 small letters, digits and hyphens, beginning with a letter or digit.")
    return say("This is the name of the shipped model; choose another.") if name == "default" else None


def _model(service: core.Service) -> tuple[str, str]:
    summary = cache.summary(service)
    name = st.text_input(
        say("Name of the bundle"), "mine", key="mm-train-name", help=say("A folder of this name is made.")
    )
    st.selectbox(
        say("Catalogue"),
        [f"Open Media, {say('{count:,} items', count=summary.items)}"],
        key="mm-train-catalogue",
        help=say("75% of the items are trained on, 10% choose the epoch, 15% are only reported."),
    )
    plugins = FUSIONS.plugins
    fusion = st.selectbox(
        say("Fusion"),
        list(plugins),
        index=list(plugins).index(DEFAULT_FUSION),
        format_func=lambda key: plugins[key].title,
        key="mm-train-fusion",
        help=say("How the modalities become one embedding."),
    )
    return name.strip(), fusion


def _fields(names: tuple[str, ...]) -> dict[str, object]:
    declared: tuple[Option, ...] = options(names)
    return {option.name: controls.draw(option, f"mm-train-{option.name}") for option in declared}


def _start(desk: JobDesk, name: str, words: list[str]) -> None:
    problem, busy = problem_of(name), desk.running()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say("Train"),
            type="primary",
            icon=":material/model_training:",
            disabled=problem is not None or busy is not None,
            key="mm-train-start",
            on_click=job_panel.start,
            args=(desk, KIND, f"Train “{name}”", words, {"bundle": name}),
        )
        waits = say("“{title}” is running; one heavy job runs at a time.", title=say(busy.title)) if busy else ""
        said = problem or waits or say(HOW_LONG)
        st.html(f'<span class="mm-small">{html.escape(said)}</span>')


MODEL_HINT = "What is trained, and for how long."
TASKS_HINT = "How much each weighs in the loss; 0 switches it off."
AUGMENTATION_HINT = "What training hides from the model or repeats."
FEATURES_HINT = "What pooled features go through first, in this order."
HOW_LONG = (
    "The first run encodes augmented views of every medium, which takes a while; later runs find them on disk. "
    "It goes on when this page is closed, and after every epoch it can be taken up again."
)
