"""A newsroom's own list of people, which gives speakers an id and one name in all articles.

A CSV file has a header line and one person per row; entries of aliases and handles are separated by "|" or ";":

    name,aliases,handles,id,role,kind
    Narendra Modi,PM Modi|Modi,@narendramodi,Q1058,Prime Minister of India,person

A TOML file has one [[person]] table each, with lists for aliases and handles. Only `name` is required.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, cast, get_args

from attrs import define, evolve, frozen

from quotes.errors import InputError
from quotes.extraction.statement import Statement
from quotes.files.paths import AnyPath, several
from quotes.ingest.sniff import binary, delimiter
from quotes.ingest.text import decode
from quotes.lexicon import Lexicon
from quotes.lexicon.toml_text import parsed
from quotes.records import Speaker, SpeakerKind

FIELDS = ("name", "aliases", "handles", "id", "role", "kind")
# Other names of columns and fields.
_CALLED = {"alias": "aliases", "handle": "handles", "wikidata": "id"}
_LISTS = frozenset({"aliases", "handles"})
_BETWEEN = re.compile(r"[|;]")
_NEITHER = re.compile(r"[\W_]+")
_TABLE_SUFFIXES = frozenset({"", ".csv", ".tsv", ".txt"})
# ø, ł and đ are separate letters in Unicode: they have no accent to drop, but their names have the plain letter.
_WITH = re.compile(r"LATIN SMALL LETTER ([A-Z]) WITH ")
# An author is a person, and "the Greens" may be a group or an organization.
_ALIKE: Mapping[str, str] = {"author": "person", "group": "organization"}


@frozen
class Person:
    """A listed person or organization."""

    name: str
    """The name in all records."""
    aliases: tuple[str, ...] = ()
    """Other full names; a bare surname means this person only if it is listed here."""
    handles: tuple[str, ...] = ()
    """Names on platforms, with or without @."""
    id: str | None = None
    """Wikidata id, or any other."""
    role: str | None = None
    """The role to use if the article gives none."""
    kind: SpeakerKind | None = None
    """The name means only speakers of this kind, or of unknown kind; null for any."""


def read_people(path: AnyPath) -> tuple[Person, ...]:
    """Read one people file.

    Args:
        path: a CSV file (.csv, .tsv, .txt or no suffix) or a TOML file (.toml).

    Returns:
        The listed people, in the file's order.

    Raises:
        InputError: if it cannot be read, is empty or has faults; the message lists all faults, one per line.
    """
    path = Path(path)
    text = _text(path)
    faults: list[str] = []
    rows = _toml_rows(text, faults) if path.suffix.lower() == ".toml" else _csv_rows(text, faults)
    listed = [(where, person) for where, row in rows if (person := _person(where, row, faults)) is not None]
    faults += _clashes(listed)
    if not listed and not faults:
        faults.append("nobody is listed; give each person a row, or a [[person]] table in TOML, with a name")
    if faults:
        raise InputError("\n".join(f"{path}: {fault}" for fault in faults))
    return tuple(person for _, person in listed)


def read_all(paths: AnyPath | Iterable[AnyPath]) -> tuple[Person, ...]:
    """Read several people files: see `read_people`."""
    return tuple(person for path in several(paths) for person in read_people(path))


@define(eq=False)
class Roster:
    """The people of all files, searchable by name and handle.

    Args:
        people: the people in the files' order; of two with the same id the later counts.
        lexicon: the patterns, with the titles to drop from names.
    """

    people: tuple[Person, ...]
    lexicon: Lexicon

    @cached_property
    def _titles(self) -> frozenset[str]:
        return frozenset(key(word) for title in self.lexicon.titles for word in title.words)

    @cached_property
    def _longest(self) -> int:
        """The most words of a title: Deputy Prime Minister."""
        return max((len(word.split()) for title in self.lexicon.titles for word in title.words), default=0)

    @cached_property
    def _known(self) -> dict[str, Person]:
        return {_identity(number, person): person for number, person in enumerate(self.people)}

    @cached_property
    def _named(self) -> dict[str, set[str]]:
        definite = self.lexicon.names.definite
        found: dict[str, set[str]] = {}
        for number, person in enumerate(self.people):
            for name in (person.name, *person.aliases):
                # "The Foreign Ministry" in the list is the Foreign Ministry: names in records have no article.
                first, _, rest = name.partition(" ")
                bare = {key(rest)} if rest and first.lower() in definite else set()
                for spelt in self._keys(name) | bare:
                    found.setdefault(spelt, set()).add(_identity(number, person))
        return found

    @cached_property
    def _handled(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for number, person in enumerate(self.people):
            for handle in person.handles:
                found.setdefault(_handle(handle), set()).add(_identity(number, person))
        return found

    def _keys(self, name: str) -> set[str]:
        """Return the keys of a name: all of it, and without its titles if a full name is left.

        "Prime Minister Narendra Modi" is Narendra Modi; "Mr. Modi" and "Don Lemon" are not bare Modi and Lemon.
        """
        words = name.split()
        start, after = -1, 0
        while start < after:
            start = after
            ends = range(min(len(words), start + self._longest), start, -1)
            after = next((end for end in ends if key(" ".join(words[start:end])) in self._titles), start)
        return {key(name), key(" ".join(words[start:]))} if len(words) - start > 1 else {key(name)}

    def find(self, speaker: Speaker) -> Person | None:
        """Return the listed person for a speaker, or None if there is none or more than one."""
        named = {who for spelt in self._keys(speaker.name) for who in self._named.get(spelt, ())}
        met = {who for who in named if _fits(self._known[who], speaker)}
        if speaker.handle:
            met |= self._handled.get(_handle(speaker.handle), set())  # a handle belongs to one account
        return self._known[met.pop()] if len(met) == 1 else None

    def printed(self, speaker: Speaker) -> Person | None:
        """Return the listed person by a quote's mention: an alias of two words or more, "PM Modi"."""
        words = speaker.mention.text if speaker.mention and speaker.resolution in ("name", "alias", "none") else ""
        named = self._named.get(key(words), set()) if " " in words else set()
        met = {who for who in named if _fits(self._known[who], speaker)}
        return self._known[next(iter(met))] if len(met) == 1 else None


