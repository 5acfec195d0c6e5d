"""Statements marked by layout: signatures, transcripts, labels, embedded posts."""

from __future__ import annotations

import pytest

from quotes.extraction.article_text import ArticleText
from quotes.extraction.proposers import layout
from quotes.lexicon import Lexicon, load_lexicon
from quotes.records import Candidate
from tests.growth import BOUND, growth_of, long_text


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def found(text: str, lexicon: Lexicon) -> list[Candidate]:
    return layout.propose(ArticleText.plain(text, lexicon=lexicon), lexicon=lexicon)


def words(text: str, candidate: Candidate) -> list[str]:
    return [text[s.start : s.end] for s in candidate.spans]


def credited(text: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    """Return speaker and first fragment of each statement."""
    mentioned = [(c, c.mention) for c in found(text, lexicon) if c.mention is not None]
    return [(text[mention.start : mention.end], words(text, c)[0]) for c, mention in mentioned]


SIGNED = "“The well ran dry in May.”"


@pytest.mark.parametrize(
    ("text", "cue", "speaker", "source"),
    [
        (f"{SIGNED} ― Odile Marchetti", "―", "Odile Marchetti", "Odile Marchetti"),
        (f"{SIGNED}― Odile Marchetti.", "―", "Odile Marchetti", "Odile Marchetti"),
        (f"{SIGNED} -Commissioner Ruiz", "-", "Commissioner Ruiz", "Commissioner Ruiz"),
        (f"{SIGNED} -- Jan van der Meer", "--", "Jan van der Meer", "Jan van der Meer"),
        (f"{SIGNED} – Odile Marchetti, a nurse of Lyon", "–", "Odile Marchetti", "Odile Marchetti, a nurse of Lyon"),
        (f"{SIGNED} — Sen. Maya Lind (R-Texas)", "—", "Sen. Maya Lind", "Sen. Maya Lind (R-Texas)"),
        (f"{SIGNED} — name withheld by request", "—", "name withheld by request", "name withheld by request"),
        (f"They asked for answers.\n\n{SIGNED}\n— Odile Marchetti\n", "—", "Odile Marchetti", "Odile Marchetti"),
    ],
)
def test_a_dash_and_a_name_at_the_end_of_a_line_sign_the_quotation(
    text: str, cue: str, speaker: str, source: str, lexicon: Lexicon
) -> None:
    """The dash is the cue, the name the mention, name and description the source."""
    [candidate] = found(text, lexicon)
    assert [SIGNED] == words(text, candidate)
    assert candidate.cue is not None
    assert candidate.mention is not None
    assert candidate.source is not None
    assert cue == candidate.cue.text
    assert speaker == text[candidate.mention.start : candidate.mention.end]
    assert source == text[candidate.source.start : candidate.source.end]
    assert ("direct", "signature") == (candidate.type, candidate.resolution)


@pytest.mark.parametrize(
    "text",
    [
        "“The well ran dry,” – she said.",
        "“The lake is shrinking” — that was how Abebe Tesfaye began his talk.",
        "He gave a short “yes” – a surprise – and left.",
        "“The well ran dry in May” – Marchetti, tired of waiting, said it twice.",
        "“Home” — Odile Marchetti left it in May.",
        "The law banned “the sale of water from wells.”--Odile Marchetti",
        "Lind spoke at noon.\n\n“We open at six tomorrow.”\n\n- Odile Marchetti.",
        "“We open at six tomorrow.” — Reuters",
        "“Green”-Party",
    ],
)
def test_a_dash_that_signs_nothing_makes_no_statement(text: str, lexicon: Lexicon) -> None:
    """A credit, a continued sentence, a reporter's line and an agency are not signatures."""
    assert [] == found(text, lexicon)


def test_each_signature_of_a_line_signs_its_own_quotation(lexicon: Lexicon) -> None:
    """If a line has several signed quotations, each belongs to the name after it."""
    text = "“The well ran dry in May.” — Odile Marchetti “And again in June.” — Jan Meer"
    assert [("Odile Marchetti", "“The well ran dry in May.”"), ("Jan Meer", "“And again in June.”")] == credited(
        text, lexicon
    )


def test_a_signature_signs_all_paragraphs_of_its_quotation(lexicon: Lexicon) -> None:
    """A quotation that reopens in its second paragraph is signed whole."""
    text = "“The well ran dry in May.\n\n“Nobody came to repair it.” — Odile Marchetti"
    [candidate] = found(text, lexicon)
    assert ["“The well ran dry in May.", "“Nobody came to repair it.”"] == words(text, candidate)


def test_a_signature_signs_its_line_though_marks_within_it_mispair(lexicon: Lexicon) -> None:
    """One bad mark inside a signed line does not cut the statement."""
    text = "“My grandmother told us ‘Wells are life.” And that is all there is “to know about wells.” — Odile Marchetti"
    [candidate] = found(text, lexicon)
    assert [text[: text.index(" — ")]] == words(text, candidate)


TRANSCRIPT = """The committee released part of the hearing on Monday.

LEE: When did you learn of the leak?

OKONKWO: On the ninth of March.

We closed the valve at once.

(APPLAUSE)

LEE: Thank you.

The hearing goes on in June."""


def test_a_label_holds_for_the_paragraphs_up_to_the_next_label(lexicon: Lexicon) -> None:
    """A turn takes the unlabelled paragraphs after it, but neither stage directions nor what follows the last label."""
    turns = found(TRANSCRIPT, lexicon)
    assert [
        ["When did you learn of the leak?"],
        ["On the ninth of March.", "We closed the valve at once."],
        ["Thank you."],
    ] == [words(TRANSCRIPT, c) for c in turns]
    assert {("direct", "label")} == {(c.type, c.turn) for c in turns}


def test_a_reporters_sentence_ends_a_turn(lexicon: Lexicon) -> None:
    """A paragraph with a word of saying and nobody's own voice is not part of the turn before it."""
    text = TRANSCRIPT.replace("We closed the valve at once.", "Okonkwo then told the senators about the valve.")
    assert ["On the ninth of March."] == words(text, found(text, lexicon)[1])


def test_a_mark_before_the_label_is_no_part_of_the_turn(lexicon: Lexicon) -> None:
    """A transcript printed in quotation marks that reopen on every line gives the same turns."""
    text = "“LEE: When did you learn of the leak?\n\n“OKONKWO: On the ninth of March.”"
    assert ["When did you learn of the leak?"] == words(text, found(text, lexicon)[0])


def test_questions_and_answers_are_turns(lexicon: Lexicon) -> None:
    """Q and A label an interview."""
    text = "Lind spoke to us in May.\n\nQ: Who shut the valve?\n\nA: I did. “Shut it,” they told me."
    turns = found(text, lexicon)
    assert [("Q", "direct"), ("A", "direct")] == [
        (text[c.mention.start : c.mention.end], c.type) for c in turns if c.mention is not None
    ]


@pytest.mark.parametrize(
    "text",
    [
        "WEATHER: Rain in the north, sun in the south.",
        "NEW DELHI: A court on Monday heard the case.",
        "BREAKING: The bridge is shut.\n\nUPDATE: The bridge is open again.\n\nREAD MORE: All about the bridge.",
        "Delegates won so far.\n\nLind: 547.\n\nOrtega: 46.\n\nLind: 2,316.\n\nOrtega: 1,547.",
        "8:15 P.M.: The valve is shut.\n\n9:15 P.M.: The valve is open.",
    ],
)
def test_headings_datelines_and_lists_are_no_transcript(text: str, lexicon: Lexicon) -> None:
    """A word and a colon label a speaker only where the lines bear one another out."""
    assert [] == found(text, lexicon)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lind: ‘The bridge stays shut’\n\nIt is old, Lind said.", ("Lind", "‘The bridge stays shut’", "direct")),
        (
            "Lind: bridge is ‘not safe’ for lorries\n\nIt was built in 1960, Lind said.",
            ("Lind", "bridge is ‘not safe’ for lorries", "mixed"),
        ),
        ("Lind: bridge must close\n\nIt is old, said Maya Lind.", ("Lind", "bridge must close", "indirect")),
        ("Emre Polat, baker: “Flour has doubled in price.”", ("Emre Polat", "“Flour has doubled in price.”", "direct")),
    ],
)
def test_a_name_and_a_colon_credit_what_follows(text: str, expected: tuple[str, str, str], lexicon: Lexicon) -> None:
    """A headline or caption of a name, a colon and words is a statement of the one who bears the name."""
    [candidate] = found(text, lexicon)
    assert candidate.mention is not None
    mention = text[candidate.mention.start : candidate.mention.end]
    assert expected == (mention, words(text, candidate)[0], candidate.type)


