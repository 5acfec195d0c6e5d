"""Guard the cells of a CSV file against spreadsheets that run formulas."""

from __future__ import annotations

import json
import re

# OWASP's list of what begins a formula, with the full-width forms that spreadsheets take as well; some pass over space.
# Marks that are not seen, a byte order mark among them, may be taken off by whoever imports the file.
_UNSEEN = r"\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_FORMULA = re.compile(rf"[\t\r\n']|[{_UNSEEN}]*[=+\-@＝＋－＠]")
_UNWRITABLE = re.compile("[\0\r\ud800-\udfff]")


def safe_cell(value: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula, and that reads back as what it was."""
    if _UNWRITABLE.search(value):
        return f"'{json.dumps(value)}"
    return f"'{value}" if not value or _FORMULA.match(value) else value