def apply(statements: Sequence[Statement], *, roster: Roster) -> list[Statement]:
    """Give listed speakers their name and id, and a role and kind if the article has none.

    A speaker is listed if the list has the article's full name for it, or its handle; case, accents, punctuation and
    titles do not matter. If two people match, none is taken. The article's own role stays, since the speaker spoke in
    it; `resolution` and mention stay, too.

    Args:
        statements: the statements of one article, with their speakers.
        roster: the listed people.

    Returns:
        The statements in the same order.
    """
    return [evolve(s, speaker=_found(s.speaker, roster)) if s.speaker else s for s in statements]


def _found(speaker: Speaker, roster: Roster) -> Speaker:
    person = roster.find(speaker)
    if person is None and (person := roster.printed(speaker)):
        # The article's name was not listed, so its role belongs to another person.
        speaker = evolve(speaker, role=None)
    return _listed(speaker, person)


def key(name: str) -> str:
    """Return the letters and digits of a name, without case, accents, punctuation and spaces."""
    if name.isascii():
        return _NEITHER.sub("", name.lower())
    return "".join(map(_plain, unicodedata.normalize("NFKD", name).casefold()))


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    # Vowel signs of Indian scripts are marks in Unicode, but not accents: they do not combine (class 0).
    if unicodedata.category(character)[0] not in "LNM" or unicodedata.combining(character):
        return ""
    stroked = None if character.isascii() else _WITH.match(unicodedata.name(character, ""))
    return stroked[1].lower() if stroked else character


def _handle(handle: str) -> str:
    return handle.lstrip("@").casefold()


def _identity(number: int, person: Person) -> str:
    return f"id {person.id}" if person.id else f"row {number}"


def _fits(person: Person, speaker: Speaker) -> bool:
    if person.kind is None or speaker.kind == "unknown":
        return True
    return _ALIKE.get(person.kind, person.kind) == _ALIKE.get(speaker.kind, speaker.kind)


def _listed(speaker: Speaker, person: Person | None) -> Speaker:
    if person is None:
        return speaker
    told = speaker.kind != "unknown" and _fits(person, speaker)
    return evolve(
        speaker,
        name=person.name,
        id=person.id or speaker.id,
        role=speaker.role or person.role,
        kind=speaker.kind if told else person.kind or speaker.kind,
    )


