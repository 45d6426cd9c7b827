"""Names of Wesnoth's units in other languages, from the message catalogues that its package carries."""

from __future__ import annotations

from gettext import GNUTranslations
from pathlib import Path

DOMAIN = "wesnoth-units.mo"


def unit_names(folder: Path) -> dict[str, dict[str, str]]:
    """By locale (``"de"``, ``"zh_CN"``), each name or sentence of a unit in English and in that language.

    Args:
        folder: where the package is unpacked.
    """
    return {path.parent.parent.name: _messages(path) for path in sorted(folder.rglob(f"LC_MESSAGES/{DOMAIN}"))}


def _messages(path: Path) -> dict[str, str]:
    """Every message without its context (``"female^Blood Bat"``), where it is translated."""
    with path.open("rb") as file:
        messages = GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # no public way lists them
    pairs = {k.split("^")[-1]: v for k, v in messages.items() if isinstance(k, str) and k}
    return {english: said for english, said in pairs.items() if said and said != english}
