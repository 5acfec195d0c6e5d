"""Imports point one way, as the folder tree in the README of the project says: this test holds them to it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "quotes"

# Lowest first. A package may import those before it and itself.
PACKAGES = (
    "errors", "records", "files", "lexicon", "text", "ingest", "reader", "extraction",
    "comparison", "export", "batch", "web", "cli",
)  # fmt: skip
# Inside extraction: packages in one row must not import one another.
EXTRACTION: tuple[frozenset[str], ...] = (
    frozenset({"options", "read_ahead", "forgetting", "memory", "article_text", "statement"}),
    frozenset({"parsing"}),
    frozenset({"proposers", "speakers", "channels", "ranking", "fragments", "dates", "stance", "relays", "passed_on"}),
    frozenset({"assembly"}),
    frozenset({"pipeline"}),
    frozenset({"pattern_proof", "spacy_component"}),
)
LONGEST = 400  # lines of a module


def module_of(path: Path) -> str:
    """Return a module's dotted name from the package down: "ingest.html"."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(p): p for p in sorted(PACKAGE.rglob("*.py")) if p.parent != PACKAGE or p.stem != "__init__"}


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
    return {name for name in inside if name.split(".")[0] in PACKAGES}


def level(module: str) -> tuple[int, int, str]:
    """Return a module's place: its package's, its row's within extraction, and the part within that row."""
    package, _, rest = module.partition(".")
    part = rest.partition(".")[0]
    row = next((n for n, row in enumerate(EXTRACTION) if part in row), -1) if package == "extraction" else 0
    return PACKAGES.index(package), row, part if package == "extraction" else ""


def points_up(module: str, other: str) -> bool:
    """Return whether an import leads up or sideways."""
    own, theirs = level(module), level(other)
    return theirs[:2] > own[:2] or (theirs[:2] == own[:2] and theirs[2] != own[2])


def faults(module: str, tree: ast.AST) -> list[str]:
    """Return what a module imports that it must not."""
    return sorted(name for name in imported(tree) if points_up(module, name))


def test_imports_point_one_way() -> None:
    """Every module imports only modules of lower layers."""
    found = {m: faults(m, ast.parse(p.read_text(encoding="utf-8"))) for m, p in MODULES.items()}
    assert {module: names for module, names in found.items() if names} == {}


def test_the_list_is_the_folder_tree() -> None:
    """Each package and each part of extraction has a place, and no place is empty; no module is too long."""
    tops = {m.split(".")[0] for m in MODULES}
    assert set(PACKAGES) == tops
    parts = {m.split(".")[1] for m in MODULES if m.startswith("extraction.")}
    assert {name for row in EXTRACTION for name in row} == parts
    lines = {m: len(p.read_text(encoding="utf-8").splitlines()) for m, p in MODULES.items()}
    assert {m: n for m, n in lines.items() if n > LONGEST} == {}


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("records", "from quotes.lexicon import Lexicon", ["lexicon.Lexicon"]),
        ("text.quotation_marks", "def f():\n    import quotes.extraction.pipeline", ["extraction.pipeline"]),
        ("batch.run", "from quotes import cli", ["cli"]),
        ("ingest.html", "from quotes.ingest import sniff", []),
        ("extraction.pipeline", "import os\nfrom quotes.text.quotation_marks import find", []),
        ("extraction.speakers.resolve", "from quotes.extraction.channels import find", ["extraction.channels.find"]),
        ("cli", "from quotes import __version__", []),
    ],
)
def test_the_check_sees_imports_everywhere(module: str, source: str, expected: list[str]) -> None:
    """An import that points up or sideways is seen, in a function as well; one that points down is not."""
    assert faults(module, ast.parse(source)) == expected
