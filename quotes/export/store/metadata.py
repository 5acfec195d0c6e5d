"""Metadata of a store for Datasette: titles, descriptions, facets, labels, units and an editor's questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from quotes.export.companion import keep_or_write
from quotes.records.json_text import dumps

_OFFSET = "Offset into the source's text, in code points."
_TABLES: dict[str, Any] = {
    "flat": {
        "title": "Quotes, one flat row each",
        "description": "Each quote with its speaker, channels, outlet, date and place.",
        "facets": ["type", "outlet", "speaker_kind"],
        "fts_table": "quotes_fts", "fts_pk": "key", "sort_desc": "day",
        "columns": {"channels": "How the words reached the article.", "confidence": "0 to 1: words and speaker right.",
                    "start": _OFFSET, "end": _OFFSET},
        "units": {"start": "code_point", "end": "code_point"},
    },
    "quotes": {
        "title": "Quotes", "description": "What was said, as printed.", "facets": ["type", "speaker", "resolution"],
        "label_column": "text",
        "columns": {"speaker_name": "As in people, for full-text search.", "speaker_role": "As the article gives it.",
                    "confidence": "0 to 1: words and speaker right.", "pattern": "What found it."},
    },
    "people": {"title": "Speakers", "description": "Who is credited.", "facets": ["kind"], "label_column": "name"},
    "outlets": {"title": "Outlets", "description": "Who published it.", "label_column": "name"},
    "articles": {
        "title": "Articles", "description": "Where the quotes stand.", "facets": ["outlet", "language"],
        "label_column": "title", "sort_desc": "day",
        "columns": {"day": "The day of `published`.", "start": _OFFSET, "end": _OFFSET},
        "units": {"start": "code_point", "end": "code_point"},
    },
    "channels": {
        "title": "Channels", "description": "To whom, via which outlet, on which platform, in which statement.",
        "facets": ["relation", "kind"], "label_column": "name",
    },
    "spans": {"title": "Spans", "description": "The fragments of each quote.",
              "columns": {"start": _OFFSET, "end": _OFFSET}, "units": {"start": "code_point", "end": "code_point"}},
    "groups": {
        "title": "Statements", "description": "Quotes that are the same statement; `lead` is the fullest printing.",
        "facets": ["misattributed", "misquoted"], "label_column": "id", "sort_desc": "size",
    },
    "variants": {"title": "Variants", "description": "The printings of each statement.", "facets": ["kind"]},
    "state": {"hidden": True},
}  # fmt: skip
_QUESTIONS: dict[str, Any] = {
    "most_quoted": {
        "title": "Who is quoted most",
        "sql": "SELECT name, kind, count(*) AS quotes, count(DISTINCT quotes.article) AS articles FROM quotes"
               " JOIN people ON people.key = quotes.speaker WHERE kind IN ('person', 'organization')"
               " GROUP BY people.key ORDER BY quotes DESC, name LIMIT 100",
    },
    "speakers_by_outlet": {
        "title": "Who is quoted most by an outlet",
        "sql": "SELECT outlet, speaker, count(*) AS quotes FROM flat WHERE speaker IS NOT NULL"
               " AND outlet LIKE '%' || :outlet || '%' GROUP BY outlet, speaker"
               " ORDER BY quotes DESC, outlet, speaker LIMIT 100",
    },
    "named_against_unnamed": {
        "title": "Named against unnamed sources, by outlet",
        "sql": "SELECT outlet, sum(speaker_kind IN ('person', 'organization', 'document', 'author')) AS named,"
               " sum(speaker_kind IN ('anonymous', 'group', 'unknown')) AS unnamed, sum(speaker IS NULL) AS uncredited"
               " FROM flat GROUP BY outlet ORDER BY named + unnamed DESC, outlet",
    },
    "channels_used": {
        "title": "Via which channels words came",
        "sql": "SELECT relation, name, kind, count(*) AS quotes FROM channels GROUP BY relation, name, kind"
               " ORDER BY quotes DESC, relation, name LIMIT 100",
    },
    "disputed": {
        "title": "Statements whose words or speakers disagree",
        "sql": "SELECT groups.id, misattributed, misquoted, variants.kind, flat.outlet, flat.speaker, flat.text"
               ' FROM groups JOIN variants ON variants."group" = groups.key JOIN flat ON flat.key = variants.quote'
               " WHERE misattributed OR misquoted ORDER BY groups.key, variants.position",
    },
}  # fmt: skip


def metadata(name: str) -> dict[str, Any]:
    """Return Datasette's metadata.

    Args:
        name: the database's name: the file's, without the suffix.
    """
    return {
        "title": "Who said what",
        "custom_units": ["code_point = [code_point]"],
        "databases": {
            name: {
                "title": "Quotes", "description": "Written by quotes.", "tables": _TABLES, "queries": _QUESTIONS,
            }
        },
    }  # fmt: skip


def companion(path: Path) -> Path:
    """Return the path of a store's metadata: `quotes.metadata.json` beside `quotes.db`."""
    return path.with_name(f"{path.stem}.metadata.json")


def write_beside(path: Path) -> str | None:
    """Write the metadata beside a store; an edited file stays.

    Args:
        path: the store.

    Returns:
        A remark for the user if it stays.

    Raises:
        StoreError: if it cannot be written.
    """
    return keep_or_write(companion(path), dumps(metadata(path.stem), indent=2) + "\n", of="the store")
