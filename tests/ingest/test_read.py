"""Reading inputs of every kind: what comes out, and what is said of what cannot be read."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.errors import InputError
from quotes.ingest import read
from quotes.records import ErrorRecord, SourceText
from tests.ingest.findings import assert_texts_or_errors


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def text_of(path: Path) -> str:
    (found,) = read([path])
    assert isinstance(found, SourceText), found
    return found.text


def error_of(path: object) -> ErrorRecord:
    (found,) = read([str(path)])
    assert isinstance(found, ErrorRecord), found
    assert "\n" not in found.detail
    return found


SAID = "“We won’t go,” said Zoë.\r\n\r\nShe\u00a0left\u200b.\rThen\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_is_as_encoded(tmp_path: Path, encoding: str) -> None:
    """Line ends, no-break spaces and zero-width characters stay; the byte order mark is not part of the text."""
    assert text_of(put(tmp_path, "a.txt", SAID.encode(encoding))) == SAID


def test_big_endian_utf16_is_read_by_its_mark(tmp_path: Path) -> None:
    """The mark gives the order of the bytes."""
    assert text_of(put(tmp_path, "a.txt", b"\xfe\xff" + SAID.encode("utf-16-be"))) == SAID


def test_windows_text_is_detected_by_its_bytes(tmp_path: Path) -> None:
    """Curly marks of Windows-1252 come out as such."""
    words = "“We won’t go,” said Zoë — twice. " * 3
    assert words == text_of(put(tmp_path, "a.txt", words.encode("cp1252")))


def test_a_short_text_with_many_accents_is_western(tmp_path: Path) -> None:
    """A few more accents than a longer text has are no sign of another encoding."""
    words = '"Café prices are éxorbitant," said Zoë Gruñón.'
    assert words == text_of(put(tmp_path, "a.txt", words.encode("latin-1")))


def test_texts_of_two_encodings_in_one_file_are_read(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are Windows-1252 where most others are UTF-8; each text is read as it was."""
    first, second = "“Good line,” said Bo Lee.\n", "“Bad line – so bad,” said José María, “très”.\n"
    content = first.encode() * 2 + second.encode("cp1252")
    assert first * 2 + second == text_of(put(tmp_path, "a.txt", content))
    content = (first + "The harbour is open again.\n").encode() * 3 + b"cut \xe2\x80\ncaf\xe9\x94"
    assert text_of(put(tmp_path, "a.txt", content)).endswith("\ncut \ufffd\ncafé”")


def test_cyrillic_text_is_detected_by_its_letters(tmp_path: Path) -> None:
    """A legacy encoding of another alphabet is found where the letters make a language."""
    words = "Он сказал, что завтра будет новая встреча министров в городе. " * 5
    assert words == text_of(put(tmp_path, "a.txt", words.encode("cp1251")))


def test_a_bad_byte_costs_one_character(tmp_path: Path) -> None:
    """A text that is UTF-8 but for a spot is read, the spot as U+FFFD."""
    data = SAID.encode() * 10
    assert text_of(put(tmp_path, "a.txt", data + b"\xe2\x80")) == SAID * 10 + "\ufffd"


