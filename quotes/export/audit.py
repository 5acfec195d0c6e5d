"""Write an audit: each chart as a CSV table, or everything as JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import IO, Any

from quotes.comparison.audit import SCHEMA, Audit
from quotes.files.atomic import written_aside
from quotes.files.csv_cells import safe_cell
from quotes.records.conversion import to_dict

PARTS = ("quotes", "of", "share", "low", "high", "words", "share of words", "small")


def write_json(found: Audit, stream: IO[str]) -> None:
    """Write an audit as one JSON document.

    Raises:
        OSError: if the stream cannot be written.
    """
    json.dump({"schema": SCHEMA, **to_dict(found)}, stream, ensure_ascii=False, indent=2)
    stream.write("\n")


def tables(found: Audit) -> dict[str, list[list[Any]]]:
    """Return the cells of each chart and table by its name, headings first."""
    names = [group.name for group in found.groups]
    made: dict[str, list[list[Any]]] = {}
    for chart in found.charts:
        head = ["part"]
        for name in names:
            head += [f"{name}: {what}" for what in PARTS]
        gap = ["difference", "low", "high", "stands out"] if len(names) == 2 else []
        rows = []
        for row in chart.rows:
            cells: list[Any] = [row.label]
            for part in row.parts:
                cells += [part.count, part.base, part.share, part.low, part.high]
                cells += [part.words, part.word_share, part.small]
            diff = row.gap
            cells += [diff.value, diff.low, diff.high, diff.stands_out] if diff else [None] * len(gap)
            rows.append(cells)
        made[chart.id] = [head + gap, *rows]
    made["concentration"] = [
        ["group", "named sources", "make half of the words", "share of ten", "quoted in one article", *_tenths()],
        *([c.group, c.sources, c.half, c.ten, c.once, *c.curve] for c in found.concentration),
    ]
    made["top"] = [["group", "source", "words"], *([c.group, *top] for c in found.concentration for top in c.top)]
    for table in found.breakdowns:
        head = [table.id.removesuffix("s"), "articles", "quotes", "words", "sources"]
        for column in table.columns:
            head += [f"{column}: {what}" for what in ("quotes", "of", "share", "low", "high", "small")]
        made[table.id] = [head, *(
            [line.name, line.articles, line.quotes, line.words, line.sources,
             *(v for c in line.cells for v in (c.count, c.base, c.share, c.low, c.high, c.small))]
            for line in table.lines
        )]  # fmt: skip
    return made


def _tenths() -> list[str]:
    return [f"words of the first {n}0 %" for n in range(1, 11)]


def write_tables(found: Audit, folder: Path) -> list[Path]:
    """Write each table as a CSV file into a folder, created if need be, and return the files.

    Raises:
        StoreError: if a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, rows in tables(found).items():
        text = io.StringIO()
        table = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        table.writerows([[safe_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])
        written.append(folder / f"{name}.csv")
        with written_aside(written[-1]) as (stream, _):
            stream.write(text.getvalue())
    return written
