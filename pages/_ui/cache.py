"""The only caches of the interface: thin wrappers around the service, which is one object for all sessions."""

from __future__ import annotations

import base64
import gc
import importlib
import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image

from mmrec_core import bootstrap
from mmrec_core import service as core
from mmrec_core.evaluate.store import EvaluationStore
from mmrec_core.interactions.shelf import MovieShelf
from mmrec_core.jobs.desk import JobDesk
from mmrec_core.media.image import decode_image
from mmrec_core.service.movies import Movies
from mmrec_core.settings import get_settings
from mmrec_core.types import BundleChoice, CatalogueSummary, Evaluation, Example, ImageArray, Item, SetupStep
from pages._ui import arenas

FRAME_ASPECT = 4 / 3
"""Of a tile's frame: a picture that is narrower has its mat on the left and the right, else above and below."""
TILE_PIXELS = 480
PEAKS = 56
SHOWN = 6
AFTER_FIRST_PAINT = 2.0
"""Seconds: loading the encoders takes the interpreter for itself, so it waits until the first page is drawn."""


@dataclass(frozen=True)
class Thumbnail:
    """A small picture as a data address, and the colour of the mat it lies on."""

    address: str
    mat: str


@st.cache_resource(show_spinner=False)
def service() -> core.Service:
    """The opened facade; raises NotSetUpError (and is asked again next time) where there is nothing to open."""
    arenas.share()
    opened = core.Service.open(get_settings())
    warming = threading.Timer(AFTER_FIRST_PAINT, warm, [opened])
    warming.daemon = True
    warming.start()
    return opened


def warm(opened: core.Service) -> None:
    """Load what the first explanation needs, and take all that is loaded out of the search for garbage.

    Streamlit searches the whole process after every run of a page or fragment. With the libraries and models in it, that
    takes a good part of a second of the only interpreter, and a polled progress bar asks for it all the time.
    """
    gc.freeze()
    opened.warm_up()
    importlib.import_module("shap")
    gc.collect()
    gc.freeze()


@st.cache_resource(show_spinner=False, max_entries=3)
def movies(name: str, digest: str) -> Movies:  # noqa: ARG001 - tells a retrained model from the one before
    """MovieLens and its model; raises NotSetUpError (and is asked again next time) where it is not set up."""
    return Movies.open(get_settings(), name=name)


def movie_shelf() -> MovieShelf:
    """Models of movies; reading one is quick."""
    return MovieShelf(get_settings().movie_models)


@st.cache_data(max_entries=2000, show_spinner=False)
def poster(path: str) -> str:
    """A poster as a data address, small enough for its tile."""
    return shrink(decode_image(Path(path).read_bytes())).address


@st.cache_data(ttl=10, max_entries=1, show_spinner=False)
def bundles(_service: core.Service) -> tuple[BundleChoice, ...]:
    """Every model bundle there is, the one in use first."""
    return _service.bundles()


@st.cache_resource(show_spinner=False, max_entries=4)
def service_beside(name: str, digest: str, _service: core.Service) -> core.Service:  # noqa: ARG001
    """The facade on another bundle; ``digest`` tells a retrained bundle from the one before."""
    return _service.beside(name)


@st.cache_resource(max_entries=1, show_spinner=False)
def summary(_service: core.Service) -> CatalogueSummary:
    """How many items there are; counted once, shown on every run."""
    return _service.catalogue_summary()


@st.cache_resource(max_entries=1, show_spinner=False)
def examples(_service: core.Service) -> list[Example]:
    """One-click queries; chosen once, shown on every run."""
    return _service.examples()


@st.cache_data(ttl=10, max_entries=8, show_spinner=False)
def setup_steps(begun: int, running: bool) -> list[SetupStep]:  # noqa: ARG001 - both tell one moment from another
    """The steps of set-up; looking at them takes too long to be done at every tick of the progress."""
    return bootstrap.steps(get_settings())