@pytest.mark.parametrize(
    "text",
    [
        "Lahore: Court hears ‘urgent’ case\n\nThe court met in Lahore, a lawyer said.",
        "Motto: “Water for everyone.”\n\nThe town chose a new motto.",
        "Polat Slams Rivals: ‘No bread’\n\nThe baker, Emre Polat, said so.",
        "We met in Lahore, by the river.\n\nLahore: “We will not sell the river,” Khan said.",
    ],
)
def test_a_place_a_heading_or_a_headlines_clause_speaks_no_words(text: str, lexicon: Lexicon) -> None:
    """Words before a colon are a speaker only if the article or the lists of names have them as one."""
    assert [] == found(text, lexicon)


def test_a_line_that_hands_over_credits_the_next_paragraph(lexicon: Lexicon) -> None:
    """ "And from President Osei:" gives her the block below it."""
    text = "The board wrote to its members.\n\nAnd from President Osei:\n\nOur wells will be deeper next year."
    assert [("President Osei", "Our wells will be deeper next year.")] == credited(text, lexicon)


@pytest.mark.parametrize(
    ("text", "post"),
    [
        ("The ferry is full. — Port of Kilmar (@kilmar) June 10, 2025", "The ferry is full."),
        ("Full again! #kilmar pic.twitter.com/a1B2 — Port of Kilmar (@kilmar) June 10, 2025.", "Full again! #kilmar"),
        (
            "Full again!https://t.co/a1B2 pic.twitter.com/c3D4— Port of Kilmar (@kilmar) June 10, 2025",
            "Full again!",
        ),
        ("The port spoke up:\n\nThe ferry is full.\n— Port of Kilmar (@kilmar) June 10, 2025", "The ferry is full."),
        (
            "The harbour master said on Tuesday that the port was busy. The ferry is full. We wait for Mr. Byrne… "
            "— Port of Kilmar (@kilmar) June 10, 2025 He said on X, “The ferry is full.”",
            "The ferry is full. We wait for Mr. Byrne…",
        ),
        (
            "The port wrote on X: The ferry is full. Come at noon. — Port of Kilmar (@kilmar) June 10, 2025",
            "The ferry is full. Come at noon.",
        ),
        ("“The ferry is full.” — Port of Kilmar (@kilmar) June 10, 2025", "“The ferry is full.”"),
        (
            '<blockquote class="post">The ferry is full. — Port of Kilmar (@kilmar) June 10, 2025</blockquote>',
            "The ferry is full.",
        ),
    ],
)
def test_a_post_is_its_words_without_links_and_reporters_sentences(text: str, post: str, lexicon: Lexicon) -> None:
    """Text, dash, name, handle and date make a post, on a line or in the run of a paragraph."""
    [candidate] = found(text, lexicon)
    assert [post] == words(text, candidate)
    assert candidate.mention is not None
    assert "Port of Kilmar" == text[candidate.mention.start : candidate.mention.end]
    assert ("post", "@kilmar", "2025-06-10", "signature") == (
        candidate.type,
        candidate.handle,
        candidate.said_on,
        candidate.resolution,
    )


