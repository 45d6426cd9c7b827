"""Imports point one way: each layer sees only what stands to its left."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "mmrec_core"
ORDER = (
    {"types", "files"},
    {"errors"},
    {"metrics", "registry", "settings"},
    {"jobs"},
    {"media"},
    {"speech"},
    {"catalogue"},
    {"encoders"},
    {"interactions"},
    {"features"},
    {"fusion"},
    {"index", "training"},
    {"recommend"},
    {"explain"},
    {"evaluate"},
    {"assembly"},
    {"bootstrap"},
    {"report"},
    {"service"},
    {"render"},
    {"cli"},
    {"__main__"},
)
RANK = {layer: rank for rank, layers in enumerate(ORDER) for layer in layers}
ALLOWED = {"plots": {"types"}, "feedback": {"types", "errors", "settings", "files"}, "charts": {"types", "plots"}}
HEAVY = {
    "torch",
    "shap",
    "lime",
    "open_clip",
    "faiss",
    "librosa",
    "transformers",
    "timm",
    "av",
    "faster_whisper",
    "streamlit",
}
MODULES = sorted(CORE.rglob("*.py"))


def layer_of(path: Path) -> str:
    return path.relative_to(CORE).parts[0].removesuffix(".py")


def imported(path: Path) -> list[tuple[ast.stmt, str]]:
    """Every imported module name, with its statement."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "mmrec_core" else [f"mmrec_core.{a.name}" for a in node.names]
            found += [(node, name) for name in names]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_left(path: Path) -> None:
    layer = layer_of(path)
    if layer == "__init__":
        return
    for _, name in imported(path):
        assert not name.startswith("streamlit"), f"{path} imports streamlit"
        if not name.startswith("mmrec_core."):
            continue
        other = name.split(".")[1]
        if layer in ALLOWED:
            assert other in ALLOWED[layer] | {layer}, f"{layer} may not import {other}"
        elif other != layer:
            assert other in ALLOWED or RANK[other] < RANK[layer], f"{layer} may not import {other}"


def test_importing_the_core_is_light() -> None:
    import subprocess
    import sys

    code = "import sys, mmrec_core, mmrec_core.types, mmrec_core.registry, mmrec_core.settings; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not HEAVY & set(loaded.split())


# A fusion is a torch module, so its file cannot exist without torch; every other plugin must.
PLUGIN_FILES = [p for p in MODULES if "PLUGIN = Plugin(" in p.read_text() and layer_of(p) != "fusion"]


@pytest.mark.parametrize("path", PLUGIN_FILES, ids=lambda p: p.stem)
def test_plugin_files_import_heavy_packages_inside_functions(path: Path) -> None:
    body = ast.parse(path.read_text()).body
    top = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name.split(".")[0] for node in top if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module.split(".")[0] for node in top if isinstance(node, ast.ImportFrom) and node.module}
    assert not names & HEAVY
