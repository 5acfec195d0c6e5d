"""Read one input of a problem report and compare what comes out, field by field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import quotes
from quotes.records import Quote

# Short files from bug reports of such programs, if the workplace has them; they are not in the repository.
FILES = Path(__file__).parents[3] / "shared" / "reports"
ALL = ("said", "denied", "hypothetical", "asked")


def told(text: str, *fields: str, **choices: Any) -> list[tuple[Any, ...]]:
    """Return these fields of each quote in a text, in order: one of `speaker`, `role`, `text`, `stance`, `channels`…"""
    records = quotes.extract(text, **choices)
    return [tuple(_field(quote, name) for name in fields) for record in records for quote in record.quotes]


def _field(quote: Quote, name: str) -> Any:
    if name == "speaker":
        return quote.speaker.name if quote.speaker else None
    if name in ("role", "kind", "handle"):
        return getattr(quote.speaker, name, None)
    if name == "mention":
        return quote.speaker.mention.text if quote.speaker and quote.speaker.mention else None
    if name == "channels":
        return sorted(f"{channel.relation} {channel.name}" for channel in quote.channels)
    if name == "cue":
        return quote.cue.text if quote.cue else None
    return getattr(quote, name)


def file(name: str) -> str:
    """Return the text of a report's file; skip the test if it is not there."""
    path = FILES / name
    if not path.is_file():
        pytest.skip(f"{name} is no part of the repository: it lies beside it where reports are worked on")
    return path.read_text(encoding="utf-8")