def test_a_post_of_several_lines_reaches_up_to_the_empty_line(lexicon: Lexicon) -> None:
    """Lines between an empty line and the signature are the post, one fragment each."""
    text = "The port spoke up.\n\nThe ferry is full.\nCome back at noon.\n— Port of Kilmar (@kilmar) June 10, 2025"
    [candidate] = found(text, lexicon)
    assert ["The ferry is full.", "Come back at noon."] == words(text, candidate)


def test_posts_that_share_a_line_keep_apart(lexicon: Lexicon) -> None:
    """The second post of a line begins after the date of the first."""
    text = "Full. — Port (@port) June 10, 2025 Empty now. — Port (@port) June 11, 2025"
    assert [(["Full."], "2025-06-10"), (["Empty now."], "2025-06-11")] == [
        (words(text, c), c.said_on) for c in found(text, lexicon)
    ]


@pytest.mark.parametrize(
    ("signature", "pattern", "handle"),
    [
        ("— Port (@port.bsky.social) June 10, 2025 at 3:14 PM", "post-bluesky", "@port.bsky.social"),
        ("— Port (@port.bsky.social) 2025-06-10T15:14:00.000Z", "post-bluesky", "@port.bsky.social"),
        ("— Port (@port.bsky.social) 3:14 PM · Jun 10, 2025", "post-bluesky", "@port.bsky.social"),
        ("— Port (@port@ships.example) 10 June 2025, 15:14", "post-mastodon", "@port@ships.example"),
        ("— Port (@port) June 10, 2025 at 3:14 PM", "post-x", "@port"),
        ("— Port (@port) on Threads, June 10, 2025", "en-post-platform", "@port"),
        ("— Port, on Facebook, Tuesday, June 10, 2025", "en-post-platform", None),
        ("— @port on TikTok, 2025-06-10", "en-post-platform", "@port"),
    ],
)
def test_a_handle_or_a_name_tells_the_platform(
    signature: str, pattern: str, handle: str | None, lexicon: Lexicon
) -> None:
    """A handle that is a domain is Bluesky's, one with a server Mastodon's; any other is X's, if none is named."""
    [post] = found(f"The port spoke up.\n\nFull.\n{signature}", lexicon)
    assert ("post", pattern, handle, "2025-06-10") == (post.type, post.pattern, post.handle, post.said_on)


