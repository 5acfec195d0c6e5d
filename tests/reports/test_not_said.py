"""Kind B: words of which the article says that they were not said, or only might be."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

import quotes
from quotes.cli import main
from quotes.comparison.checking import Checker
from quotes.export import from_dict, read_records, to_dict
from quotes.export.store import Store
from quotes.lexicon import load_lexicon
from tests.reports.reading import ALL, file, told

DENIED = [
    "Bishop Amos Reed did not say “leave the church”.",
    "Bishop Amos Reed never told the pupils “leave the church”.",
    "“Leave the church,” Bishop Amos Reed did not, in fact, say.",
    "Bishop Amos Reed hasn't said that the church is empty.",
    "At no point did Bishop Amos Reed say “leave the church”.",
    "Nobody in the parish said “leave the church”.",
    "No priest has told the pupils that the church is “empty”.",
    "Neither the bishop nor his dean has ever claimed that “the church is empty”.",
    "Bishop Amos Reed has denied saying “leave the church”.",
    "Bishop Amos Reed denies that he ever told pupils “leave the church”.",
    "Bishop Amos Reed refused to say “the church is empty”.",
    "Bishop Amos Reed declined to say whether the church is empty.",
    "Bishop Amos Reed stopped short of calling the parish “a ruin”.",
    "Bishop Amos Reed was wrongly quoted as saying “leave the church”.",
    "A fake post claims that Bishop Amos Reed said “leave the church”.",
    "The bishop could not say whether the church is empty.",
    "Nor did Bishop Amos Reed tell the pupils that the church is “empty”.",
    "Bishop Amos Reed is yet to say “the church is empty”.",
    "There is no record of Bishop Amos Reed saying “leave the church”.",
    "The paper withdrew a story in which Bishop Amos Reed was quoted as saying “leave the church”.",
    "Hardly anyone said “leave the church”.",
    "The bishop's lawyer denied that he had ever threatened to “burn it down”.",
]
HYPOTHETICAL = [
    "If Bishop Amos Reed had said “leave the church”, the pupils would have laughed.",
    "Had Bishop Amos Reed said “leave the church”, the pupils would have laughed.",
    "Bishop Amos Reed should have said “leave the church”.",
    "A braver bishop might say “the church is empty”.",
    "Imagine a bishop who says “leave the church”.",
    "Bishop Amos Reed might as well have said “leave the church”.",
    "The parish wanted the bishop to say “the church is open”.",
]
SAID = [
    "Bishop Amos Reed said “leave the church”.",
    "Bishop Amos Reed did not hesitate to say “leave the church”.",
    "Bishop Amos Reed, who has never lost a vote, said “leave the church”.",
    "“I do not care,” Bishop Amos Reed said.",
    "If it rains, Bishop Amos Reed said, the roof will leak.",
    "Bishop Amos Reed would later say that the church was empty.",
    "No one was hurt, Bishop Amos Reed said.",
    "Bishop Amos Reed denied that the church was empty.",
    "The reports are false, Bishop Amos Reed said.",
    "Bishop Amos Reed did not deny saying “leave the church”.",
    "Bishop Amos Reed should not have said “leave the church”.",
    "Bishop Amos Reed could not resist saying “leave the church”.",
    "Bishop Amos Reed never tires of saying “leave the church”.",
]


@pytest.mark.parametrize("reader", ["both", "patterns"])
@pytest.mark.parametrize("text", DENIED)
def test_denied_statements_have_the_stance_denied(text: str, reader: str) -> None:
    """Every statement of the sentence is denied; the reader finds one in each, the patterns in nearly all."""
    found = told(text, "stance", stance=ALL, reader=reader)
    assert {("denied",)} == {*found, *([("denied",)] if reader == "patterns" else [])}


@pytest.mark.parametrize("text", HYPOTHETICAL)
def test_possible_statements_have_the_stance_hypothetical(text: str) -> None:
    """Every statement of the sentence is hypothetical, and there is one."""
    assert {("hypothetical",)} == set(told(text, "stance", stance=ALL))


@pytest.mark.parametrize("text", [*DENIED, *HYPOTHETICAL])
def test_only_what_was_said_is_exported(text: str) -> None:
    """Unless it is asked for, nothing of the sentence is exported; nor are its words nobody's quotation."""
    assert [] == told(text, "text", include_unattributed=True)


@pytest.mark.parametrize("text", SAID)
def test_what_was_said_stays_said(text: str) -> None:
    """Negations, conditions and falsehoods that belong to something else change nothing."""
    assert [("said",)] == told(text, "stance", stance=ALL)


@pytest.mark.parametrize(
    "text",
    [
        "Joan Pick, 52, pleaded guilty to arson at Norrholm Crown Court.",
        "Captain Olga Brandt said nothing about the ferry.",
        "A spokesperson for the ferry line declined to comment.",
        "The ferry line did not respond to a request for comment.",
        "Asked whether he would sail on Tuesday, the captain left.",
    ],
)
def test_no_statement_is_made(text: str) -> None:
    """A plea, a refusal to comment and a question without a speaker are not statements."""
    assert [] == told(text, "text")


