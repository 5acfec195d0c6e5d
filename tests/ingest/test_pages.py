"""Splitting pages into articles, the facts in their credits, and their publishers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.ingest.pages import split
from quotes.ingest.publisher import publisher
from quotes.lexicon import Lexicon, load_lexicon
from quotes.lexicon.tables import OutletEntry
from quotes.records import Outlet, Slice, SourceText
from tests.growth import BOUND, growth

SHARED = Path(__file__).parents[2] / "../shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpora are not here")

BODY = (
    "The ferry will stay in port until the storm has passed, the company said on Monday.\n"
    '"We will not sail," said Ann Poe, who leads it. "That is a promise."\n'
    "The council agreed.\n"
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon("en")


@pytest.fixture(scope="module")
def small(lexicon: Lexicon) -> Lexicon:
    """The language's patterns with four outlets of the tests' own."""
    outlets = (
        OutletEntry("harbour-post", "The Harbour Post", "newspaper", "GB", ("HPost",), domains=("hpost.example",)),
        OutletEntry("island-times", "Island Times", "newspaper", "GB", weak=("The Times",), domains=("times.example",)),
        OutletEntry("reuters", "Reuters", "agency", "GB", domains=("reuters.com",)),
        OutletEntry("twin-a", "Twin Herald", "newspaper", "US", domains=("twin-a.example",)),
        OutletEntry("twin-b", "The Twin Herald", "newspaper", "AU", domains=("twin-b.example",)),
    )
    return Lexicon("en", words=lexicon.words, regexes=lexicon.regexes, outlets=outlets)


def only(text: str, lexicon: Lexicon, **known: str) -> Slice:
    articles = split(SourceText("page", text, **known), lexicon=lexicon)
    assert len(articles) == 1
    return articles[0]


def body(text: str, piece: Slice) -> str:
    return text[piece.start : piece.end]


def test_pages_regexes_match_their_examples_and_no_counterexample(lexicon: Lexicon) -> None:
    """Each regex of pages.toml gives the fields that its examples state."""
    proved = [p for p in lexicon.regexes.values() if lexicon.origin[p.id].endswith("pages.toml")]
    assert len(proved) > 10
    for pattern in proved:
        regex = lexicon.regex(pattern.id)
        for example in pattern.examples:
            match = regex.search(example.text)
            assert match, (pattern.id, example.text)
            assert dict(example.expect) == {name: match[name] for name, _ in example.expect}
        for counter in pattern.counterexamples:
            assert not regex.search(counter.text), (pattern.id, counter.text)


@needs_shared
def test_aggregator_seed_holds_four_articles(lexicon: Lexicon) -> None:
    """Each block of the seed is an article with its outlet and title; the first article's outlet is unknown."""
    path = next((SHARED / "seeds").glob("000_*.txt"))
    source = SourceText("seed", path.read_bytes().decode())
    articles = split(source, lexicon=lexicon)
    outlets = [publisher(source, piece, lexicon=lexicon)[0] for piece in articles]
    expected = [None, "The Hindu", "The New Indian Express", "The Times of India"]
    assert expected == [outlet.name if outlet else None for outlet in outlets]
    assert [" ".join((piece.title or "").split()[: n]) for piece, n in zip(articles, (5, 5, 4, 3), strict=True)] == [
        "A thaw in Iran-Canada ties?",
        "PM Modi says NDA govt.",
        "Under strict jail manuals,",
        "Modernisation, self-reliance focus",
    ]
    for piece in articles:
        assert piece.headline is not None
        assert piece.title == source.text[piece.headline.start : piece.headline.end]
        assert "Comments" not in body(source.text, piece)
        assert not re.search(r"minutes ago", body(source.text, piece))
    assert [source.text[s.start : s.end] for s in articles[3].skips] == ["Tired of too many ads? Remove Ads"] * 2


@needs_shared
def test_plain_seed_is_one_article(lexicon: Lexicon) -> None:
    """The second seed is one article, its first line the headline."""
    text = next((SHARED / "seeds").glob("001_*.txt")).read_bytes().decode()
    piece = only(text, lexicon)
    assert (piece.title or "").endswith("to restart relations")
    assert body(text, piece).startswith("13 years after Canada severed")
    assert len(text.strip()) == piece.end


