"""Write sources as JSON, as a table for spreadsheets and OpenRefine, or as FollowTheMoney entities."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import IO, Any

from quotes.comparison.sources.result import SCHEMA, RoleHeld, Source
from quotes.export import listing
from quotes.files.csv_cells import safe_cell
from quotes.records.json_text import dumps

FORMATS = ("json", "jsonl", "csv", "ftm")
# Wikidata items for kinds, for OpenRefine: human, organization, group of humans, document.
TYPES = {"person": "Q5", "author": "Q5", "organization": "Q43229", "group": "Q16334295", "document": "Q49848"}
COLUMNS = (
    "id", "name", "kind", "type", "listed", "same_as", "pronoun", "family", "role", "roles", "aliases", "outlets",
    "channels", "articles", "quotes", "words", "direct", "reported", "first", "last", "examples", "merges", "former",
)  # fmt: skip
_SCHEMAS = {"person": "Person", "author": "Person", "organization": "Organization", "document": "Organization"}
# The most entries of a list in one cell.
_MOST = 20


def write(sources: Iterable[Source], stream: IO[str], *, format_name: str) -> int:
    """Write sources in one of `FORMATS` and return how many there were.

    Args:
        sources: in order.
        stream: a text stream, in UTF-8.
        format_name: `json`, `jsonl`, `csv` or `ftm`.

    Raises:
        OSError: if the stream cannot be written.
    """
    if format_name == "csv":
        return _write_csv(sources, stream)
    if format_name == "jsonl":
        return listing.write_lines(sources, stream)
    if format_name == "ftm":
        found = list(sources)
        stream.writelines(dumps(entity(source)) + "\n" for source in found)
        return len(found)
    return listing.write_document(sources, stream, schema=SCHEMA, key="sources")


def _write_csv(sources: Iterable[Source], stream: IO[str]) -> int:
    table = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    table.writerow(COLUMNS)
    rows = [cells(source) for source in sources]
    for row in rows:
        table.writerow([safe_cell(row[name]) if isinstance(row[name], str) else row[name] for name in COLUMNS])
    return len(rows)


def cells(source: Source) -> dict[str, Any]:
    """Return a source as cells of a table: lists joined by bars, counts after colons."""
    return {
        "id": source.id, "name": source.name, "kind": source.kind, "type": TYPES.get(source.kind),
        "listed": source.listed, "same_as": source.same_as, "pronoun": source.pronoun, "family": source.family,
        "role": source.roles[0].role if source.roles else None,
        "roles": _joined(map(_role, source.roles)),
        "aliases": _joined(f"{a.name}: {a.count}" for a in source.aliases),
        "outlets": _joined(f"{o.name}: {o.count}" for o in source.outlets),
        "channels": _joined(f"{c.name}: {c.count}" for c in source.channels),
        "articles": source.articles, "quotes": source.quotes, "words": source.words, "direct": source.direct,
        "reported": source.reported, "first": source.first, "last": source.last,
        "examples": _joined(example.text for example in source.examples),
        "merges": _joined(f"{m.name} ({', '.join(m.because)})" for m in source.merges),
        "former": _joined(source.former),
    }  # fmt: skip


def _joined(parts: Iterable[str]) -> str | None:
    found = [" ".join(part.replace("|", "/").split()) for part in parts][:_MOST]
    return " | ".join(found) or None


def _role(role: RoleHeld) -> str:
    days = f" ({role.first} to {role.last})" if role.first else ""
    return f"{role.role}: {role.count}{days}"


def entity(source: Source) -> dict[str, Any]:
    """Return a source as a FollowTheMoney entity, with its Wikidata id."""
    schema = _SCHEMAS.get(source.kind, "LegalEntity")
    properties: dict[str, list[str]] = {
        "name": [source.name],
        "alias": [alias.name for alias in source.aliases if alias.name != source.name][:_MOST],
        "position" if schema == "Person" else "summary": [role.role for role in source.roles][:_MOST],
        "wikidataId": [source.listed] if source.same_as and source.listed else [],
        "notes": list(_notes(source)),
    }
    return {
        "id": f"quotes-source-{source.id}",
        "schema": schema,
        "properties": {name: values for name, values in properties.items() if values},
    }


def _notes(source: Source) -> Iterator[str]:
    if source.listed and not source.same_as:
        yield f"id: {source.listed}"
    days = f", {source.first} to {source.last}" if source.first else ""
    yield f"quoted {source.quotes} times in {source.articles} articles{days}"
