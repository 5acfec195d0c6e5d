"""Prepare records for formats in UTF-8, which cannot encode lone surrogates.

Python reads a file name that is not UTF-8 with lone surrogates (PEP 383); a text from JSON may have them, too.
"""

from __future__ import annotations

import json
import re

from attrs import evolve

from quotes.records import ArticleRecord
from quotes.records.conversion import from_dict, to_dict

_HALF = re.compile("[\ud800-\udfff]")


def shown(text: str) -> str:
    """Return a text with each lone surrogate replaced by U+FFFD, so that offsets stay valid."""
    return _HALF.sub("\ufffd", text)


def named(source: str) -> str:
    r"""Return a file's name in a form that UTF-8 can encode and that stays unique.

    Examples:
        >>> named("caf\udce9.txt")
        'caf\\xe9.txt'
    """
    return _HALF.sub(lambda half: _escaped(ord(half[0])), source)


def _escaped(code: int) -> str:
    """Return the escape of a byte in a name, or of any other surrogate."""
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"


def encodable(record: ArticleRecord) -> ArticleRecord:
    """Return the record in a form that UTF-8 can encode; unchanged if all its texts can be encoded."""
    if "\\ud" not in repr(record):
        return record
    printed = json.dumps(to_dict(record), ensure_ascii=False)
    if not _HALF.search(printed):
        return record
    plain = from_dict(json.loads(shown(printed)))
    return evolve(plain, article=evolve(plain.article, source=named(record.article.source)))