def test_a_question_without_a_speaker_has_the_stance_asked() -> None:
    """On request the question is there, with its own stance; the answer is the captain's."""
    text = "Asked whether he would sail on Tuesday, Captain Olga Brandt smiled: “Perhaps.”"
    assert [("asked", None), ("said", "Olga Brandt")] == told(text, "stance", "speaker", stance=ALL)


def test_what_follows_a_denied_quotation_is_no_part_of_it() -> None:
    """A quotation behind one that was not said is not taken along."""
    text = "Olga Brandt did not say “the pier is safe”. “It is a ruin,” Pia Holm said. “Shut it.”"
    assert [("Pia Holm", "“It is a ruin,” “Shut it.”")] == told(text, "speaker", "text")


def test_the_words_of_a_false_stance_are_refused() -> None:
    """An unknown stance is reported, not ignored."""
    with pytest.raises(ValueError, match="stances are said, denied, hypothetical, asked"):
        quotes.extract("Nobody said “go”.", stance="doubted")


# -- check ------------------------------------------------------------------------------------------------------------

TEXT = (
    "Mayor Olga Brandt did not say “we have sold the mill for good”.\n\n"
    "“I never told them ‘the fish are all dead’,” Brandt said on Friday.\n\n"
    "The mason Pia Holm should have said “the roof is made of paper”.\n\n"
    "Brandt denied that the pier was built of sand and straw.\n\n"
    "“The town is not allowed to close the pier in the summer,” Holm said.\n"
)
CLAIMS = [
    ("we have sold the mill for good", "denied", 9),
    ("the fish are all dead", "denied", 9),
    ("the roof is made of paper", "hypothetical", 10),
    ("the pier was built of sand and straw", "denied", 9),
    ("allowed to close the pier in the summer", "altered", 3),
    ("The town is not allowed to close the pier", "verbatim", 0),
]


@pytest.mark.parametrize("stance", [ALL, ("said",)], ids=["every stance", "said alone"])
@pytest.mark.parametrize(("claim", "verdict", "status"), CLAIMS)
def test_check_never_confirms_what_was_not_said(claim: str, verdict: str, status: int, stance: Any) -> None:
    """Whatever stances the records have, the answer has a separate status for a denial by the source."""
    checker = Checker(quotes.extract(TEXT, with_text=True, stance=stance), lexicon=load_lexicon("en"))
    for speaker in (None, "Olga Brandt"):
        finding = checker.check(claim, speaker=speaker if status != 0 else None)
        assert (verdict, status) == (finding.verdict, finding.status)


@pytest.mark.parametrize(("claim", "verdict", "status"), CLAIMS)
def test_check_of_records_without_text(claim: str, verdict: str, status: int) -> None:
    """Records of every stance, without the article's text, give the same answers."""
    checker = Checker(quotes.extract(TEXT, stance=ALL))
    assert (verdict, status) == (checker.check(claim).verdict, checker.check(claim).status)


