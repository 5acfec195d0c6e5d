"""Variants across outlets in the form that the report's page reads: groups of quotes, referred to by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from quotes.lexicon import Lexicon, load_lexicon
from quotes.records import ArticleRecord

if TYPE_CHECKING:
    from quotes.comparison.variants import Group, Run


def printings(records: Sequence[ArticleRecord]) -> list[dict[str, Any]] | None:
    """Return the groups of two or more printings, those of most outlets first; None if a library for it is missing.

    Args:
        records: articles, each once; their quotes are numbered in order.
    """
    try:
        from quotes.comparison.variants import groups

        lexicon = load_lexicon("en")
        found = sorted(groups(records, lexicon=lexicon), key=lambda group: -len(group.outlets))
    except ImportError:
        return None
    quotes = ((record.article.id, quote.id) for record in records for quote in record.quotes)
    numbers = {key: number for number, key in enumerate(quotes)}
    return [_group(group, numbers, lexicon) for group in found]


def _group(group: Group, numbers: dict[tuple[str, str], int], lexicon: Lexicon) -> dict[str, Any]:
    from quotes.comparison.variants import laid_over

    first = group.first
    return {
        "lead": numbers[group.lead.article, group.lead.quote],
        "first": None if first is None else numbers[first.article, first.quote],
        "misattributed": group.misattributed,
        "misquoted": group.misquoted,
        "others": [
            {
                "quote": numbers[variant.article, variant.quote],
                "kind": variant.kind,
                "reworded": variant.reworded,
                "runs": [_run(run) for run in laid_over(group.lead, variant, lexicon=lexicon)],
            }
            for variant in group.variants
        ],
    }


def _run(run: Run) -> Any:
    """Return shared words as a string, other words with their change and whether they are missing here."""
    return run.text if run.op is None else [run.text, run.op, run.missing]
