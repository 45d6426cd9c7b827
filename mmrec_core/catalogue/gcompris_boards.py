"""GCompris' boards: paintings put together from their pieces, maps, old vehicles, the solar system, and the activities."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from mmrec_core.catalogue.gcompris_files import Files
from mmrec_core.catalogue.gcompris_names import SECTIONS
from mmrec_core.catalogue.gcompris_types import Draft
from mmrec_core.catalogue.prose import slug
from mmrec_core.catalogue.qml import objects, properties, strings

_QUESTION = re.compile(r'"question":\s*qsTr\("([^"]*)"\),\s*"options":\s*\[([^\]]*)\],\s*"closeness":\s*\[([^\]]*)\]')
_YEAR = re.compile(r"^(\d{4})[\s:,]+(.+)$", re.DOTALL)
_DATED = re.compile(r"\b1[4-9]\d\d|century|^[A-Z][\w. ü-]+, (?:Oiran|Woman)")
_ACTIVITY = r"([\w-]+)/ActivityInfo\.qml"


def paintings(files: Files) -> Iterator[Draft]:
    """Paintings and views: whole backgrounds of puzzles, or pictures laid together from their pieces."""
    for board in files.matching(r"(?:details|babyshapes|paintings)/resource/board/.*\.qml"):
        name = properties(files.text(board)).get("instruction", "").strip().rstrip(".")
        pieces = [entry for entry in objects(files.text(board)) if entry.get("pixmapfile")]
        if not pieces or not (_DATED.search(name) or board.startswith("details")):
            continue
        base = f"{board.split('/')[0]}/resource/"
        ground = base + pieces[0]["pixmapfile"]
        painting = bool(_DATED.search(name))
        whole = ground.endswith(".webp")
        drawn = None if whole else _laid_together(files, base, pieces)
        if whole or drawn:
            yield Draft(
                key=f"picture-{slug(name)}",
                title=name.replace("XVe century", "15th century"),
                text=f"{'Painting' if painting else 'View'}: {name.replace('XVe century', '15th century')}.",
                tags=("painting", "art") if painting else ("photograph", "place"),
                category="misc" if painting else "places",
                kind="picture",
                picture=ground if whole else "",
                drawn=drawn,
                origin=base + pieces[-1]["pixmapfile"],
            )


def _laid_together(files: Files, base: str, pieces: list[dict[str, str]]) -> bytes | None:
    """The pieces, each centred at its share (x, y) of the board, as one PNG cut to what they cover."""
    from PIL import Image

    width, height = (int(float(pieces[0].get(side, 0))) for side in ("width", "height"))
    if not (width and height):
        return None
    board = Image.new("RGBA", (width, height))
    for piece in pieces[1:]:
        data = files.picture(base + piece["pixmapfile"])
        if data is None or not piece["pixmapfile"].endswith(".webp"):
            return None
        with Image.open(io.BytesIO(data)) as opened:
            tile = opened.convert("RGBA")
        corner = (
            round(float(piece["x"]) * width - tile.width / 2),
            round(float(piece["y"]) * height - tile.height / 2),
        )
        board.alpha_composite(tile, (max(corner[0], 0), max(corner[1], 0)))
    box = board.getchannel("A").getbbox()
    buffer = io.BytesIO()
    board.crop(box).save(buffer, "PNG")
    return buffer.getvalue() if box else None


def maps(files: Files) -> Iterator[Draft]:
    """Outlines of countries and continents."""
    for board in files.matching(r"geography/resource/board/.*\.qml"):
        text = files.text(board)
        region = properties(text).get("instruction", "").strip()
        for entry in objects(text):
            name = entry.get("toolTipText", "").strip()
            if name and region:
                part = "a continent" if region == "Continents" else f"in {region}"
                yield Draft(
                    key=f"map-{slug(name)}",
                    title=f"Map of {name}",
                    text=f"The outline of {name}, {part}.",
                    tags=("map", *(("country", region) if region != "Continents" else ("continent",))),
                    category="flags",
                    kind="map",
                    picture=f"geography/resource/{entry['pixmapfile']}",
                )


def transports(files: Files) -> Iterator[Draft]:
    """Old vehicles and aircraft: each dated text of a board belongs to the nearest picture."""
    for board in files.matching(r"chronos/resource/board/.*\.qml"):
        text = files.text(board)
        topic = properties(text).get("instruction", "")
        entries = [entry for entry in objects(text) if "x" in entry and "y" in entry]
        pictures = [entry for entry in entries if entry.get("pixmapfile", "").endswith(".svg")]
        for entry in entries:
            dated = _YEAR.match(entry.get("text", ""))
            if dated and pictures:
                nearest = min(pictures, key=lambda p, e=entry: _distance(p, e))  # type: ignore[misc]
                name = dated[2].strip()
                yield Draft(
                    key=f"transport-{slug(name)}",
                    title=name[:1].upper() + name[1:],
                    text=f"{name}, {dated[1]}.",
                    tags=(topic.lower(), "history"),
                    category="aircraft" if topic == "Aviation" else "vehicles",
                    kind="drawing",
                    picture=f"chronos/resource/{nearest['pixmapfile']}",
                )


def _distance(one: dict[str, str], other: dict[str, str]) -> float:
    return abs(float(one["x"]) - float(other["x"])) + abs(float(one["y"]) - float(other["y"]))


def solar_system(files: Files) -> Iterator[Draft]:
    """The sun and the planets, with the right answers of the quiz as prose."""
    for chunk in files.text("solar_system/Dataset.js").split('"realImg":')[1:]:
        name = properties(chunk).get("bodyName", "")
        facts = [
            f"{question} {_best(options, closeness)}." for question, options, closeness in _QUESTION.findall(chunk)
        ]
        if name and facts:
            yield Draft(
                key=f"solar-system-{slug(name)}",
                title=name,
                text=" ".join(facts),
                tags=("solar system", "star" if name == "Sun" else "planet"),
                category="planets",
                kind="solar system",
                picture=strings(chunk)[0],
            )


def _best(options: str, closeness: str) -> str:
    scores = [float(score) for score in closeness.split(",")]
    return strings(options)[scores.index(max(scores))].rstrip(".")


def activities(files: Files) -> Iterator[Draft]:
    """The activities themselves: what one does and learns."""
    for path in files.matching(_ACTIVITY):
        told = properties(files.text(path))
        title, icon = told.get("title", "").strip(), told.get("icon", "")
        section = told.get("section", "").split()
        parts = [told.get(key, "").strip().rstrip(".") for key in ("description", "goal")]
        text = ". ".join(dict.fromkeys(part for part in parts if part))
        if title and text and icon and section and section[0] != "/":
            yield Draft(
                key=f"activity-{slug(Path(path).parent.name)}",
                title=title,
                text=f"{text}.",
                tags=("educational game", *section),
                category=SECTIONS.get(section[0], "office"),
                kind="activity",
                picture=icon,
            )