def test_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`quotes check` reports it in words and by its exit status, for a text and for a store."""
    path, records, store = tmp_path / "a.txt", tmp_path / "a.jsonl", tmp_path / "a.db"
    path.write_text(TEXT, encoding="utf-8")
    assert main(["extract", str(path), "--stance", "said,denied", "-o", str(records), "-q"]) == 0
    assert main(["store", str(records), "-o", str(store)]) == 0
    capsys.readouterr()
    assert main(["search", str(store), "mill"]) == 0
    assert "direct, denied, " in capsys.readouterr().out
    for source in (path, records, store):
        assert main(["check", CLAIMS[0][0], "--speaker", "Brandt", "--in", str(source)]) == 9
        assert capsys.readouterr().out.startswith("denied: the source says that this was not said")


# -- the field --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.parquet", "a.db"])
def test_files_keep_the_stance(name: str, tmp_path: Path) -> None:
    """A stance survives writing and reading."""
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    path = tmp_path / name
    records = quotes.extract(TEXT, stance=ALL)
    if name.endswith("db"):
        with Store.open(path, write=True) as store:
            store.add(records)
    else:
        quotes.write_records(records, path)
    assert [q.stance for r in records for q in r.quotes] == [q.stance for r in read_records(path) for q in r.quotes]


def test_older_records_were_said() -> None:
    """A record that was written before there were stances is read as said."""
    [record] = quotes.extract("“We vote,” Ana Lee said.")
    old = json.loads(json.dumps(to_dict(record)))
    del old["quotes"][0]["stance"]
    assert record == from_dict(old)


def test_an_older_table_was_said(tmp_path: Path) -> None:
    """So is a CSV table without the column."""
    records = quotes.extract("“We vote,” Ana Lee said.")
    path = tmp_path / "old.csv"
    quotes.write_records(records, path)
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    at = rows[0].index("stance")
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([cell for n, cell in enumerate(row) if n != at] for row in rows)
    assert records == list(read_records(path))


def test_an_older_store_is_read_and_brought_up_to_date(tmp_path: Path) -> None:
    """A store of version 1 is read as said; the next record that is added gives it the column."""
    path = tmp_path / "old.db"
    said, denied = quotes.extract("“We vote,” Ana Lee said."), quotes.extract(DENIED[0], source="b", stance=ALL)
    with Store.open(path, write=True) as store:
        store.add(said)
    database = sqlite3.connect(path)
    database.executescript(
        "DROP VIEW flat; DROP INDEX idx_articles_url; DROP INDEX idx_quotes_source;"
        "DROP TABLE source_names; UPDATE quotes SET source = NULL;"
        "ALTER TABLE quotes DROP COLUMN source; ALTER TABLE quotes DROP COLUMN speaker_pronoun;"
        "ALTER TABLE quotes DROP COLUMN stance; DELETE FROM state WHERE name = 'sourced'; DROP TABLE sources;"
        "PRAGMA user_version = 1; CREATE VIEW flat AS SELECT key FROM quotes"
    )
    database.close()
    assert said == list(read_records(path))
    with Store.open(path, write=True) as store:
        store.add(denied)
    assert ["said", "denied"] == [q.stance for r in read_records(path) for q in r.quotes]


def test_the_server_and_the_component_take_the_option(pipeline: Any) -> None:
    """So do a request to the server and the spaCy component; without it, what was said alone is given."""
    from attrs import evolve

    from quotes.extraction.spacy_component import QuotesComponent
    from quotes.web.api.worker import extract

    every = evolve(pipeline, stance=ALL)
    for asked, expected in ((["denied"], ["denied"]), (None, [])):
        head = {"kind": "text", "source": "a", "options": {"stance": asked}}
        answer = json.loads(extract(every, head, DENIED[0].encode()))
        assert expected == [q["stance"] for a in answer["articles"] for q in a["quotes"]]
    doc = QuotesComponent(pipeline.nlp, quotes.Options(stance=["said", "denied"]))(pipeline.nlp(DENIED[0]))
    assert ["denied"] == [quote.stance for quote in doc._.quotes]


def test_exports_for_people_tell_it(tmp_path: Path) -> None:
    """Text, Markdown and linked data say that a statement is denied; none credits anybody with having said it."""
    records = quotes.extract(DENIED[0], stance=ALL, with_text=True)
    for name in ("a.txt", "a.md", "a.jsonld"):
        quotes.write_records(records, tmp_path / name)
        assert "denied" in (tmp_path / name).read_text(encoding="utf-8")
    assert "spokenByCharacter" not in (tmp_path / "a.jsonld").read_text(encoding="utf-8")


def test_what_was_not_said_is_no_printing_of_what_was() -> None:
    """Denied words make no group of variants with the same words said."""
    said = quotes.extract("“We will sell the mill to the highest bidder,” Olga Brandt said.", source="a")
    text = "Olga Brandt never said “we will sell the mill to the highest bidder”."
    denied = quotes.extract(text, source="b", stance=ALL)
    assert ["denied"] == [q.stance for r in denied for q in r.quotes]
    assert [] == list(quotes.groups([*said, *denied]))


# -- the reports themselves ------------------------------------------------------------------------------------------


def test_file_negated() -> None:
    """Everything in it is denied."""
    text = file("51-negated.txt")
    assert [] == told(text, "text")
    assert {("denied",)} == set(told(text, "stance", stance=ALL))


def test_file_hypothetical() -> None:
    """The columnist and the joke stay; what was never said does not."""
    found = told(file("27-hypothetical.txt"), "speaker", "text")
    assert ("Otto Keel", "that village police never have occasion to say “You're nabbed, sunshine.”") in found
    assert "Pia Lund" in [speaker for speaker, _ in found]
    assert not [words for _, words in found if words == "“never again”" or "we failed" in words or "am sorry" in words]


@pytest.mark.parametrize("name", ["min_pleaded", "min_declined"])
def test_files_without_a_statement(name: str) -> None:
    """A plea and refusals to comment."""
    assert [] == told(file(f"small/{name}.txt"), "text")


def test_file_asked() -> None:
    """Nothing of the question."""
    assert [("Marlow", '"He might."')] == told(file("small/min_asked.txt"), "speaker", "text")


def test_file_source() -> None:
    """A cut that hides a "not" is not a verbatim quotation; parts of several are a splice."""
    checker = Checker(quotes.extract(file("23-source.txt"), with_text=True))
    assert "altered" == checker.check("allowed to close the north gate during the winter").verdict
    assert "splice" == checker.check("The beta test of the crane went well … nobody else did").verdict
