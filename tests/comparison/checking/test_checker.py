"""Checking a quote: findings are in the text, their facts are true, and missing words are not found."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from quotes.cli import main
from quotes.comparison.checking import STATUS, Checker, Finding, Hit
from quotes.export import from_dict, to_dict
from quotes.ingest import read
from quotes.records import Article, ArticleRecord, Outlet, Quote, SourceText, Span, Speaker

SAMPLES = Path(__file__).parents[3] / "samples"
TEXT = (
    "Notes from the harbour\n"
    "The harbour of Lunde opened again on Monday after a week of storms.\n"
    "“We lost a week, not a season, and I did not lose 12 boats,” Ana Moreira, the harbour master, told Reuters. "
    "“Next year we will build the wall that we were promised in 1998.”\n"
    "Piet Maas said that the town would pay for the eleven new lamps on the quay. "
    "“Nobody asked us,” he said. “We'll see about the lamps—and the bill!”\n"
    "“The sea gives and the sea takes 🐟, my mother used to say,” Moreira added.\n"
)


def quoted(words: str, *, kind: Any = "direct", who: str | None = None, nth: int = 0) -> Quote:
    """Return a quote of the text above by the words that it begins and ends with: "We lost…boats,”"."""
    spans = []
    for part in words.split(" | "):
        first, _, last = part.partition("…")
        start = TEXT.index(first)
        spans.append(Span(start, TEXT.index(last, start) + len(last)))
    text = " ".join(TEXT[s.start : s.end] for s in spans)
    speaker = Speaker(who, "person", "the harbour master" if who == "Ana Moreira" else None) if who else None
    return Quote(f"q{spans[0].start}", kind, text, tuple(spans), speaker=speaker)


QUOTES = (
    quoted("“We lost…boats,” | “Next…1998.”", who="Ana Moreira"),
    quoted("that the town…quay", kind="indirect", who="Piet Maas"),
    quoted("“Nobody…us,” | “We'll…bill!”", who="Piet Maas"),
    quoted("“The sea…say,”", who="Ana Moreira"),
)
POST = Outlet("The Lunde Post")
ARTICLE = Article("a1", "lunde.txt", 0, 0, len(TEXT), published="2025-01-07", outlet=POST, text=TEXT)
RECORD = ArticleRecord(ARTICLE, QUOTES)
FULL = Checker([RECORD])
BARE = Checker([evolve(RECORD, article=evolve(ARTICLE, text=None))])
WORDS = [m.span() for m in re.finditer(r"[^\W_]+", TEXT)]


def real(hit: Hit) -> bool:
    """Return whether a hit is what its source prints."""
    return hit.text == " ".join(TEXT[s.start : s.end] for s in hit.spans)


@pytest.mark.parametrize("checker", [FULL, BARE], ids=["text", "quotes"])
@pytest.mark.parametrize(
    ("claim", "speaker", "expected"),
    [
        ("We lost a week, not a season", None, "verbatim"),
        ("“We lost a week, not a season”", "Ana Moreira", "verbatim"),
        ("We lost a week, not a season", "the harbour master", "verbatim"),
        ("We lost a week, not a season", "Mrs. Moreira", "verbatim"),
        ("we lost a week – not a season…", "Moreira", "punctuation"),
        ("WE’LL SEE ABOUT THE LAMPS, AND THE BILL", None, "punctuation"),
        ("not a season, and I did not lose 12 boats. Next year we will build the wall", None, "punctuation"),
        ("We lost a week, not a season", "Piet Maas", "other-speaker"),
        ("the town would pay for the eleven new lamps", None, "reported"),
        ("We lost a week, and a season, and I did not lose 12 boats", None, "altered"),
        ("I did lose 12 boats, we lost a week, not a season", None, "not-found"),
        ("and I did not lose 13 boats", None, "altered"),
        ("We lost a week, not a season, and I did lose 12 boats", None, "altered"),
        ("We lost a week … the wall that we were promised", None, "splice"),
        ("I did not lose 12 boats my mother used to say", None, "splice"),
        ("We lost a week and the bill", None, "not-found"),
        ("able", None, "not-found"),
        ("nothing of this was ever said by anybody", None, "not-found"),
        ("…", None, "not-found"),
        ("", None, "not-found"),
    ],
)
def test_verdict(checker: Checker, claim: str, speaker: str | None, expected: str) -> None:
    """Each kind of claim gets its verdict, with the article's text and with its quotes alone."""
    found = checker.check(claim, speaker=speaker)
    assert (expected, STATUS[found.verdict]) == (found.verdict, found.status)
    assert all(real(hit) for hit in found.hits)
    assert bool(found.hits) == (expected != "not-found")


