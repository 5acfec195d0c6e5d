"""Records as Arrow batches: one schema, from the records' fields, for Parquet and for Ray.

A row is a quote, as in `quotes.export.rows`. pyarrow comes with the extra `parquet`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from attrs import has

from quotes.errors import StoreError
from quotes.export.rows import Kind, Row, kinds, records_of, rows_of
from quotes.records import Article, ArticleRecord, ErrorRecord, Quote
from quotes.records.conversion import from_dict, to_dict
from quotes.records.utf8 import encodable, named, shown

if TYPE_CHECKING:
    import pyarrow

# Rows held at a time: a few megabytes.
BATCH = 1024


def import_pyarrow() -> Any:
    """Return pyarrow.

    Raises:
        StoreError: if it is not installed; the message says how to install it.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise StoreError("Parquet needs pyarrow; .venv/bin/pip install '.[parquet]'") from error
    return pyarrow


def arrow_schema() -> pyarrow.Schema:
    """Return the schema of a table of quotes: nested records are structs, lists of records lists of structs.

    Raises:
        StoreError: if pyarrow is not installed.
    """
    arrow = import_pyarrow()
    quote = [_field(arrow, name, kind, null=True) for name, kind in kinds(Quote).items()]
    article = _field(arrow, "article", Kind(Article), null=False)
    return arrow.schema([arrow.field("number", arrow.int64()), *quote, article], metadata={"schema": "quotes/1"})


def article_schema() -> pyarrow.Schema:
    """Return the schema of a table of articles: one row per article with its quotes, or with its error.

    Raises:
        StoreError: if pyarrow is not installed.
    """
    arrow = import_pyarrow()
    whole = {"article": Kind(Article, null=True), "quotes": Kind(Quote, many=True)}
    whole["error"] = Kind(ErrorRecord, null=True)
    fields = [_field(arrow, name, kind, null=False) for name, kind in whole.items()]
    return arrow.schema(fields, metadata={"schema": "quotes/1"})


def article_row(record: ArticleRecord | ErrorRecord) -> Row:
    """Return the row of `article_schema` for an article or an error."""
    if isinstance(record, ErrorRecord):
        error = ErrorRecord(named(record.source), record.error, shown(record.detail))
        return {"article": None, "quotes": [], "error": to_dict(error)}
    return {**to_dict(encodable(record)), "error": None}


def from_article_row(row: Row) -> ArticleRecord | ErrorRecord:
    """Return the article or error of a row of `article_schema`.

    Raises:
        InputError: if it is not such a row.
    """
    if row.get("error") is not None:
        return from_dict(row["error"], kind=ErrorRecord)
    return from_dict(row)


def _field(arrow: Any, name: str, kind: Kind, *, null: bool) -> Any:
    return arrow.field(name, _type(arrow, kind), nullable=null or kind.null)


def _type(arrow: Any, kind: Kind) -> Any:
    simple = {str: arrow.string(), int: arrow.int64(), float: arrow.float64()}
    if has(kind.of):
        inner = arrow.struct([_field(arrow, n, k, null=False) for n, k in kinds(kind.of).items()])
    else:
        inner = simple[kind.of]
    return arrow.list_(arrow.field("item", inner, nullable=False)) if kind.many else inner


def batches(records: Iterable[ArticleRecord | ErrorRecord]) -> Iterator[pyarrow.RecordBatch]:
    """Yield record batches of `arrow_schema`, each as soon as it is full.

    Args:
        records: articles and errors in any order; errors have no rows.

    Raises:
        StoreError: if pyarrow is not installed.
    """
    arrow, schema = import_pyarrow(), arrow_schema()
    rows = rows_of(encodable(r) if isinstance(r, ArticleRecord) else r for r in records)
    while batch := list(islice(rows, BATCH)):
        yield arrow.RecordBatch.from_pylist(batch, schema=schema)


def records_from(batch_list: Iterable[pyarrow.RecordBatch]) -> Iterator[ArticleRecord]:
    """Yield the records of batches; columns that this version does not know are ignored.

    Args:
        batch_list: the batches, in order.

    Raises:
        InputError: if a row is not a quote.
    """

    def rows() -> Iterator[tuple[str, Row]]:
        number = 0
        for batch in batch_list:
            for row in batch.to_pylist():
                number += 1
                yield f"row {number}", row

    return records_of(rows())
