"""The report's data and its page, without a browser; `test_report_browser.py` opens it in one."""

from __future__ import annotations

import io
import json
import re
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from quotes.cli import main
from quotes.export import FORMATS
from quotes.records import Article, ArticleRecord, Cue, Outlet, Quote, Span, Speaker
from quotes.records.json_text import for_page
from quotes.web.report import write
from quotes.web.report.colours import assign
from quotes.web.report.payload import payload
from quotes.web.report.segments import Segment, paragraphs

TEXT = "Vote\n\nLee said: “We will vote.” Nobody laughed.\n“On Monday, ‘not before’, she said.”"


def article(text: str = TEXT, **known: Any) -> Article:
    return Article("a1", "a.txt", 0, 0, len(text), text=text, **known)


def quote(words: str, text: str = TEXT, **known: Any) -> Quote:
    start = text.index(words)
    return Quote(id=words, type="direct", text=words, spans=(Span(start, start + len(words)),), **known)


def page(*records: ArticleRecord, **options: Any) -> str:
    stream = io.StringIO()
    write(records, stream, **options)
    return stream.getvalue()


class Elements(HTMLParser):
    """Collects the page's elements as a browser would see them: names, attributes, text of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.texts.append("")
        self.inside = True

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data

    def of(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(found[1], text) for found, text in zip(self.found, self.texts, strict=True) if found[0] == tag]


def test_text_is_cut_where_quotes_begin_and_end() -> None:
    """Each paragraph is a run of segments; those of a quote carry its number, those of its credit as well."""
    said = quote("“We will vote.”", cue=Cue("said", "say", TEXT.index("said"), TEXT.index("said") + 4))
    assert paragraphs(article(title="Vote"), [said])[0] == (
        Segment("Lee "),
        Segment("said", credits=(0,)),
        Segment(": "),
        Segment("“We will vote.”", said=(0,)),
        Segment(" Nobody laughed."),
    )


def test_nested_and_crossing_quotes_name_the_innermost_first() -> None:
    """A stretch that several quotes share names them all, the shortest first."""
    outer, inner, across = quote("“On Monday, ‘not before’, she said.”"), quote("‘not before’"), quote("before’, she")
    cut = paragraphs(article(), [outer, inner, across])[-1]
    assert [(s.text, s.said) for s in cut] == [
        ("“On Monday, ", (0,)),
        ("‘not ", (1, 0)),
        ("before’", (1, 2, 0)),
        (", she", (2, 0)),
        (" said.”", (0,)),
    ]


@pytest.mark.parametrize("spans", [[(0, 4), (6, 12)], [(0, 200)], [(30, 31), (31, 90)], [(500, 900)], [(9, 9)], []])
def test_segments_joined_are_the_paragraph(spans: list[tuple[int, int]]) -> None:
    """No span, however wide, empty or out of the text, adds or loses a character."""
    odd = Quote("q", "direct", "", tuple(Span(*span) for span in spans))
    joined = ["".join(segment.text for segment in cut) for cut in paragraphs(article(), [odd])]
    assert [line for line in TEXT.split("\n") if line] == joined


def test_a_title_that_the_text_repeats_is_shown_once() -> None:
    """A first paragraph that is only the title is left out, unless it contains a quote."""
    assert 2 == len(paragraphs(article(title="Vote"), []))
    assert 3 == len(paragraphs(article(title="Vote"), [quote("Vote")]))
    assert 3 == len(paragraphs(article(title="Another"), []))


def test_speakers_of_one_article_differ_in_colour() -> None:
    """Up to twelve speakers of an article have twelve colours, and a speaker has one in all articles."""
    colour = assign([list(range(12)), [0, 12], [12, 13]])
    assert 12 == len({colour[speaker] for speaker in range(12)})
    assert colour[0] != colour[12] != colour[13]


def test_the_same_speaker_outlet_and_channel_are_listed_once(record: ArticleRecord) -> None:
    """Two articles with the same names give one speaker, one outlet, one channel; an article given twice is one."""
    second = evolve(record, article=evolve(record.article, id="a2"))
    made = payload([record, second, record])
    assert (2, 4, 1, 1, 1) == tuple(len(made[k]) for k in ("articles", "quotes", "speakers", "outlets", "channels"))
    assert ["the mayor"] == made["speakers"][0]["roles"]


def test_namesakes_with_another_id_are_two(record: ArticleRecord) -> None:
    """The id of a people file parts speakers of one name."""
    said = record.quotes[0]
    assert said.speaker
    other = evolve(said, speaker=evolve(said.speaker, id="Q2"))
    assert 2 == len(payload([evolve(record, quotes=(said, other))])["speakers"])


def elsewhere(record: ArticleRecord, words: str, *, outlet: str = "Courier", **known: Any) -> ArticleRecord:
    """An article with one quote, which is the speaker's of the record's first."""
    changed = evolve(record.quotes[0], id=outlet, text=words, **known)
    place = evolve(record.article, id=outlet, outlet=Outlet(outlet), published="2025-06-10")
    return evolve(record, article=place, quotes=(changed,))


WORDS = "“We will not close a single ferry line this year, and nobody will pay more than 20 crowns for a crossing.”"


def test_printings_of_one_statement_are_laid_over_the_fullest(record: ArticleRecord) -> None:
    """The runs of a variant without the missing words are its text, and each difference is in its place."""
    cut = "“We will not close a single ferry line this year, and nobody will pay more than …”"
    other = (
        "“We will close a single ferry line this spring year, and nobody will pay more than 30 crowns for a crossing.”"
    )
    made = payload(
        [elsewhere(record, WORDS), elsewhere(record, cut, outlet="Gazette"), elsewhere(record, other, outlet="Post")]
    )
    [group] = made["variants"]
    assert (0, True, False) == (group["lead"], group["misquoted"], group["misattributed"])
    assert [("truncated", False), ("edited", True)] == [(o["kind"], o["reworded"]) for o in group["others"]]
    for variant in group["others"]:
        own = [run if isinstance(run, str) else run[0] for run in variant["runs"] if isinstance(run, str) or not run[2]]
        assert made["quotes"][variant["quote"]]["text"] == "".join(own)
    assert [
        "“We will ", ["not", "deleted", True], "close a single ferry line this ", ["spring", "inserted", False],
        " year, and nobody will pay more than ", ["20", "replaced", True], ["30", "replaced", False],
        " crowns for a crossing.”",
    ] == group["others"][1]["runs"]  # fmt: skip
    assert ["20 crowns for a crossing", "cut", True] == group["others"][0]["runs"][1]


def test_a_statement_credited_to_another_says_so(record: ArticleRecord) -> None:
    """The same words under two names are one misattributed group; a single printing is not a group."""
    one = elsewhere(record, WORDS, speaker=Speaker("Marta Lindqvist", "person"))
    two = elsewhere(record, WORDS, outlet="Post", speaker=Speaker("Jonas Berg", "person"))
    assert [True] == [group["misattributed"] for group in payload([one, two])["variants"]]
    assert [] == payload([one])["variants"]


def test_without_the_library_there_are_no_variants_and_a_page(
    record: ArticleRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the library for comparing quotes cannot be imported, the page says that nothing was compared."""
    compared = ("quotes.comparison.variants", "quotes.comparison.libraries")
    for name in [name for name in sys.modules if name.startswith(compared)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "rapidfuzz.distance", None)
    made = payload([record])
    assert made["variants"] is None
    assert 2 == len(made["quotes"])


