"""The export formats, one line each; the command line, the documentation and the tests use this table."""

from __future__ import annotations

from pathlib import Path

from quotes.export.format import Format
from quotes.export.formats import (
    brat,
    csv_package,
    csv_table,
    doc_bin,
    for_people,
    ftm,
    gqg,
    json_document,
    json_lines,
    label_studio,
    parquet,
    schema_org,
    sqlite,
    web_annotation,
)
from quotes.files.compressed import inner_name

FORMATS: dict[str, Format] = {
    "json": Format(json_document.write, (".json",), "one document with articles and errors", json_document.read),
    "jsonl": Format(
        json_lines.write, (".jsonl", ".ndjson"), "one article per line, as it is finished", json_lines.read, lines=True
    ),
    "csv": Format(
        csv_table.write, (".csv",), "one row per quote, for spreadsheets; datapackage.json beside it", csv_table.read,
        beside=csv_package.write_beside, companion=csv_package.companion,
    ),
    "parquet": Format(
        parquet.write, (".parquet",), "one row per quote, typed, for DuckDB and pandas", parquet.read, target="binary",
        extra="parquet",
    ),
    "webannotation": Format(
        web_annotation.write, (".annotations.jsonld",), "W3C Web Annotations, anchored in the text",
        web_annotation.read, needs_text=True,
    ),
    "hypothesis": Format(
        web_annotation.write_hypothesis, (".hypothesis.jsonl",), "bodies for the Hypothesis API, one per line",
        needs_text=True,
    ),
    "schemaorg": Format(schema_org.write, (".jsonld",), "schema.org Quotations in NewsArticles, for search engines"),
    "ftm": Format(ftm.write, (".ftm.jsonl", ".ftm.json", ".ftm"), "FollowTheMoney entities, for Aleph"),
    "gqg": Format(gqg.write, (".gqg.jsonl", ".gqg.json"), "as in the GDELT Global Quotation Graph", needs_text=True),
    "brat": Format(
        brat.write, (".brat",), "a folder of standoff annotations, in PolNeAR's layout", target="path", needs_text=True
    ),
    "labelstudio": Format(
        label_studio.write, (".labelstudio.json",), "Label Studio tasks with predictions; labels beside them",
        needs_text=True, beside=label_studio.write_beside, companion=label_studio.companion,
    ),
    "docbin": Format(
        doc_bin.write, (".spacy",), "a spaCy DocBin", doc_bin.read, target="binary", needs_text=True
    ),
    "markdown": Format(for_people.write_markdown, (".md",), "block quotations, to publish"),
    "text": Format(for_people.write_text, (".txt",), "plain text, to read"),
    "sqlite": Format(
        sqlite.write, (".db", ".sqlite"), "a SQLite store to add to, for quotes search and Datasette",
        sqlite.read, target="path", beside=sqlite.finish, companion=sqlite.companion, adds=True,
    ),
}  # fmt: skip


def format_of(path: Path) -> str | None:
    """Return the name of the format of a file, by the longest suffix before .gz or .zst, or None.

    Args:
        path: the file; it need not exist.
    """
    name = inner_name(path.name.lower())
    ends = [(suffix, key) for key, entry in FORMATS.items() for suffix in entry.suffixes if name.endswith(suffix)]
    return max(ends, key=lambda pair: len(pair[0]))[1] if ends else None
