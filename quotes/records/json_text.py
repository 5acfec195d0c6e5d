"""JSON text that any reader accepts, for records in every format."""

from __future__ import annotations

import json
import re
from typing import Any

# A lone surrogate cannot be encoded as UTF-8; NEL and the two Unicode separators end a line for many readers. All are
# only inside strings, where JSON allows escapes.
_ESCAPED = re.compile("[\x85\u2028\u2029\ud800-\udfff]")
# In an HTML script element these could begin a comment or end the element; in JSON strings they can be escaped.
_MARKUP = re.compile("[<>&]")


def dumps(data: Any, *, indent: int | None = None) -> str:
    """Return JSON text that is readable in any script, encodes as UTF-8, and has line ends only for `indent`.

    Args:
        data: dictionaries, lists, strings, numbers, None.
        indent: spaces per level; None writes one line.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=indent)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def for_page(data: Any) -> str:
    """Return JSON text, as from `dumps`, that is safe in an HTML page, whatever its strings contain.

    Args:
        data: dictionaries, lists, strings, numbers, None.
    """
    return _MARKUP.sub(lambda match: f"\\u{ord(match[0]):04x}", dumps(data))


def loads(text: str | bytes) -> Any:
    """Parse JSON text strictly: no NaN, no Infinity.

    Raises:
        ValueError: if it is not JSON, or is nested too deeply.
    """
    try:
        return json.loads(text, parse_constant=no_number)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def no_number(name: str) -> Any:
    """Refuse NaN and Infinity, which Python's decoder accepts.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{name} is not a JSON number")
