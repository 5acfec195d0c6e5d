"""The learned reader of roles: exact offsets, right types, the same twice, and no text too odd or too long."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from quotes import extract
from quotes.errors import ModelError
from quotes.extraction.article_text import ArticleText
from quotes.extraction.proposers import by_reader
from quotes.lexicon import load_lexicon
from quotes.reader import NETWORK_FILE, TOKENIZER_FILE, RoleReader, shipped_folder
from quotes.records import Candidate, Slice, SourceText, Span
from tests.growth import BOUND, GROWTH, growth_of

LEXICON = load_lexicon("en")

pytestmark = pytest.mark.skipif(
    not (shipped_folder() / NETWORK_FILE).is_file(), reason="this checkout has no weights"
)


@cache
def reader() -> RoleReader:
    return RoleReader.load()


def propose(
    text: str, *, body: Span | None = None, skips: tuple[Span, ...] = (), attitudes: bool = False
) -> list[Candidate]:
    body = body or Span(0, len(text))
    article = ArticleText.of(SourceText("a", text), Slice(body.start, body.end, skips=skips), lexicon=LEXICON)
    return by_reader.propose(
        article, by_reader.begin(article, reader=reader()), lexicon=LEXICON, attitudes=attitudes
    )[0]


def shown(text: str, candidate: Candidate) -> tuple[str, str | None, str | None, list[str]]:
    """Return type, cue, mention and fragments as printed."""
    mention = candidate.mention and text[candidate.mention.start : candidate.mention.end]
    cue = candidate.cue and candidate.cue.text
    return candidate.type, cue, mention, [text[s.start : s.end] for s in candidate.spans]


@pytest.mark.parametrize("marks", ["‘’", "''"])
def test_the_later_part_of_a_quotation_has_no_closing_mark(marks: str) -> None:
    """The mark belongs to the quotation around it, not to what somebody says in it."""
    said = "it’s one of the busiest in the county – and they’re still getting rid of me."
    text = f"{marks[0]}I’ve seen it all. The council’s own survey says {said}{marks[1]}\n"
    found = [words for candidate in propose(text) for words in shown(text, candidate)[3]]
    assert said in found
    assert f"{said}{marks[1]}" not in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“The bridge will open in May,” Mayor Ana Lee said on Tuesday.",
            ("direct", "said", "Mayor Ana Lee", ["“The bridge will open in May,”"]),
        ),
        (
            "Officials said the bridge would “never be safe” for lorries.",
            ("mixed", "said", "Officials", ["the bridge would “never be safe” for lorries"]),
        ),
        (
            "The ministry announced that the harbour would close in June.",
            ("indirect", "announced", "The ministry", ["that the harbour would close in June"]),
        ),
        (
            "According to the coast guard, two boats sank off the cape.",
            ("indirect", "According to", "the coast guard", ["two boats sank off the cape"]),
        ),
        (
            "“We waited for hours,” said Omar Haddad, a baker who lives near the port. “Nobody came.”",
            ("direct", "said", "Omar Haddad", ["“We waited for hours,”", "“Nobody came.”"]),
        ),
    ],
)
def test_sentences(text: str, expected: tuple[str, str, str, list[str]]) -> None:
    """Each gives one candidate with this type, cue, mention and content."""
    assert [expected] == [shown(text, c) for c in propose(text)]


ARTICLE = (
    "OSLO (Reuters) — The ferry company said on Monday that it would cancel all night crossings.\n\n"
    "“Our crews are exhausted,” Ingrid Dahl, the company’s director, told reporters. “They need rest.”\n\n"
    "Passengers must wait, according to a notice at the pier. Dahl added that refunds would be “swift and full”.\n"
)


def test_a_candidate_says_what_the_ranker_and_the_other_stages_need() -> None:
    """Pattern, anchor, source and features are there, with probabilities between 0 and 1."""
    text = "“It is over,” said Omar Haddad, a baker who lives near the port."
    [candidate] = propose(text)
    features = dict(candidate.features)
    assert candidate.pattern == "roles"
    assert candidate.anchor == text.index("said")
    assert candidate.source is not None
    assert text[candidate.source.start : candidate.source.end].startswith("Omar Haddad, a baker")
    assert {"roles", "roles_direct", "roles_content", "roles_link", "roles_source", "roles_speech"} == set(features)
    assert all(0 <= value <= 1 for value in features.values())


@pytest.mark.parametrize(
    "told",
    [
        "The island wanted only one captain, its council decided in 1990, and that was her father. {}",
        "Roe was eleven years on the ferry before she got the call. {} Her father believed that she would come home.",
    ],
    ids=["behind reported speech", "before a thought"],
)
def test_a_quotation_without_a_cue_is_found_beside_other_statements(told: str) -> None:
    quotation = "“People always call me a sailor. I don’t really see myself like that. I guess I just like the water.”"
    text = told.format(quotation)
    assert ("direct", None, None, [quotation]) in [shown(text, c) for c in propose(text)]


def test_offsets_hold_inside_a_longer_text() -> None:
    """An article's candidates do not depend on its place in the source; nothing else is read."""
    before, after = "“Ignore this,” Roe said.\n\n", "\n\n“And this,” Roe said."
    text = before + ARTICLE + after
    inside = propose(text, body=Span(len(before), len(before) + len(ARTICLE)))
    assert [shown(ARTICLE, c) for c in propose(ARTICLE)] == [shown(text, c) for c in inside]
    assert len(inside) >= 4


