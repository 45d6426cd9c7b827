"""The query of a command: its options, and the files that they name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mmrec_core.cli.shared import console
from mmrec_core.encoders.language import ENGLISH
from mmrec_core.errors import UnreadableError
from mmrec_core.media.limits import LIMITS
from mmrec_core.types import Query

if TYPE_CHECKING:
    from mmrec_core.service import Service

ImageFile = Annotated[Path | None, typer.Option("--image", help="A picture to search with.", metavar="FILE")]
TextPart = Annotated[str | None, typer.Option("--text", help="A text to search with.")]
TextLanguage = Annotated[
    str | None,
    typer.Option("--language", help="ISO 639-1 code of the text's language; detected without it.", metavar="CODE"),
]
AudioFile = Annotated[Path | None, typer.Option("--audio", help="A sound to search with.", metavar="FILE")]


def read_query(
    service: Service,
    image: Path | None,
    text: str | None,
    audio: Path | None,
    item: str | None,
    language: str | None = None,
) -> Query:
    """The query that the options describe."""
    media = {"image": read_file(image), "audio": read_file(audio)}
    return service.read_query(**media, text=text, item_id=item, language=language)


def tell_language(service: Service, query: Query) -> None:
    """Say on stderr in which language the text is read, where it is not English, and what that lacks."""
    if (code := service.language_of(query)) not in (None, ENGLISH):
        console().print(f"Text read as {service.languages()[code]}; --language names another.", markup=False)
    if note := service.text_note(query):
        console().print(note, markup=False)


def read_file(path: Path | None) -> bytes | None:
    """The file's bytes; raises UnreadableError where it cannot be read or is larger than any upload may be."""
    if path is None:
        return None
    try:
        if (size := path.stat().st_size) > LIMITS.max_bytes:
            limit = f"{LIMITS.max_bytes / 1e6:.0f} MB"
            raise UnreadableError(f"{path} has {size / 1e6:.1f} MB; the limit is {limit}. Choose a smaller file.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}. Check the path.") from error
