"""What pages and the core say, read from their source: every template that an interface may have to say in another language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from mmrec_core.catalogue.base import SOURCES
from mmrec_core.encoders.base import ENCODERS
from mmrec_core.encoders.language import LANGUAGES
from mmrec_core.evaluate.versus import VERDICTS
from mmrec_core.evaluate.words import ASKED, MEANINGS
from mmrec_core.explain.base import EXPLAINERS
from mmrec_core.explain.phrases import PART_COUNTS
from mmrec_core.explain.words import NOUNS, ORDINALS
from mmrec_core.fusion.base import FUSIONS
from mmrec_core.index.base import INDEXES
from mmrec_core.interactions import training as movies
from mmrec_core.media import sniff
from mmrec_core.media.strip import STRIPPERS
from mmrec_core.plots.look import METHODS, NAMES
from mmrec_core.recommend.examples import RULES
from mmrec_core.training.recipe import AUGMENTATION, FEATURES, TASKS, options
from mmrec_core.types import FUSED
from mmrec_core.types.labels import VOCABULARY
from mmrec_core.types.sentence import AND, COMMA, NOTHING, OR, PLUS, SEMICOLON, SPACE
from pages._ui import html, shell
from pages._ui.models import SHIPPED
from pages._ui.movie_words import GENRES, OCCUPATIONS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]
CORE = sorted((ROOT / "mmrec_core").rglob("*.py"))
SAYING = ("say", "told")
BY_PLACE = {"Progress": (0, 3), "UnknownNameError": (0,), "stage": (0,), "check_parts": (2,), "Finding": (0, 1)}
"""Calls whose arguments at these places are said later."""
NEVER_SHOWN = ("cli/", "evaluate/bench", "evaluate/peers", "evaluate/transfer", "evaluate/speech", "evaluate/languages",
               "evaluate/folder", "evaluate/photographs", "evaluate/ablation", "evaluate/beside_words", "training/corpus",
               "training/afterwards", "training/languages", "report/write",
               "catalogue/pictures", "catalogue/sounds", "catalogue/rcc", "catalogue/debian_descriptions")  # fmt: skip
"""Modules, or beginnings of their paths, whose progress and errors only the command line shows, or reports of set-up."""


def is_shown(path: Path) -> bool:
    """Whether what the file reports and refuses may reach a page."""
    inner = path.relative_to(ROOT).as_posix().removeprefix("mmrec_core/")
    return not inner.startswith(NEVER_SHOWN)


def literals(path: Path) -> set[str]:
    """Every literal, and every literal behind a name, that a file gives to ``say`` or ``told``, or to what is said later."""
    tree = ast.parse(path.read_text())
    names = assigned(tree)
    found: set[str] = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = called(call)
        places = (0,) if name in SAYING else BY_PLACE.get(name, ()) if is_shown(path) else ()
        for argument in (call.args[place] for place in places if place < len(call.args)):
            assert not isinstance(argument, ast.JoinedStr), f"{path}:{call.lineno}: an f-string cannot be looked up"
            found |= set(strings(argument, names))
        if name == "Option" and path in PAGES:
            found |= {text for place in (2, 3) for text in strings_at(call, place)} | set(keyword(call, "help"))
    return found - {""}


def called(call: ast.Call) -> str:
    """The last name of what is called."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def assigned(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What every name of a file may hold."""
    found: dict[str, list[ast.expr]] = {}
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Assign)):
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=True))
            for name, value in pairs:
                if isinstance(name, ast.Name):
                    found.setdefault(name.id, []).append(value)
    return found


def strings(node: ast.expr, names: dict[str, list[ast.expr]]) -> Iterator[str]:
    """The strings that an argument may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body, names)
        yield from strings(node.orelse, names)
    elif isinstance(node, ast.Name):
        for value in names.get(node.id, ()):
            yield from strings(value, {})
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        tables = [table for table in names.get(node.value.id, ()) if isinstance(table, ast.Dict)]
        for value in (value for table in tables for value in table.values):
            yield from strings(value, {})


def strings_at(call: ast.Call, place: int) -> list[str]:
    """The literal at a place of a call, if it is one."""
    return list(strings(call.args[place], {})) if place < len(call.args) else []


def keyword(call: ast.Call, name: str) -> list[str]:
    """The literal given by keyword, if it is one."""
    return [text for word in call.keywords if word.arg == name for text in strings(word.value, {})]


def tables() -> set[str]:
    """What is said from tables."""
    titles = {title for _, title, _ in shell.PAGES} | set(LANGUAGES.values())
    nouns = set(NAMES.values()) | {html.noun(m) for m in FUSED} | {str(m) for m in FUSED} | set(NOUNS.values())
    counts = (
        {text for pair in PART_COUNTS.values() for text in pair}
        | set(ORDINALS.values())
        | {AND, OR, COMMA, SEMICOLON, PLUS, SPACE, NOTHING}
    )
    words = set(VERDICTS.values()) | {text for _, text in MEANINGS} | set(ASKED.values()) | set(VOCABULARY)
    shown = set(METHODS.values()) | set(SHIPPED) | {rule.title for rule in RULES} | set(GENRES) | set(OCCUPATIONS)
    return titles | nouns | counts | words | shown | kinds_of_files() | plugins() | form()


def kinds_of_files() -> set[str]:
    """What a refused file may turn out to be."""
    tree = ast.parse(Path(sniff.__file__).read_text())
    text = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    ends = (
        "image",
        "file",
        "sound",
        "document",
        "video",
        "archive",
        "program",
        "script",
        "database",
        "drawing",
        "page",
        "playlist",
    )
    return {kind for kind in text if kind.endswith(ends) and "\n" not in kind} | set(STRIPPERS)


def plugins() -> set[str]:
    """Titles of what is chosen or spoken of, the options that pages draw, and what a registry calls its plugins."""
    registries = (FUSIONS, EXPLAINERS, ENCODERS, INDEXES, SOURCES)
    titles = {p.title for registry in (FUSIONS, EXPLAINERS) for p in registry.plugins.values()}
    return titles | {name.replace("_", "-") for name in FUSIONS.plugins} | {registry.kind for registry in registries}


def form() -> set[str]:
    """Labels, helps and choices of what the Train page draws from the core."""
    drawn = [*options((*TASKS, *AUGMENTATION, *FEATURES, "epochs", "seed"))]
    drawn += options(("walks", "seed", *movies.TASKS, *movies.FEATURES), movies.MovieTraining)
    return {text for option in drawn for text in (option.label, option.help, *option.choices) if text}


def refusals(path: Path) -> Iterator[tuple[int, ast.expr]]:
    """Line and message of every error for users that a file makes of a plain string."""
    for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
        if called(call) in family() and call.args and isinstance(call.args[0], ast.Constant | ast.JoinedStr):
            yield call.lineno, call.args[0]


def family() -> set[str]:
    """Names of the errors whose one argument is a message for a user."""
    from mmrec_core import errors

    kinds = {
        name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.MMRecError)
    }
    return kinds - {"LimitError", "UnknownNameError", "MissingPackageError"}
