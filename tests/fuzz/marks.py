"""Fuzz the pairing of quotation marks, and the splitting of pages.

python -m tests.fuzz.marks [--seconds N] [--corpus DIR] [--findings DIR]
"""

from __future__ import annotations

from .bytes_to_text import text_of
from .driver import Check, main


def load() -> Check:
    """Return the target: marks are paired, the page is split, and what must hold of both holds."""
    from itertools import pairwise

    from quotes.ingest import pages, publisher
    from quotes.lexicon import load_lexicon
    from quotes.records import SourceText
    from quotes.text import quotation_marks

    from .checks import check_marks

    lexicon = load_lexicon("en")

    def check(data: bytes) -> None:
        text = text_of(data)
        check_marks(quotation_marks.find(text, lexicon=lexicon), text)
        source = SourceText("fuzz", text, title=text[:40] if data[:1] == b"\x01" else None)
        found = pages.split(source, lexicon=lexicon)
        assert all(0 <= piece.start <= piece.end <= len(text) for piece in found)
        assert all(one.end <= two.start for one, two in pairwise(found))
        for piece in found:
            assert all(one.end <= two.start for one, two in pairwise(piece.skips))
            publisher.publisher(source, piece, lexicon=lexicon)

    return check


if __name__ == "__main__":
    main(load, about=__doc__)
