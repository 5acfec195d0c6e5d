"""Read `patterns/` into one frozen Lexicon; the loader is the validator.

`patterns/*.toml` holds data for every language (outlets, platforms, quotation marks), `patterns/<lang>/*.toml` those of
one. Any file may have any table; `TABLES` lists them. All faults of all files are reported at once, as
`patterns/en/channels.toml: en-platform: pattern[0]: …`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from attrs import NOTHING, Factory, define, evolve, field, fields

from quotes.errors import PatternError
from quotes.files.once import once
from quotes.files.paths import AnyPath, several
from quotes.lexicon.checks import check_stance, check_tokens
from quotes.lexicon.name_words import NameWords
from quotes.lexicon.tables import (
    PROVED,
    TABLES,
    TAKES,
    ChannelPattern,
    Counterexample,
    Cue,
    Example,
    Model,
    OutletEntry,
    PlatformEntry,
    ProgrammeEntry,
    RegexPattern,
    RoleFamily,
    StancePattern,
    StatementPattern,
    Title,
)
from quotes.lexicon.toml_text import parsed

# The files that every language needs.
REQUIRED_FILES = ("channels.toml", "cues.toml", "layouts.toml", "names.toml", "pages.toml", "statements.toml")


@define(eq=False)
class Lexicon:
    """All patterns of one language, checked. `origin` maps each id to the file that holds it."""

    language: str
    cues: tuple[Cue, ...] = ()
    words: Mapping[str, tuple[str, ...]] = Factory(dict)
    titles: tuple[Title, ...] = ()
    regexes: Mapping[str, RegexPattern] = Factory(dict)
    statements: tuple[StatementPattern, ...] = ()
    channels: tuple[ChannelPattern, ...] = ()
    stances: tuple[StancePattern, ...] = ()
    outlets: tuple[OutletEntry, ...] = ()
    programmes: tuple[ProgrammeEntry, ...] = ()
    platforms: tuple[PlatformEntry, ...] = ()
    families: tuple[RoleFamily, ...] = ()
    weights: Mapping[str, float] = Factory(dict)
    models: Mapping[str, Model] = Factory(dict)
    origin: Mapping[str, str] = Factory(dict)
    _compiled: dict[str, re.Pattern[str]] = field(factory=dict, init=False, repr=False)
    _sets: dict[str, frozenset[str]] = field(factory=dict, init=False, repr=False)

    def regex(self, name: str) -> re.Pattern[str]:
        """Return the compiled regular expression with this id.

        Raises:
            PatternError: if no file has it.
        """
        if name not in self._compiled:
            if name not in self.regexes:
                raise PatternError(f"patterns/{self.language}: no [[regex]] has the id {name!r}; add one")
            self._compiled[name] = self.regexes[name].compile()
        return self._compiled[name]

    def word_set(self, name: str) -> frozenset[str]:
        """Return the word list with this id as a set.

        Raises:
            PatternError: if no file has it.
        """
        if name not in self._sets:
            if name not in self.words:
                raise PatternError(f"patterns/{self.language}: no [[words]] has the id {name!r}; add one")
            self._sets[name] = frozenset(self.words[name])
        return self._sets[name]

    def own_set(self, name: str) -> frozenset[str]:
        """Return a word list of the language as a set: "remarks" is "en-remarks" for English.

        Raises:
            PatternError: if no file has it.
        """
        return self.word_set(f"{self.language}-{name}")

    @cached_property
    def names(self) -> NameWords:
        """The word lists around names."""
        return NameWords.of(self)

    @cached_property
    def _cue_index(self) -> dict[tuple[str, str], tuple[Cue, ...]]:
        index: dict[tuple[str, str], tuple[Cue, ...]] = {}
        for cue in self.cues:
            for word in cue.words:
                index[cue.pos, word] = (*index.get((cue.pos, word), ()), cue)
        return index

    def cue_entries(self, lemma: str, *, pos: str = "verb") -> tuple[Cue, ...]:
        """Return the entries of speech cues with a lemma, or a lemma and its particle ("point out")."""
        return tuple(c for c in self._cue_index.get((pos, lemma), ()) if c.kind == "speech")

    def cue_words(
        self, *, takes: str | None = None, pos: str | None = None, kind: str | None = None
    ) -> tuple[str, ...]:
        """Return the lemmas of all cues with this kind of content, in order."""
        return tuple(
            word
            for cue in self.cues
            if (takes is None or takes in cue.takes) and pos in (None, cue.pos) and kind in (None, cue.kind)
            for word in cue.words
        )


def builtin_folder() -> Path:
    """Return the folder of the built-in patterns: from an installed package, or beside the package in a checkout."""
    from importlib.resources import files

    try:
        return Path(str(files("quotes.patterns")))
    except ModuleNotFoundError:  # in a checkout, patterns/ is beside the package
        return Path(__file__).resolve().parents[2] / "patterns"


def languages(folder: Path | None = None) -> tuple[str, ...]:
    """Return the codes of the languages in a pattern folder."""
    root = folder or builtin_folder()
    return tuple(sorted(p.name for p in root.iterdir() if p.is_dir() and any(p.glob("*.toml"))))


def load_lexicon(language: str = "en", *, extra: AnyPath | Iterable[AnyPath] = ()) -> Lexicon:
    """Read and check the patterns of one language.

    Args:
        language: code of a folder of `patterns/`.
        extra: one or more folders of the same layout (shared files, and languages below) whose tables are added. A
            table with an existing id replaces it. The built-in folder itself adds nothing.

    Raises:
        PatternError: with all faults of all files, one per line.
    """
    own = builtin_folder().resolve()
    return lexicon_of(language, tuple(folder for folder in several(extra) if folder.resolve() != own))


@once(maxsize=8)
def lexicon_of(language: str, extra: tuple[Path, ...]) -> Lexicon:
    """Read and check the patterns of a language once; later calls get the same lexicon: see `load_lexicon`."""
    root = builtin_folder()
    faults: list[str] = []
    if language not in languages(root) and not any((folder / language).is_dir() for folder in extra):
        raise PatternError(
            f"no patterns for language {language!r}; there are: {', '.join(languages(root))}; see patterns/README.md"
        )
    for folder in extra:
        if not folder.is_dir():
            faults.append(f"{folder}: no such folder; give one with *.toml files or <lang>/*.toml below it")
    paths = [p for base in (root, *extra) for p in _pattern_files(base, language)]
    have = {p.name for p in paths if p.parent.name == language}
    missing = [name for name in REQUIRED_FILES if name not in have]
    faults += [f"patterns/{language}/{name}: missing; every language needs it" for name in missing]
    tables: dict[str, dict[str, Any]] = {name: {} for name in TABLES}
    origin: dict[str, str] = {}
    for path in paths:
        own = root in path.parents
        shown = f"patterns/{path.relative_to(root).as_posix()}" if own else str(path)
        for kind, entry in _read_file(path, shown, faults):
            if entry.id in origin and (origin[entry.id] == shown or own):
                faults.append(f"{shown}: {entry.id}: this id is already in {origin[entry.id]}")
                continue
            origin[entry.id] = shown
            tables[kind][entry.id] = entry
    lexicon = _resolved(language, tables, origin, faults)
    if faults:
        raise PatternError("\n".join(faults))
    return lexicon


def _pattern_files(base: Path, language: str) -> list[Path]:
    return [*sorted(base.glob("*.toml")), *sorted((base / language).glob("*.toml"))]


def _read_file(path: Path, shown: str, faults: list[str]) -> Iterator[tuple[str, Any]]:
    try:
        data = parsed(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        faults.append(f"{shown}: {error}")
        return
    for kind, rows in data.items():
        if kind not in TABLES or not isinstance(rows, list):
            faults.append(f"{shown}: unknown table [[{kind}]]; the tables are {', '.join(TABLES)}")
            continue
        for number, row in enumerate(rows):
            if not isinstance(row, dict):
                faults.append(f"{shown}: [[{kind}]] number {number + 1}: must be a table")
                continue
            entry = _entry(kind, row, f"{shown}: {row.get('id', f'[[{kind}]] number {number + 1}')}", faults)
            if entry is not None:
                yield kind, entry


def _entry(kind: str, row: Mapping[str, Any], where: str, faults: list[str]) -> Any:
    """Build a table's record, or note its faults and return None."""
    known, needed = _fields(kind)
    before = len(faults)
    for name in row:
        if name not in known:
            faults.append(f"{where}: unknown field {name}; the fields are {', '.join(known)}")
    faults += [f"{where}: field {name} is missing" for name in needed if name not in row]
    values = {name: _value(name, row[name], known[name], where, faults) for name in known if name in row}
    if len(faults) > before:
        return None
    entry = TABLES[kind](**values)
    _check(entry, where, faults)
    return entry if len(faults) == before else None


