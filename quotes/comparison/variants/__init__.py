"""The same statement across outlets: which quotes are one, and how each printing differs from the fullest.

`groups` reads records and yields groups. `comparison` says which words of a quote are compared, `collection` holds them
small, `candidates` finds what is worth comparing, `alignment` compares, `grouping` calls them in order, and `spreading`
says where the work is done. `marking` lays one printing over another for a reader.
"""

from __future__ import annotations

from quotes.comparison.variants.grouping import groups
from quotes.comparison.variants.marking import Run, laid_over
from quotes.comparison.variants.result import SCHEMA, Difference, Group, Kind, Op, Variant
from quotes.comparison.variants.spreading import Spread

__all__ = ["SCHEMA", "Difference", "Group", "Kind", "Op", "Run", "Spread", "Variant", "groups", "laid_over"]