def _text(path: Path) -> str:
    if path.suffix.lower() not in {".toml", *_TABLE_SUFFIXES}:
        raise InputError(f"{path}: a people file is CSV or TOML; save it so, with the suffix .csv or .toml")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; name a CSV or TOML file that can be read") from error
    if why := binary(data):
        raise InputError(f"{path}: {why}; a people file is CSV or TOML")
    try:
        return decode(data)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def _toml_rows(text: str, faults: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each [[person]] table with its place, with our names of fields."""
    try:
        document = parsed(text)
    except ValueError as error:
        faults.append(f"not TOML ({error}); correct it there")
        return
    faults += [f"unknown {name!r}; people stand in [[person]] tables" for name in document if name != "person"]
    tables = document.get("person", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.append("person: must be tables; write [[person]] above each")
        return
    for number, table in enumerate(tables, start=1):
        where = f"[[person]] {number}"
        for name in table:
            if _CALLED.get(name, name) not in FIELDS:
                faults.append(f"{where}: unknown field {name}; the fields are {', '.join(FIELDS)}")
        yield where, table


def _csv_rows(text: str, faults: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each row that is not blank with its number, the header line being row 1, without unknown columns."""
    if not text.strip():
        return
    mark = delimiter(text.partition("\n")[0], columns={"text": "name"})
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    header: list[str] = []
    number = 0
    while True:
        number += 1
        where = f"row {number}"
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(f"{where}: {error}; check the quotation marks around its cells")
            continue
        if number == 1:
            header = [cell.strip().lower() for cell in cells]
            if "name" not in header:
                faults.append(f"{where}: no column 'name'; there are: {', '.join(cells)}; call the names' column name")
                return
        elif len(cells) > len(header):
            told = f"put quotation marks around a cell that holds {mark!r}"
            faults.append(f"{where}: {len(cells)} cells, {len(header)} columns; {told}")
        elif any(cell.strip() for cell in cells):
            yield where, {h: _cell(h, c) for h, c in zip(header, cells, strict=False)}


def _cell(name: str, cell: str) -> str | list[str]:
    return _BETWEEN.split(cell) if _CALLED.get(name, name) in _LISTS else cell


def _person(where: str, row: Mapping[str, Any], faults: list[str]) -> Person | None:
    """Build a person from a row, or note its faults and return None."""
    before = len(faults)
    values: dict[str, tuple[str, ...]] = {}
    for called, value in row.items():
        field = _CALLED.get(called, called)
        if field not in FIELDS:
            continue
        entries = value if isinstance(value, list) and field in _LISTS else [value]
        if not all(isinstance(entry, str) for entry in entries):
            faults.append(f"{where}: {called}: must be a string{' or a list of strings' if field in _LISTS else ''}")
            continue
        words = tuple(word for entry in entries if (word := " ".join(entry.split())).strip("@"))
        values[field] = (*values.get(field, ()), *words)
    one = {field: next(iter(values.get(field, ())), None) for field in ("name", "id", "role", "kind")}
    name, kind = one["name"], (one["kind"] or "").lower() or None
    if len(faults) == before and name is None:
        faults.append(f"{where}: no name; give one, or take the row out")
    for spelt in (name, *values.get("aliases", ())):
        if spelt is not None and not key(spelt):
            faults.append(f"{where}: {spelt!r} has no letter; correct it, or take it out")
    if kind is not None and kind not in get_args(SpeakerKind):
        faults.append(f"{where}: kind {one['kind']!r} is none of {', '.join(get_args(SpeakerKind))}; take one of them")
    if len(faults) > before or name is None:
        return None
    aliases, handles = values.get("aliases", ()), values.get("handles", ())
    return Person(name, aliases, handles, one["id"], one["role"], cast("SpeakerKind | None", kind))


def _clashes(listed: Sequence[tuple[str, Person]]) -> Iterator[str]:
    """Yield names, aliases, handles and ids that two people share.

    Rows with the same name and the same id are the same person.
    """
    taken: dict[tuple[str, str], tuple[str, Person]] = {}
    for where, person in listed:
        marks = {("name", key(spelt)): spelt for spelt in (person.name, *person.aliases)}
        marks |= {("handle", _handle(handle)): handle for handle in person.handles}
        if person.id:
            marks["id", person.id] = person.id
        for mark, shown in marks.items():
            there, other = taken.setdefault(mark, (where, person))
            same = key(other.name) == key(person.name) and other.id is not None and other.id == person.id
            if other is not person and not same:
                told = f"{mark[0]} {shown!r} is also that of {other.name!r} ({there})"
                yield f"{where}: {told}; leave it to one of them"