@needs_shared
def test_ordinary_articles_stay_whole(lexicon: Lexicon) -> None:
    """Every PolNeAR article is one slice that covers its body, live reports and rows of underscores included."""
    for path in sorted((SHARED / "corpora/polnear").glob("*/text/*.txt")):
        text = path.read_bytes().decode("utf-8")
        articles = split(SourceText(path.name, text), lexicon=lexicon)
        assert len(articles) == 1, path.name
        piece = articles[0]
        assert len(text[: piece.start].strip()) <= 100, path.name  # a headline that is a question
        assert len(text[piece.end :].strip()) <= 200, path.name  # an agency's sign-off
        assert sum(skip.end - skip.start for skip in piece.skips) <= 100, path.name


PAGE = f"""Ferry stays in port as storm nears
{BODY}
Comments
No comments yet...
Related Articles


The Harbour Post
11 minutes ago
- Harbour Post
Bridge shut 'until further notice'
{BODY}

Decatur Bugle
2 hours ago
- Decatur Bugle
Mayor resigns after vote
{BODY}"""


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2029"])
def test_blocks_become_articles_with_their_own_outlet(small: Lexicon, newline: str) -> None:
    """A listed outlet is named as listed, an unlisted one as printed, whatever the line ends."""
    source = SourceText("page", PAGE.replace("\n", newline))
    articles = split(source, lexicon=small)
    assert [None, Outlet("The Harbour Post", "harbour-post", "hpost.example"), Outlet("Decatur Bugle")] == [
        publisher(source, piece, lexicon=small)[0] for piece in articles
    ]
    assert [
        piece.title for piece in articles
    ] == ["Ferry stays in port as storm nears", "Bridge shut 'until further notice'", "Mayor resigns after vote"]
    assert [BODY.strip().replace("\n", newline)] * 3 == [body(source.text, piece) for piece in articles]


@pytest.mark.parametrize(
    "head",
    [
        "Reuters\n3 hours ago\n",
        "The Harbour Post · 3 hours ago\n",
        "3h ago\n- HPost\n",
        "Yesterday\n— Reuters\n",
        "The Harbour Post\n- Harbour Post\n",
    ],
)
def test_other_heads_of_blocks(small: Lexicon, head: str) -> None:
    """Outlet and age on one line or two, the dash line alone, all start an article."""
    text = f"Ferry stays in port tonight\n{BODY}\n{head}Bridge shut until further notice\n{BODY}"
    articles = split(SourceText("page", text), lexicon=small)
    assert [piece.title for piece in articles] == ["Ferry stays in port tonight", "Bridge shut until further notice"]
    assert all(body(text, piece) == BODY.strip() for piece in articles)


def test_blocks_glued_into_one_line_are_separated(small: Lexicon) -> None:
    """If the line ends are lost, the outlet before and after its age still begins an article."""
    source = SourceText("page", " ".join(PAGE.split()))
    articles = split(source, lexicon=small)
    assert [piece.outlet for piece in articles] == [None, "Harbour Post", "Decatur Bugle"]
    assert all("Ann Poe" in body(source.text, piece) and "ago" not in body(source.text, piece) for piece in articles)


@pytest.mark.parametrize(
    "between",
    [
        "7 p.m.\n\n",
        "___\n\n",
        "11 minutes ago\n",
        "Jane Roe\n2 hours ago\n",
        "A brief history of the ferry\n",
        "- Ann Poe\n",
        "Photo by Reuters\n",
        "* * *\n",
        "LEE: What happened?\n",
        "Updated 3 hours ago\nMore rain came in the night.\n",
    ],
)
def test_ordinary_lines_cut_no_article_in_two(small: Lexicon, between: str) -> None:
    """Times of a live report, rows, subheadings, a reader's name and a dash signature are lines of the article."""
    text = f"{BODY}\n{between}{BODY}"
    assert BODY.strip() == body(text, only(text, small))[-len(BODY.strip()) :]


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("Ferry stays in port as storm nears", True),
        ("Tehran says ‘ready for talks' to restart relations", True),
        ("Is the ferry safe?", True),
        ("The ferry stays in port.", False),
        ("The council called it a ‘disgrace.’", False),
        ("LEE: What happened?", False),
        ("“Why would anyone sail tonight?”", False),
        ("Ferry", False),
        ("She left. Nobody asked why", False),
    ],
)
def test_headline_only_where_it_looks_like_one(small: Lexicon, first: str, title: bool) -> None:
    """In doubt the first line stays in the body."""
    text = f"{first}\n\n{BODY}"
    piece = only(text, small)
    assert (first if title else None) == piece.title
    assert title == (not body(text, piece).startswith(first))