@pytest.mark.parametrize(
    ("name", "content", "kind", "words"),
    [
        ("a.txt", b"", "empty", "leave it out"),
        ("a.txt", b" \r\n\xc2\xa0 \n", "empty", "leave it out"),
        ("a.txt", b"\xef\xbb\xbf", "empty", "leave it out"),
        ("a.txt", b"text\x00\x01\x02 and more", "binary", "not text"),
        ("a.pdf", b"%PDF-1.7 \n", "broken", "print it to a new one"),
        ("a.txt", b"PK\x03\x04....", "broken", "create it again"),
        ("a.txt", b"\xff\xfea\x00b", "encoding", "broken UTF-16"),
        ("a.txt", b"caf\xe9 \xff\xfe\x81 garbage \x80\x90\xe9\xfa here", "encoding", "UTF-8"),
        ("a.html", b"<html><body><nav><a href=x>Home</a></nav></body></html>", "no-text", "article"),
        ("a.html", b"<html></html>", "no-text", "article"),
        ("a.csv", b"id,lede\n1,a\n", "columns", "--columns text=lede"),
        ("a.csv", b"text,id\n", "empty", "no rows"),
        ("a.json", b"[{]", "broken", "JSON"),
        ("a.json", b'{"schema": "quotes/1", "articles": []}', "export", "not an input"),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path: Path, name: str, content: bytes, kind: str, words: str) -> None:
    """Each fault has its kind, and a detail that names the next step."""
    path = put(tmp_path, name, content)
    error = error_of(path)
    assert (str(path), kind) == (error.source, error.error)
    assert words in error.detail


def test_missing_files_and_patterns_without_match(tmp_path: Path) -> None:
    """Neither raises; the others are read."""
    good = put(tmp_path, "a.txt", "He said so.")
    found = list(read([tmp_path / "no.txt", str(tmp_path / "*.zip"), good, "a\x00b", "x" * 5000]))
    assert [getattr(f, "error", None) for f in found] == ["missing", "missing", None, "unreadable", "missing"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_permission_denied_is_reported(tmp_path: Path) -> None:
    """A file that may not be read names the permission."""
    path = put(tmp_path, "a.txt", "He said so.")
    path.chmod(0)
    assert "permission denied" in error_of(path).detail


def test_permission_denied_becomes_an_error_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As above, for those who run the tests as root."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = put(tmp_path, "a.txt", "He said so.")
    monkeypatch.setattr("builtins.open", refuse)
    assert ((error := error_of(path)).error, "permission denied" in error.detail) == ("unreadable", True)


def test_folder_is_read_in_order(tmp_path: Path) -> None:
    """Sorted by name, folders below included; hidden files, other suffixes, programs, our own exports are left out."""
    for name in ("b.txt", "a/z.txt", "a/y.txt", "c", ".hidden.txt", ".git/a.txt", "README.md", "d.png"):
        put(tmp_path, name, f"{name} said so.")
    put(tmp_path, "program", b"\x7fELF\x00\x01")
    put(tmp_path, "out.json", '{"schema": "quotes/1", "articles": []}')
    names = [os.path.relpath(found.name, tmp_path) for found in read([tmp_path]) if isinstance(found, SourceText)]
    assert names == ["a/y.txt", "a/z.txt", "b.txt", "c"]
    assert len(list(read([tmp_path]))) == 4


def test_links_that_lead_back_end(tmp_path: Path) -> None:
    """A folder that links to itself is walked once; a link to itself and a dead one are errors."""
    put(tmp_path, "a.txt", "He said so.")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to("self.txt")
    (tmp_path / "dead.txt").symlink_to("nowhere")
    found = list(read([tmp_path]))
    assert [getattr(f, "error", None) for f in found] == [None, "missing", "unreadable"]


def test_folder_is_streamed(tmp_path: Path) -> None:
    """The first text comes before later files are looked at."""
    put(tmp_path, "a.txt", "He said so.")
    last = put(tmp_path, "b.txt", "She said so.")
    texts = read([tmp_path])
    first = next(texts)
    last.write_text("They said so.")
    assert [getattr(t, "text", None) for t in (first, *texts)] == ["He said so.", "They said so."]


def test_empty_folder_and_named_files(tmp_path: Path) -> None:
    """A folder without texts says so; a file that is named is read whatever its suffix."""
    readme = put(tmp_path, "README.md", "He said so.")
    assert error_of(tmp_path).error == "empty"
    assert text_of(readme) == "He said so."


def test_pattern_is_expanded_in_order(tmp_path: Path) -> None:
    """Globs that the shell left are expanded; ** includes subfolders. A file whose name has a bracket is itself."""
    for name in ("b.txt", "a.txt", "c/d.txt", "x[1].txt"):
        put(tmp_path, name, f"{name} said so.")
    expected = {"*.txt": ["a.txt", "b.txt", "x[1].txt"], "**/d.txt": ["d.txt"], "x[1].txt": ["x[1].txt"]}
    for pattern, names in expected.items():
        assert names == [Path(f.name).name for f in read([str(tmp_path / pattern)]) if isinstance(f, SourceText)]


JSONL = (
    '{"text": "He said so.", "id": 7, "outlet": {"name": "Harbour Post"}, "published": "June 10, 2025"}\n'
    "\n"
    "{broken\n"
    '{"text": "  "}\n'
    '{"verse": "x", "n": "1"}\n'
    "[1]\n"
    '{"text": "cut \\ud83d off", "title": "A\\nB", "published": "06/10/2025"}'
)


def test_json_lines_cost_one_line_each(tmp_path: Path) -> None:
    """A bad line is an error with its number; the others are read. A lone surrogate becomes U+FFFD."""
    path = put(tmp_path, "a.jsonl", JSONL)
    found = list(read([path]))
    assert SourceText("7", "He said so.", outlet="Harbour Post", published="2025-06-10", file=str(path)) == found[0]
    assert [f"{path}#{n}" for n in (3, 4, 5, 6)] == [e.source for e in found if isinstance(e, ErrorRecord)]
    assert {"bad-row"} == {e.error for e in found if isinstance(e, ErrorRecord)}
    assert SourceText(f"{path}#7", "cut \ufffd off", title="A B", file=str(path)) == found[-1]


def test_json_lines_without_texts_end_early(tmp_path: Path) -> None:
    """If no row has the column, a few errors name the option, not a million."""
    found = list(read([put(tmp_path, "a.jsonl", '{"verse": "It rains.", "n": "1"}\n' * 5000)]))
    assert len(found) < 50
    assert "--columns text=verse" in getattr(found[0], "detail", "")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("kop,verhaal,krant\nBrug dicht,De brug bij Urk is dicht.,Bode\nRegen,,Bode\n", "verhaal"),
        ("a;b;c\n1;A short line.;2\n3;4;A much longer line, of many words.\n", "c"),
        ("who\twhat\tn\nAda\t\"torn\n", "what"),
        ("who,what\n", "what"),
        ("who,what\nAda Moor of Kiln,\n,\n", "who"),
    ],
)
def test_an_unknown_column_of_texts_is_that_of_the_longest_cells(tmp_path: Path, table: str, column: str) -> None:
    """The first rows tell, as far as they can be read; where none does, the last column."""
    error = error_of(put(tmp_path, "a.csv", table))
    assert "columns" == error.error
    assert error.detail.endswith(f"--columns text={column}")


