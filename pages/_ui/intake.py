"""What a person brings -> the session's query: decoded once by the service, shown from memory, never written to disk."""

from __future__ import annotations

import hashlib

import numpy as np
from PIL import Image

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.media.encode import encode_jpeg, encode_wav
from mmrec_core.types import Audio, Example, ImageArray, Item, told
from pages._ui import state
from pages._ui.state import Brought, Kind

PREVIEW_PIXELS = 900


def take_upload(service: core.Service, kind: Kind, data: bytes, title: str) -> None:
    """Make uploaded bytes the query's picture or sound; a refusal is remembered and shown in the panel."""
    try:
        query = service.read_query(image=data) if kind == "image" else service.read_query(audio=data)
    except MMRecError as error:
        state.put(kind, None)
        state.set_problem(kind, error.message)
        return
    digest = hashlib.sha256(data).hexdigest()[:12]
    state.put(kind, wrap(query.image if kind == "image" else query.audio, title, digest))


def take_item_part(service: core.Service, kind: Kind, item: Item) -> None:
    """Make the picture or the sound of a catalogue item a part of the query."""
    example = Example(item.title, image_of=item.id) if kind == "image" else Example(item.title, audio_of=item.id)
    try:
        query = service.query_of(example)
    except MMRecError as error:
        state.put(kind, None)
        state.set_problem(kind, error.message)
        return
    medium = query.image if kind == "image" else query.audio
    state.put(kind, wrap(medium, item.title, f"item:{item.id}", item.id))
    if medium is None:
        lacks = told("picture") if kind == "image" else told("sound")
        state.set_problem(
            kind, told("“{title}” has no {medium}. Choose an item that has one.", title=item.title, medium=lacks)
        )


def take_example(service: core.Service, example: Example) -> None:
    """Replace the query by an example."""
    state.clear_query()
    state.set_text(example.text)
    if example.image_of:
        take_item_part(service, "image", service.item(example.image_of))
    if example.audio_of:
        take_item_part(service, "audio", service.item(example.audio_of))


def wrap(medium: ImageArray | Audio | None, title: str, digest: str, item_id: str | None = None) -> Brought | None:
    """A decoded medium with what the page shows of it."""
    if medium is None:
        return None
    shown = encode_wav(medium) if isinstance(medium, Audio) else to_jpeg(medium)
    return Brought(medium, title, digest, shown, item_id)


def to_jpeg(picture: ImageArray) -> bytes:
    """A preview of a picture."""
    small = Image.fromarray(picture)
    small.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
    return encode_jpeg(np.asarray(small), quality=88)