@pytest.mark.parametrize(
    ("claim", "said", "expected"),
    [
        ("Yes we can", "Yes we can’t", "not-found"),
        ("I think that yes we can", "I think that yes we can’t", "altered"),
        ("a violent march is what we saw", "a non-violent march is what we saw", "altered"),
        ("violent march is what we saw", "a non-violent march is what we saw", "altered"),
        ("prices rose by 5", "prices rose by 5%", "not-found"),
        ("We paid 5 for each of the lamps", "We paid $5 for each of the lamps", "altered"),
        ("the temperature fell to 5 degrees", "the temperature fell to -5 degrees", "altered"),
        ("it was 1.5 metres in the end", "it was 15 metres in the end", "altered"),
        ("it cost 1500 in the end", "it cost 1,500 in the end", "punctuation"),
        ("I do agree with the mayor", "I don't agree with the mayor", "altered"),
        ("self reliance is our aim", "self-reliance is our aim", "punctuation"),
    ],
)
def test_small_words_count(claim: str, said: str, expected: str) -> None:
    """A "not", a sign or a prefix is never lost as if it were punctuation, however it is written."""
    quote = Quote("q", "direct", f"“{said}.”", (Span(0, len(said) + 3),))
    found = Checker([ArticleRecord(Article("a", "a.txt", 0, 0, 99), (quote,))]).check(claim)
    assert expected == found.verdict
    assert all(hit.text in said for hit in found.hits)


def test_own_words() -> None:
    """Words outside any quotation, or beyond one, are marked as the article's own words."""
    for claim in ("The harbour of Lunde opened again on Monday", "12 boats,” Ana Moreira, the harbour master"):
        found = FULL.check(claim)
        assert (found.verdict, found.hits[0].quote, found.hits[0].speaker) == ("own-words", None, None)
    assert BARE.check("The harbour of Lunde opened again").verdict == "not-found"


def test_quotations_without_a_credit() -> None:
    """Words in quotation marks are a quotation, though the records credit nobody."""
    found = Checker([ArticleRecord(ARTICLE, ())]).check("We lost a week, not a season", speaker="Lee")
    assert (found.verdict, found.hits[0].speaker, found.hits[0].agrees) == ("verbatim", None, None)


def test_a_hit_tells_where_it_stands() -> None:
    """Source, outlet, date, quote, offsets and surroundings are those of the source."""
    [hit] = FULL.check("my mother used to say", speaker="Moreira").hits
    assert (hit.source, hit.outlet, hit.published) == ("lunde.txt", "The Lunde Post", "2025-01-07")
    assert hit.quote == QUOTES[3].id
    assert (hit.speaker, hit.agrees, hit.type, hit.match) == ("Ana Moreira", True, "direct", "verbatim")
    start, end = hit.spans[0].start, hit.spans[0].end
    assert (TEXT[start - len(hit.before) : start], TEXT[end : end + len(hit.after)]) == (hit.before, hit.after)
    assert hit.before.endswith("the sea takes 🐟, ")


def test_a_split_quotation_has_two_spans() -> None:
    """A claim over the seam of a split quotation is found in the one statement, at both of its places."""
    [hit] = FULL.check("Nobody asked us. We'll see about the lamps").hits
    assert [TEXT[s.start : s.end] for s in hit.spans] == ["Nobody asked us,”", "“We'll see about the lamps"]