@pytest.mark.parametrize("name", ["Body copy", "artikel", "artikel_tekst", "Inhalt", "Tekst"])
def test_usual_names_of_a_text(tmp_path: Path, name: str) -> None:
    [found] = read([put(tmp_path, "a.csv", f"kop,{name},krant\nBrug dicht,De brug bij Urk is dicht.,Bode\n")])
    assert "De brug bij Urk is dicht." == getattr(found, "text", found)


def test_columns_name_the_inputs_own_fields(tmp_path: Path) -> None:
    """For JSON Lines, CSV and JSON alike; case does not matter."""
    columns = {"text": "body", "id": "key", "title": "head"}
    row = {"Body": "He said so.", "key": "k1", "head": "Ferry", "outlet": "Harbour Post"}
    paths = [
        put(tmp_path, "a.jsonl", json.dumps(row) + "\n"),
        put(tmp_path, "b.csv", "Body,key,head,outlet\nHe said so.,k1,Ferry,Harbour Post\n"),
        put(tmp_path, "c.json", json.dumps([row], indent=1)),
        put(tmp_path, "d.tsv", "Body\tkey\thead\toutlet\nHe said so.\tk1\tFerry\tHarbour Post\n"),
    ]
    expected = SourceText("k1", "He said so.", title="Ferry", outlet="Harbour Post")
    assert [evolve(expected, file=str(path)) for path in paths] == list(read(paths, columns=columns))


def test_csv_cells_keep_their_line_ends_and_marks(tmp_path: Path) -> None:
    """A cell of several lines is one text, as long as it likes."""
    text = '"A,"\r\nhe said; "B."\n' + "x" * 300_000
    path = put(tmp_path, "a.csv", 'id;text\r\n1;"' + text.replace('"', '""') + '"\r\n')
    assert [SourceText("1", text, file=str(path))] == list(read([path]))


