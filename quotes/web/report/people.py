"""Merge a report's speakers over its articles: its sources, and its audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import define

from quotes.records import ArticleRecord, Speaker
from quotes.records.conversion import to_dict

if TYPE_CHECKING:
    from quotes.comparison.sources import Gathered, Source

# The most names and reasons shown.
_MOST = 12
Row = dict[str, Any]


@define(eq=False)
class SourceRows:
    """The sources of a report's articles."""

    records: Sequence[ArticleRecord]
    gathered: Gathered

    def of(self, speaker: Speaker, article: str, *, key: tuple[Any, ...], row: Row) -> tuple[tuple[Any, ...], Row]:
        """Return the key and row of a speaker: its source's, if two articles can mean that source.

        Unnamed speakers and surnames in only one article keep their own: the page groups them by name.

        Args:
            speaker: of a quote.
            article: the id of its article.
            key: the speaker's own key.
            row: the speaker's own row.
        """
        number = self.gathered.of.get((article, (" ".join(speaker.name.split()), speaker.kind, speaker.id)))
        source = None if number is None else self.gathered.sources[number]
        if source is None or source.kind not in ("person", "author", "organization"):
            return key, row
        if source.articles == 1 and (" " not in source.name or not source.name[:1].isupper()):
            return key, row
        return ("source", source.id), row | {"name": source.name, "kind": source.kind} | _as_row(source)

    def audit(self) -> dict[str, Any]:
        """Return the audit of the articles."""
        from quotes.comparison.audit import audit

        return to_dict(audit(self.records, gathered=self.gathered))


def source_rows(records: Sequence[ArticleRecord]) -> SourceRows | None:
    """Return the sources of articles; None if a library for it is missing.

    Args:
        records: articles, each once.
    """
    try:
        from quotes.comparison.sources import Gatherer, appearances
        from quotes.lexicon import load_lexicon
    except ImportError:
        return None
    return SourceRows(records, Gatherer(load_lexicon("en")).gather(appearances(records)))


def _as_row(source: Source) -> Row:
    row: Row = {"pronoun": source.pronoun} if source.pronoun else {}
    if len(source.aliases) > 1:
        row["aliases"] = [[alias.name, alias.count] for alias in source.aliases[:_MOST]]
    if source.merges:
        row["merges"] = [[merge.name, *merge.because] for merge in source.merges[:_MOST]]
    return row
