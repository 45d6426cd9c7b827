"""The data files of Endless Sky: one line a node, tabs give the depth, words are bare, "quoted" or `quoted`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_WORD = re.compile(r'"([^"]*)"|`([^`]*)`|([^\s"`]+)')


@dataclass
class Node:
    """One line: ``words[0]`` is its key, the rest its values; indented lines below it are its children."""

    words: list[str]
    children: list[Node] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The first word."""
        return self.words[0]

    def value(self, key: str) -> str:
        """The value of the last child called ``key``, or an empty text."""
        return next((child.words[1] for child in reversed(self.children) if _is(child, key)), "")

    def values(self, key: str) -> list[str]:
        """All values of all children called ``key``."""
        return [word for child in self.children if child.key == key for word in child.words[1:]]

    def all(self, key: str) -> list[Node]:
        """Children called ``key``."""
        return [child for child in self.children if child.key == key]


def _is(node: Node, key: str) -> bool:
    return node.key == key and len(node.words) > 1


def parse(text: str) -> list[Node]:
    """The top-level nodes of one file."""
    root = Node([""])
    parents: list[tuple[int, Node]] = [(-1, root)]
    for line in text.splitlines():
        body = line.lstrip("\t")
        if not body.strip() or body.lstrip().startswith("#"):
            continue
        depth = len(line) - len(body)
        words = ["".join(parts) for parts in _WORD.findall(body)]
        while parents[-1][0] >= depth:
            parents.pop()
        node = Node(words)
        parents[-1][1].children.append(node)
        parents.append((depth, node))
    return root.children


def read_nodes(folder: Path) -> Iterator[Node]:
    """Every top-level node of the data folder, file by file; what is deprecated is left out."""
    for path in sorted(folder.rglob("*.txt")):
        if not path.name.startswith("deprecated"):
            yield from parse(path.read_text("utf-8"))
