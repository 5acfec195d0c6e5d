"""A store of quotes: one SQLite file that records are added to and searched in.

`connection` opens it and keeps it whole, `schema` makes its tables, `rows` turns records into rows and back, `search`
finds, `groups` holds what is one statement, `metadata` describes it all to Datasette.
"""

from __future__ import annotations

from quotes.export.store.database import Store
from quotes.export.store.rows import Added
from quotes.export.store.search import Hit

__all__ = ["Added", "Hit", "Store"]
