"""Facts in a page's markup, and parts that the extractor loses: both are in the text, once and in order."""

from __future__ import annotations

import io
from typing import Any

import pytest

from quotes.ingest import read
from quotes.records import Page, SourceText

FILLER = "The weir below Tarn Mill was closed for the winter, and the town has argued about its gates since {n}."


def text_of(body: str, *, head: str = "<title>Weir stays shut</title>") -> str:
    page = f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>"
    [found] = read("-", stdin=io.BytesIO(page.encode()), input_format="html")
    assert isinstance(found, SourceText), found
    return found.text


def paragraphs(count: int, *, first: int = 1) -> str:
    return "".join(f"<p>{FILLER.format(n=n)}</p>" for n in range(first, first + count))


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p><q>Leave it shut</q>, said Ivo Tarn.</p>", "“Leave it shut”, said Ivo Tarn."),
        ("<p>He called it <q>ours</q> and <q>old</q>.</p>", "He called it “ours” and “old”."),
        ("<p>“<q>Leave it shut</q>,” he said.</p>", "“Leave it shut,” he said."),
        ("<p><q>She said <q>no</q> to me</q>, he said.</p>", "“She said ‘no’ to me”, he said."),
        ("<p>He said it was <span>'</span>cold<span> '</span> in there.</p>", "He said it was 'cold' in there."),
        ("<p>“We knew.”<sup><a href='#n1'>[1]</a></sup> said Ivo.</p>", "“We knew.” said Ivo."),
        ("<p>“We knew”<sup class='footnote'>a</sup>, said Ivo.</p>", "“We knew”, said Ivo."),
        ("<p>It is 20 m<sup>2</sup>, he said.</p>", "It is 20 m2, he said."),
        ("<p>“It <em>will</em> <b>hold</b>,” <a href=x>Ivo</a> said.</p>", "“It will hold,” Ivo said."),
        ("<div>“One.”<br>– Ada Fell, 71<br><br>“Two.”<br>– Bo Fell, 68</div>",
         "“One.”\n— Ada Fell, 71\n“Two.”\n— Bo Fell, 68"),
    ],
)  # fmt: skip
def test_marks_of_quotation_are_those_that_a_browser_shows(markup: str, expected: str) -> None:
    """Marks of `<q>` are added, printed ones stay; notes are left out; a line break is one."""
    text = text_of(f"<article><h1>Weir stays shut</h1>{paragraphs(4)}{markup}{paragraphs(2, first=5)}</article>")
    assert expected.replace("—", "-") in text.replace("–", "-").replace("—", "-")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<blockquote><p>It held.</p><footer>— <cite>Ada Fell</cite>, engineer</footer></blockquote>",
         "“It held.” — Ada Fell, engineer"),
        ("<blockquote>“It held.”<cite>Ada Fell</cite></blockquote>", "“It held.” — Ada Fell"),
        ("<blockquote><p>It held.</p><p>It will hold.</p><p class='quote-author'>Ada Fell</p></blockquote>",
         "“It held.\n“It will hold.” — Ada Fell"),
        ("<figure><blockquote>It held.</blockquote><figcaption>Ada Fell, engineer</figcaption></figure>",
         "“It held.” — Ada Fell, engineer"),
        ("<p>In her log, Fell wrote:</p><blockquote><p>It held all night.</p></blockquote>",
         "In her log, Fell wrote:\n“It held all night.”"),
        ("<p>Fell posted:</p><div><blockquote>It held all night.</blockquote></div>",
         "Fell posted:\n“It held all night.”"),
        ("<blockquote><p>Nobody is named here for these words of the poem.</p></blockquote>",
         "Nobody is named here for these words of the poem."),
    ],
)  # fmt: skip
def test_a_quotation_that_is_set_apart_has_marks_and_its_credit(markup: str, expected: str) -> None:
    """Behind a dash, as in a signed quotation; one that nobody is credited with stays as it is."""
    text = text_of(f"<article><h1>Weir stays shut</h1>{paragraphs(4)}{markup}{paragraphs(2, first=5)}</article>")
    assert expected in text


