"""English text that remembers how it was made, so that an interface can say it in another language.

The core writes ``told("{rank} of {total}", rank=1, total=9)``: a ``str`` in English, for whoever reads it as one. An interface
looks its template up and fills the same places; a value that is such a text itself is looked up, too, any other stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

LookUp = Callable[[str], str]
"""An English template -> the same in another language, with the same places."""


class Say(Protocol):
    """Says an English template in some language, its places filled; figures and reports are given one."""

    def __call__(self, text: str, /, **values: Any) -> str:
        """The text in that language."""
        ...


class Sentence(str):
    """A template filled with values, in English; made by ``told``.

    Args:
        template: with ``{name}`` places, as ``str.format`` takes them.
        values: by place.
        capital: whether the first letter is made a capital.
    """

    template: str
    values: Mapping[str, Any]
    capital: bool

    def __new__(cls, template: str, values: Mapping[str, Any], capital: bool = False) -> Sentence:
        """Fill the places in English."""
        made = super().__new__(cls, _filled(template, values, capital))
        made.template, made.values, made.capital = template, dict(values), capital
        return made

    def __getnewargs__(self) -> tuple[str, Mapping[str, Any], bool]:  # type: ignore[override]
        """What a copy is made of."""
        return self.template, self.values, self.capital

    def render(self, look_up: LookUp) -> str:
        """The same in another language."""
        values = {name: render(value, look_up) for name, value in self.values.items()}
        return _filled(look_up(self.template), values, self.capital)


def told(template: str, /, **values: Any) -> Sentence:
    """The English template, its places filled from ``values``; a test sees to it that every template has translations."""
    if isinstance(template, Sentence) and not values:
        return template
    return Sentence(template, values)


def capitalised(sentence: Sentence) -> Sentence:
    """The sentence with a capital at its beginning."""
    return Sentence(sentence.template, sentence.values, capital=True)


def english(text: str, /, **values: Any) -> str:
    """What ``Say`` is where nobody asks for another language."""
    return _filled(text, values, False)


def render(value: Any, look_up: LookUp) -> Any:
    """A ``Sentence`` in another language; any other value, e.g. a person's own word, as it is."""
    return value.render(look_up) if isinstance(value, Sentence) else value


COMMA, SEMICOLON, PLUS = "{first}, {last}", "{first}; {last}", "{first} + {last}"
AND, OR = "{first} and {last}", "{first} or {last}"
SPACE, NOTHING = "{first} {last}", "{first}{last}"
"""What stands between two of several texts."""


def joined(texts: Sequence[str], between: str) -> Sentence:
    """Texts with the same between all of them; empty ones are left out."""
    first, *others = [text for text in texts if text] or [""]
    row = told("{it}", it=first)
    for text in others:
        row = told(between, first=row, last=text)
    return row


def in_a_row(sentences: Sequence[str]) -> Sentence:
    """Whole sentences, one after the other; empty ones are left out."""
    return joined(sentences, SPACE)


def enumerated(things: Sequence[str], between: str = AND) -> Sentence:
    """ "a, b and c"; ``between`` is what stands before the last, AND or OR."""
    if len(things) < 2:
        return joined(things, COMMA)
    return told(between, first=joined(things[:-1], COMMA), last=things[-1])


def packed(value: Any) -> Any:
    """As JSON holds it: a sentence as its template and values, anything else as it is."""
    if not isinstance(value, Sentence):
        return value if isinstance(value, int | float | None) else str(value)
    values = {name: packed(inner) for name, inner in value.values.items()}
    return {"template": value.template, "values": values, "capital": value.capital}


def unpacked(value: Any) -> Any:
    """What ``packed`` was given."""
    if not (isinstance(value, dict) and value.keys() == {"template", "values", "capital"}):
        return value
    return Sentence(
        value["template"], {name: unpacked(v) for name, v in value["values"].items()}, bool(value["capital"])
    )


def _filled(template: str, values: Mapping[str, Any], capital: bool) -> str:
    text = template.format(**values) if values else template
    return text[:1].upper() + text[1:] if capital else text
