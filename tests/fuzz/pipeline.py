"""Fuzz the whole recipe, from a text to its records.

python -m tests.fuzz.pipeline [--seconds N] [--corpus DIR] [--findings DIR]
"""

from __future__ import annotations

from .bytes_to_text import text_of
from .driver import Check, main


def load() -> Check:
    """Return the target: everything is read and exported, and what must hold of records holds."""
    from attrs import evolve

    from quotes.extraction.pipeline import load as load_pipeline
    from quotes.records import SourceText

    from .checks import check_records

    both = load_pipeline(include_unattributed=True, attitudes=True)
    alone = evolve(both, reader=None)

    def check(data: bytes) -> None:
        text = text_of(data[1:400])  # each byte is up to a sentence; more of them would be no other case, only slower
        reader = alone if data[:1] < b"\x80" else both
        check_records(reader.read(SourceText("fuzz", text)), text)

    return check


if __name__ == "__main__":
    main(load, about=__doc__)