def test_known_title_makes_the_first_line_the_headline(small: Lexicon) -> None:
    """The title that metadata give is found again as first line, and no other line is taken for it."""
    piece = only(f"Ferry stays in port.\n{BODY}", small, title="Ferry Stays in Port")
    assert piece.title == "Ferry Stays in Port"
    assert (piece.headline.start, piece.headline.end) == (0, 20) if piece.headline else None
    piece = only(f"A brief history of boats\n{BODY}", small, title="Ferry stays in port")
    assert (piece.title, piece.headline) == ("Ferry stays in port", None)


@pytest.mark.parametrize("text", ["", " \n\n", "Comments\nNo comments yet...\n", "Related Articles\n\nRemove Ads"])
def test_furniture_alone_is_no_article(small: Lexicon, text: str) -> None:
    """A page of only furniture has no articles."""
    assert split(SourceText("page", text), lexicon=small) == []


def test_furniture_inside_the_body_is_skipped(small: Lexicon) -> None:
    """Lines of furniture between paragraphs, and headings of other articles, are marked; the body stays whole."""
    text = f"{BODY}Advertisement\n\nAlso Read | Mayor says 'no' to bridge\n{BODY}"
    text += "Related Articles\nMayor says 'no'\nBridge shut\n"
    piece = only(text, small)
    assert f"{BODY}Advertisement\n\nAlso Read | Mayor says 'no' to bridge\n{BODY}".strip() == body(text, piece)
    assert [text[s.start : s.end] for s in piece.skips] == ["Advertisement\n\nAlso Read | Mayor says 'no' to bridge"]


def test_a_subheading_below_a_list_of_articles_is_kept(small: Lexicon) -> None:
    """The line before running text is the article's own."""
    text = f"{BODY}Related Articles\nMayor resigns\nA brief history\n{BODY}"
    assert [text[s.start : s.end] for s in only(text, small).skips] == ["Related Articles\nMayor resigns"]


@pytest.mark.parametrize(
    ("first", "wire"),
    [
        ("LONDON (Reuters) - ", "Reuters"),
        ("NEW DELHI (PTI): ", "PTI"),
        ("WASHINGTON — (AP) ", "AP"),
        ("MANCHESTER, N.H. (AP) — ", "AP"),
        ("NEW DELHI, June 10 (PTI) ", "PTI"),
        ("(Reuters) - ", "Reuters"),
        ("Geneva-based doctors (WHO) ", None),
        ("NEW DELHI: ", None),
    ],
)
def test_dateline_names_the_agency(small: Lexicon, first: str, wire: str | None) -> None:
    """A dateline gives the agency; it gives the outlet only where neither metadata nor address do."""
    assert (wire, wire) == ((piece := only(first + BODY, small)).wire, piece.outlet)
    assert (wire, None) == ((piece := only(first + BODY, small, outlet="HPost")).wire, piece.outlet)
    assert (wire, None) == ((piece := only(first + BODY, small, url="https://x.example/1")).wire, piece.outlet)


@pytest.mark.parametrize(
    ("last", "wire"),
    [
        ("(Reporting by Jane Roe in Lisbon; Editing by John Doe)", "Reuters"),
        ("AP contributed to this report.", "AP"),
        ("Associated Press writers Jane Roe and Ann Poe contributed to this report.", "Associated Press"),
        ("(With inputs from PTI)", "PTI"),
        ("— AFP", "AFP"),
        ("Copyright 2024 The Associated Press. All rights reserved.", "Associated Press"),
    ],
)
def test_credit_lines_at_the_end_name_the_agency_and_are_no_body(small: Lexicon, last: str, wire: str) -> None:
    """A wire credit is taken off the body, and it is not the publisher."""
    piece = only(f"{BODY}\n{last}\n", small)
    assert (wire, None, len(BODY.strip())) == (piece.wire, piece.outlet, piece.end)


def test_sign_off_behind_the_last_sentence_is_skipped(small: Lexicon) -> None:
    """ "… agreed. (PTI)" gives the agency; only the bracket is skipped."""
    text = BODY.strip() + " (PTI)"
    piece = only(text, small)
    assert (piece.wire, [text[s.start : s.end] for s in piece.skips]) == ("PTI", ["(PTI)"])


def test_byline_and_date_above_the_body(small: Lexicon) -> None:
    """They are read and are not part of the body, below the standfirst too."""
    text = f"Ferry stays in port tonight\nBy Jane Roe\nPublished: June 10, 2025, 08:15 IST\n{BODY}"
    piece = only(text, small)
    assert ("Jane Roe", "2025-06-10", BODY.strip()) == (piece.byline, piece.published, body(text, piece))
    text = f"Ferry stays in port tonight\nThe company gives in.\nBy Jane Roe | Reuters\n10 June 2025\n{BODY}"
    piece = only(text, small)
    assert (piece.byline, piece.wire, piece.published) == ("Jane Roe", "Reuters", "2025-06-10")
    assert [text[s.start : s.end] for s in piece.skips] == ["By Jane Roe | Reuters", "10 June 2025"]


