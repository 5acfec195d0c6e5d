"""Guard the cells of a CSV file against spreadsheets that run formulas."""

from __future__ import annotations

import json
import re

# OWASP's list of first characters of formulas, with full-width forms, which spreadsheets accept; some skip blanks, and
# importers may strip invisible marks such as a byte order mark.
_UNSEEN = r"\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_FORMULA = re.compile(rf"[\t\r\n']|[{_UNSEEN}]*[=+\-@＝＋－＠]")
_UNWRITABLE = re.compile("[\0\r\ud800-\udfff]")


def safe_cell(value: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula, and that can be read back."""
    if _UNWRITABLE.search(value):
        return f"'{json.dumps(value)}"
    return f"'{value}" if not value or _FORMULA.match(value) else value