def test_csv_rows_that_break_cost_themselves(tmp_path: Path) -> None:
    """Too many cells, or text behind a closing mark: the row's line is named and the rest is read."""
    rows = 'text,id\n"one"\nsaid, twice, thrice\n"a"b,2\nlast,3\n'
    path = put(tmp_path, "a.csv", rows)
    found = list(read([path]))
    assert [getattr(f, "text", None) for f in found] == ["one", None, None, "last"]
    assert [f"{path}#3", f"{path}#4"] == [f.source for f in found if isinstance(f, ErrorRecord)]


def test_tables_in_other_encodings(tmp_path: Path) -> None:
    """A byte order mark, UTF-16 and Windows-1252, as spreadsheets save them."""
    rows = "text,id\n“We won’t go” she said,1\n"
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        path = put(tmp_path, "a.csv", rows.encode(encoding))
        assert [SourceText("1", "“We won’t go” she said", file=str(path))] == list(read([path])), encoding


def test_tables_are_streamed(tmp_path: Path) -> None:
    """The first rows come without the rest being read, from standard input too."""

    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            line = b'{"text": "He said so."}\n'
            self.given += 1
            buffer[: len(line)] = line
            return len(line)

    source = Endless()
    found = list(islice(read(["-"], stdin=io.BufferedReader(source)), 3))  # type: ignore[arg-type]
    assert [f.name for f in found if isinstance(f, SourceText)] == ["-#1", "-#2", "-#3"]
    assert source.given < 5000


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"He said so.", "He said so."),
        (b"text,title\nHe said so.,b\n", "He said so."),
        (b'{"text": "He said so."}\n', "He said so."),
        (b'{"text": "He said so."}', "He said so."),
        (b'[\n {"text": "He said so."}\n]', "He said so."),
        (b"<p>He said so.</p>", "He said so."),
        (b"<!DOCTYPE html><html><body><p>He said so.</p></body></html>", "He said so."),
        (b'{"Well," he said.', '{"Well," he said.'),
        (b"[Editor's note] He said so.", "[Editor's note] He said so."),
        (b"The text, he said, is long.\nSo it is.", "The text, he said, is long.\nSo it is."),
    ],
)
def test_kind_is_detected_by_content(data: bytes, expected: str) -> None:
    """Standard input has no suffix; its first bytes decide its kind; prose that looks like data is prose."""
    assert [expected] == [getattr(f, "text", None) for f in read(["-"], stdin=io.BytesIO(data))]


def test_input_format_overrides(tmp_path: Path) -> None:
    """An explicit kind precedes suffix and content."""
    path = put(tmp_path, "a.csv", "text,id\na,1\n")
    assert [getattr(f, "text", None) for f in read([path], input_format="text")] == ["text,id\na,1\n"]


def test_a_page_saved_as_text_is_a_page(tmp_path: Path) -> None:
    """An HTML document named .txt is read as one."""
    assert text_of(put(tmp_path, "a.txt", "<!doctype html><html><p>He said so.</p></html>")) == "He said so."


def test_wrong_options_raise_at_once() -> None:
    """They are the caller's, not an input's."""
    with pytest.raises(InputError, match="jsonl"):
        read(["a"], input_format="xml")
    with pytest.raises(InputError, match="byline"):
        read(["a"], columns={"author": "x"})


NODE = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "NewsMediaOrganization", "@id": "#us", "name": "Harbour Post"},
        {
            "@type": ["NewsArticle"],
            "headline": "Ferry stays in port &amp; waits",
            "author": [{"@type": "Person", "name": "Jane Roe"}, {"name": "Ann Poe"}],
            "publisher": {"@id": "#us"},
            "sourceOrganization": {"@type": "Organization", "name": "Reuters"},
            "datePublished": "2024-03-02T08:15:00+01:00",
        },
    ],
}
ARTICLE = """<article><h1>Ferry stays in port &amp; waits</h1>
<p>The ferry will stay in port until the storm has passed, the company said on Monday, and fares will be paid back.</p>
<p>“We will not sail before the wind drops below forty knots,” said Ann Poe, who leads it. “That is a promise.”</p>
<aside class="pull">“We will not sail before the wind drops below forty knots”</aside>
<p>The council agreed, and asked the people of the island to stay at home for the night and the morning after.</p>
</article>"""