def test_title_suffix_is_the_outlet_only_where_it_is_listed(small: Lexicon) -> None:
    """ "… - Reuters" is cut off and credited; an unlisted suffix is part of the title."""
    source = SourceText("page", BODY, title="Ferry stays in port tonight | The Harbour Post")
    piece = split(source, lexicon=small)[0]
    assert (piece.title, piece.outlet) == ("Ferry stays in port tonight", "The Harbour Post")
    piece = only(BODY, small, title="Ferry stays in port tonight - Ann Poe")
    assert (piece.title, piece.outlet) == ("Ferry stays in port tonight - Ann Poe", None)


@pytest.mark.parametrize(
    ("outlet", "url", "expected"),
    [
        ("harbour post", None, "harbour-post"),
        ("THE HARBOUR POST", None, "harbour-post"),
        ("HPost", None, "harbour-post"),
        (None, "https://news.hpost.example/2024/ferry", "harbour-post"),
        ("Post Online", "https://www.hpost.example/", "harbour-post"),
        ("The Times", None, "island-times"),
        ("The Times", "https://www.hpost.example/", "harbour-post"),
        ("Twin Herald", None, None),
        ("Twin Herald", "https://twin-b.example/x", "twin-b"),
        (None, "https://nothpost.example/", None),
        ("https://www.facebook.com/hpost", None, None),
    ],
)
def test_publisher_is_named_by_name_alias_or_domain(
    small: Lexicon, outlet: str | None, url: str | None, expected: str | None
) -> None:
    """Case and article do not matter; a name that two outlets share is settled by the address only."""
    found, wire = publisher(SourceText("x", BODY, outlet=outlet, url=url), Slice(0, len(BODY)), lexicon=small)
    assert expected == (found.id if found else None)
    assert wire is None


def test_unlisted_publisher_keeps_its_printed_name(small: Lexicon) -> None:
    """An unlisted outlet has no id; its address's host is its domain, and its name where no name is given."""
    piece = Slice(0, len(BODY))
    source = SourceText("x", BODY, outlet="Decatur  Bugle", url="https://www.bugle.example:8080/1")
    assert Outlet("Decatur Bugle", None, "bugle.example") == publisher(source, piece, lexicon=small)[0]
    source = SourceText("x", BODY, url="https://www.bugle.example/1")
    assert Outlet("bugle.example", None, "bugle.example") == publisher(source, piece, lexicon=small)[0]
    source = SourceText("x", BODY, url="file:///home/me/a.html")
    assert publisher(source, piece, lexicon=small) == (None, None)


def test_wire_is_kept_apart_from_the_publisher(small: Lexicon) -> None:
    """A paper that prints an agency's text is the outlet, the agency the wire."""
    source = SourceText("x", f"LONDON (Reuters) - {BODY}", outlet="HPost")
    found = publisher(source, split(source, lexicon=small)[0], lexicon=small)
    assert tuple(o.id for o in found if o) == ("harbour-post", "reuters")


CREDITS = ("LONDON (Reuters) - A", "— AFP", "(PTI)", "By Jane Roe", "June 10, 2025", "Related")
LINES = st.sampled_from([*PAGE.split("\n"), *CREDITS, "", "“", "x" * 400])


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.lists(LINES, max_size=25).map("\n".join)))
def test_slices_are_ordered_disjoint_and_inside_the_text(text: str) -> None:
    """For any text, slices, headlines and skips have their places in it, in order."""
    last = 0
    for piece in split(SourceText("x", text), lexicon=load_lexicon("en")):
        start = piece.headline.start if piece.headline else piece.start
        assert last <= start <= piece.start <= piece.end <= len(text)
        if piece.headline:
            assert piece.headline.end <= piece.start
        place = piece.start
        for skip in piece.skips:
            assert place <= skip.start < skip.end <= piece.end
            place = skip.end
        last = piece.end


UNITS = ("said ", '"', "Comments\n", "a\n", "11 minutes ago\n", "By A A A, A A A and A A A\n", " ")


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_any_text_is_split_in_linear_time(lexicon: Lexicon, unit: str) -> None:
    """Four times the text takes about four times as long."""

    def work(text: str) -> None:
        split(SourceText("x", text), lexicon=lexicon)

    work(unit * 100)
    assert growth(work, unit, 100_000) < BOUND