@pytest.mark.parametrize(
    "chunk",
    ["<div class='entry-content'>{}</div>", "<section class='body body__container article__body'>{}</section>",
     "<div class='row'><div itemprop='articleBody'>{}</div></div>",
     "<div class='grid'><div class='StoryBody'>{}</div></div>",
     "<div data-component='text-block'><div class='RichText'>{}</div></div>"],
)  # fmt: skip
def test_an_article_in_several_bodies_is_read_whole(chunk: str) -> None:
    """Each chunk once, in the order of the page."""
    parts = [f"{paragraphs(5, first=n * 10)}<p>“Chunk {n} is here,” said Ada Fell.</p>" for n in range(4)]
    between = "<div class='ad'><p>Advertisement</p></div>"
    body = between.join(chunk.format(part) for part in parts)
    text = text_of(f"<main><article><h1>Weir stays shut</h1>{body}</article></main>")
    assert [text.count(f"Chunk {n} is here") for n in range(4)] == [1, 1, 1, 1]
    assert list(range(4)) == sorted(range(4), key=lambda n: text.index(f"Chunk {n}"))


def test_headline_standfirst_and_captions_are_read() -> None:
    """They are included above the text and in place; menus, shares and other articles are not."""
    body = (
        "<header><h1>Weir ‘will stay shut’, says Fell</h1><p class='standfirst'>The engineer told the town that "
        "nothing would move before the spring floods are over</p><p class='byline'>By Ola Moor, who writes on rivers "
        "and weirs</p><ul class='share'><li>Share this on the network of your choice, today</li></ul></header>"
        f"{paragraphs(3)}<figure><img src=x><figcaption>Ada Fell at the weir, which she has kept for ten years "
        f"(Picture: O. Moor)</figcaption></figure>{paragraphs(3, first=4)}"
        "<aside><p>“You will not believe this other story,” said somebody else entirely.</p></aside>"
        "<div class='related-stories'><p>“Nor this one,” said the mayor of another town on Friday.</p></div>"
        "<section class='comments'><p>“First!” wrote a reader, who had not read any of it.</p></section>"
    )
    text = text_of(f"<nav><a href=/>Home</a></nav><main><article>{body}</article></main>")
    lines = text.split("\n")
    assert "Weir ‘will stay shut’, says Fell" == lines[0]
    assert lines[1].startswith("The engineer told the town")
    assert lines.index(next(x for x in lines if "which she has kept" in x)) == 5
    for other in ("other story", "Nor this one", "First!", "Share this", "Home"):
        assert other not in text


def test_paragraphs_of_other_makes_are_read() -> None:
    """Lists, boxes and bare text between paragraphs that contain statements."""
    body = (
        f"{paragraphs(4)}<ul><li>“The first gate sticks,” said Bo Fell, who oils it every morning.</li><li>“The second "
        f"does not,” said Ada Fell.</li></ul>{paragraphs(1, first=5)}<div class='box'><div>“I was told to wait,” Cleo "
        f"Tarn told the Tarn Courier.</div></div>{paragraphs(1, first=6)}“And I to go,” said Dov Tarn."
        f"{paragraphs(2, first=7)}"
    )  # fmt: skip
    text = text_of(f"<article><h1>Weir stays shut</h1>{body}</article>")
    for said in ("first gate sticks", "second does not", "told to wait", "And I to go"):
        assert 1 == text.count(said)