def page(head: str, body: str = ARTICLE) -> str:
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8">{head}</head><body>'
        f'<nav><a href="/">Home</a></nav>{body}<footer>All rights reserved</footer></body></html>'
    )


def html(tmp_path: Path, content: str | bytes) -> SourceText:
    (found,) = read([put(tmp_path, "a.html", content)])
    assert isinstance(found, SourceText), found
    return found


def test_page_gives_its_article_and_what_it_says_of_itself(tmp_path: Path) -> None:
    """JSON-LD's names, the publisher by reference, the canonical address, the language without its country."""
    head = (
        "<title>Ferry stays in port</title><link rel=canonical href='https://www.hpost.example/ferry'>"
        f'<script type="application/ld+json">{json.dumps(NODE)}</script>'
        '<meta property="article:publisher" content="https://www.facebook.com/hpost">'
    )
    found = html(tmp_path, page(head))
    assert (found.title, found.byline, found.published, found.url, found.outlet, found.language, found.wire) == (
        "Ferry stays in port & waits",
        "Jane Roe, Ann Poe",
        "2024-03-02T08:15:00+01:00",
        "https://www.hpost.example/ferry",
        "Harbour Post",
        "en",
        "Reuters",
    )
    assert "Home" not in found.text
    assert "All rights" not in found.text


def test_pull_quote_stands_once(tmp_path: Path) -> None:
    """Its second copy, without the speaker, is left out."""
    assert html(tmp_path, page("")).text.count("before the wind drops below forty knots") == 1


def test_pull_quote_with_other_marks_stands_once(tmp_path: Path) -> None:
    """The words are the same, though with straight marks for the curly ones of the running text."""
    body = ARTICLE.replace("We will not", "We won’t").replace("“We won’t sail before", '"We won\'t sail before', 2)
    body = body.replace('"We won\'t', "“We won’t", 1).replace("knots”</aside>", 'knots"</aside>')
    assert html(tmp_path, page("", body)).text.count("before the wind drops below forty knots") == 1


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        ('<meta property="og:site_name" content="Harbour Post">', "Harbour Post"),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "publisher": "HPost"}</script>', "HPost"),
        ('<script type="application/ld+json">{broken</script><meta property="og:site_name" content="HPost">', "HPost"),
        ('<meta property="article:publisher" content="https://www.facebook.com/hpost">', None),
        ("<title>Ferry stays in port &amp; waits - News - Harbour Post</title>", "Harbour Post"),
        ("<title>Ferry stays in port - Ann Poe leads the company</title>", None),
    ],
)
def test_outlet_of_a_page(tmp_path: Path, head: str, outlet: str | None) -> None:
    """JSON-LD, OpenGraph, then what the <title> adds to the headline; never a Facebook address."""
    assert outlet == html(tmp_path, page(head)).outlet


def test_page_declares_its_encoding(tmp_path: Path) -> None:
    """A page in ISO-8859-1, as it says, is read as browsers read it."""
    content = page("").replace('charset="utf-8"', 'charset="iso-8859-1"').encode("cp1252")
    assert "“That is a promise.”" in html(tmp_path, content).text


def test_embedded_post_keeps_its_signature(tmp_path: Path) -> None:
    """The line "— Name (@handle) date" is kept, with the post's text."""
    post = '<blockquote><p>All is well.</p>&mdash; Ann Poe (@annpoe) <a href="x">March 2, 2024</a></blockquote>'
    post += "</article>"
    assert "— Ann Poe (@annpoe) March 2, 2024" in html(tmp_path, page("", ARTICLE.replace("</article>", post))).text


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["text", "html", "jsonl", "csv", "json", None]))
def test_no_bytes_raise(data: bytes, kind: str | None) -> None:
    """Whatever the bytes, the result is texts or one-line errors, and can be written as UTF-8."""
    assert_texts_or_errors(read(["-"], stdin=io.BytesIO(data), input_format=kind))


def test_reading_loads_nothing_heavy() -> None:
    """Neither spaCy nor trafilatura is loaded until a web page is read."""
    code = "import sys, quotes.ingest; print({'spacy', 'textacy', 'trafilatura', 'lxml'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
