"""Characters that split words are ignored in reading; every offset refers to the original text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.ingest.dirty_characters import Edit
from quotes.ingest.smoothing import Segment, edited, smoothed
from quotes.lexicon import Lexicon, load_lexicon
from quotes.records import SourceText


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def applied(text: str, edits: list[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def shown(text: str, segments: tuple[Segment, ...]) -> str:
    return "".join(text[p.start : p.end] if p.text is None else p.text for p in segments)


@st.composite
def rounds(draw: Any) -> tuple[str, list[list[Edit]]]:
    text = draw(st.text("abcdefgh", min_size=1, max_size=20))
    steps, now = [], text
    for _ in range(draw(st.integers(1, 4))):
        places = sorted(draw(st.lists(st.integers(0, len(now)), max_size=6)))
        edits = [
            Edit(a, b, draw(st.text("XYZ", max_size=3))) for a, b in zip(places[::2], places[1::2], strict=False)
        ]
        edits = [e for n, e in enumerate(edits) if n == 0 or edits[n - 1].end < e.start]
        steps.append(edits)
        now = applied(now, edits)
    return text, steps


@settings(max_examples=400, deadline=None)
@given(rounds())
def test_edits_of_edits_are_edits_of_the_text(given_rounds: tuple[str, list[list[Edit]]]) -> None:
    """However they overlap, the segments give what the edits give one after the other, and cover the text in order."""
    text, steps = given_rounds
    segments: tuple[Segment, ...] = (Segment(0, len(text), None),)
    now = text
    for edits in steps:
        segments, now = edited(segments, edits), applied(now, edits)
        assert now == shown(text, segments)
        assert [0, *(p.end for p in segments)] == [*(p.start for p in segments), len(text)]


def test_a_clean_text_is_read_as_it_is(lexicon: Lexicon) -> None:
    assert smoothed(SourceText("a", "“We go,” said Ann Lee.\n\nShe left at once.\n"), lexicon=lexicon) is None


def said(text: str, pipeline: Any) -> list[tuple[str | None, str]]:
    """Return who said what; each place holds the words that it says, in the text as it came."""
    found = []
    for record in pipeline.read(SourceText("a.txt", text)):
        for quote in record.quotes:
            assert quote.text == " ".join(text[s.start : s.end] for s in quote.spans)
            channels = [c.mention for c in quote.channels]
            for place in (quote.cue, quote.speaker and quote.speaker.mention, *channels):
                assert place is None or place.text == text[place.start : place.end]
            found.append((quote.speaker.name if quote.speaker else None, quote.text))
    return found


NAMES: dict[str, tuple[str, str]] = {
    "soft hyphens": ("“The kiln is cold,” said Runa Hol\xadten\xadbach, its war\xadden.", "Runa Holtenbach"),
    "soft hyphens in the cue": ("“The kiln is cold,” sa\xadid Runa Holt.", "Runa Holt"),
    "zero-width spaces": ("“The kiln is cold,” said Ru\u200bna Ho\u200blt.", "Runa Holt"),
    "a mark of the byte order within": ("“The kiln is cold,” said\ufeff Runa\ufeff Holt.", "Runa Holt"),
    "ligatures": ("“The kiln is cold,” said oﬃcer Runa Griﬃn.", "Runa Griffin"),
    "split accents": ("“The kiln is cold,” said Zoe\u0308 Holt.", "Zoë Holt"),
    "a hyphen at a line's end": (
        "The kiln below the old mill on the river Tarn was lit on Friday, and it went out on Sun-\nday night, when "
        "no-\nbody was there. “The kiln is cold,” said Runa Hol-\ntenbach, who has kept it for years.",
        "Runa Holtenbach",
    ),
    "wrapped lines": (
        "The kiln below the old mill on the river Tarn was lit on Friday, and\nit went out on Sunday night, when "
        "nobody was there to see it and the\nrain came in. \"The kiln is cold and it will stay cold,\" said Runa\n"
        "Holtenbach, who has kept it for ten years and does not want to do so\nany longer.", "Runa Holtenbach",
    ),
    "a page break": (
        "KILN NEWS        3\nThe kiln was lit on Friday and it went out on Sun-\nday night. “The kiln is cold,” said "
        "Runa\n\fKILN NEWS        4\nHoltenbach, who has kept it for ten years now.", "Runa Holtenbach",
    ),
    "entities": ("&ldquo;The kiln is cold,&rdquo; said Runa Holt. &quot;It is,&quot; she said.", "Runa Holt"),
    "entities in a name": ("“The kiln is cold,” said Zo&euml; Holt.", "Zoë Holt"),
    "controls for marks": ("\x93The kiln is cold,\x94 said Runa Holt.", "Runa Holt"),
    "mojibake": ("â€œThe kiln isnâ€™t cold,â€\x9d said ZoÃ« Holt.", "Zoë Holt"),
    "literal line ends": ("It rained.\\n\\n“The kiln is cold,” said Runa Holt.\\n\\nNobody else was.", "Runa Holt"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_words_are_read_whole(name: str, pipeline: Any) -> None:
    """The name is whole, and the quotation is one."""
    text, speaker = NAMES[name]
    found = said(text, pipeline)
    assert speaker in [who for who, _ in found], found
    assert all("quot;" != words[:5] for _, words in found)


def test_offsets_lead_into_the_text_as_it_came(pipeline: Any) -> None:
    """The original characters are exported, including all that were ignored."""
    text = "“The ki\xadln is cold,” said Ru\u200bna Holt.\n\n“It is,” she ad\xadded."
    assert [("Runa Holt", "“The ki\xadln is cold,”"), ("Runa Holt", "“It is,”")] == said(text, pipeline)


def test_smoothed_dirt_is_reported_only_if_it_changes_characters() -> None:
    """Soft hyphens and wrapped lines are layout; mojibake and entities are damage, and `--clean` repairs them."""
    from quotes.ingest.cleaning import described, dirt

    assert () == dirt("“The ki\xadln,” said Ru\u200bna Holt.")
    assert "2 HTML entities" == described(dirt("&quot;Yes,&quot; he said."))
