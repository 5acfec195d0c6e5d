"""Gather sources: the speakers in the news, each once over all articles.

`appearance` describes each speaker of each article, `gathering` merges those that are the same: `names` and `roles`
read their names and roles, `candidates` finds pairs worth comparing, `evidence` weighs them, `merging` and `bodies`
decide, `overrides` and `people` apply a newsroom's own lists, and `describing` makes the records.
"""

from __future__ import annotations

from collections.abc import Iterable

from quotes.comparison.sources.appearance import Appearance, Example, appearances
from quotes.comparison.sources.gathering import Gathered, Gatherer, key_of
from quotes.comparison.sources.overrides import Overrides, read_overrides
from quotes.comparison.sources.result import SCHEMA, Alias, Counted, Merge, RoleHeld, Source
from quotes.lexicon import Lexicon, load_lexicon
from quotes.records import ArticleRecord, ErrorRecord

__all__ = [
    "SCHEMA", "Alias", "Appearance", "Counted", "Example", "Gathered", "Gatherer", "Merge", "Overrides", "RoleHeld",
    "Source", "appearances", "key_of", "read_overrides", "sources",
]  # fmt: skip


def sources(
    records: Iterable[ArticleRecord | ErrorRecord], *, lexicon: Lexicon | None = None,
    overrides: Overrides | None = None,
) -> tuple[Source, ...]:  # fmt: skip
    """Return the sources that articles quote, those quoted most first; the articles' order does not matter.

    Args:
        records: articles; errors are left out.
        lexicon: the patterns of the language; English by default.
        overrides: sources that are, or are not, the same, whatever the articles say: see `read_overrides`.
    """
    gatherer = Gatherer(lexicon or load_lexicon("en"), overrides or Overrides())
    return gatherer.gather(appearances(records)).sources
