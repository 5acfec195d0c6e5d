"""Records for formats whose texts are UTF-8, which has no place for half a surrogate pair.

A file's name that is no UTF-8 holds such halves, as Python reads it (PEP 383); so may a text that came as JSON.
"""

from __future__ import annotations

import json
import re

from attrs import evolve

from quotes.records import ArticleRecord
from quotes.records.conversion import from_dict, to_dict

_HALF = re.compile("[\ud800-\udfff]")


def shown(text: str) -> str:
    """Return a text as UTF-8 can hold it: each half of a surrogate pair is U+FFFD, so that offsets stay."""
    return _HALF.sub("\ufffd", text)


def named(source: str) -> str:
    r"""Return a file's name as UTF-8 can hold it, and such that two names stay two.

    Examples:
        >>> named("caf\udce9.txt")
        'caf\\xe9.txt'
    """
    return _HALF.sub(lambda half: _escaped(ord(half[0])), source)


def _escaped(code: int) -> str:
    """Return the byte that stood in a name, or a half of another origin by its code."""
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"


def encodable(record: ArticleRecord) -> ArticleRecord:
    """Return the record as UTF-8 can hold it; it is the same where all its texts can be encoded."""
    if "\\ud" not in repr(record):
        return record
    printed = json.dumps(to_dict(record), ensure_ascii=False)
    if not _HALF.search(printed):
        return record
    plain = from_dict(json.loads(shown(printed)))
    return evolve(plain, article=evolve(plain.article, source=named(record.article.source)))
