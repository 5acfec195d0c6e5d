"""textacy's functions on characters load without spaCy and scikit-learn, and textacy can be imported as usual after."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from quotes.ingest.lean_textacy import normalize
print(normalize().hyphenated_words("har-\\nbour"), normalize() is normalize())
print([m for m in sys.modules if m.partition(".")[0] in ("spacy", "sklearn", "textacy")])
from textacy.preprocessing import make_pipeline, normalize as usual
print(usual.hyphenated_words("har-\\nbour"), make_pipeline.__module__)
"""


def test_only_what_is_used_is_imported() -> None:
    """A hyphenated line end is joined without the rest of textacy, which a later import brings."""
    done = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["harbour True", "[]", "harbour textacy.preprocessing.pipeline"]
