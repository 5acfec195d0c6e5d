"""Time and memory grow with the text and no faster, whatever the text; nothing raises, and no text is too odd.

The 5 MB cases run where QUOTES_HOSTILE=1 is set: each is a process of its own, whose peak memory counts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from time import process_time
from typing import Any

import pytest
from attrs import evolve

from quotes.extraction import fragments, ranking
from quotes.extraction.article_text import ArticleText
from quotes.extraction.statement import Statement
from quotes.ingest import pages
from quotes.lexicon import Lexicon, load_lexicon
from quotes.records import ArticleRecord, Candidate, Cue, MarkedSpan, Slice, SourceText, Span
from quotes.text import quotation_marks
from tests.fuzz.checks import check_records
from tests.growth import BOUND, GROWTH, growth, long_text, memory_growth_of

SMALL = 100_000

# Each returns a text of about the given number of characters.
REPEATED: dict[str, str] = {
    "curly opening marks": "“",
    "curly closing marks": "”",
    "straight marks": '"',
    "apostrophes": "'",
    "two apostrophes": "''",
    "backticks": "``",
    "guillemets that open": "«",
    "nested opening marks": "“‘",
    "nested marks that close": "“‘a’” ",
    "single opening marks before words": "‘a ",
    "single marks, an opening one and a stop": "‘a, b’ c ",
    "inches": "6'2\" ",
    "decades": "'90s ",
    "words in straight marks": '"a" ',
    "words in curly marks": "“a” ",
    "a stop and a mark": '. "',
    "said": "said ",
    "a subject and said": "Ann Lee said ",
    "a quotation and its credit, in one line": '"We will not go," Ann Lee said. ',
    "according to": "according to Ann Lee, ",
    "a credit and no end": "“It is so, said Ann Lee, ",
    "dashes": "— ",
    "a dash and a name": "—Ann Lee ",
    "brackets": "(((",
    "brackets that close": "(a) ",
    "colons": "LEE: ",
    "colons and marks": 'Lee: "',
    "capitalised words": "Ann ",
    "capital letters": "A",
    "small letters": "a",
    "digits": "1",
    "commas": ",",
    "stops": ".",
    "spaces between letters": "a ",
    "spaces": " ",
    "no-break spaces": "\u00a0",
    "zero-width spaces": "\u200b",
    "handles": "(@ann) ",
    "signatures of posts": "— Ann Lee (@ann) June 10, 2025 ",
    "links": "https://t.co/a ",
    "furniture in one line": "Remove Ads ",
    "times of day in one line": "11 minutes ago ",
    "titles": "Dr. ",
    "emoji": "\U0001f600",
    "right-to-left marks and letters": "\u202e\u05d0\u200f ",
    "control characters": "\x00\x07\x1b",
}  # fmt: skip
LINES: dict[str, str] = {
    "empty lines": "\n",
    "carriage returns": "\r\n",
    "lines of one letter": "a\n",
    "lines of an opening mark": "“a\n",
    "lines of a straight mark": '"\n',
    "lines that each reopen": "“We go on.\n\n",
    "furniture": "Remove Ads\n",
    "furniture between paragraphs": "It rained in the valley.\nRemove Ads\n",
    "furniture and times": "Remove Ads\n11 minutes ago\n",
    "blocks of an aggregator": "The Hindu\n11 minutes ago\nRain\nIt will rain on Friday, Ann Lee said.\nComments\n\n",
    "outlet lines": "- The Hindu\n",
    "labels": "LEE: Why?\n",
    "labels with names": "Ann Lee: Is it so?\nJo Roe: It is so.\n",
    "questions and answers": "Q: Why?\nA: So.\n",
    "posts": "It is done. — Ann Lee (@ann) June 10, 2025\n",
    "headlines": "Lee: ‘no bread today’\n",
    "signatures": "“It is done.”\n—Ann Lee\n",
    "bylines": "By Ann Lee\n",
    "datelines": "LONDON (Reuters) - It rained.\n",
    "wire credits": "(Reporting by Ann Lee)\n",
    "statements, a line each": "“We will not go,” Ann Lee said.\n",
}  # fmt: skip
UNITS = REPEATED | LINES


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon("en")


@pytest.fixture(scope="module")
def read(pipeline: Any) -> Callable[[str], list[ArticleRecord]]:
    """The whole recipe, warm: what is compiled once must not count as the first text's."""
    pipeline.read(
        SourceText("warm", "“We will not go,” Ann Lee told Reuters. “Not now.”\n\nJo Roe said that it rained.")
    )
    return lambda text: pipeline.read(SourceText("hostile", text))


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
def test_marks_take_linear_time(unit: str, lexicon: Lexicon) -> None:
    """Quotation marks are paired in time that grows with the text."""
    assert growth(lambda text: quotation_marks.find(text, lexicon=lexicon), unit, SMALL) < BOUND


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
def test_pages_take_linear_time(unit: str, lexicon: Lexicon) -> None:
    """A page is split into its articles in time that grows with the page."""
    assert growth(lambda text: pages.split(SourceText("hostile", text), lexicon=lexicon), unit, SMALL) < BOUND


