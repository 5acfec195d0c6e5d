"""Write results other than articles, such as groups of variants, as JSON: one document, or one result per line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from textwrap import indent
from typing import IO, Any

from quotes.records.conversion import to_dict
from quotes.records.json_text import dumps


def write_document(items: Iterable[Any], stream: IO[str], *, schema: str, key: str) -> int:
    """Write `{"schema": …, key: […]}`, item by item.

    Args:
        items: attrs records.
        stream: a text stream, in UTF-8.
        schema: name and version of the items' schema.
        key: the key of the list.

    Returns:
        The number of items.
    """
    opening, count = f'{{\n  "schema": {json.dumps(schema)},\n  {json.dumps(key)}: [', 0
    for count, item in enumerate(items, start=1):
        stream.write((opening if count == 1 else ",") + "\n" + indent(dumps(to_dict(item), indent=2), "    "))
    stream.write("\n  ]\n}\n" if count else opening + "]\n}\n")
    stream.flush()
    return count


def write_lines(items: Iterable[Any], stream: IO[str]) -> int:
    """Write each item as one line, at once, and return how many there were."""
    count = 0
    for item in items:
        stream.write(dumps(to_dict(item)) + "\n")
        stream.flush()
        count += 1
    return count