def test_the_same_records_give_the_same_bytes(record: ArticleRecord) -> None:
    """Nothing of the moment or the machine goes into the page."""
    assert page(record) == page(record)


HOSTILE = "</script><script>alert(1)</script><!-- <b onclick=x> & \u2028 \u2029 \x00 \ud800 ]]> '\""


def test_data_in_the_page_is_never_markup(record: ArticleRecord) -> None:
    """Text that would end a script element or begin a comment is escaped, and reads back unchanged."""
    assert not re.search("[<>&\u2028\u2029\x00\ud800]", for_page([HOSTILE]))
    assert [HOSTILE] == json.loads(for_page([HOSTILE]))
    calm = Elements(page(record))
    hostile = Elements(
        page(
            evolve(
                record,
                article=evolve(record.article, title=HOSTILE, url="javascript:alert(1)", source=HOSTILE),
                quotes=(evolve(record.quotes[0], text=HOSTILE, id=HOSTILE, pattern=HOSTILE),),
            ),
            title=HOSTILE,
        )
    )
    assert [tag for tag, _ in calm.found] == [tag for tag, _ in hostile.found]


def test_the_policy_lets_in_what_the_page_holds_and_nothing_else(record: ArticleRecord) -> None:
    """Every script and style has its hash in the policy; nothing is fetched; no element has a handler or a style."""
    made = Elements(page(record))
    [policy] = [a["content"] or "" for a, _ in made.of("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    code = [text for known, text in made.of("script") if known.get("type") != "application/json"]
    styles = [text for _, text in made.of("style")]
    hashes = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in code + styles]
    assert hashes == re.findall("'sha256-[^']+'", policy)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    names = {name for _, attributes in made.found for name in attributes}
    assert {"src", "style"} & names == set()
    assert [name for name in names if name.startswith("on")] == []
    assert [a["href"] for a, _ in made.of("a") if not (a["href"] or "").startswith("#")] == []


@pytest.fixture
def saved(record: ArticleRecord, tmp_path: Path) -> Path:
    path = tmp_path / "records.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        FORMATS["jsonl"].write([record], stream)
    return path


def test_the_command_writes_a_page(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`quotes report` writes the page, says how much is on it, and that the text is missing."""
    target = tmp_path / "report.html"
    assert 0 == main(["report", str(saved), "-o", str(target), "--title", "Monday"])
    assert "<title>Monday</title>" in target.read_text(encoding="utf-8")
    told = capsys.readouterr().err
    assert f"quotes: {target}: 2 quotes in 1 article, 1 without its text" in told


def test_without_a_file_the_page_goes_to_standard_output(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page is data."""
    assert 0 == main(["report", str(saved)])
    assert capsys.readouterr().out.startswith("<!doctype html>")


def test_a_file_that_cannot_be_read_costs_that_file(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The others are shown, the page reports the fault, and the exit status is 1."""
    target = tmp_path / "report.html"
    assert 1 == main(["report", str(tmp_path / "none.jsonl"), str(saved), "-o", str(target)])
    assert "none.jsonl: no such file" in capsys.readouterr().err
    assert "no such file; check the path" in target.read_text(encoding="utf-8")


def test_a_report_of_nothing_readable_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If no file can be read, a former output stays."""
    target = tmp_path / "report.html"
    target.write_text("before")
    assert 1 == main(["report", str(tmp_path / "none.jsonl"), "-o", str(target)])
    assert "before" == target.read_text()


def test_records_are_not_written_over(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The output may not be an input."""
    assert 2 == main(["report", str(saved), "-o", str(saved)])
    assert "both input and output" in capsys.readouterr().err
