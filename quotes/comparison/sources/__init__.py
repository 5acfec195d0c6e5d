"""Sources: whom the news quotes, each once over all articles.

`appearance` takes from each article what it tells of its speakers, `gathering` puts the same together: `names` and
`roles` read them, `candidates` finds what is worth comparing, `evidence` says what speaks for and against, `merging`
and `bodies` decide, `overrides` and `people` have a newsroom's last word, and `describing` makes the records.
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
    """Return whom articles quote, each source once, those quoted most first; the order of the articles is nothing.

    Args:
        records: articles; errors are left out.
        lexicon: of the language; English by default.
        overrides: what is the same, and what is not, whatever the articles say: see `read_overrides`.
    """
    gatherer = Gatherer(lexicon or load_lexicon("en"), overrides or Overrides())
    return gatherer.gather(appearances(records)).sources
