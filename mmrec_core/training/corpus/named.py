"""What a named sound of the training corpus says of itself."""

from __future__ import annotations

from typing import Any, NamedTuple


class Named(NamedTuple):
    """Title, what is heard ("a dog barking"), category."""

    title: str
    heard: str
    category: str

    def fields(self, *tags: str) -> dict[str, Any]:
        """Of the item: its title, sentence, tags and category; ``tags`` stand before its own."""
        return {
            "title": self.title,
            "text": f"The sound of {self.heard}.",
            "tags": (*tags, self.title.lower(), "sound"),
            "category": self.category,
        }
