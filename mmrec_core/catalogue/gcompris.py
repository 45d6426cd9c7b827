"""GCompris: monuments, animals, music of the world, instruments, paintings, maps, sounds and the activities themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.catalogue.dep5 import together
from mmrec_core.catalogue.gcompris_boards import activities, maps, paintings, solar_system, transports
from mmrec_core.catalogue.gcompris_files import Files
from mmrec_core.catalogue.gcompris_names import DRAWINGS, SOUNDS
from mmrec_core.catalogue.gcompris_photos import explored, instruments, photographs, words
from mmrec_core.catalogue.gcompris_types import Draft
from mmrec_core.catalogue.prose import plain, slug, unique
from mmrec_core.registry import Plugin


class GCompris:
    """Pictures, texts and sounds of GCompris' activities; never its voices."""

    name = "gcompris"
    title = "GCompris"
    packages = ("gcompris-qt-data", "gcompris-data")

    def read(self, folder: Path) -> Iterator[RawItem]:
        """The richest kinds first, so that plain titles go to them."""
        package = next((name for name in self.packages if (folder / "usr/share/doc" / name).is_dir()), self.packages[0])
        files = Files(folder, package)
        sections = (
            explored,
            instruments,
            solar_system,
            sounds,
            photographs,
            paintings,
            transports,
            words,
            drawings,
            maps,
            activities,
        )
        yield from finish(chain.from_iterable(section(files) for section in sections), files)


def sounds(files: Files) -> Iterator[Draft]:
    """Sound effects whose file names are known."""
    for path in files.matching(r"[\w-]+/resource/(?:sounds/)?\w+\.(?:ogg|wav|mp3|aac)"):
        stem = Path(path).stem
        if stem in SOUNDS and "voices" not in path:
            title, category = SOUNDS[stem]
            what = title[:1].lower() + title[1:].rstrip(" 23456789")
            yield Draft(f"sound-{slug(stem)}", title, f"Sound: {what}.", ("sound",), category, "sound", sound=path)


def drawings(files: Files) -> Iterator[Draft]:
    """Drawings whose file names are known."""
    there = set(files.matching(r".*\.svg"))
    for stem, (title, category) in DRAWINGS.items():
        if f"{stem}.svg" not in there:
            continue
        kind = "cartoon" if stem.startswith("memory/") else "drawing"
        key = f"drawing-{slug(stem.replace('/resource', ''))}"
        yield Draft(key, title, f"Drawing of {title.lower()}.", ("drawing",), category, kind, picture=f"{stem}.svg")


def finish(drafts: Iterator[Draft], files: Files) -> Iterator[RawItem]:
    """Items with their media and licences; a title that is taken gets the kind of the thing, then a number, behind it."""
    taken: Counter[str] = Counter()
    keys: set[str] = set()
    for draft in drafts:
        sound = files.sound(draft.sound) if draft.sound else None
        image = draft.drawn or (files.picture(draft.picture) if draft.picture else None)
        if draft.key in keys or not (image or sound) or not draft.title:
            continue
        keys.add(draft.key)
        sources = [path for path in (draft.picture if image else "", sound[0] if sound else "") if path]
        grant = together(*(files.grant(path) for path in (sources or [draft.origin])))
        yield RawItem(
            key=draft.key,
            title=_distinct(draft, taken),
            text=plain(draft.text),
            tags=unique(draft.tags),
            category=draft.category,
            licence=grant.licence,
            credit=grant.credit,
            image=image,
            audio=sound[1] if sound else None,
        )


def _distinct(draft: Draft, taken: Counter[str]) -> str:
    title = draft.title if draft.title not in taken or draft.title.endswith(")") else f"{draft.title} ({draft.kind})"
    taken[title] += 1
    return title if taken[title] == 1 else f"{title} {taken[title]}"


PLUGIN = Plugin("gcompris", GCompris.title, GCompris, requires=("zstandard",))
