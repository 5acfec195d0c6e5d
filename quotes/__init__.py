"""Who said what in the news, and how the words reached the article.

    from quotes import extract
    for record in extract("Lee said: “We will vote on Monday.”"):
        ...

The public names load on first use (PEP 562), so that `import quotes` costs no spaCy and no textacy.
"""

import os

from quotes.files import isolation

os.environ.update(isolation.SILENCE)
if isolation.runs_own_module():
    isolation.leave_current_folder()

TYPE_CHECKING = False  # as in `typing`, which must not be imported before the lines above
if TYPE_CHECKING:
    from typing import Any

    from quotes.batch.ray import Extractor, OnRay, read_distributed
    from quotes.comparison.checking import Checker
    from quotes.comparison.sources import sources
    from quotes.comparison.variants import groups
    from quotes.errors import InputError, ModelError, PatternError, QuotesError, StoreError
    from quotes.export import FORMATS, from_dict, json_schema, read_records, rows_of, to_dict, write_records
    from quotes.export.store import Store
    from quotes.extraction.options import Options
    from quotes.extraction.pipeline import Pipeline, extract, load
    from quotes.ingest import Reading, read
    from quotes.lexicon import Lexicon, load_lexicon
    from quotes.records import (
        Article,
        ArticleRecord,
        Channel,
        Cue,
        ErrorRecord,
        Mention,
        Outlet,
        Quote,
        Repair,
        SourceText,
        Span,
        Speaker,
    )
    from quotes.web.report import write_report

__version__ = "0.1.0"

_HOMES = {
    "quotes.errors": ("QuotesError", "InputError", "PatternError", "ModelError", "StoreError"),
    "quotes.batch.ray": ("Extractor", "OnRay", "read_distributed"),
    "quotes.comparison.checking": ("Checker",),
    "quotes.comparison.sources": ("sources",),
    "quotes.comparison.variants": ("groups",),
    "quotes.export": ("FORMATS", "from_dict", "json_schema", "read_records", "rows_of", "to_dict", "write_records"),
    "quotes.export.store": ("Store",),
    "quotes.ingest": ("Reading", "read"),
    "quotes.lexicon": ("Lexicon", "load_lexicon"),
    "quotes.extraction.options": ("Options",),
    "quotes.extraction.pipeline": ("Pipeline", "extract", "load"),
    "quotes.records": (
        "Article", "ArticleRecord", "Channel", "Cue", "ErrorRecord", "Mention", "Outlet", "Quote", "Repair",
        "SourceText", "Span", "Speaker",
    ),
    "quotes.web.report": ("write_report",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "FORMATS", "Article", "ArticleRecord", "Channel", "Checker", "Cue", "ErrorRecord", "Extractor",
    "InputError", "Lexicon", "Mention", "ModelError", "OnRay", "Options", "Outlet", "PatternError", "Pipeline", "Quote",
    "QuotesError", "Reading", "Repair", "SourceText", "Span", "Speaker", "Store", "StoreError", "extract", "from_dict",
    "groups", "json_schema", "load", "load_lexicon", "read", "read_distributed", "read_records", "rows_of", "sources",
    "to_dict", "write_records", "write_report",
]


def __getattr__(name: str) -> "Any":
    """Load a public name from the module that holds it."""
    from importlib import import_module

    if name not in _HOME_OF:
        raise AttributeError(f"module 'quotes' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
