"""Write records and read them back: one module per format, all derived from the attrs classes."""

from __future__ import annotations

from quotes.export.format import Format, Reader, Records, Target, Writer
from quotes.export.registry import FORMATS, format_of
from quotes.export.rows import rows_of
from quotes.export.saved import read_records, write_records
from quotes.records.conversion import from_dict, to_dict
from quotes.records.schema import json_schema

__all__ = [
    "FORMATS", "Format", "Reader", "Records", "Target", "Writer", "format_of", "from_dict", "json_schema",
    "read_records", "rows_of", "to_dict", "write_records",
]  # fmt: skip
