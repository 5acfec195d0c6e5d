"""The format `parquet`: one row per quote, with nested fields as structs; pyarrow comes with the extra `parquet`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from quotes.errors import InputError, StoreError
from quotes.export.arrow import arrow_schema, batches, import_pyarrow, records_from
from quotes.records import ArticleRecord, ErrorRecord, Quote
from quotes.records.conversion import DEFAULTED

# Batches per row group: a reader skips or loads a row group as a whole.
_GROUP = 64


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: BinaryIO) -> None:
    """Write the table, a row group at a time.

    Args:
        records: articles and errors in any order.
        stream: a binary stream.

    Raises:
        StoreError: if pyarrow is not installed.
        OSError: if the stream cannot be written.
    """
    arrow = import_pyarrow()
    from pyarrow import parquet

    held = []
    with parquet.ParquetWriter(stream, arrow_schema(), compression="zstd") as table:
        for batch in batches(records):
            held.append(batch)
            if len(held) == _GROUP:
                table.write_table(arrow.Table.from_batches(held))
                held = []
        if held:
            table.write_table(arrow.Table.from_batches(held))
    stream.flush()


def read(path: Path) -> Iterator[ArticleRecord]:
    """Yield the articles of a table of quotes, a batch at a time.

    Args:
        path: the file.

    Raises:
        InputError: if it is not such a table, or pyarrow is not installed.
    """
    try:
        arrow = import_pyarrow()
    except StoreError as error:
        raise InputError(str(error)) from error
    from pyarrow import parquet

    try:
        with path.open("rb") as stream, parquet.ParquetFile(stream) as table:
            names = set(arrow_schema().names) - set(DEFAULTED[Quote])
            if missing := sorted(names - set(table.schema_arrow.names)):
                raise InputError(f"no column {', '.join(missing[:3])}; give it a table that quotes wrote")
            yield from records_from(table.iter_batches(batch_size=1024))
    except (arrow.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"not a Parquet file, or a damaged one ({reason}); write the records again") from error