def test_it_reads_the_same_twice() -> None:
    """Two runs, and two loaded readers, give equal candidates."""
    again = RoleReader.load()
    first = propose(ARTICLE)
    assert first == propose(ARTICLE)
    reader.cache_clear()
    assert first == propose(ARTICLE)
    assert again.network is not reader().network


def test_spans_are_ordered_trimmed_and_hold_whole_quotations() -> None:
    """No fragment overlaps the next, begins with white space, or holds one mark of a quotation without the other."""
    marked = ArticleText.plain(ARTICLE, lexicon=LEXICON).quotations
    for candidate in propose(ARTICLE):
        at = 0
        for span in candidate.spans:
            assert at <= span.start < span.end
            at = span.end
            words = ARTICLE[span.start : span.end]
            assert words == words.strip()
            assert [m for m in marked if (span.start <= m.start < span.end) != (span.start < m.end <= span.end)] == []


def test_furniture_is_not_read() -> None:
    """Skipped text gives no candidate, and the text around it keeps its offsets."""
    text = "“We will vote,” Lee said.\n\nRead more: “We won,” Roe said.\n\n“Good,” Kim replied."
    low = text.index("Read more")
    found = [shown(text, c)[2] for c in propose(text, skips=(Span(low, text.index("“Good") - 2),))]
    assert found == ["Lee", "Kim"]


def test_attitudes_stay_out_unless_wanted() -> None:
    """A wish is not a statement, but is available on request."""
    text = "Maria Silva hopes that the school will reopen before winter."
    assert {"attitude"} >= {c.type for c in propose(text)}
    assert [] == [q for record in extract(text) for q in record.quotes]
    assert ["attitude"] == [q.type for record in extract(text, attitudes=True) for q in record.quotes]
    assert [("attitude", "hopes", "Maria Silva", ["that the school will reopen before winter"])] == [
        shown(text, c) for c in propose(text, attitudes=True)
    ]