def test_changes_are_reported() -> None:
    """An altered claim shows the source's words and the claim's."""
    [hit] = FULL.check("We lost a month, not a season, and I did lose 12 boats").hits
    assert [("replaced", "week", "month"), ("deleted", "not", "")] == [(c.op, c.source, c.claim) for c in hit.changes]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_slice_of_the_source_is_found_verbatim(data: Any) -> None:
    """Whole words of the source in a row are found letter by letter at their place."""
    first = data.draw(st.integers(0, len(WORDS) - 1))
    last = data.draw(st.integers(first, min(len(WORDS) - 1, first + 25)))
    low, high = WORDS[first][0], WORDS[last][1]
    assume(TEXT[low - 1] not in "'’" and TEXT[high : high + 1] not in ("'", "’"))
    assume(not re.search(r"\b(?:not|Nobody) (?:a |the )?$", TEXT[:low]))  # another statement without it
    found = FULL.check(TEXT[low:high], limit=1000)
    assert any(h.match == "verbatim" and Span(low, high) in h.spans for h in found.hits)
    assert all(real(hit) for hit in found.hits)


@given(st.data())
@settings(max_examples=200, deadline=None)
@pytest.mark.parametrize("checker", [FULL, BARE], ids=["text", "quotes"])
def test_a_changed_word_is_never_verbatim(checker: Checker, data: Any) -> None:
    """A quote with one word changed, left out or added is never called verbatim or reported."""
    quote = data.draw(st.sampled_from(QUOTES))
    words = re.sub(r"[“”]", "", quote.text).split(" ")
    at = data.draw(st.integers(1, len(words) - 2))
    new = data.draw(st.sampled_from(["orange", "not", "never", "13", "no", ""]))
    assume(new or (words[at].strip("🐟,") and words[at] not in (words[at - 1], words[at + 1])))
    assume(new != words[at])
    changed = [*words[:at], *([new] if new else []), *words[at + data.draw(st.integers(0 if new else 1, 1)) :]]
    found = checker.check(" ".join(changed), speaker=None)
    assert found.verdict in ("altered", "splice", "not-found")
    assert all(real(hit) for hit in found.hits)