def test_a_signed_pull_quote_stands_once() -> None:
    """The running text credits the same words."""
    said = "“We will not open it before the last of the floods”"
    pulled = f"<blockquote>{said}<cite>Ada Fell</cite></blockquote>"
    body = f"{paragraphs(3)}{pulled}<p>{said}, said Ada Fell.</p>{paragraphs(2)}"
    assert 1 == text_of(f"<article><h1>Weir stays shut</h1>{body}</article>").count("the last of the floods")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<aside class='pull-quote'><p>“It held.”</p></aside>", ""),
        ("<blockquote class='pullquote'><p>It held, for all they said.</p></blockquote>", ""),
        ("<figure class='quote'><blockquote>“It held.”</blockquote></figure>", ""),
        ("<p class='pull'>“It held.”</p>", ""),
        ("<div class='pullquote'><p>“It held.”</p><p class='pullquote-credit'>Ada Fell</p></div>",
         "“It held.” — Ada Fell"),
        ("<aside class='pull-quote'><p>“It held.”</p><p>Ada Fell, engineer</p></aside>",
         "“It held.” — Ada Fell, engineer"),
        ("<figure class='wp-block-pullquote'><blockquote><p>It held.</p><cite>Ada Fell</cite></blockquote></figure>",
         "“It held.” — Ada Fell"),
        ("<div class='pull_quote'>It held.<br>– Ada Fell</div>", "“It held.” — Ada Fell"),
        ("<p>In her log, Fell wrote:</p><blockquote class='pullquote'><p>It held.</p></blockquote>",
         "In her log, Fell wrote:\n“It held.”"),
        ("<p class='pull-right'>“It held,” said Fell.</p>", "“It held,” said Fell."),
    ],
)  # fmt: skip
def test_a_pull_quote_stands_with_its_credit_or_not_at_all(markup: str, expected: str) -> None:
    """Without a credit or a line that introduces it, nothing says whose words it shows."""
    around = f"<article><h1>Weir stays shut</h1>{paragraphs(4)}{{}}{paragraphs(2, first=5)}</article>"
    plain = text_of(around.format("")).split("\n")
    assert expected == "\n".join(line for line in text_of(around.format(markup)).split("\n") if line not in plain)


def test_tables_that_lay_out_a_page_are_no_tables() -> None:
    """Their cells hold the article; a menu in another cell is not read."""
    body = (
        f"<table><tr><td class='sidebar'><a href=/>Home</a> <a href=/a>Archive</a></td><td><h1>Weir stays shut</h1>"
        f"{paragraphs(3)}<p>“It is <i>ours</i>,” said <b>Ada Fell</b>.<p>Her son told the <i>Tarn Courier</i> that "
        f"“nobody asked”.</td></tr></table>"
    )
    text = text_of(body)
    assert "“It is ours,” said Ada Fell.\nHer son told the Tarn Courier that “nobody asked”." in text
    assert "Archive" not in text


def test_a_headline_that_metadata_put_otherwise_is_the_title() -> None:
    """The printed headline is above the text and is the record's title."""
    head = "<title>Tarn Mill weir: latest</title><meta property='og:title' content='Tarn Mill weir: latest'>"
    page = f"<html><head>{head}</head><body><main><h1>Mill weir will stay shut until May</h1>{paragraphs(6)}</main>"
    [found] = read("-", stdin=io.BytesIO(page.encode()), input_format="html")
    assert isinstance(found, SourceText)
    assert found.text.startswith("Mill weir will stay shut until May\n")
    assert "Mill weir will stay shut until May" == found.title


def test_the_record_says_how_a_page_was_read(pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing where the extractor found the text; otherwise whether it was restored or is all of the page."""
    from quotes.batch.outcome import Selection, outcome_of
    from quotes.export import from_dict, to_dict

    def stumble(*_: object, **__: object) -> None:
        raise ValueError

    chunk = "<div class='grid'><div class='grid--item body body__container article__body'>{}</div></div>"
    parts = [f"{paragraphs(5, first=n * 10)}<p>“Chunk {n} is here,” said Ada Fell.</p>" for n in range(4)]
    pages = {
        None: f"<article><h1>Weir stays shut</h1>{paragraphs(9)}</article>",
        "restored": f"<main><article><h1>Weir stays shut</h1>{''.join(map(chunk.format, parts))}</article></main>",
        "paragraphs": f"<article><h1>Weir stays shut</h1>{paragraphs(9)}</article>",
    }
    for expected, body in pages.items():
        if expected == "paragraphs":
            monkeypatch.setattr("trafilatura.bare_extraction", stumble)
        page = Page("a.html", f"<!doctype html><html><head><title>Weir</title></head><body>{body}".encode())
        [record] = outcome_of(page, reader=pipeline, selection=Selection()).records
        assert expected == record.article.found_by
        assert (expected is not None) == ("found_by" in to_dict(record)["article"])
        assert record == from_dict(to_dict(record))
