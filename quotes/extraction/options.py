"""The options of a pipeline, passed on as one object."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, cast, get_args

from attrs import Attribute, evolve, field, frozen

from quotes.files.paths import several
from quotes.records import Stance

ReaderKind = Literal["both", "fast", "patterns"]


def stances(given: str | Iterable[str]) -> tuple[Stance, ...]:
    """Return the distinct stances of a comma-separated list or several strings.

    Raises:
        ValueError: if one is not a stance, or there is none.
    """
    names = given.split(",") if isinstance(given, str) else given
    found = dict.fromkeys(name.strip() for name in names if name.strip())
    known = get_args(Stance)
    if not found or not found.keys() <= set(known):
        raise ValueError(f"{', '.join(found) or 'nothing'}: stances are {', '.join(known)}")
    return cast("tuple[Stance, ...]", tuple(found))


def _known_reader(_: Options, __: Attribute[str], given: str) -> None:
    """Refuse an unknown reader.

    Raises:
        ValueError: if it is none of the choices.
    """
    known = get_args(ReaderKind)
    if given not in known:
        raise ValueError(f"reader {given!r} is none of {', '.join(map(repr, known))}")


@frozen
class Options:
    """The options of a pipeline."""

    language: str = "en"
    """Code of a folder of `patterns/`."""
    model: str | None = None
    """Name of an installed spaCy pipeline with tagger and parser; the language's default if None."""
    patterns: tuple[Path, ...] = field(default=(), converter=several)
    """One or more folders of patterns, added to the built-in ones."""
    people: tuple[Path, ...] = field(default=(), converter=several)
    """One or more CSV or TOML files of people, with names and ids."""
    reader: ReaderKind = field(default="both", validator=_known_reader)
    """The proposers of statements: patterns and the reader, if the language has weights; a smaller one; or patterns."""
    attitudes: bool = False
    """Whether to export beliefs, intentions and decrees, too; only the reader finds them."""
    include_unattributed: bool = False
    """Whether to export quotations without a speaker, too: rumours, scare quotes, titles, mottos."""
    clean: bool = False
    """Whether to repair dirty text before it is read; offsets then refer to the repaired text."""
    stance: tuple[Stance, ...] = field(default=("said",), converter=stances)
    """The stances to export: said, and on request denied, hypothetical or asked."""

    @classmethod
    def of(cls, options: Options | None, choices: dict[str, Any]) -> Options:
        """Return options with some of them changed.

        Raises:
            TypeError: if a name is not an option.
            ValueError: if a reader or a stance is unknown.
        """
        return evolve(options or cls(), **choices)
