"""Group quotes that are the same statement across outlets, and show how each printing differs from the fullest.

`groups` reads records and yields groups. `comparison` picks the words of a quote to compare, `collection` holds them
compactly, `candidates` finds pairs worth comparing, `alignment` compares them, `grouping` calls these in order, and
`spreading` distributes the work. `marking` lays one printing over another for a reader.
"""

from __future__ import annotations

from quotes.comparison.variants.grouping import groups
from quotes.comparison.variants.marking import Run, laid_over
from quotes.comparison.variants.result import SCHEMA, Difference, Group, Kind, Op, Variant
from quotes.comparison.variants.spreading import Spread

__all__ = ["SCHEMA", "Difference", "Group", "Kind", "Op", "Run", "Spread", "Variant", "groups", "laid_over"]
