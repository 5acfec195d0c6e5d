"""The kinds of files that newsrooms have: each read from a real one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from quotes.errors import InputError
from quotes.ingest import KINDS, Reading, read
from quotes.ingest.streams import _READERS
from quotes.records import ErrorRecord, SourceText
from tests.ingest.making import PARAGRAPHS, docx, mail, odt, pdf, xlsx, zipped

BODY = "\n\n".join(PARAGRAPHS)


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def only(path: Path, **choices: Any) -> SourceText:
    """Return the one text of a file."""
    [found] = read(path, **choices)
    assert isinstance(found, SourceText), found
    return found


def error(path: Path) -> ErrorRecord:
    [found] = read(path)
    assert isinstance(found, ErrorRecord), found
    assert "\n" not in found.detail
    return found


def test_every_kind_has_a_reader() -> None:
    assert set(KINDS) == set(_READERS)


# -- documents --------------------------------------------------------------------------------------------------------


def test_a_word_document_is_its_paragraphs(tmp_path: Path) -> None:
    """Tracked insertions are read, deletions are not; a table's cells are paragraphs."""
    data = docx(inserted="So it goes.", deleted="This was struck.", table="“A cell,” said Ola Fenn.")
    found = only(put(tmp_path, "a.docx", data))
    assert (f"{BODY} So it goes.\n\n“A cell,” said Ola Fenn.", PARAGRAPHS[0]) == (found.text, found.title)


def test_standard_input_may_be_a_document() -> None:
    """Its bytes decide its kind."""
    for data in (docx(), odt(f"<text:p>{BODY}</text:p>"), pdf([PARAGRAPHS]), xlsx({"a": [["text"], [BODY]]})):
        [found] = read("-", stdin=io.BytesIO(data))
        assert "said Petra Lunn" in getattr(found, "text", "")


def test_an_opendocument_text_is_its_paragraphs(tmp_path: Path) -> None:
    """Blanks, tabs and line breaks become text; comments and notes are left out."""
    body = (
        "<text:h>Quarry to close</text:h><text:p>“We have<text:s/>dug,”<text:line-break/>said "
        "<text:span>Petra</text:span>"
        "<office:annotation><text:p>check this</text:p></office:annotation> Lunn.<text:note><text:note-body><text:p>1"
        "</text:p></text:note-body></text:note></text:p><table:table><table:table-row><table:table-cell><text:p>Forty"
        "</text:p></table:table-cell></table:table-row></table:table>"
    )
    found = only(put(tmp_path, "a.odt", odt(body, title="The quarry")))
    assert ("Quarry to close\n\n“We have dug,”\nsaid Petra Lunn.\n\nForty", "The quarry") == (found.text, found.title)
    assert "spreadsheet" in error(put(tmp_path, "b.odt", odt("", kind="spreadsheet"))).detail


PAGES = [
    ["THE VARDEN POST                3", "The quarry on Hob Hill will close in Oc-",
     "tober, its owner said on Thursday. “We", "have dug out what there was to dig,” said Pe-",
     "tra Lunn, who runs the quarry and the"],
    ["THE VARDEN POST                4", "mill below it. “Now the hill can rest, and",
     "so can the forty families who live there", "and who have had no quiet night since the", "spring of last year.”"],
]  # fmt: skip


def test_a_pdf_is_mended(tmp_path: Path) -> None:
    """Running heads go, words and sentences are joined over lines and pages."""
    text = only(put(tmp_path, "a.pdf", pdf(PAGES))).text
    assert "close in October, its owner" in text
    assert "said Petra Lunn, who runs the quarry and the mill below it. “Now the hill" in text
    assert "VARDEN" not in text


