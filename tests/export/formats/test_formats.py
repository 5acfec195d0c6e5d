"""Every format of the registry contains the records, and returns them unchanged if it can be read back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.errors import InputError, QuotesError
from quotes.export import FORMATS, format_of, read_records
from quotes.records import ArticleRecord, ErrorRecord
from tests.exporting import WHY, saved
from tests.strategies import anything, fitted

ERROR = ErrorRecord("b.txt", "missing", "no such file")
MODULES = {"parquet": "pyarrow"}
READ_BACK = [name for name, entry in FORMATS.items() if entry.read]


def needed(name: str) -> None:
    """Skip where what a format needs is not installed."""
    if FORMATS[name].extra:
        pytest.importorskip(MODULES[str(FORMATS[name].extra)], reason=WHY)


@pytest.mark.parametrize("name", READ_BACK)
def test_a_round_trip_is_exact(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any records come back equal, also articles without quotes."""
    needed(name)
    folder = tmp_path_factory.mktemp(name)

    articles = anything(ArticleRecord).map(fitted) if FORMATS[name].needs_text else anything(ArticleRecord)

    @given(st.lists(articles | anything(ErrorRecord), max_size=4))
    @settings(max_examples=25, deadline=None)
    def check(records: list[ArticleRecord | ErrorRecord]) -> None:
        if FORMATS[name].adds:
            told = {(r.article.source, r.article.index): r for r in records if isinstance(r, ArticleRecord)}
            records = list(told.values())
            (folder / f"out{FORMATS[name].suffixes[0]}").unlink(missing_ok=True)
        path = saved(name, records, folder)
        assert list(read_records(path)) == [r for r in records if isinstance(r, ArticleRecord)]

    check()


@pytest.mark.parametrize("name", READ_BACK)
def test_the_same_article_twice_is_two(name: str, whole: ArticleRecord, tmp_path: Path) -> None:
    """Records that are equal do not run together."""
    needed(name)
    if FORMATS[name].adds:
        pytest.skip("one article of the same source and index takes the other's place: see test_store.py")
    bare = ArticleRecord(whole.article)
    records = [whole, whole, bare, bare, whole]
    assert list(read_records(saved(name, records, tmp_path))) == records


@pytest.mark.parametrize("name", FORMATS)
def test_two_runs_write_the_same_bytes(name: str, whole: ArticleRecord, tmp_path: Path) -> None:
    """The order of records and fields is fixed, and no clock is asked."""
    needed(name)
    first, second = (content(saved(name, [whole, ERROR, whole], tmp_path)) for _ in range(2))
    assert first == second


def content(path: Path) -> list[tuple[str, bytes]]:
    """Return a file, or the files of a folder, with their bytes."""
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    return [(str(file.relative_to(path)), file.read_bytes()) for file in files]


@pytest.mark.parametrize("name", [name for name, entry in FORMATS.items() if entry.target == "text"])
def test_writers_stream(name: str, whole: ArticleRecord) -> None:
    """Each article is on its way before the one after the next is asked for."""
    stream = io.StringIO()
    sizes = []

    def records() -> Iterator[ArticleRecord]:
        for _ in range(4):
            sizes.append(len(stream.getvalue()))
            yield whole

    FORMATS[name].write(records(), stream)
    assert sizes[3] - sizes[2] > len(whole.quotes[0].text)


@pytest.mark.parametrize("name", [name for name, entry in FORMATS.items() if entry.needs_text])
def test_a_missing_or_other_text_is_reported(
    name: str, whole: ArticleRecord, record: ArticleRecord, tmp_path: Path
) -> None:
    """A format of places refuses records without their text, or with another one, and says what to do."""
    needed(name)
    other = attrs.evolve(whole, article=attrs.evolve(whole.article, text="Another text altogether. " * 4))
    for wrong in (record, other):
        with pytest.raises(InputError, match=r"a\.txt: .*; extract it .*with --with-text"):
            saved(name, [wrong], tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_suffixes_tell_formats_apart() -> None:
    """No suffix belongs to two formats, and the longest one that fits decides."""
    suffixes = [suffix for entry in FORMATS.values() for suffix in entry.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    named = {suffix: name for name, entry in FORMATS.items() for suffix in entry.suffixes}
    assert named == {suffix: format_of(Path(f"a.b{suffix.upper()}")) for suffix in suffixes}
    assert format_of(Path("notes.docx")) is None


OTHER = {"empty": b"", "binary": b"\0\1\2 nonsense", "json": b"{}", "csv": b"id,text\n1,2\n"}


@pytest.mark.parametrize("name", READ_BACK)
@pytest.mark.parametrize("data", OTHER.values(), ids=OTHER)
def test_what_is_no_such_file_is_one_line(name: str, data: bytes, tmp_path: Path) -> None:
    """Any other content is an InputError that names the file, or no articles at all; never a traceback."""
    needed(name)
    path = tmp_path / f"other{FORMATS[name].suffixes[0]}"
    path.write_bytes(data)
    said = said_of(path, name)
    assert said == "[]" or (said.startswith(f"{path}: ") and "; " in said and "\n" not in said)


def said_of(path: Path, name: str) -> str:
    try:
        return str(list(read_records(path, format_name=name)))
    except QuotesError as error:
        return str(error)
