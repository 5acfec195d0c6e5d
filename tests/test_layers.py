"""Imports point one way, as the picture in the README says: this test reads them and holds them to it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "quotes"

# Lowest first. A stage may import the layers below its own, and itself, but no other stage of its layer.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"errors"}),
    frozenset({"records"}),
    frozenset({"lexicon", "lookahead", "streams"}),
    frozenset({"compiled", "marks", "reading", "ingest", "wording"}),
    frozenset({"matching", "roles", "weights", "layouts", "ranker", "runs", "channels", "names", "dates", "assembly"}),
    frozenset({"pipeline"}),
    frozenset({"proof", "runner", "variants"}),
    frozenset({"export"}),
    frozenset({"checking"}),
    frozenset({"component", "distributed", "training", "web"}),
    frozenset({"commands"}),
    frozenset({"cli"}),
)
# A stage that is more than one module: module -> stage.
PARTS = {
    **dict.fromkeys(("antecedents", "capitals", "descriptions", "desk", "epithets", "people", "portraits"), "names"),
    **dict.fromkeys(("rejoining", "titles"), "names"),
    **dict.fromkeys(("carrying", "channel_names", "frames", "governing", "press", "scenes"), "channels"),
    "outlet_shapes": "channels",
    "grammar": "matching",
    **dict.fromkeys(("posts", "shapes", "transcripts"), "layouts"),
    **dict.fromkeys(("linking", "pieces", "tagging"), "roles"),
    **dict.fromkeys(("completing", "models", "rulings"), "reading"),
    "peoplefile": "names",
    **dict.fromkeys(("journal", "outcome", "outputs", "workers"), "runner"),
    "agreement": "wording",
    "spans": "records",
    "store": "export",
    **dict.fromkeys(("tables", "token_patterns"), "lexicon"),
}
LEVEL = {stage: number for number, layer in enumerate(LAYERS) for stage in layer}
LIMIT = 400

MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.relative_to(PACKAGE).as_posix() != "__init__.py")


def stage_of(module: str) -> str:
    """Return the stage of a module named from the package down: "ingest.html" -> "ingest"."""
    top = module.split(".")[0]
    return PARTS.get(top, top)


def imported(tree: ast.AST) -> set[str]:
    """Return the modules of the package that a module imports anywhere, from the package down."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: import by the full name"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    inside = {name.removeprefix("quotes.") for name in found if name.startswith("quotes.")}
    return {name for name in inside if stage_of(name) in LEVEL or (PACKAGE / f"{name.split('.')[0]}.py").exists()}


def faults(module: str, tree: ast.AST) -> list[str]:
    """Return what a module imports that it must not."""
    own = stage_of(module)
    below = {stage for stage, level in LEVEL.items() if level < LEVEL[own]} | {own}
    return sorted(name for name in imported(tree) if stage_of(name) not in below)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_module_keeps_its_place(path: Path) -> None:
    """Every module has a place in the layers and imports only what lies below it."""
    module = path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")
    assert stage_of(module) in LEVEL, f"{module} has no place: add it to LAYERS or PARTS in tests/test_layers.py"
    assert faults(module, ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_module_is_short(path: Path) -> None:
    """No module is longer than 400 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LIMIT


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("records", "from quotes.lexicon import Lexicon", ["lexicon.Lexicon"]),
        ("marks", "def f():\n    import quotes.reading", ["reading"]),
        ("runner", "from quotes import cli", ["cli"]),
        ("ingest.html", "from quotes.ingest import sniff", []),
        ("pipeline", "import os\nfrom quotes.marks import find", []),
        ("cli", "from quotes import __version__", []),
    ],
)
def test_the_check_sees_imports_everywhere(module: str, source: str, expected: list[str]) -> None:
    """An import that points up or sideways is seen, in a function as well; one that points down is not."""
    assert faults(module, ast.parse(source)) == expected