def test_a_pdf_that_holds_no_text_says_so(tmp_path: Path) -> None:
    """Pictures are named as such, a damaged file as damaged."""
    assert "ocrmypdf" in error(put(tmp_path, "a.pdf", pdf([[]]))).detail
    assert "broken" == error(put(tmp_path, "b.pdf", pdf(PAGES)[:200])).error


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line to install it is in the error."""
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)
    assert ".venv/bin/pip install '.[pdf]'" in error(put(tmp_path, "a.pdf", pdf(PAGES))).detail


def test_a_workbook_is_a_table_a_sheet(tmp_path: Path) -> None:
    """A title above the header and sheets without texts are passed over; dates are dates."""
    from datetime import datetime

    rows = [["Export of 12 May"], [], ["Headline", "Story", "Date"], ["Quarry", PARAGRAPHS[2], datetime(2025, 5, 12)]]
    told: list[str] = []
    data = xlsx({"Notes": [["a", "b"], [1, 2]], "May": rows, "June": [["text", "id"], [PARAGRAPHS[3], "j1"], ["", ""]]})
    path = put(tmp_path, "a.xlsx", data)
    first, second = read(path, tell=told.append)
    assert (PARAGRAPHS[2], "Quarry", "2025-05-12") == (first.text, first.title, first.published)
    assert (PARAGRAPHS[3], "j1") == (second.text, second.name)
    assert f"{path}/May: reads text from 'Story', title from 'Headline', published from 'Date'" in told[0]
    assert "there are: a, b" in error(put(tmp_path, "b.xlsx", xlsx({"x": [["a", "b"], [1, 2]]}))).detail
    unknown = xlsx({"x": [["kop", "verhaal", "krant"], ["Brug dicht", "De brug bij Urk is dicht.", "Bode"]]})
    assert "--columns text=verhaal" in error(put(tmp_path, "c.xlsx", unknown)).detail


MARKDOWN = """---
title: "The quarry closes"
author: Ola Fenn
date: 2025-05-12
---
# Quarry on Hob Hill to close

