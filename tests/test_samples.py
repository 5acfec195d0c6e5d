"""Compare the output for `samples/` with `golden/`; `QUOTES_UPDATE_GOLDEN=1` rewrites the golden files."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from quotes.export import to_dict
from quotes.ingest import read
from quotes.records import ArticleRecord, SourceText
from tests.documents import part_of

SAMPLES = sorted(path for path in (Path(__file__).parents[1] / "samples").iterdir() if path.suffix in (".txt", ".html"))
GOLDEN = Path(__file__).parent / "golden"
UPDATE = os.environ.get("QUOTES_UPDATE_GOLDEN") == "1"
CONFIDENCE = re.compile(r'(?<="confidence": )[\d.]+')


def source_of(path: Path) -> SourceText:
    """Return the one text of a sample, named by the file alone, so that golden files hold no path of a machine."""
    (source,) = read([path])
    assert isinstance(source, SourceText), source
    return evolve(source, name=path.name)


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda path: path.name)
def sample(request: pytest.FixtureRequest, pipeline: Any) -> tuple[Path, SourceText, list[ArticleRecord]]:
    """A sample, its text and the records of its articles."""
    source = source_of(request.param)
    return request.param, source, pipeline.read(source)


def test_golden(sample: tuple[Path, SourceText, list[ArticleRecord]]) -> None:
    """A sample gives the records of its golden file byte by byte, but for what processors round differently."""
    path, _, records = sample
    golden = GOLDEN / f"{path.stem}.json"
    document = {"articles": [to_dict(record) for record in records]}
    actual = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    if UPDATE:
        GOLDEN.mkdir(exist_ok=True)
        golden.write_bytes(actual.encode())
    assert golden.exists(), f"no {golden.name}; QUOTES_UPDATE_GOLDEN=1 python -m pytest {Path(__file__).name} writes it"
    expected = golden.read_bytes().decode()
    rest = [CONFIDENCE.sub("0", text) for text in (expected, actual)]
    assert json.loads(rest[0]) == json.loads(rest[1])
    assert rest[0] == rest[1]
    assert part_of(json.loads(expected), json.loads(actual))  # confidences, too, but for rounding


def test_offsets(sample: tuple[Path, SourceText, list[ArticleRecord]]) -> None:
    """Every offset slices to its text, and the spans of a quote are in order and apart."""
    _, source, records = sample
    for quote in (quote for record in records for quote in record.quotes):
        assert quote.text == " ".join(source.text[span.start : span.end] for span in quote.spans)
        assert all(left.end <= right.start for left, right in zip(quote.spans, quote.spans[1:], strict=False))
        mentions = [quote.cue, quote.speaker and quote.speaker.mention, *(c.mention for c in quote.channels)]
        for mention in filter(None, mentions):
            assert mention.text == source.text[mention.start : mention.end]


def test_every_article_of_a_sample_has_a_quote(sample: tuple[Path, SourceText, list[ArticleRecord]]) -> None:
    """No sample, and no article of the aggregator page, is there for nothing."""
    _, _, records = sample
    silent = [record.article.title for record in records if not any(quote.speaker for quote in record.quotes)]
    assert records
    assert not silent


def test_each_sample_has_one_golden_file() -> None:
    """A golden file whose sample is gone, or two samples of one name, would prove nothing."""
    expected = [path.stem for path in SAMPLES]
    assert expected == sorted(path.stem for path in GOLDEN.glob("*.json"))