# What the parser truly reads costs about 0.1 s for a thousand words: less of it shows the growth as well.
PARSED = {
    "a quotation and its credit, in one line", "statements, a line each", "blocks of an aggregator",
    "labels with names", "posts", "a credit and no end", "lines that each reopen", "colons and marks",
    "a stop and a mark", "words in straight marks", "words in curly marks", "nested marks that close",
    "single opening marks before words", "single marks, an opening one and a stop", "datelines", "headlines",
    "wire credits",
    "lines of an opening mark", "signatures", "signatures of posts",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", UNITS)
def test_the_whole_takes_linear_time(name: str, read: Callable[[str], object]) -> None:
    """From text to records, time grows with the text, in one line or in many."""
    assert growth(read, UNITS[name], 6_000 if name in PARSED else 50_000) < BOUND


@pytest.mark.slow
@pytest.mark.parametrize("name", ["curly opening marks", "nested opening marks", "straight marks", "said", "furniture"])
def test_memory_is_linear(name: str, read: Callable[[str], object]) -> None:
    """Four times the text needs at most about four times the memory."""
    small, large = (long_text(UNITS[name], length) for length in (20_000, 20_000 * GROWTH))
    assert memory_growth_of(read, small, large, BOUND) < BOUND


@pytest.mark.parametrize("depth", [9, 500, 20_000])
def test_deep_nesting_costs_no_stack(depth: int, lexicon: Lexicon) -> None:
    """Marks within marks, however deep, are one quotation or more, and no recursion."""
    text = "“‘" * depth + "we go" + "’”" * depth
    found = quotation_marks.find(text, lexicon=lexicon)
    assert ["we go"] == [text[m.start : m.end].strip("“”‘’") for m in found]


@pytest.mark.slow
def test_a_page_of_many_blocks(lexicon: Lexicon) -> None:
    """A page of 50,000 blocks is split in seconds, and every article is found, in order."""
    block = "The Hindu\n11 minutes ago\nRains expected\nIt will rain on Friday in the whole valley.\nRemove Ads\n\n"
    text = block * 50_000
    began = process_time()
    found = pages.split(SourceText("page", text), lexicon=lexicon)
    assert process_time() - began < 60
    bounds = [0, *(n for piece in found for n in (piece.start, piece.end)), len(text)]
    assert sorted(bounds) == bounds


# -- one stage's own worst cases -------------------------------------------------------------------------------------


def candidate(start: int, end: int, cue: int | None = None) -> Candidate:
    said = None if cue is None else Cue("said", "say", cue, cue + 4)
    return Candidate((Span(start, end),), "direct", "en-subject", said, features=(("layout", 1.0),))


def quotations(count: int) -> Iterator[MarkedSpan]:
    return (MarkedSpan(20 * n, 20 * n + 10, Span(20 * n + 1, 20 * n + 9)) for n in range(count))


def laid_out(text: str, quotations: list[MarkedSpan], *, paragraphs: int = 1) -> ArticleText:
    """Lay out a text in paragraphs of one length."""
    size = len(text) // paragraphs
    parts = [Span(size * n, size * n + size) for n in range(paragraphs)]
    return ArticleText(text, Slice(0, len(text)), Span(0, len(text)), parts, quotations)


def stage_growth(work: Callable[[int], object], small: int) -> float:
    """As `growth`, for work on the given number of things."""
    return growth(lambda text: work(len(text)), "x", small)


@pytest.mark.slow
def test_the_ranker_takes_linear_time(lexicon: Lexicon) -> None:
    """Many statements, side by side, are compared with their neighbours only."""

    def choose(count: int) -> object:
        return ranking.choose([candidate(20 * n, 20 * n + 10, 20 * n + 12) for n in range(count)], lexicon=lexicon)

    assert stage_growth(choose, 10_000) < BOUND


@pytest.mark.slow
def test_runs_take_linear_time() -> None:
    """Quotations that one statement after the other claims, and that none claims, are handed out in one pass."""

    def extend(count: int) -> object:
        found = list(quotations(count))
        chosen = [Statement(candidate(m.start, m.end, m.end + 2)) for m in found[::2]]
        text = "“We go on.”said well" * count
        return fragments.extend(laid_out(text, found, paragraphs=count // 10), chosen)

    assert stage_growth(extend, 10_000) < BOUND


@pytest.mark.slow
def test_one_statement_of_many_fragments_takes_linear_time() -> None:
    """A statement that continues over many quotations takes each of them at the same cost."""

    def extend(count: int) -> object:
        text = "“We go on.” and so. " * count
        return fragments.extend(laid_out(text, list(quotations(count))), [Statement(candidate(0, 10, 12))])

    assert stage_growth(extend, 2_000) < BOUND


@pytest.mark.slow
def test_a_continued_quotation_takes_linear_time(read: Callable[[str], object]) -> None:
    """One credit, and quotations without end that it carries, in one paragraph: one statement, in linear time."""
    assert growth(lambda text: read("“We go,” Ann Lee said. " + text), "“We go on again.” ", 6_000) < BOUND


# -- odd characters ---------------------------------------------------------------------------------------------------

ODD: dict[str, str] = {
    "nothing": "",
    "white space": " \t\r\n\u00a0\u2003",
    "a byte order mark": "\ufeff",
    "one mark": "“",
    "a mark and a stop": "”.",
    "null": "“We will not go\x00 now,” Ann Lee\x00 said.",
    "escape sequences": "\x1b[1m“We will not go now,”\x1b[0m Ann Lee said.",
    "private use and non-characters": "\ue000“We will \uffff not go,” Ann\U0010ffff Lee said.",
    "right to left": "\u202e“We will not go now,”\u202c \u05d0\u05e0 said.",
    "isolates": "\u2067“We will not go now,”\u2069 Ann Lee said.",
    "line separators": "“We will not go now,”\u2028Ann Lee said.\u2029\x85\x1c",
    "combining marks": "“We will no\u0301\u0301\u0301t go now,” Ann Le\u0301e said.",
    "a joined emoji": "“We will not go \U0001f468\u200d\U0001f469\u200d\U0001f467,” Ann Lee said.",
    "soft hyphens": "“We will not go to\u00admorrow,” Ann\u00ad Lee sa\u00adid.",
    "old Mac newlines": "“We will not go now,” Ann Lee said.\r“Not today.”\r",
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_characters(name: str, read: Callable[[str], list[ArticleRecord]]) -> None:
    """Odd characters raise nothing, and what is found is verbatim."""
    text = ODD[name]
    quotes = [quote for record in read(text) for quote in record.quotes]
    assert [quote.text for quote in quotes] == [" ".join(text[s.start : s.end] for s in q.spans) for q in quotes]


@pytest.mark.parametrize(
    "name", ["null", "right to left", "isolates", "combining marks", "a joined emoji", "old Mac newlines"]
)
def test_odd_characters_hide_no_quotation(name: str, read: Callable[[str], list[ArticleRecord]]) -> None:
    """A quotation with an odd character in it, or beside it, is found all the same."""
    text = ODD[name]
    wanted = text[text.index("“") : text.index("”") + 1]
    assert wanted in [text[q.spans[0].start : q.spans[0].end] for record in read(text) for q in record.quotes]


@pytest.mark.parametrize(
    "text",
    [
        "“We will not go,” Ann \ud83d Lee said.",
        "\udfff Ann Lee said it rained.",
        "Ann Lee said “we will \udc00 go.”",
        "LEE: Why \ud800 so?\nROE: It is \ud800 so.\nLEE: Good.\nROE: Yes, \udfff it is.",
        "We are \ud83d full. — Ann Lee (@ann) June 10, 2025",
        f"Ann Lee said “{'and so on ' * 3}\ud83d {'and so on ' * 9}.”",
    ],
)
def test_lone_surrogates(text: str, read: Callable[[str], list[ArticleRecord]]) -> None:
    """Half a surrogate pair, which a JSON input can bring, raises nothing."""
    assert all(text[s.start : s.end] in q.text for record in read(text) for q in record.quotes for s in q.spans)


# -- what the fuzzer found --------------------------------------------------------------------------------------------

FOUND: dict[str, str] = {
    "furniture inside a post": (
        "“It is done.” -Commissioner Lee\n\nDr. Jo Roe...Why?\nRelated Articles\n\n(Reporting by Jo Roe)\n\n"
        "pic.twitter.com/abc — Jo Roe (@jo) June 31, 2025\nWhy?"
    ),
    "two cues, one quotation": (
        "`the bridge is shut,‘ Ann Lee said on Monday,““the bridge is shut,‘ Ann Lee said in Tehran”,said"
    ),
    "a speaker behind many marks": "pointed out[" + "「" * 34 + " " + "「" * 50 + "?pointed out「ANN LEE",
}


@pytest.mark.parametrize("name", FOUND)
def test_what_the_fuzzer_found_stays_mended(name: str, pipeline: Any) -> None:
    """Records hold for every text that once broke one."""
    for reader in (pipeline.reader, None):
        whole = evolve(pipeline, include_unattributed=True, attitudes=True, reader=reader)
        check_records(whole.read(SourceText("found", FOUND[name])), FOUND[name])


# -- the largest cases ------------------------------------------------------------------------------------------------

MEGABYTES = 5_000_000
LARGEST = {
    "straight marks": '"',
    "curly opening marks": "“",
    "said": "said ",
    "nested opening marks": "“‘",
    "words in straight marks": '"a" ',
    "quotations and half a credit": 'he said "x" ',
}
PROGRAM = """
    import resource, sys, time
    from quotes.extraction.pipeline import load
    from quotes.records import SourceText
    pipeline = load()
    text = sys.argv[1] * (int(sys.argv[2]) // len(sys.argv[1]))
    began = time.perf_counter()
    pipeline.read(SourceText("hostile", text))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes; on macOS bytes
    print(time.perf_counter() - began, peak * (1 if sys.platform == "darwin" else 1024))
"""


@pytest.mark.skipif(not os.environ.get("QUOTES_HOSTILE"), reason="slow: set QUOTES_HOSTILE=1 to run the 5 MB cases")
@pytest.mark.parametrize("unit", LARGEST.values(), ids=LARGEST.keys())
def test_five_megabytes_in_one_paragraph(unit: str) -> None:
    """5 MB in one paragraph are read in under 60 s and 700 MB."""
    command = [sys.executable, "-c", textwrap.dedent(PROGRAM), unit, str(MEGABYTES)]
    took, peak = map(float, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    assert took < 60
    assert peak < 700_000_000
