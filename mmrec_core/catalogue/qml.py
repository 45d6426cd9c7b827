"""The little of QML and JavaScript that data files are written in: flat objects of strings, properties, translatable texts."""

from __future__ import annotations

import re

_STRING = r'"((?:[^"\\]|\\.)*)"'
_PAIR = re.compile(rf'"?([A-Za-z_]\w*)"?\s*:\s*(?:[\w.]+\s*\(\s*|\w+\s*\+\s*)*{_STRING}')
_NUMBER = re.compile(r'"?([A-Za-z_]\w*)"?\s*:\s*"?(-?\d+(?:\.\d+)?)"?')
_OBJECT = re.compile(r"\{([^{}]*)\}")
_COMMENT = re.compile(r"^\s*//[^\n]*|/\*.*?\*/", re.MULTILINE | re.DOTALL)


def objects(text: str) -> list[dict[str, str]]:
    """Every object without objects inside it, as the strings (translatable or not) and numbers it holds."""
    return [_pairs(body) for body in _OBJECT.findall(_COMMENT.sub("", text))]


def properties(text: str) -> dict[str, str]:
    """Keys and strings anywhere in ``text``; the first of a key counts."""
    found: dict[str, str] = {}
    for key, value in _PAIR.findall(_COMMENT.sub("", text)):
        found.setdefault(key, _unescape(value))
    return found


def strings(text: str) -> list[str]:
    """Every string literal, in order."""
    return [_unescape(value) for value in re.findall(_STRING, text)]


def _pairs(body: str) -> dict[str, str]:
    numbers = dict(_NUMBER.findall(body))
    return numbers | {key: _unescape(value) for key, value in _PAIR.findall(body)}


def _unescape(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], value)
