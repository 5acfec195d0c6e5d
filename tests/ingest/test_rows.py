"""Exports of other programs: which field holds what, HTML within fields, dates that can be read in two ways."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from quotes.ingest import read
from quotes.ingest.days import ambiguous, iso
from quotes.ingest.markup import is_markup, plain
from quotes.records import ErrorRecord, Page, SourceText

SAID = "“The kiln was cold,” said Runa Holt, who had lit it on Friday."
HTML = "<p>“The kiln was cold,” said <b>Runa Holt</b>, who had lit it on Friday.</p>"


def texts(data: Any, **choices: Any) -> list[Any]:
    return list(read("-", stdin=io.BytesIO(data if isinstance(data, bytes) else json.dumps(data).encode()), **choices))


EXPORTS: dict[str, Any] = {
    "NewsAPI": {"status": "ok", "totalResults": 1, "articles": [{
        "source": {"id": None, "name": "Kiln Weekly"}, "author": "Ada Moor", "title": "Cold kiln",
        "description": "Teaser.", "url": "https://kiln.example/1", "publishedAt": "2025-05-12T08:00:00Z",
        "content": SAID}]},
    "Guardian": {"response": {"status": "ok", "results": [{
        "id": "uk/kiln", "webTitle": "Cold kiln", "webUrl": "https://kiln.example/1",
        "webPublicationDate": "2025-05-12T08:00:00Z",
        "fields": {"headline": "Cold kiln", "byline": "Ada Moor", "body": HTML, "publication": "Kiln Weekly"}}]}},
    "WordPress": [{
        "id": 7, "date": "2025-05-12T08:00:00Z", "link": "https://kiln.example/1", "title": {"rendered": "Cold kiln"},
        "content": {"rendered": HTML, "protected": False}, "excerpt": {"rendered": "<p>Teaser.</p>"},
        "author": {"name": "Ada Moor"}, "site": "Kiln Weekly"}],
    "JSON Feed": {"version": "https://jsonfeed.org/version/1.1", "title": "Kiln Weekly", "items": [{
        "id": "1", "url": "https://kiln.example/1", "title": "Cold kiln", "content_html": HTML,
        "date_published": "2025-05-12T08:00:00Z", "authors": [{"name": "Ada Moor"}], "publisher": "Kiln Weekly"}]},
    "Elasticsearch": {"took": 3, "hits": {"total": {"value": 1}, "hits": [{"_index": "a", "_source": {
        "headline": "Cold kiln", "article_text": SAID, "pub_date": "2025-05-12T08:00:00Z", "byline": "Ada Moor",
        "source_name": "Kiln Weekly", "canonical_url": "https://kiln.example/1"}}]}},
    "schema.org": [{
        "@type": "NewsArticle", "headline": "Cold kiln", "articleBody": SAID, "datePublished": "2025-05-12T08:00:00Z",
        "author": [{"@type": "Person", "name": "Ada Moor"}], "publisher": {"name": "Kiln Weekly"},
        "url": "https://kiln.example/1"}],
    "a CMS": {"data": {"posts": [{
        "Article Title": "Cold kiln", "Body Text": SAID, "Publication Date": "May 12, 2025", "Author Name": "Ada Moor",
        "Publication": "Kiln Weekly", "Article URL": "https://kiln.example/1"}]}},
    "a scraper": [{
        "maintext": SAID, "title": "Cold kiln", "date_publish": "2025-05-12 08:00:00", "authors": ["Ada Moor"],
        "source_domain": "kiln.example", "url": "https://kiln.example/1"}],
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_exports_are_read_by_their_usual_names(name: str) -> None:
    """The whole text before the teaser; the guess is reported in one line."""
    told: list[str] = []
    [found] = texts(EXPORTS[name], tell=told.append)
    assert isinstance(found, SourceText), found
    assert (SAID, "Cold kiln", "Ada Moor", "https://kiln.example/1") == (
        found.text, found.title, found.byline, found.url
    )  # fmt: skip
    assert "2025-05-12" == (found.published or "")[:10]
    assert (found.outlet or "").startswith(("Kiln Weekly", "kiln.example"))
    assert 1 == sum("reads" in line for line in told)
    assert "; name others with --columns FIELD=NAME" in told[0]


@pytest.mark.parametrize(
    "header",
    ["Headline,Story,Newspaper,Date", "hed;full_text;publisher;pub date", "title\tcontent\tsource\tpublished_at",
     "Title|Article Text|Publication|Published", "web title,body text,site name,timestamp"],
)  # fmt: skip
def test_headers_of_tables_are_known(header: str) -> None:
    """Also from standard input, where only the header shows that it is a table."""
    mark = next(m for m in ",;\t|" if m in header)
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerow(["Cold kiln", SAID, "Kiln Weekly", "2025-05-12"])
    [found] = texts(f"{header}\n{out.getvalue()}".encode())
    assert SourceText("-#2", SAID, "Cold kiln", published="2025-05-12", outlet="Kiln Weekly", file="-") == found


def test_our_own_names_and_the_callers_go_first() -> None:
    """Without a guess there is no message."""
    told: list[str] = []
    row = {"text": SAID, "body": "other", "title": "a", "headline": "b"}
    [found] = texts([row], tell=told.append)
    assert ((SAID, "a"), []) == ((found.text, found.title), told)
    [found] = texts([row], columns={"text": "body", "title": "headline"}, tell=told.append)
    assert (("other", "b"), []) == ((found.text, found.title), told)


@pytest.mark.parametrize(
    ("line", "kind"),
    [("[1, 2]", "a list"), ("3", "a number"), ("null", "null"), ('[{"text": "“Go,” Lee said."}, 1, 2]', "a number")],
)
def test_a_line_of_json_has_one_error(line: str, kind: str) -> None:
    """A list of numbers is one wrong line, not two."""
    found = list(read(["-"], stdin=io.BytesIO(line.encode()), input_format="jsonl"))
    [error] = [one for one in found if isinstance(one, ErrorRecord)]
    assert error.detail == f"line 1: a JSON object with a text is needed, not {kind}"


def test_a_row_without_the_text_that_others_have_is_told_so() -> None:
    """It names no other column for the text: where the other rows have it is known."""
    [_, error] = texts([{"title": "Kiln", "text": SAID}, {"title": "Rain"}])
    assert isinstance(error, ErrorRecord)
    assert error.detail.endswith("it has no text, as other rows have, only title; leave the row out")


def test_a_hint_names_a_column_that_is_there() -> None:
    """The longest one is the likeliest."""
    [found] = texts([{"k": "v", "verse of the day": SAID}])
    assert isinstance(found, ErrorRecord)
    assert "--columns 'text=verse of the day'" in found.detail


@pytest.mark.parametrize(("value", "words"), [(3, "a number"), (["a"], "a list"), (True, "a truth value")])
def test_a_text_of_another_kind_is_named_as_in_json(value: Any, words: str) -> None:
    [found] = texts([{"text": value}])
    assert isinstance(found, ErrorRecord)
    assert f"text is {words}, not a text" in found.detail


def test_what_is_no_list_of_articles_is_one_object() -> None:
    """A text that holds lists is an article; deep nesting ends."""
    [found] = texts({"text": SAID, "related": [{"text": "other"}]})
    assert SAID == found.text
    nested: Any = {"text": SAID}
    for _ in range(200):
        nested = {"data": nested}
    assert texts(nested)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (HTML, SAID),
        (f"<div><p>One.</p>\n{HTML}</div>", f"One.\n\n{SAID}"),
        ("One.<br><br>“Two,” she said.<br/>Three.", "One.\n\n“Two,” she said.\n\nThree."),
        ("One.\n\n“Two <em>so</em>,” she said.", "One.\n\n“Two so,” she said."),
        ("&ldquo;Two&rdquo; she said. It&#8217;s A&amp;B.", "“Two” she said. It’s A&B."),
        ("<p>&amp;#8220;Two&amp;#8221; she said.</p>", "“Two” she said."),
        ("&lt;p&gt;&amp;ldquo;Two&amp;rdquo; she.&lt;/p&gt;&lt;p&gt;Three.&lt;/p&gt;", "“Two” she.\n\nThree."),
        ("<p>She said <q>two</q>, not <q>he said <q>one</q></q>.</p>", "She said “two”, not “he said ‘one’”."),
        ("<script>x()</script><p>One.<style>p{}</style></p><!-- no -->", "One."),
        ("a < b and c > d", "a < b and c > d"),
        ("AT&T said <no> to it, she told Q&A; so.", "AT&T said <no> to it, she told Q&A; so."),
        ("He wrote <ann@post.example> to ask.", "He wrote <ann@post.example> to ask."),
    ],
)
def test_html_in_a_field_is_read_as_such(field: str, expected: str) -> None:
    """Text that only looks like it stays unchanged."""
    [found] = texts([{"text": field}])
    assert expected == found.text.replace("\n\n\n", "\n\n")


def test_a_field_may_hold_a_whole_page(tmp_path: Path) -> None:
    """It is read as a page; the row adds metadata that the page lacks."""
    page = f"<!doctype html><html><head><title>Cold kiln</title></head><body><article>{HTML * 3}</article></html>"
    from quotes.ingest import read_unopened

    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"html": page, "outlet": "Kiln Weekly", "url": "https://kiln.example/1"}), "utf-8")
    [unopened] = read_unopened(path)
    assert isinstance(unopened, Page)
    [found] = read(path)
    assert isinstance(found, SourceText)
    assert ("Cold kiln", "Kiln Weekly", "https://kiln.example/1") == (found.title, found.outlet, found.url)


def test_html_in_fields_is_reported_once() -> None:
    """For a file, with how many texts it was."""
    told: list[str] = []
    texts([{"text": HTML}, {"text": SAID}, {"text": "&ldquo;No.&rdquo;"}], tell=told.append)
    assert ["-: 2 texts are HTML and are read as such; offsets refer to the extracted text"] == told


def test_markup_is_distinguished_from_text() -> None:
    assert not any(map(is_markup, ("1 < 2", "a <3 b", "R&D; and so on", "<Ann>", "AT&T")))
    assert "x" == plain("<div>x</div>")


@pytest.mark.parametrize(
    ("printed", "order", "expected"),
    [
        ("25/03/2025", None, "2025-03-25"),
        ("04/03/2025", None, None),
        ("04/03/2025", "day-first", "2025-03-04"),
        ("04/03/2025", "month-first", "2025-04-03"),
        ("4.3.25", None, "2025-03-04"),
        ("04.03.2025", "month-first", "2025-03-04"),
        ("04/03/2025 14:05", "day-first", "2025-03-04T14:05:00"),
        ("2025/03/04", None, "2025-03-04"),
        ("03/03/2025", None, "2025-03-03"),
        ("1741082400", None, "2025-03-04T10:00:00+00:00"),
        ("1741082400000", None, "2025-03-04T10:00:00+00:00"),
        ("March 4, 2025 at 10:00 a.m. ET", None, "2025-03-04"),
        ("Tue, 04 Mar 2025 10:00:00 GMT", None, "2025-03-04T10:00:00+00:00"),
        ("99/99/2025", None, None),
        ("soon", "day-first", None),
    ],
)
def test_dates_are_read_as_asked(printed: str, order: Any, expected: str | None) -> None:
    """Ambiguous dates are left out, unless the caller gives the order."""
    assert expected == iso(printed, order=order)
    assert [True, False] == list(map(ambiguous, ("04/03/2025", "25/03/2025")))


def test_dates_left_out_are_reported_once() -> None:
    """With the option that reads them."""
    told: list[str] = []
    rows = [{"text": SAID, "published": day} for day in ("04/03/2025", "05/03/2025", "25/03/2025")]
    assert [None, None, "2025-03-25"] == [found.published for found in texts(rows, tell=told.append)]
    said = "2 dates with two readings dropped (04/03/2025)"
    assert [f"-: {said}; add --dates day-first or --dates month-first"] == told
    assert "2025-03-04" == texts(rows, dates="day-first")[0].published
