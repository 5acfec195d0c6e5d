"""A store of quotes: one SQLite file to which records are added, and which is searched.

`connection` opens it and guards its transactions, `schema` creates its tables, `rows` converts records to rows and
back, `search` finds quotes, `groups` keeps variants of a statement, `metadata` describes the store to Datasette.
"""

from __future__ import annotations

from quotes.export.store.database import Store
from quotes.export.store.rows import Added
from quotes.export.store.search import Match

__all__ = ["Added", "Match", "Store"]