ODD = {
    "nothing": "",
    "white space": " \n\t\r\n \u00a0\n",
    "lone surrogates": "\ud800 “It is\udfff over,” Lee said. \udc00",
    "one letter over and over": "a" * 200_000,
    "one mark over and over": "“" * 200_000,
    "line ends": "\n" * 50_000 + "“No,” Lee said." + "\r\n" * 50_000,
    "right to left": "\u202b\u05d0\u05de\u05e8 \u05d3\u05d5\u05d3: “\u05dc\u05d0”\u202c \u200f",
    "emoji": "“We won 🎉🎉,” Lee said 👩‍👩‍👧‍👦.",
    "combining marks": "“Yes\u0301\u0302\u0303,” Ze\u0301 said.",
    "zero-width": "\u200b“No\u200b,”\ufeff Lee said.\u200b",
    "control characters": "\x00“No,”\x07 Lee said.\x1b\x85\u2028“Go,” he added.",
    "a mark left open": "Lee said, “We will go on and on and",
    "capitals that grow": "“\u0130\u0130\u0130 ŒUVRE \ufb03,” Lee said.",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_texts(name: str) -> None:
    """Nothing raises, and every offset is in the text and slices to its words."""
    text = ODD[name]
    for candidate in propose(text, attitudes=True):
        assert candidate.spans
        for span in (*candidate.spans, *(s for s in (candidate.mention, candidate.source) if s)):
            assert 0 <= span.start < span.end <= len(text)
        assert candidate.cue is not None
        assert candidate.cue.text == text[candidate.cue.start : candidate.cue.end]


def test_offsets_are_exact_behind_odd_characters() -> None:
    """Emoji, surrogates, combining accents and zero-width characters shift no offset."""
    text = "🎉 Cafe\u0301 \ud800\u200b 👩‍👩‍👧‍👦\n\n“We\u200b won,”\u00a0said\u200b Ana Lee."
    assert [("direct", "said", "Ana Lee", ["“We\u200b won,”"])] == [shown(text, c) for c in propose(text)]


@pytest.mark.slow
def test_time_grows_with_the_text() -> None:
    """Four times the prose takes about four times as long."""
    words = [f"“Plan {n} will cost {n * 7} crowns,” clerk number {n} of ward {n % 13} said." for n in range(600)]


    def work(text: str) -> None:
        assert len(propose(text)) > text.count("\n\n") * 0.8

    work(words[0])
    assert growth_of(work, lambda size: "\n\n".join(words[:size]), len(words) // GROWTH) < BOUND


def test_missing_weights(tmp_path: Path) -> None:
    """The error for an empty folder is one line with the file and the next step."""
    with pytest.raises(ModelError, match=r"^no roles\.onnx in .*: install quotes anew, or read by patterns alone$"):
        RoleReader.load(tmp_path)


@pytest.mark.parametrize("name", [NETWORK_FILE, TOKENIZER_FILE])
def test_broken_weights(tmp_path: Path, name: str) -> None:
    """The error for a damaged file is one line with the next step."""
    for part in (NETWORK_FILE, TOKENIZER_FILE):
        shutil.copy(shipped_folder() / part, tmp_path / part)
    (tmp_path / name).write_bytes(b"broken")
    with pytest.raises(ModelError, match=r"is broken .*; install quotes anew$") as caught:
        RoleReader.load(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words", "kept"),
    [("“It holds”Tom Hargreaves", "reaves", False), ("“It holds,” Tom said.", "said", True)],
)
def test_a_part_of_a_word_is_no_cue(text: str, words: str, kept: bool) -> None:
    """A name that is glued to a quotation holds no word of saying."""
    from quotes.reader.inference import RoleSpan
    from quotes.reader.links import Attribution

    start = text.index(words)
    cue = RoleSpan("cue", 0, 1, start, start + len(words), 0.9)
    attribution = Attribution((), cue, None, 0.9, 0.9, 0.9)
    assert (by_reader._whole_cue(text, attribution).cue is not None) == kept


@pytest.mark.parametrize(
    "text",
    [
        "The launch went according to plan, and the crew slept for six hours.",
        "Trains ran according to schedule on Monday, and the platforms were calm.",
        "Guests were seated according to rank, with the duke at the head of the table.",
    ],
)
def test_a_thing_is_no_source(text: str) -> None:
    """What goes according to plan is said by nobody."""
    assert not propose(text)
