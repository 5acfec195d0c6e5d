"""Every English word that a stage looks for is in `patterns/en/`: none is in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from quotes.lexicon import load_lexicon

PACKAGE = Path(__file__).parents[2] / "quotes"
# The packages that read articles; a command's English messages are not words that it looks for.
ENGINE = ("text", "ingest", "reader", "extraction", "comparison")
# Names of lists whose words are found wherever English is.
COMMON = (
    "names-determiner", "names-preposition", "names-function-word", "names-auxiliary", "names-speech-verb",
    "names-possessive-pronoun", "names-copula", "names-generation", "names-kin", "names-role-noun",
)  # fmt: skip
# Names of places, columns and keys that are words, too; nothing in an article is compared with them.
ALLOWED = {
    "extraction/speakers/groups.py": {"before", "after"},
    "extraction/speakers/roles.py": {"before", "after"},
    "comparison/checking/claims.py": {"speaker", "before", "after"},
    "ingest/dom.py": {"author", "speaker", "by"},
    "ingest/metadata.py": {"publisher", "author"},
}


def modules() -> list[Path]:
    return [p for name in ENGINE for p in sorted((PACKAGE / name).rglob("*.py")) if "training" not in p.parts]


@cache
def common() -> frozenset[str]:
    lexicon = load_lexicon("en")
    return frozenset(w for name in COMMON for w in lexicon.words[name] if len(w) > 1) | {"mr", "mrs", "monday", "said"}


@cache
def labels() -> frozenset[str]:
    """Return the values of all literal types: they are names of kinds and are not looked for."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
                found |= {n.value for n in ast.walk(node.slice) if isinstance(n, ast.Constant)}
    return frozenset(v for v in found if isinstance(v, str))


def word_lists(source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the collections of common words in a module, and the expressions that look for one, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Set, ast.Tuple, ast.List)):
            words = [e.value for e in node.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
            known = [w for w in words if w.strip().lower() in common()]
            if len(known) > 1 and not set(words) <= labels():
                yield node.lineno, known
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            strings = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            words = re.findall(r"(?<![\\<\w-])[a-z]{2,}(?![\w>-])", " ".join(strings))
            known = [w for w in words if w in common()]
            if known:
                yield node.lineno, known


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_looks_for_no_english_words(path: Path) -> None:
    """A list of words, or an expression that holds one, belongs into a pattern file, where a journalist finds it."""
    allowed = ALLOWED.get(path.relative_to(PACKAGE).as_posix(), set())
    found = [(line, words) for line, words in word_lists(path.read_text(encoding="utf-8")) if set(words) - allowed]
    assert [] == found


@pytest.mark.parametrize(
    "source", ['JOINS = {"of", "for"}', 'x = word in ("his", "her")', 'AS = re.compile(r" (?:as|is) (?=an? )")']
)
def test_a_word_list_is_seen(source: str) -> None:
    """The test can fail: lists and expressions of the kinds that once stood in the engine are found."""
    assert 1 == len(list(word_lists(source)))