@pytest.mark.parametrize(
    "text",
    [
        "Full.\n— Anger on Facebook",
        "Full.\n– Port (@port) on Threads",
        "Full.\n— Port (@port) on Monday",
        "The ferry — Port on Facebook, June 10, 2025 — is full.",
    ],
)
def test_a_platform_behind_a_dash_signs_nothing_by_itself(text: str, lexicon: Lexicon) -> None:
    """Without a handle it needs a date and a separate line; without a date a handle and a long dash."""
    assert [] == [c for c in found(text, lexicon) if c.type == "post"]


@pytest.mark.parametrize(
    "text",
    [
        "Send your pictures to Nuala Byrne (@nualab) before June 10, 2025.",
        "— Nuala Byrne (@nualab) June 10, 2025",
        "The port wrote on X:\n\n— Nuala Byrne (@nualab) June 10, 2025",
    ],
)
def test_a_handle_without_a_post_makes_no_statement(text: str, lexicon: Lexicon) -> None:
    """A signature needs a text to sign, and a dash."""
    assert [] == found(text, lexicon)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "— ",
        "- ",
        "A: ",
        "A: \n",
        "LEE: Why?\n",
        "“a” - B ",
        "“aa bb cc dd.” — Ann B\n",
        "@a ",
        "— A (@a) ",
        "x — A (@a) June 1, 2025 ",
        "He said x. Yes — A (@a) June 1, 2025\n",
        "Ann: “x y” ",
        "And from Ann:\n",
        "https://t.co/a ",
        "“",
    ],
)
def test_layouts_stay_linear(unit: str, lexicon: Lexicon) -> None:
    """Four times the text takes about four times as long, not sixteen."""

    def make(size: int) -> ArticleText:
        return ArticleText.plain(long_text(unit, size), lexicon=lexicon)

    def work(article: ArticleText) -> None:
        layout.propose(article, lexicon=lexicon)

    assert growth_of(work, make, 25_000) < BOUND
