"""Write a report to a file, in the format that its name asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from mmrec_core.errors import OptionError
from mmrec_core.files import write_atomically
from mmrec_core.report.content import METHODS
from mmrec_core.types import Profile, Query


class Reporter(Protocol):
    """Makes reports: the facade."""

    def report_html(self, query: Query, item_id: str, *, methods: Sequence[str], profile: Profile | None) -> str: ...
    def report_pdf(self, query: Query, item_id: str, *, methods: Sequence[str], profile: Profile | None) -> bytes: ...


def write_report(
    service: Reporter,
    query: Query,
    item_id: str,
    methods: Sequence[str],
    path: Path,
    profile: Profile | None = None,
) -> None:
    """Write the report of one pair; without ``methods``, by the usual ones.

    Raises:
        OptionError: where the name of the file ends in neither .html nor .pdf, or its folder cannot be written.
    """
    methods = methods or METHODS
    kind = path.suffix.lower()
    if kind not in (".html", ".pdf"):
        raise OptionError(f"{path} is no report: its name ends in {kind or 'nothing'!r}; it takes .html or .pdf.")
    if kind == ".pdf":
        data = service.report_pdf(query, item_id, methods=methods, profile=profile)
    else:
        data = service.report_html(query, item_id, methods=methods, profile=profile).encode("utf-8")
    try:
        write_atomically(path, data)
    except OSError as error:
        raise OptionError(f"{path} cannot be written: {error.strerror}. Choose another folder.") from error
