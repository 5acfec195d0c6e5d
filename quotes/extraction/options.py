"""How to read: chosen once, and handed on whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, cast, get_args

from attrs import evolve, field, frozen

from quotes.files.paths import several
from quotes.records import Stance

ReaderKind = Literal["both", "patterns"]


def stances(given: str | Iterable[str]) -> tuple[Stance, ...]:
    """Return stances, each once, of a comma list or several strings.

    Raises:
        ValueError: where one is no stance, or there is none.
    """
    names = given.split(",") if isinstance(given, str) else given
    found = dict.fromkeys(name.strip() for name in names if name.strip())
    known = get_args(Stance)
    if not found or not found.keys() <= set(known):
        raise ValueError(f"{', '.join(found) or 'nothing'}: stances are {', '.join(known)}")
    return cast("tuple[Stance, ...]", tuple(found))


@frozen
class Options:
    """What a pipeline is loaded with."""

    language: str = "en"
    """Code of a folder of `patterns/`."""
    model: str | None = None
    """Name of an installed spaCy pipeline with tagger and parser; the language's own where None."""
    patterns: tuple[Path, ...] = field(default=(), converter=several)
    """One or more folders of patterns, added to the built-in ones."""
    people: tuple[Path, ...] = field(default=(), converter=several)
    """One or more CSV or TOML files of people, who get their name and id from there."""
    reader: ReaderKind = "both"
    """What proposes statements: patterns and, where the language has weights for it, the reader; or patterns alone."""
    attitudes: bool = False
    """Whether beliefs, intentions and decrees are exported, too; the reader alone finds them."""
    include_unattributed: bool = False
    """Whether what nobody is credited with is exported, too: rumours, scare quotes, titles, mottos."""
    clean: bool = False
    """Whether dirty text is repaired before it is read; offsets then count into the repaired text."""
    stance: tuple[Stance, ...] = field(default=("said",), converter=stances)
    """Which quotes are exported: those that were said, and on request those denied, hypothetical or asked."""

    @classmethod
    def of(cls, options: Options | None, choices: dict[str, Any]) -> Options:
        """Return options with some of them chosen otherwise.

        Raises:
            TypeError: where a choice is no option.
        """
        return evolve(options or cls(), **choices)
