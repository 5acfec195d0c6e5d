"""No regular expression of the code backtracks: each is measured on growing strings made of what it looks for.

The expressions of `patterns/` are measured in `test_patterns.py`, on their own examples.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from tests.extraction.test_pattern_proof import BOUND, QUICK, scan_seconds

# Letters of the longest string: enough for a square to show, few enough for a hundred expressions.
LONG = 20_000
# Patterns used only to check how a string begins, and measured so.
AT_START = {
    "quotes.files.csv_cells._FORMULA", "quotes.ingest.dom._NOTE", "quotes.ingest.markdown._MATTER",
    "quotes.reader.training.locating._CLOSES",
}  # fmt: skip
PACKAGE = Path(__file__).parents[2] / "quotes"


def expressions() -> dict[str, re.Pattern[str]]:
    """Return the expressions that the modules keep, by module and name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        try:
            module = importlib.import_module(name.removesuffix(".__init__"))
        except ImportError:  # needs an extra that is not installed
            continue
        for key, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                found.setdefault(value, f"{name}.{key}")
    return {name: regex for regex, name in found.items()}


EXPRESSIONS = expressions()


def instance(parsed: Any) -> str:
    """Return a string that an expression, as `re` parses it, is likely to match: first branches, short repetitions."""
    return "".join(_piece(op, value) for op, value in parsed)


def _piece(op: Any, value: Any) -> str:
    if op is _constants.LITERAL:
        return chr(value)
    if op in (_constants.NOT_LITERAL, _constants.ANY):
        return "a"
    if op is _constants.IN:
        return _member(value)
    if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
        return instance(value[2]) * max(value[0], min(value[1], 2))
    if op is _constants.SUBPATTERN:
        return instance(value[-1])
    if op is _constants.BRANCH:
        return instance(value[1][0])
    return instance(value) if op is _constants.ATOMIC_GROUP else ""


def _member(members: Any) -> str:
    of = {_constants.CATEGORY_DIGIT: "1", _constants.CATEGORY_SPACE: " ", _constants.CATEGORY_WORD: "a"}
    for op, value in members:
        if op is _constants.LITERAL:
            return chr(value)
        if op is _constants.RANGE:
            return chr(value[0])
        if op is _constants.CATEGORY:
            return of.get(value, "-")
    return "a"


def attacks(regex: re.Pattern[str]) -> Iterator[str]:
    """Yield strings whose repetition may make an expression go over the same text again and again."""
    whole = instance(_parser.parse(regex.pattern, regex.flags & ~re.UNICODE))
    yield from (" ", "a", "A", "1", "<", "“", "Ann Lee ")
    yield from (whole, whole[:-1], whole[1:], whole[: len(whole) // 2], whole[:1])


def growth(regex: re.Pattern[str], unit: str) -> float | None:
    """Return how much longer four times the text takes, or None if it is too quick to tell."""
    took, length = 0.0, 0
    for length in (LONG // 100, LONG // 10, LONG):
        took = scan_seconds(regex, unit * (length // len(unit)) + "\x00")
        if took > 1:
            break
    if took < QUICK:
        return None
    if length < LONG:
        return float("inf")
    short, long = (unit * (size // len(unit)) + "\x00" for size in (LONG // 4, LONG))
    return min(scan_seconds(regex, long) for _ in range(3)) / min(scan_seconds(regex, short) for _ in range(3))


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_each_expression_stays_linear(name: str) -> None:
    """On what it looks for, repeated, whole and cut, four times the text takes about four times as long."""
    regex = EXPRESSIONS[name]
    if name in AT_START:
        regex = re.compile(rf"\A(?:{regex.pattern})", regex.flags)
    measured = {unit: growth(regex, unit) for unit in dict.fromkeys(attacks(regex)) if unit}
    assert {} == {unit: ratio for unit, ratio in measured.items() if ratio is not None and ratio >= BOUND}


@pytest.mark.slow
def test_one_that_backtracks_is_seen() -> None:
    """The measure can fail: an expression that goes over a run again from each of its characters is found out."""
    assert (growth(re.compile(r"a+b"), "a") or 0) >= BOUND


def test_the_modules_keep_expressions() -> None:
    """The test above has something to measure, and an expression of each package that cuts text is among it."""
    packages = {name.split(".")[1] for name in EXPRESSIONS}
    assert {"comparison", "extraction", "ingest", "text"} <= packages
