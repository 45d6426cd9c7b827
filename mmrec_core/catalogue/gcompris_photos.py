"""GCompris' photographs and the sounds that go with them: explored places and animals, instruments, words, photo folders."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from mmrec_core.catalogue.gcompris_files import Files
from mmrec_core.catalogue.gcompris_names import (
    BIRDS,
    LESSONS,
    NAMELESS,
    PHOTO_CATEGORIES,
    PHOTO_FOLDERS,
    PHOTO_TITLES,
    WORD_CATEGORIES,
)
from mmrec_core.catalogue.gcompris_types import Draft
from mmrec_core.catalogue.prose import slug, title_case
from mmrec_core.catalogue.qml import objects

_EXPLORED = {
    "explore_monuments": ("places", "monument"),
    "explore_farm_animals": ("animals", "farm animal"),
    "explore_world_animals": ("animals", "wild animal"),
    "explore_world_music": ("instruments", "music"),
}
_BINOMIAL = re.compile(r"([A-Z][a-z]{3,}) ([a-z]{4,})\b")
_NOT_LATIN = frozenset(("fish", "perch", "aquarium", "from", "with", "stock", "photo"))


def explored(files: Files) -> Iterator[Draft]:
    """Places, animals and musics of the explore activities: photograph, prose, and a cry or a tune where there is one."""
    for activity, (category, kind) in _EXPLORED.items():
        for board in files.matching(rf"{activity}/resource/board/.*\.qml"):
            for entry in objects(files.text(board)):
                if not all(entry.get(key) for key in ("title", "text", "image2")):
                    continue
                name = _plain_name(entry["title"])
                title = f"Music of {name}" if kind == "music" else name
                yield Draft(
                    key=f"{activity.replace('_', '-')}-{slug(name)}",
                    title=title,
                    text=entry["text"],
                    tags=(kind, _country(entry["image2"])),
                    category="birds" if name.lower() in BIRDS else category,
                    kind=kind,
                    picture=entry["image2"],
                    sound=entry.get("audio", ""),
                )


def _plain_name(title: str) -> str:
    name = title.strip().rstrip(".")
    return name if name != "Middle East" else "the Middle East"


def _country(picture: str) -> str:
    folder = Path(picture).parent.name
    return folder if folder not in ("animals", "music", "wonders") else ""


def instruments(files: Files) -> Iterator[Draft]:
    """Musical instruments: drawing and sound."""
    for entry in objects(files.text("instruments/instruments.js")):
        name = re.sub(r"^Find the ", "", entry.get("text", ""))
        if name and entry.get("audio"):
            yield Draft(
                key=f"instrument-{slug(name)}",
                title=title_case(name.capitalize()),
                text=f"The {name}: a musical instrument, and how it sounds.",
                tags=("musical instrument",),
                category="instruments",
                kind="instrument",
                picture=entry.get("image", ""),
                sound=entry["audio"],
            )


def words(files: Files) -> Iterator[Draft]:
    """Drawings of the word list: animals, fruit, parts of the body, colours, numbers."""
    chapters = json.loads(files.text("lang/resource/words_sample.json") or "[]")
    for chapter in chapters:
        for lesson in chapter["content"]:
            category, tag = LESSONS.get(str(lesson["name"]), ("misc", str(lesson["name"])))
            for word in lesson["content"]:
                name = word["description"]
                yield Draft(
                    key=f"word-{slug(Path(word['image']).stem)}",
                    title=name.capitalize(),
                    text=f"Drawing of {name}.",
                    tags=(tag, "drawing"),
                    category="birds" if name in BIRDS else WORD_CATEGORIES.get(name, category),
                    kind=tag if tag in ("colour", "number") else "drawing",
                    picture=chapter["imgPrefix"] + word["image"],
                )


def photographs(files: Files) -> Iterator[Draft]:
    """Photographs whose names their files (or, for fish, their sources) tell."""
    for folder, (category, tag) in PHOTO_FOLDERS.items():
        for path in files.matching(rf"{re.escape(folder)}/\w+\.(?:webp|jpe?g)"):
            name, number = _split_name(Path(path).stem)
            if name in NAMELESS:
                continue
            title = PHOTO_TITLES.get(name) or (title_case(name) if tag == "monument" else name.capitalize())
            if tag == "fish":
                title = _species(files.origin(path))
            if title:
                yield Draft(
                    key=f"photo-{slug(Path(folder).name + '-' + Path(path).stem)}",
                    title=title if number in ("", "1") or tag == "fish" else f"{title} {number}",
                    text=f"Photograph: {title[:1].lower() + title[1:] if tag not in ('monument', 'fish') else title}.",
                    tags=("photograph", tag),
                    category="birds" if name in BIRDS else PHOTO_CATEGORIES.get(name, category),
                    kind="photograph",
                    picture=path,
                )


def _split_name(stem: str) -> tuple[str, str]:
    """``"sideCutter1"`` -> ``("side cutter", "1")``."""
    match = re.fullmatch(r"(.*?)(\d*)", stem)
    base, number = (match[1], match[2]) if match else (stem, "")
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", base).strip().lower(), number


def _species(origin: str) -> str:
    """The Latin name in the address of a fish's photograph, or an empty text."""
    name = unquote(origin.rsplit("File:", 1)[-1]).replace("_", " ")
    for genus, species in _BINOMIAL.findall(name):
        if species not in _NOT_LATIN:
            return f"{genus} {species} (fish)"
    return ""
