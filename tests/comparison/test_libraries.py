"""Comparison needs an extra; if it is missing, one line says how to install it."""

from __future__ import annotations

import importlib
import sys

import pytest

from quotes.errors import QuotesError


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is the program's own, so that a command shows it in one line, and also an ImportError."""
    monkeypatch.delitem(sys.modules, "quotes.comparison.libraries", raising=False)
    monkeypatch.setitem(sys.modules, "rapidfuzz.distance", None)
    with pytest.raises(QuotesError, match=r"needs rapidfuzz.*: \.venv/bin/pip install '\.\[compare\]'") as caught:
        importlib.import_module("quotes.comparison.libraries")
    assert isinstance(caught.value, ImportError)


def test_sketches_need_theirs_when_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """datasketch is loaded by `variants` alone, and missed there."""
    from quotes.comparison.libraries import min_hash

    monkeypatch.setitem(sys.modules, "datasketch", None)
    with pytest.raises(QuotesError, match="needs datasketch"):
        min_hash(num_perm=4)
