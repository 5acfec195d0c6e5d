"""The `datapackage.json` beside a CSV file: its columns, described for Frictionless Data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from quotes.errors import StoreError
from quotes.export.companion import write_companion
from quotes.export.formats.csv_table import Column, columns
from quotes.records import SCHEMA
from quotes.records.json_text import dumps, loads
from quotes.records.schema import LIMITS, field_docstrings

NAME = "datapackage.json"
_TYPES = {str: "string", int: "integer", float: "number"}
_ABOUT = (
    "One row per quote; an article without quotes is one row with only its article_ columns. An apostrophe precedes "
    "a text that a spreadsheet would take for a formula, that begins with an apostrophe, or that is empty: "
    "remove one apostrophe and the text is verbatim. After '\" a text is written as a JSON string."
)
_OWN = {"number": "Which quote of its article, from 0; empty if the article has none"}


def companion(path: Path) -> Path:
    """Return the path of a table's description."""
    return path.parent / NAME


def write_beside(path: Path) -> None:
    """Write `datapackage.json` into the table's folder; an existing one keeps its other resources.

    Edits to the table's own entry stay as well; its fields stay if they are still those of the table.

    Args:
        path: the table.

    Raises:
        StoreError: if that file is something else, or cannot be written.
    """
    target = companion(path)
    resource = describe(path.name)
    package: dict[str, Any] = {"profile": "tabular-data-package", "resources": []}
    try:
        if target.exists():
            package = loads(target.read_text(encoding="utf-8"))
        kept = [entry for entry in package["resources"] if entry["path"] != path.name]
        for entry in package["resources"]:
            resource = _merged(resource, entry) if entry["path"] == path.name else resource
        # Two tables "a.csv" and "a+.csv" would share a name, which must be unique.
        taken = {entry.get("name") for entry in kept}
        name = resource["name"]
        numbers = (f"{name}-{number}" for number in range(2, len(kept) + 3))
        resource["name"] = name if name not in taken else next(other for other in numbers if other not in taken)
        package["resources"] = sorted([*kept, resource], key=lambda entry: str(entry["path"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{target}: is not a data package of tables; move it, or write to another folder") from error
    write_companion(target, dumps(package, indent=2) + "\n", of="the table")


def _merged(fresh: dict[str, Any], held: dict[str, Any]) -> dict[str, Any]:
    """Return the existing entry of a table, with new fields if they differ."""
    before, now = (schema.get("fields", []) for schema in (held.get("schema", {}), fresh["schema"]))
    same = [field.get("name") for field in before] == [field["name"] for field in now]
    return fresh | held | {"name": fresh["name"]} | ({} if same else {"schema": fresh["schema"]})


def describe(path: str) -> dict[str, Any]:
    """Return the Frictionless descriptor of a table of quotes.

    Args:
        path: the table, relative to its folder.
    """
    return {
        "name": re.sub(r"[^a-z0-9._-]+", "-", path.lower().removesuffix(".csv")).strip("-._") or "quotes",
        "title": "Who said what, and how the words reached us",
        "description": _ABOUT,
        "profile": "tabular-data-resource",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
        "schema": {"$comment": SCHEMA, "fields": [_field(column) for column in columns()], "missingValues": [""]},
    }


def _field(column: Column) -> dict[str, Any]:
    last = column.path[-1]
    described = field_docstrings(column.owner).get(last) if column.owner else _OWN.get(last)
    constraints: dict[str, Any] = {"enum": list(column.kind.choices)} if column.kind.choices else {}
    if column.kind.of is int:
        constraints["minimum"] = 0
    constraints |= LIMITS.get(last, {})
    if not column.kind.null:
        constraints["required"] = True
    field: dict[str, Any] = {"name": column.name, "type": "array" if column.kind.many else _TYPES[column.kind.of]}
    if described:
        field["description"] = described
    if constraints:
        field["constraints"] = constraints
    return field
