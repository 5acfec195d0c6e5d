"""The repairs of a run's texts are reported in one line per file."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from quotes.batch.ray_files import counted, written
from quotes.batch.run import Destination, Manner, Selection, Watch, run
from quotes.export.arrow import article_row, article_schema
from quotes.ingest.cleaning import clean
from quotes.lexicon import load_lexicon
from quotes.records import ArticleRecord, ErrorRecord, Repair, SourceText

DIRTY, CLEAN = "&quot;Go,&quot; said Lee in min\xadutes.", "“Go,” said Lee."


class Fake:
    """A pipeline that finds one record in every text, and cleans or does not."""

    def __init__(self, record: ArticleRecord, *, cleans: bool) -> None:
        self.record, self.cleans = record, cleans

    def read(self, source: SourceText, /) -> Iterator[ArticleRecord]:
        if self.cleans:
            source = clean(source, lexicon=load_lexicon("en"))
        article = evolve(self.record.article, source=source.name, text=source.text, cleaned=source.cleaned)
        yield evolve(self.record, article=article)


def told(record: ArticleRecord, *sources: SourceText | ErrorRecord, cleans: bool) -> list[str]:
    """Return the lines that a run says of dirt."""
    lines: list[str] = []
    to = Destination(io.StringIO(), lambda records, _: deque(records, maxlen=0).clear())
    run(iter(sources), to, load=lambda **_: Fake(record, cleans=cleans), watch=Watch(dirt=lines.append))
    return lines


def test_a_dirty_file_is_one_line(record: ArticleRecord) -> None:
    """The line has the file and the option; rows of a table are reported together, under the table's name."""
    rows = [SourceText(name, text, file="t.csv") for name, text in (("r1", DIRTY), ("r2", CLEAN), ("r3", DIRTY))]
    missing, clean_one = ErrorRecord("b.txt", "missing", "no"), SourceText("c.txt", CLEAN)
    assert [
        "a.txt: has 2 HTML entities; --clean repairs that",
        "t.csv: has 4 HTML entities; --clean repairs that",
    ] == told(record, SourceText("a.txt", DIRTY), missing, *rows, clean_one, cleans=False)


def test_repairs_are_reported(record: ArticleRecord) -> None:
    """With --clean the line says what was done; a clean file is not spoken of."""
    sources = (SourceText("a.txt", DIRTY), SourceText("c.txt", CLEAN))
    assert ["a.txt: repaired 2 HTML entities, 1 soft hyphen"] == told(record, *sources, cleans=True)


def test_the_text_of_a_cleaned_article_is_the_cleaned_one(record: ArticleRecord) -> None:
    """--with-text gives the text that the offsets count into."""
    found: list[ArticleRecord | ErrorRecord] = []
    to = Destination(io.StringIO(), lambda records, _: found.extend(records))
    sources, manner = [SourceText("a.txt", DIRTY)], Manner(Selection(with_text=True))
    run(sources, to, load=lambda **_: Fake(record, cleans=True), manner=manner)
    [article] = [record.article for record in found if isinstance(record, ArticleRecord)]
    assert '"Go," said Lee in minutes.' == article.text
    assert (Repair("entities", 2), Repair("soft-hyphens", 1)) == article.cleaned


def test_what_a_run_on_ray_repaired_is_counted(record: ArticleRecord, tmp_path: Path) -> None:
    """The counts of all articles, errors and clean ones among them, read from the files without their texts."""
    arrow = pytest.importorskip("pyarrow", reason="needs .venv/bin/pip install '.[parquet]'")
    from pyarrow import parquet

    cleaned = evolve(record, article=evolve(record.article, cleaned=(Repair("mojibake", 2), Repair("spaces", 1))))
    rows = [article_row(row) for row in (cleaned, record, cleaned, ErrorRecord("b", "failed", "no"))]
    parquet.write_table(arrow.Table.from_pylist(rows, schema=article_schema()), tmp_path / "a.parquet")
    counts = counted(written(None, str(tmp_path)), ())
    assert (3, 6, 1) == (counts.articles, counts.quotes, counts.errors)
    assert (Repair("mojibake", 4), Repair("spaces", 2)) == counts.repaired
