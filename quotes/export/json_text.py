"""One record as JSON text that any reader takes: the two JSON formats share it."""

from __future__ import annotations

import json
import re
from typing import Any

# Half a surrogate pair cannot be encoded as UTF-8; NEL and the two Unicode separators end a line for many readers.
# All stand inside strings only, where JSON lets them be escaped.
_ESCAPED = re.compile("[\x85\u2028\u2029\ud800-\udfff]")


def dumps(data: Any, *, indent: int | None = None) -> str:
    """Return JSON text that is readable in any script, encodes as UTF-8, and has line ends only where `indent` asks.

    Args:
        data: dictionaries, lists, strings, numbers, None.
        indent: spaces a level; None writes one line.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=indent)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
