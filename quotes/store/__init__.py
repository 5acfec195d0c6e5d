"""A store of quotes: one SQLite file that records are added to and searched in.

`connection` opens it and keeps it whole, `schema` makes its tables, `rows` turns records into rows and back, `search`
finds, `groups` holds what is one statement, `metadata` describes it all to Datasette.
"""

from __future__ import annotations

from quotes.store.database import Store
from quotes.store.rows import Added
from quotes.store.search import Hit

__all__ = ["Added", "Hit", "Store"]
