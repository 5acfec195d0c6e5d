"""One record as JSON text that any reader takes: the two JSON formats share it."""

from __future__ import annotations

import json
import re
from typing import Any

# Half a surrogate pair cannot be encoded as UTF-8; NEL and the two Unicode separators end a line for many readers.
# All stand inside strings only, where JSON lets them be escaped.
_ESCAPED = re.compile("[\x85\u2028\u2029\ud800-\udfff]")
# In an HTML script element these could begin a comment or end the element; in a JSON string an escape means the same.
_MARKUP = re.compile("[<>&]")


def dumps(data: Any, *, indent: int | None = None) -> str:
    """Return JSON text that is readable in any script, encodes as UTF-8, and has line ends only where `indent` asks.

    Args:
        data: dictionaries, lists, strings, numbers, None.
        indent: spaces a level; None writes one line.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=indent)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def for_page(data: Any) -> str:
    """Return JSON text, as `dumps` does, that cannot begin or end anything in an HTML page, whatever its strings hold.

    Args:
        data: dictionaries, lists, strings, numbers, None.
    """
    return _MARKUP.sub(lambda match: f"\\u{ord(match[0]):04x}", dumps(data))


def loads(text: str | bytes) -> Any:
    """Return what JSON text says, by the standard's letter: no NaN, no Infinity.

    Raises:
        ValueError: if it is no JSON, or is nested too deeply.
    """
    try:
        return json.loads(text, parse_constant=no_number)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def no_number(name: str) -> Any:
    """Refuse NaN and Infinity, which Python's decoder would take.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{name} is no JSON number")
