"""Convert records to rows, one per quote, and back, for CSV and Parquet.

A row is the quote's fields, with `number` (which quote of its article, from 0) before and `article` after them. An
article without quotes is one row in which all but `article` is null. Only the first row of an article has the source's
text.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from attrs import fields, frozen, has

from quotes.errors import InputError
from quotes.records import Article, ArticleRecord, ErrorRecord, Quote
from quotes.records.conversion import DEFAULTED, from_dict, to_dict

Row = dict[str, Any]


@frozen
class Kind:
    """The values of a field, from its type: text, an integer, a float, a record, or a list of records."""

    of: type[Any]
    """`str`, `int`, `float`, or a record class."""
    many: bool = False
    null: bool = False
    choices: tuple[str, ...] = ()
    """The values that a text may have, if they are limited."""


def kinds(cls: type[Any]) -> dict[str, Kind]:
    """Return the kind of each field of a record class, in order.

    Args:
        cls: a class of `quotes.records`.

    Raises:
        TypeError: if a field has a type that tables cannot hold.
    """
    hints = get_type_hints(cls)
    return {field.name: _kind(hints[field.name]) for field in fields(cls)}


def _kind(annotation: Any) -> Kind:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in (str, int, float) or has(annotation):
        return Kind(annotation)
    if origin is Literal:
        return Kind(str, choices=arguments)
    if origin in (Union, types.UnionType) and types.NoneType in arguments and len(arguments) == 2:
        [inner] = (_kind(argument) for argument in arguments if argument is not types.NoneType)
        return Kind(inner.of, many=inner.many, null=True, choices=inner.choices)
    if origin is tuple and arguments[1:] == (...,):
        return Kind(arguments[0], many=True)
    raise TypeError(f"no column for {annotation}; say in quotes/export/rows.py how it is written")


def rows_of(records: Iterable[ArticleRecord | ErrorRecord]) -> Iterator[Row]:
    """Yield the rows of records; errors have none.

    Args:
        records: articles and errors in any order.
    """
    nothing: Row = dict.fromkeys(kinds(Quote))
    for record in records:
        if isinstance(record, ErrorRecord):
            continue
        article = {"text": None, "cleaned": None, "found_by": None} | to_dict(record.article)
        if not record.quotes:
            yield {"number": None, **nothing, "article": article}
        for number, quote in enumerate(record.quotes):
            yield {"number": number, **to_dict(quote), "article": article}
            article = article | {"text": None}


def records_of(rows: Iterable[tuple[str, Row]]) -> Iterator[ArticleRecord]:
    """Yield the records of rows.

    Args:
        rows: each with its place, as an error names it ("line 3").

    Raises:
        InputError: if a row is not a quote, or its number is not the next.
    """
    names = [field.name for field in fields(Quote)]
    article: Article | None = None
    quotes: list[Quote] = []
    for place, row in rows:
        try:
            number = row.get("number")
            if number is None or number == 0:
                if article is not None:
                    yield ArticleRecord(article, tuple(quotes))
                article, quotes = from_dict(row.get("article") or {}, kind=Article), []
            elif number != len(quotes) or not _same(row.get("article") or {}, article):
                reason = f"number {number} where {len(quotes)} or 0 comes next; leave the rows in their order"
                raise InputError(reason)
            if number is not None:
                quotes.append(from_dict({name: row[name] for name in names if _is_given(name, row)}, kind=Quote))
        except InputError as error:
            raise InputError(f"{place}: {error}; write the records again with quotes") from error
    if article is not None:
        yield ArticleRecord(article, tuple(quotes))


def _is_given(name: str, row: Row) -> bool:
    """Return whether a row has a field, which an older table may lack."""
    return name in row and not (row[name] is None and name in DEFAULTED[Quote])


def _same(row: Mapping[str, Any], article: Article | None) -> bool:
    return article is not None and (row.get("id"), row.get("index")) == (article.id, article.index)
