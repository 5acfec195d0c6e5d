"""Guard the cells of a CSV file against spreadsheets that run formulas."""

from __future__ import annotations

import json
import re

_FORMULA = re.compile(r"[\t\r\n']|\s*[=+\-@＝＋－＠]")
_UNWRITABLE = re.compile("[\0\r\ud800-\udfff]")


def safe_cell(value: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula, and that reads back as what it was."""
    if _UNWRITABLE.search(value):
        return f"'{json.dumps(value)}"
    return f"'{value}" if not value or _FORMULA.match(value) else value