@cache
def _fields(kind: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the fields of a table with their types, and the names of those without a default."""
    found = fields(TABLES[kind])
    return {f.name: str(f.type) for f in found}, tuple(f.name for f in found if f.default is NOTHING)


def _check(entry: Any, where: str, faults: list[str]) -> None:
    """Note the faults of a record whose fields are present and of the right types."""
    if isinstance(entry, PROVED):
        if not entry.examples:
            faults.append(f"{where}: needs at least one example")
        if not entry.counterexamples:
            faults.append(f"{where}: needs at least one counterexample")
    if isinstance(entry, Cue):
        faults += [f"{where}: takes: {t!r} is none of {', '.join(TAKES)}" for t in entry.takes if t not in TAKES]
    if isinstance(entry, RegexPattern):
        try:
            entry.compile()
        except (re.error, KeyError, OverflowError, RecursionError) as error:
            faults.append(f"{where}: regex: {error}")
    if isinstance(entry, StancePattern):
        check_stance(entry, where, faults)
    if isinstance(entry, StatementPattern | ChannelPattern):
        check_tokens(entry, where, faults)


def _value(name: str, value: Any, annotation: str, where: str, faults: list[str]) -> Any:
    if name == "examples":
        return tuple(
            Example(text=row["text"], expect=tuple((k, v) for k, v in row.items() if k != "text"))
            for row in _rows(name, value, ("text",), where, faults)
        )
    if name == "counterexamples":
        return tuple(
            Counterexample(text=row["text"], because=row["because"])
            for row in _rows(name, value, ("text", "because"), where, faults)
        )
    if annotation.startswith("tuple["):
        return _list(name, value, annotation, where, faults)
    if annotation == "bool":
        if not isinstance(value, bool):
            faults.append(f"{where}: {name}: must be true or false")
    elif annotation.startswith("Mapping"):
        if not isinstance(value, dict) or not all(isinstance(v, int | float) for v in value.values()):
            faults.append(f"{where}: {name}: must be a table of numbers")
    elif annotation == "float":
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            faults.append(f"{where}: {name}: must be a finite number")
    elif not isinstance(value, str):
        faults.append(f"{where}: {name}: must be a string")
    elif "Literal[" in annotation:
        choices = _choices(annotation)
        if value not in choices:
            faults.append(f"{where}: {name}: {value!r} is none of {', '.join(choices)}")
    return value


@cache
def _choices(annotation: str) -> list[str]:
    """Return the strings of a Literal."""
    return [a or b for a, b in re.findall(r"'([^']*)'|\"([^\"]*)\"", annotation)]


def _list(name: str, value: Any, annotation: str, where: str, faults: list[str]) -> tuple[Any, ...]:
    kind, of = (str, "strings") if annotation.startswith("tuple[str") else (dict, "tables")
    checked = kind is str or "Table" in annotation
    if isinstance(value, list) and (not checked or all(isinstance(v, kind) for v in value)):
        return tuple(value)
    wanted = f"a list of {of}" if kind is str or isinstance(value, list) else "a list"
    faults.append(f"{where}: {name}: must be {wanted}")
    return ()


def _rows(name: str, value: Any, need: Iterable[str], where: str, faults: list[str]) -> list[dict[str, Any]]:
    rows = []
    for number, row in enumerate(value if isinstance(value, list) else []):
        missing = [n for n in need if not isinstance(row, dict) or not isinstance(row.get(n), str)]
        if missing:
            faults.append(f"{where}: {name}[{number}]: needs {', '.join(missing)}")
        else:
            rows.append(row)
    return rows


def _first_words(cues: Iterable[Cue]) -> tuple[str, ...]:
    """Return the lemma of each cue; only the verb of "point out", since a token pattern sees one token at a time."""
    return tuple(dict.fromkeys(word.split(" ")[0] for cue in cues for word in cue.words))


def _lists_of_cues(cues: Sequence[Cue]) -> dict[str, tuple[str, ...]]:
    """Return the lists of cues to which patterns can refer: `verb`, `verb:clause`, `noun:attitude`."""
    lists = {}
    for pos in ("verb", "noun", "phrase"):
        own = [c for c in cues if c.pos == pos]
        spoken = [c for c in own if c.kind == "speech"]
        for take in sorted({t for cue in cues for t in cue.takes}):
            lists[f"{pos}:{take}"] = _first_words(c for c in spoken if take in c.takes)
        lists[pos] = _first_words(spoken)
        lists[f"{pos}:attitude"] = _first_words(c for c in own if c.kind == "attitude")
    return lists


def _resolved(language: str, tables: dict[str, dict[str, Any]], origin: dict[str, str], faults: list[str]) -> Lexicon:
    """Replace `"$name"` by its list, check cross-references, and freeze."""
    cues = tuple(tables["cue"].values())
    words = {entry.id: entry.words for entry in tables["words"].values()}
    lists = words | _lists_of_cues(cues) | {"title": tuple(w for t in tables["title"].values() for w in t.words)}

    def expand(value: Any, where: str) -> Any:
        if isinstance(value, str) and value.startswith("$"):
            if value[1:] not in lists:
                faults.append(f"{where}: {value} is not a list; use the id of a [[words]] table, or $verb:clause")
                return []
            return list(lists[value[1:]])
        if isinstance(value, dict):
            return {key: expand(item, where) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(expand(item, where) for item in value)
        return value

    def expanded(entry: Any) -> Any:
        where = f"{origin[entry.id]}: {entry.id}"
        changed = {"dependency": expand(entry.dependency, where)}
        if not isinstance(entry, StancePattern):
            changed["pattern"] = expand(entry.pattern, where)
        return evolve(entry, **changed)

    outlets = tables["outlet"]
    for programme in tables["programme"].values():
        if programme.outlet not in outlets:
            faults.append(f"{origin[programme.id]}: {programme.id}: outlet {programme.outlet!r} is not an [[outlet]]")
    return Lexicon(
        language=language,
        cues=cues,
        words=words,
        titles=tuple(tables["title"].values()),
        regexes=dict(tables["regex"]),
        statements=tuple(expanded(e) for e in tables["statement"].values()),
        channels=tuple(expanded(e) for e in tables["channel"].values()),
        stances=tuple(expanded(e) for e in tables["stance"].values()),
        outlets=tuple(outlets.values()),
        programmes=tuple(tables["programme"].values()),
        platforms=tuple(tables["platform"].values()),
        families=tuple(tables["family"].values()),
        weights={entry.id: float(entry.weight) for entry in tables["weight"].values()},
        models=dict(tables["model"]),
        origin=origin,
    )
