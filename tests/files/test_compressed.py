"""Packed and crawled inputs, in constant memory; one that is too long is reported and skipped."""

from __future__ import annotations

import gzip
import io
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quotes.files import compressed
from quotes.files.compressed import LIMIT, packed, unpacked
from quotes.ingest import read, tables
from quotes.ingest.meter import Meter
from quotes.records import ErrorRecord, SourceText

SAID = "“We won’t go,” said Zoë.\r\n\r\nShe\u00a0left.\n"
ROWS = "".join(json.dumps({"id": f"r{n}", "text": f"Text number {n}."}) + "\n" for n in range(5_000))


def zstd(data: bytes) -> bytes:
    library = pytest.importorskip("zstandard", reason="needs the extra archives")
    done: bytes = library.ZstdCompressor().compress(data)
    return done


PACKERS: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "zst": zstd}


def put(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


def found(*paths: str, **how: Any) -> list[SourceText | ErrorRecord]:
    return list(read(paths, **how))


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("name", ["a.txt", "a", "packed.txt"])
def test_a_packed_text_is_unpacked(name: str, suffix: str, tmp_path: Path) -> None:
    """The bytes show that it is packed; the name of the file stays."""
    path = put(tmp_path, f"{name}.{suffix}" if name != "packed.txt" else name, PACKERS[suffix](SAID.encode()))
    assert [SourceText(path, SAID)] == found(path)


@pytest.mark.parametrize("suffix", PACKERS)
def test_the_kind_of_compressed_tables_and_pages_is_detected_by_name(suffix: str, tmp_path: Path) -> None:
    """The suffix before .gz or .zst is the kind; several packed parts are one stream."""
    pack = PACKERS[suffix]
    rows = ROWS.encode()
    lines = put(tmp_path, f"a.jsonl.{suffix}", pack(rows[:70_000]) + pack(rows[70_000:]))
    table = put(tmp_path, f"a.csv.{suffix}", pack(b"text,title\nYes.,T\n"))
    page = put(tmp_path, f"a.html.{suffix}", pack(b"<p>The council met in the town hall on Friday.</p>"))
    assert [f"r{n}" for n in range(5_000)] == [s.name for s in found(lines) if isinstance(s, SourceText)]
    assert [SourceText(f"{table}#2", "Yes.", title="T", file=table)] == found(table)
    (text,) = found(page)
    assert isinstance(text, SourceText)
    assert "The council met in the town hall on Friday." == text.text.strip()


@pytest.mark.parametrize("suffix", PACKERS)
def test_packed_standard_input(suffix: str) -> None:
    """A pipe has no name; its first bytes decide."""
    stream = io.BufferedReader(io.BytesIO(PACKERS[suffix](ROWS.encode())))  # type: ignore[arg-type]
    assert 5_000 == len(found("-", stdin=stream))


@pytest.mark.parametrize("suffix", PACKERS)
def test_packed_files_in_a_folder(suffix: str, tmp_path: Path) -> None:
    """A folder's packed texts are read, its packed programs and pictures left alone."""
    put(tmp_path, f"a.txt.{suffix}", PACKERS[suffix](SAID.encode()))
    put(tmp_path, f"b.png.{suffix}", PACKERS[suffix](b"\x89PNG"))
    put(tmp_path, f"c.{suffix}", PACKERS[suffix](b"\x7fELF\x00\x00\x00\x00"))
    assert [str(tmp_path / f"a.txt.{suffix}")] == [s.name for s in found(str(tmp_path)) if isinstance(s, SourceText)]


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_stream_that_is_cut_short_keeps_what_came_before(suffix: str, tmp_path: Path) -> None:
    """The rows before the cut are read; one error names the line and says what is wrong."""
    data = PACKERS[suffix](ROWS.encode())
    *rows, last = found(put(tmp_path, f"a.jsonl.{suffix}", data[: len(data) * 2 // 3]))
    assert isinstance(last, ErrorRecord)
    assert "unreadable" == last.error
    assert "data are broken or cut short" in last.detail
    assert all(isinstance(row, SourceText) for row in rows)
    text = found(put(tmp_path, f"a.txt.{suffix}", data[: len(data) * 2 // 3]))
    assert ["unreadable"] == [e.error for e in text if isinstance(e, ErrorRecord)]


def test_a_stream_that_is_packed_twice_is_reported(tmp_path: Path) -> None:
    """One wrapping is taken off; the line says what to do with the other."""
    (error,) = found(put(tmp_path, "a.txt.gz", gzip.compress(gzip.compress(SAID.encode()))))
    assert isinstance(error, ErrorRecord)
    assert "unpack it once first" in error.detail


def test_an_empty_packed_file_is_empty(tmp_path: Path) -> None:
    """The error is that of any empty file."""
    assert ["empty"] == [
        e.error for e in found(put(tmp_path, "a.txt.gz", gzip.compress(b""))) if isinstance(e, ErrorRecord)
    ]


MEASURE = """
import resource, sys, tracemalloc
from quotes.ingest import read
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
errors = [f"{e.error}: {e.detail}" for e in read(sys.argv[1:]) if hasattr(e, "error")]
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, errors)
"""


def measured(path: str) -> tuple[int, str]:
    """Return by how many MB reading a file raises the memory of a new process, and the errors."""
    done = subprocess.run([sys.executable, "-c", MEASURE, path], check=True, capture_output=True, text=True)
    kilobytes, _, errors = done.stdout.partition(" ")
    return int(kilobytes) // 1024, errors


@pytest.mark.slow
@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.csv"])
def test_a_decompression_bomb_is_reported_and_costs_at_most_the_limit(name: str, suffix: str, tmp_path: Path) -> None:
    """1 GB in a megabyte or less: a clear error, and memory for little more than what may be held."""
    start = {"a.csv": b"text\n", "a.jsonl": b'{"text": "', "a.html": b"<p>"}.get(name, b"")
    if suffix == "gz":
        data = gzip.compress(start) + gzip.compress(b"x" * 100_000_000, 1) * 10
    else:
        data = zstd(start) + zstd(b"x" * 1_000_000_000)
    size, errors = measured(put(tmp_path, f"{name}.{suffix}", data))
    assert "is longer than 64 MB, more than any article" in errors
    assert size < 450


@pytest.mark.slow
def test_a_long_stream_needs_no_memory(tmp_path: Path) -> None:
    """Twenty megabytes of rows are read in little more memory than one row."""
    with gzip.open(tmp_path / "a.jsonl.gz", "wb", 1) as stream:
        for _ in range(100):
            stream.write(ROWS.encode())
    size, errors = measured(str(tmp_path / "a.jsonl.gz"))
    assert "[]" == errors.strip()
    assert size < 15


def test_a_line_that_is_too_long_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows around it are read; a line of just the limit is not too long."""
    monkeypatch.setattr(tables, "LIMIT", 1_000)
    monkeypatch.setattr(tables, "_SKIPPED", 300)
    fits = json.dumps({"text": "y" * 986}) + "\n"
    assert 1_000 == len(fits) + 1
    lines = [fits, json.dumps({"text": "z" * 5_000}) + "\n", json.dumps({"text": "after"}) + "\n"]
    first, error, last = found(put(tmp_path, "a.jsonl", "".join(lines).encode()))
    assert ("y" * 986, "after") == (getattr(first, "text", ""), getattr(last, "text", ""))
    assert isinstance(error, ErrorRecord)
    assert error.source.endswith("a.jsonl#2")
    assert error.detail.startswith("line 2: the line is longer than")


@pytest.mark.parametrize("cell", ["z" * 5_000, "z\n" * 2_500])
def test_a_cell_that_is_too_long_ends_the_table(cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After it cells and rows are ambiguous: the rows before are read, the error says that the rest is not."""
    monkeypatch.setattr(tables, "LIMIT", 1_000)
    table = f'text\nbefore\n"{cell}"\nafter\n'
    first, error = found(put(tmp_path, "a.csv", table.encode()))
    assert "before" == getattr(first, "text", "")
    assert isinstance(error, ErrorRecord)
    assert "is longer than" in error.detail
    assert error.detail.endswith("the rest is not read")


def test_a_text_that_is_too_long_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain text as well as a packed one; one of just the limit is read."""
    monkeypatch.setattr(compressed, "LIMIT", 1_000)
    assert ["too-long"] == [e.error for e in found(put(tmp_path, "a.txt", b"x" * 1_001)) if isinstance(e, ErrorRecord)]
    assert [SourceText] == [type(s) for s in found(put(tmp_path, "a.txt", b"x" * 1_000))]


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_what_is_packed_unpacks_to_the_same(packing: Any) -> None:
    """Text and bytes, many small writes and flushes; the same input gives the same bytes."""
    if packing == "zstd":
        pytest.importorskip("zstandard", reason="needs the extra archives")
    held = [io.BytesIO(), io.BytesIO()]
    for stream in held:
        with packed(stream, packing, text=True) as writer:
            for line in ROWS.splitlines(keepends=True):
                writer.write(line)
                writer.flush()
    assert held[0].getvalue() == held[1].getvalue()
    assert len(held[0].getvalue()) < len(ROWS) / 3
    assert ROWS.encode() == unpacked(io.BytesIO(held[0].getvalue()), packing).read()


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_the_output_is_packed_by_its_name(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-o quotes.jsonl.gz` holds what `-o quotes.jsonl` would, and is replaced only by a whole one."""
    if suffix == "zst":
        pytest.importorskip("zstandard", reason="needs the extra archives")
    from quotes.cli import main

    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("“We will vote,” said Ana Lee, the mayor of the town.")
    for name in ("out.jsonl", f"out.jsonl.{suffix}", "out.json", f"out.json.{suffix}"):
        assert 0 == main(["extract", "a.txt", "--reader", "patterns", "-q", "-o", name])
    for name in ("out.jsonl", "out.json"):
        packing: Any = compressed.PACKED[f".{suffix}"]
        assert Path(name).read_bytes() == unpacked(io.BytesIO(Path(f"{name}.{suffix}").read_bytes()), packing).read()
    assert 5 == len(list(tmp_path.iterdir()))


def test_a_missing_library_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without zstandard or warcio the error names the extra; other files are read."""
    for name in ("zstandard", "warcio", "warcio.archiveiterator"):
        monkeypatch.setitem(sys.modules, name, None)
    packed_path = put(tmp_path, "a.txt.zst", b"\x28\xb5\x2f\xfd....")
    crawl = put(tmp_path, "a.warc", b"WARC/1.0\r\n")
    plain = put(tmp_path, "a.txt", b"Yes.")
    *errors, text = found(packed_path, crawl, plain)
    told = [(e.error, "pip install '.[archives]'" in e.detail) for e in errors if isinstance(e, ErrorRecord)]
    assert [("library", True), ("library", True)] == told
    assert SourceText(plain, "Yes.") == text


def test_the_share_of_the_input_is_known(tmp_path: Path) -> None:
    """The bytes of files, of packed ones as stored; the size of a pipe is unknown."""
    paths = [put(tmp_path, "a.jsonl.gz", gzip.compress(ROWS.encode())), put(tmp_path, "b.jsonl", ROWS.encode())]
    meter = Meter.of(paths)
    shares = [meter.share for _ in read(paths, meter=meter)]
    assert shares == sorted(shares)
    assert shares[0] is not None
    assert 0 < shares[0] < 0.3
    assert 1 == shares[-1]
    assert None is Meter.of(["-", *paths]).share


PAGE = b"<html><head><title>Vote</title></head><body><p>%s said Ana Lee, the mayor.</p></body></html>"


def crawl(*answers: tuple[str, str, str, bytes], gzipped: bool) -> bytes:
    """Return a WARC file with these records: type, status or "", content type, content."""
    pytest.importorskip("warcio", reason="needs the extra archives")
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzipped)
    for number, (kind, status, content_type, content) in enumerate(answers):
        headers = StatusAndHeaders(status, [("Content-Type", content_type)], protocol="HTTP/1.1") if status else None
        address = f"https://gazette.example/{number}"
        record = writer.create_warc_record(
            address, kind, payload=io.BytesIO(content), http_headers=headers, warc_content_type=content_type,
            warc_headers_dict={"WARC-Date": "2025-06-10T08:00:00Z"},
        )  # fmt: skip
        writer.write_record(record)
    return out.getvalue()


LONG = "“We will vote on Monday in the town hall,” ".encode()
ANSWERS = (
    ("request", "GET / HTTP/1.1", "text/html", b""),
    ("response", "200 OK", "text/html; charset=utf-8", PAGE % LONG),
    ("response", "404 Not Found", "text/html", PAGE % b"gone"),
    ("response", "200 OK", "image/png", b"\x89PNG"),
    ("response", "200 OK", "text/plain", SAID.encode()),
    ("response", "200 OK", "text/html", b"<html></html>"),
    ("conversion", "", "text/plain", b"Plain words of a page."),
)


@pytest.mark.parametrize(("name", "gzipped"), [("a.warc.gz", True), ("a.warc", False), ("crawl", True)])
def test_a_crawl_is_read_page_by_page(name: str, gzipped: bool, tmp_path: Path) -> None:
    """Pages and texts with status 200 are read, with address and day; all else is passed over."""
    path = put(tmp_path, name, crawl(*ANSWERS, gzipped=gzipped))
    page, text, bare, words = found(path)
    assert isinstance(page, SourceText)
    assert (f"{path}#2", "https://gazette.example/1", "Vote") == (page.name, page.url, page.title)
    assert "2025-06-10T08:00:00+00:00" == page.published
    assert "said Ana Lee, the mayor." in page.text
    assert isinstance(text, SourceText)
    assert (f"{path}#5", SAID, "https://gazette.example/4") == (text.name, text.text, text.url)
    assert isinstance(bare, ErrorRecord)
    assert (f"{path}#6", "no-text") == (bare.source, bare.error)
    assert isinstance(words, SourceText)
    assert "Plain words of a page." == words.text


def test_a_crawl_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    """The pages before the cut are read, and one error is reported."""
    noise = random.Random(1).randbytes(100_000).hex().encode()
    data = crawl(*ANSWERS, ("response", "200 OK", "text/plain", noise), gzipped=True)
    records = found(put(tmp_path, "a.warc.gz", data[: len(data) - 60]))
    assert isinstance(records[0], SourceText)
    assert isinstance(records[-1], ErrorRecord)
    assert "broken" == records[-1].error
    assert "file is broken after record" in records[-1].detail


def test_a_crawl_without_a_page_is_reported(tmp_path: Path) -> None:
    """A WARC file of pictures holds nothing to read."""
    assert ["empty"] == [e.error for e in found(put(tmp_path, "a.warc", crawl(ANSWERS[3], gzipped=False)))]  # type: ignore[union-attr]


def test_the_limit_is_documented() -> None:
    """The guide to large runs says how long a text may be."""
    readme = (Path(__file__).parents[2] / "quotes" / "batch" / "README.md").read_text(encoding="utf-8")
    assert f"{LIMIT // 1024**2} MB" in readme