@given(st.lists(st.text("qxzjkv", min_size=1, max_size=9), min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_random_words_are_never_found(words: list[str]) -> None:
    """Nothing is found for words that are not there."""
    assert FULL.check(" ".join(words)) == Finding(" ".join(words), None, "not-found")


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_asked_gets_an_answer(claim: str) -> None:
    """No claim raises, and every hit is a slice of the source."""
    assert all(real(hit) for hit in FULL.check(claim, speaker=claim).hits)


def test_known_words_that_never_stand_in_a_row_are_not_found() -> None:
    """Five words of the text, no two of them neighbours there, are a claim like any other."""
    words = (RECORD.article.text or "").split()
    assert FULL.check(" ".join((words[9], words[6], words[3], words[0], words[9]))).verdict == "not-found"


def test_another_sources_words_are_kept_apart() -> None:
    """Words that run from the end of one text to the beginning of the next are in neither."""
    other = ArticleRecord(evolve(ARTICLE, id="a2", source="b.txt", start=0, end=11, text="Moreira on the quay"), ())
    checker = Checker([RECORD, evolve(other, article=evolve(other.article, end=19))])
    assert checker.check("Moreira added Moreira on").verdict == "not-found"
    assert checker.check("Moreira on the quay").hits[0].source == "b.txt"


def test_most_hits_are_counted_not_kept() -> None:
    """`limit` bounds the hits, `places` counts them."""
    found = FULL.check("the", limit=2)
    assert len(found.hits) == 2
    assert found.places > 5


def run(*arguments: Any) -> int:
    return main([str(argument) for argument in arguments])


@pytest.fixture
def saved(pipeline: Any, tmp_path: Path) -> Path:
    """The records of the ferries' samples."""
    path = tmp_path / "ferries.jsonl"
    sources = [s for s in read(sorted(SAMPLES.glob("ferries_*.html"))) if isinstance(s, SourceText)]
    records = [evolve(r, article=evolve(r.article, text=None)) for s in sources for r in pipeline.read(s)]
    lines = [json.dumps(to_dict(record)) for record in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("claim", "speaker", "status"),
    [
        ("nobody on the islands will pay more than 20 crowns", "Lindqvist", 0),
        ("nobody on the islands will pay more than 25 crowns for a crossing", None, 3),
        ("We will not close a single ferry line … for a crossing", None, 4),
        ("the ministry would order four new boats", None, 5),
        ("nobody on the islands will pay more than 20 crowns", "Jonas Berg", 6),
        ("we will close every single ferry line tomorrow", None, 8),
    ],
)
def test_the_status_tells(saved: Path, claim: str, speaker: str | None, status: int) -> None:
    """The exit status says what the verdict is."""
    by = ("--speaker", speaker) if speaker else ()
    assert run("check", claim, *by, "--in", saved) == status


def test_texts_are_searched_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    """A text is read by the pipeline, and words outside quotations are the article's own."""
    sample = SAMPLES / "ferries_gazette.html"
    assert run("check", "met the mayors of eleven islands on Tuesday", "--in", sample) == 7
    assert ">>met the mayors of eleven islands on Tuesday<<" in capsys.readouterr().out
    by = ("--speaker", "Captain Berg", "--format", "json")
    assert run("check", "The boats are old, but they are safe", *by, sample) == 0
    [finding] = json.loads(capsys.readouterr().out)["findings"]
    assert from_dict(finding, kind=Finding).hits[0].speaker == "Jonas Berg"


def test_records_in_a_folder_of_texts_are_not_passed_over_in_silence(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder's texts are searched; a line says that saved records in it must be named."""
    (tmp_path / "other.txt").write_text("The herons are back, said Ines Mota.\n", encoding="utf-8")
    claim = "nobody on the islands will pay more than 20 crowns"
    assert run("check", claim, "--in", tmp_path) == 8
    told = f"quotes: {tmp_path}: a file of saved records is not searched; name them, not the folder\n"
    assert told == capsys.readouterr().err
    assert run("check", claim, "--in", tmp_path, "--in", saved) == 0


def test_batch(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table of claims gives one row each, the status of the worst; a row without a quote is reported and skipped."""
    table = tmp_path / "claims.csv"
    rows = "Speaker;Quote\nBerg;The boats are old, but they are safe\nLee;=never said\n"
    table.write_text(rows, encoding="utf-8-sig")
    output = tmp_path / "answers.csv"
    assert run("check", "--batch", table, "--in", saved, "-o", output) == 8
    answers = list(csv.DictReader(io.StringIO(output.read_text("utf-8"))))
    assert [("verbatim", "Jonas Berg"), ("not-found", "")] == [(row["verdict"], row["said_by"]) for row in answers]
    assert answers[1]["quote"] == "'=never said"
    table.write_text("quote\n\n\"\"\nNo comment\n", encoding="utf-8")
    assert run("check", "--batch", table, saved, "--format", "jsonl") == 1
    told = capsys.readouterr()
    assert "no quote in it" in told.err
    assert [json.loads(line)["verdict"] for line in told.out.splitlines()] == ["verbatim"]


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        ((), 2, "no words to check"),
        (("words",), 2, "nothing to search"),
        (("words", "--in", "nowhere.json"), 1, "nowhere.json"),
        (("--batch", "nowhere.csv", "--in", "SAVED"), 1, "nowhere.csv"),
        (("--batch", "SAVED", "--in", "SAVED"), 1, "no column 'quote'"),
        (("--batch", "SAVED", "--speaker", "x", "--in", "SAVED"), 2, "--speaker"),
        (("words", "--in", "SAVED", "-o", "SAVED"), 2, "both input and output"),
    ],
)
def test_faults(
    saved: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], status: int, told: str
) -> None:
    """The error is one line that names the fault."""
    assert run("check", *(str(saved) if a == "SAVED" else a for a in arguments)) == status
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error


def test_seeds(pipeline: Any) -> None:
    """On a real page Baghaei's words are his, a changed word is reported, and the reporter's words are no quotation."""
    folder = Path(__file__).parents[4] / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("no shared/seeds beside the checkout")
    sources = [s for s in read(sorted(folder.glob("*.txt"))) if isinstance(s, SourceText)]
    checker = Checker(r for s in sources for r in pipeline.read(s))
    words = "The relationship was frozen unilaterally by Canada, not by Iran"
    hits = checker.check(words, speaker="Baghaei").hits
    assert [(hit.speaker, hit.agrees) for hit in hits] == [("Esmail Baghaei", True)] * 2
    assert checker.check(words, speaker="Narendra Modi").verdict == "other-speaker"
    assert checker.check(words.replace(", not by", ", and by")).verdict == "altered"
    assert checker.check("Canada severed its diplomatic ties with Iran in 2012").verdict == "own-words"