@st.cache_data(max_entries=4000, show_spinner=False)
def thumbnail(item_id: str, path: str | None, _service: core.Service) -> Thumbnail | None:
    """The picture of an item for its tile."""
    data = _service.image_bytes(_service.item(item_id)) if path else None
    if not data:
        return None
    picture = _service.read_query(image=data).image
    return None if picture is None else shrink(picture)


def shrink(picture: ImageArray) -> Thumbnail:
    """A picture made small, with its mat."""
    small = Image.fromarray(picture)
    small.thumbnail((TILE_PIXELS, TILE_PIXELS))
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=84)
    address = "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
    return Thumbnail(address, mat_of(np.asarray(small)))


def mat_of(picture: ImageArray) -> str:
    """The colour beside a picture in its frame: that of its own edges there where most of them is of one colour, else a dark neutral."""
    height, width = picture.shape[:2]
    sides = picture[:, [0, -1]] if width < FRAME_ASPECT * height else picture[[0, -1]]
    edge = sides.reshape(-1, 3).astype(float)
    middle = np.median(edge, axis=0)
    even = float(np.mean(np.abs(edge - middle).max(axis=1) < 24)) > 0.5
    red, green, blue = (int(value) for value in middle)
    return f"rgb({red},{green},{blue})" if even else "#1b1e24"


@st.cache_data(max_entries=2000, show_spinner=False)
def waveform(item_id: str, path: str, _service: core.Service) -> tuple[float, ...]:
    """Peaks of an item's sound, each in [0, 1]."""
    data = _service.audio_bytes(_service.item(item_id)) if path else None
    sound = _service.read_query(audio=data).audio if data else None
    return peaks(sound.samples) if sound is not None else ()


def peaks(samples: Sequence[float] | np.ndarray, bars: int = PEAKS) -> tuple[float, ...]:
    """The loudest sample of each of ``bars`` stretches, relative to the loudest of all."""
    loud = np.abs(np.asarray(samples, dtype=np.float32))
    if not len(loud) or not loud.max() > 0:
        return (0.0,) * bars
    stretches = np.array_split(loud, bars)
    return tuple(float(stretch.max(initial=0.0) / loud.max()) for stretch in stretches)


@st.cache_resource(max_entries=1, show_spinner=False)
def titles(_service: core.Service) -> dict[str, Item]:
    """Every item by id, in title order, for the search boxes."""
    return {item.id: item for item in sorted(_service.items(), key=lambda item: (item.title.lower(), item.id))}


@st.cache_resource(max_entries=1, show_spinner=False)
def showcase(_service: core.Service) -> tuple[Item, ...]:
    """One item with a picture, and a sound where there is one, of each of the largest categories; short titles first."""
    largest = list(summary(_service).by_category)[: SHOWN * 2]
    shown: list[Item] = []
    for category in largest:
        mine = [item for item in titles(_service).values() if item.category == category and item.image]
        mine.sort(key=lambda item: (item.audio is None, len(item.title), item.id))
        shown += mine[:1]
    return tuple(shown[:SHOWN])


@st.cache_resource(show_spinner=False)
def jobs() -> JobDesk:
    """Where long work is started and watched."""
    return JobDesk(get_settings().jobs)


def evaluations() -> list[Evaluation]:
    """Every stored evaluation, newest first; read again when a file changed."""
    folder = get_settings().evaluations
    return _evaluations(folder, tuple(sorted((p.name, p.stat().st_mtime_ns) for p in folder.glob("*.json"))))


@st.cache_resource(max_entries=2, show_spinner=False)
def _evaluations(folder: Path, files: tuple[tuple[str, int], ...]) -> list[Evaluation]:  # noqa: ARG001 - names a moment
    return EvaluationStore(folder).all()


def forget() -> None:
    """Open everything anew, e.g. after a set-up."""
    caches = (service, service_beside, bundles, thumbnail, waveform, titles, showcase, summary, examples, setup_steps)
    for cached in caches:
        cached.clear()
