"""A tolerant reader of WML, the markup of The Battle for Wesnoth: tags, attributes, strings, macros kept as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_SKIPPED = re.compile(r"\s+|#define\b.*?#enddef|#[^\n]*", re.DOTALL)
_TAG = re.compile(r"\[(/?)\+?([A-Za-z_][\w ]*)\]")
_KEY = re.compile(r"([A-Za-z_][\w, ]*?)[ \t]*=")
_STRING = re.compile(r'"((?:[^"]|"")*)"')
_RAW = re.compile(r"<<(.*?)>>", re.DOTALL)
_BARE = re.compile(r'[^\n"{#]+')
_DEFINITION = re.compile(r"#define[ \t]+([\w:]+)[ \t]*\n(.*?)#enddef", re.DOTALL)
_MACRO = re.compile(r"\{([^{}\s]+)[^{}]*\}")


@dataclass
class Tag:
    """``[name] key=value ... [child] ... [/name]``. ``macros`` are the bodies of the ``{...}`` that stand in it alone."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Tag] = field(default_factory=list)
    macros: list[str] = field(default_factory=list)

    def all(self, name: str) -> list[Tag]:
        """Direct children called ``name``."""
        return [child for child in self.children if child.name == name]

    def walk(self) -> Iterator[Tag]:
        """This tag and every tag below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()


def definitions(text: str) -> dict[str, str]:
    """Macros without parameters that ``text`` defines, by name."""
    return {name: body.strip() for name, body in _DEFINITION.findall(text)}


def expand(value: str, macros: Mapping[str, str]) -> str:
    """``value`` with the known macros replaced and the unknown ones dropped."""
    for _ in range(4):  # macros of macros; the depth in real files is two
        if "{" not in value:
            break
        value = _MACRO.sub(lambda match: macros.get(match[1], ""), value)
    return value


def parse(text: str) -> Tag:
    """The tree of one file under a nameless root. What is not understood is skipped; unclosed tags end with the file."""
    root = Tag("")
    open_tags = [root]
    position = 0
    while position < len(text):
        position = _statement(text, position, open_tags)
    return root


def _statement(text: str, position: int, open_tags: list[Tag]) -> int:
    """Read one statement into the innermost open tag; return where the next begins."""
    if skipped := _SKIPPED.match(text, position):
        return skipped.end()
    if tag := _TAG.match(text, position):
        _open_or_close(tag[1] == "/", tag[2], open_tags)
        return tag.end()
    if key := _KEY.match(text, position):
        value, end = _value(text, key.end())
        open_tags[-1].attributes[key[1]] = value
        return end
    if text[position] == "{":
        end = _macro_end(text, position)
        open_tags[-1].macros.append(text[position + 1 : end - 1])
        return end
    return position + 1


def _open_or_close(closes: bool, name: str, open_tags: list[Tag]) -> None:
    if not closes:
        tag = Tag(name)
        open_tags[-1].children.append(tag)
        open_tags.append(tag)
    elif any(tag.name == name for tag in open_tags[1:]):
        while open_tags.pop().name != name:
            pass


def _value(text: str, position: int) -> tuple[str, int]:
    """The value that begins at ``position``: strings, bare words and macros, concatenated; ``+`` joins lines."""
    parts: list[str] = []
    joined = False
    while position < len(text):
        character = text[position]
        if character == "\n" and not joined:
            break
        if character in " \t\n":
            position += 1
        elif character == "#":
            position = text.find("\n", position) if "\n" in text[position:] else len(text)
        else:
            part, position = _part(text, position)
            joined = part.endswith("+") and text[position - 1] not in '"}'
            parts.append(part.rstrip("+").rstrip() if joined else part)
    return "".join(parts).strip(), position


def _part(text: str, position: int) -> tuple[str, int]:
    """One string, raw string, macro or run of bare characters."""
    if string := _STRING.match(text, position):
        return string[1].replace('""', '"'), string.end()
    if raw := _RAW.match(text, position):
        return raw[1], raw.end()
    if text[position] == "{":
        end = _macro_end(text, position)
        return text[position:end], end
    if bare := _BARE.match(text, position):
        words = bare[0].strip()
        return ("" if words == "_" else words.removesuffix(" _")), bare.end()
    return "", position + 1


def _macro_end(text: str, position: int) -> int:
    """Just past the brace that closes the one at ``position``."""
    depth = 0
    for end in range(position, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return end + 1
    return len(text)