The *owner*, [Petra Lunn](https://post.example/lunn), was **tired**.

> We have dug out
> what there was to dig.

- “Forty families,” said Osric Bane.
- “Nobody asked them,” he added.
"""


def test_markdown_loses_its_signs(tmp_path: Path) -> None:
    """Emphasis, links and list signs are not part of the text; the front matter has the metadata."""
    found = only(put(tmp_path, "a.md", MARKDOWN))
    assert ("The quarry closes", "Ola Fenn", "2025-05-12") == (found.title, found.byline, found.published)
    assert found.text.split("\n\n") == [
        "Quarry on Hob Hill to close",
        "The owner, Petra Lunn, was tired.",
        "We have dug out what there was to dig.",
        "“Forty families,” said Osric Bane.",
        "“Nobody asked them,” he added.",
    ]


# -- mails and feeds --------------------------------------------------------------------------------------------------


def test_a_mail_is_its_decoded_text(tmp_path: Path) -> None:
    """Quoted-printable, base64, charsets; subject and date are metadata, the sender is not."""
    date = "Mon, 12 May 2025 09:00:00 +0100"
    for message in (
        mail(BODY, "<p>Not shown</p>", Subject="Hob Hill =?utf-8?q?closes=E2=80=94now?=", Date=date),
        mail("", f"<html><body><p>{'</p><p>'.join(PARAGRAPHS)}</p></body></html>", Subject="Hob Hill", Date=date),
        mail("See the HTML.", f"<p>{'</p><p>'.join(PARAGRAPHS)}</p>", Subject="Hob Hill", Date=date),
    ):
        found = only(put(tmp_path, "a.eml", message.as_bytes()))
        assert BODY == found.text.strip()
        assert ("2025-05-12T09:00:00+01:00", None, None) == (found.published, found.outlet, found.byline)
        assert "Hob Hill" in (found.title or "")


def test_documents_attached_to_a_mail_are_read(tmp_path: Path) -> None:
    """Each by its name; pictures are not; a mail within a mail is one."""
    inner = mail("“It is true,” said Ola Fenn.", Subject="Fwd")
    message = mail("See attached.", Subject="Statement", attached={"s.docx": docx(), "logo.png": b"\x89PNG"})
    message.add_attachment(inner)
    path = put(tmp_path, "a.eml", message.as_bytes())
    found = list(read(path))
    assert [str(path), f"{path}/s.docx"] == [getattr(f, "name", None) for f in found[:2]]
    assert "said Ola Fenn" in getattr(found[2], "text", "")
    assert 3 == len(found)


def test_a_box_of_mails_is_read_mail_by_mail(tmp_path: Path) -> None:
    """A line of the text that begins with From does not begin a new mail."""
    first = mail("“One,” said Ola Fenn.\n\n>From the hill it is far.", Subject="1").as_bytes()
    second = mail("“Two,” said Osric Bane.", Subject="2").as_bytes()
    data = b"".join(b"From press@varden.example Mon May 12 09:00:00 2025\n" + m + b"\n" for m in (first, second))
    path = put(tmp_path, "box.mbox", data)
    found = list(read(path))
    assert ["1", "2"] == [getattr(f, "title", None) for f in found]
    assert "\nFrom the hill" in getattr(found[0], "text", "")
    assert ["1", "2"] == [getattr(f, "title", None) for f in read("-", stdin=io.BytesIO(data))]


RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Local news | Varden Post</title><language>en-gb</language><link>https://post.example</link>
<item><title>Quarry &amp; mill to close</title><link>https://post.example/q</link><dc:creator>Ola Fenn</dc:creator>
<pubDate>Mon, 12 May 2025 09:00:00 +0100</pubDate><description>The quarry closes.</description>
<content:encoded><![CDATA[<p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p>]]></content:encoded></item>
<item><title>Fair</title><description>&lt;p&gt;&amp;#8220;Come early,&amp;#8221; said Ivo Tarn.&lt;/p&gt;</description>
</item>
<item><title>Only a title</title></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Varden Post</title><entry><title type="html">Quarry
&lt;b&gt;closes&lt;/b&gt;</title><link href="https://post.example/q"/><updated>2025-05-12T08:00:00Z</updated>
<author><name>Ola Fenn</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{PARAGRAPHS[2]}
</p></div></content></entry></feed>"""


def test_a_feed_is_an_article_an_item(tmp_path: Path) -> None:
    """The whole content before the teaser, read as HTML; an item without text costs itself."""
    path = put(tmp_path, "news.xml", RSS)
    first, second, third = read(path)
    assert f"{PARAGRAPHS[2]}\n\n{PARAGRAPHS[3]}" == first.text
    assert ("Quarry & mill to close", "Ola Fenn", "2025-05-12T09:00:00+01:00", "https://post.example/q", "en") == (
        first.title, first.byline, first.published, first.url, first.language
    )  # fmt: skip
    assert "“Come early,” said Ivo Tarn." == second.text
    assert ("empty", f"{path}#3") == (third.error, third.source)


def test_atom_is_read_as_well(tmp_path: Path) -> None:
    """From standard input, too."""
    for found in (only(put(tmp_path, "a.atom", ATOM)), next(iter(read("-", stdin=io.BytesIO(ATOM.encode()))))):
        assert (PARAGRAPHS[2], "Quarry closes", "Varden Post", "Ola Fenn") == (
            found.text, found.title, found.outlet, found.byline
        )  # fmt: skip


def test_other_xml_is_no_text(tmp_path: Path) -> None:
    """The error names its kind, unless the caller says that it is text."""
    path = put(tmp_path, "a.xml", '<?xml version="1.0"?><stock><item>“Yes,” said Ola Fenn.</item></stock>')
    assert "neither a feed nor a page" in error(path).detail
    assert "Ola Fenn" in only(path, input_format="text").text


# -- archives ---------------------------------------------------------------------------------------------------------


def test_an_archive_is_read_member_by_member(tmp_path: Path) -> None:
    """Named by their paths; what a folder would pass over is counted; a bad member costs itself alone."""
    members: dict[str, bytes | str] = {
        "a/one.txt": BODY, "a/two.docx": docx(), "feed.rss": RSS, "pic.jpg": b"\xff\xd8\xff", "README.md": "about",
        "__MACOSX/a/._one.txt": b"\x00", "bad.docx": b"PK\x03\x04 no",
        "deep.zip": zipped({"x.txt": "“Yes,” said Ola Fenn."}),
    }  # fmt: skip
    path = put(tmp_path, "all.zip", zipped(members))
    told: list[str] = []
    found = list(read(path, tell=told.append))
    names = [f.source if isinstance(f, ErrorRecord) else f.name for f in found]
    assert [f"{path}/{name}" for name in ("a/one.txt", "a/two.docx", "bad.docx", "deep.zip/x.txt")] == [
        name for name in names if "#" not in name
    ]
    assert 2 == sum(isinstance(f, ErrorRecord) for f in found)
    assert [f"{path}: 2 files skipped: .jpg 1, README.md 1"] == told


def test_a_broken_or_locked_archive_is_reported(tmp_path: Path) -> None:
    """Truncated and encrypted members are reported; the other members are read."""
    data = zipped({"a.txt": BODY * 50, "b.txt": "“No,” said Ola Fenn."}, packed=0)
    assert "broken" == error(put(tmp_path, "cut.zip", data[:-30])).error
    damaged = data.replace(b"Forty families", b"Fifty families", 1)
    first, second = read(put(tmp_path, "bad.zip", damaged))
    assert ("broken", "“No,” said Ola Fenn.") == (first.error, second.text)
    locked = bytearray(zipped({"a.txt": BODY}))
    for place in (locked.find(b"PK\x03\x04") + 6, locked.find(b"PK\x01\x02") + 8):
        locked[place] |= 1
    assert "locked" == error(put(tmp_path, "locked.zip", bytes(locked))).error


# -- folders, addresses, what is known --------------------------------------------------------------------------------


def test_a_folder_says_what_it_passed_over(tmp_path: Path) -> None:
    """By suffix, the most frequent first; files that describe the folder are named."""
    for name in ("a.txt", "b.psd", "c.psd", "d.mp4", "e.mp4", "f.mp4", "README.md", ".hidden", "g.rtf"):
        put(tmp_path, name, BODY)
    put(tmp_path, "data.xml", "<stock><item/></stock>")
    told: list[str] = []
    assert [BODY] == [getattr(f, "text", None) for f in read(tmp_path, tell=told.append)]
    assert [f"{tmp_path}: 8 files skipped: .mp4 3, .psd 2, .rtf 1, .xml 1, README.md 1"] == told


@pytest.mark.parametrize("address", ["https://post.example/quarry", "http://post.example", "www.post.example/a?b=*"])
def test_an_address_is_not_fetched(address: str) -> None:
    """The error says how to hand the page over."""
    [found] = read(address)
    assert isinstance(found, ErrorRecord)
    assert (address, "address") == (found.source, found.error)
    assert "nothing is fetched" in found.detail
    assert "curl -L ADDRESS | quotes extract -" in found.detail


def test_what_the_caller_knows_fills_what_a_text_does_not_tell(tmp_path: Path) -> None:
    """A table's own columns go before it, row by row."""
    how = Reading(known={"outlet": "Varden Post", "published": "12/05/2025", "title": "Quarry"}, dates="day-first")
    found = only(put(tmp_path, "a.txt", BODY), how=how)
    assert ("Varden Post", "2025-05-12", "Quarry") == (found.outlet, found.published, found.title)
    first, second = read(put(tmp_path, "a.csv", "text,outlet\none,Reuters\ntwo,\n"), how)
    assert ("Reuters", "Varden Post", "2025-05-12") == (first.outlet, second.outlet, second.published)
    with pytest.raises(InputError, match="--dates day-first"):
        Reading(known={"published": "12/05/2025"})
    with pytest.raises(InputError, match="author"):
        Reading(known={"author": "x"})


INTERVIEW = """# Petra Lunn on the quarry

Petra Lunn has run the quarry on Hob Hill for ten years. She spoke to us in May.

**Why do you close it?**

Because there is nothing left to dig, and nobody who would buy it.

**Who told you to do so?**

Nobody did. I saw it myself from the road.
"""


def test_what_markdown_and_fields_emphasise_is_kept(tmp_path: Path) -> None:
    """Bold paragraphs are often questions: their places are passed on."""
    found = only(put(tmp_path, "a.md", INTERVIEW))
    bold = ["Why do you close it?", "Who told you to do so?"]
    assert bold == [found.text[s.start : s.end] for s in found.emphasis]
    field = "<p><strong>Why do you close it?</strong></p><p>There is nothing left to dig.</p>"
    row = only(put(tmp_path, "a.csv", f'text,id\n"{field}",1\n'))
    assert bold[:1] == [row.text[s.start : s.end] for s in row.emphasis]


def test_what_a_document_emphasises_is_kept(tmp_path: Path) -> None:
    """Paragraphs of Word that are bold from their first word to their last."""
    import docx as library

    document = library.Document()
    for words, bold in (("Why do you close it?", True), ("There is nothing left.", False), ("Who told you?", True)):
        document.add_paragraph().add_run(words).bold = bold
    stream = io.BytesIO()
    document.save(stream)
    found = only(put(tmp_path, "a.docx", stream.getvalue()))
    assert ["Why do you close it?", "Who told you?"] == [found.text[s.start : s.end] for s in found.emphasis]


def test_an_interview_in_markdown_has_its_turns(tmp_path: Path, pipeline: Any) -> None:
    """The answers are hers."""
    [record] = pipeline.read(only(put(tmp_path, "a.md", INTERVIEW)))
    answers = [quote.text for quote in record.quotes if quote.speaker and quote.speaker.name == "Petra Lunn"]
    assert ["Because", "Nobody"] == [words.split()[0] for words in answers]
