"""Transcripts and interviews as they are printed: whose each turn is, and where it ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quotes.ingest import read
from quotes.records import ArticleRecord, Page, SourceText

ROOT = Path(__file__).parents[2]
# The users' reports are beside the checkout, or beside the folder of a worktree.
REPORTS = next((p for p in (ROOT.parent / "shared", ROOT.parents[1] / "shared") if p.is_dir()), ROOT.parent) / "reports"


def turns(record: ArticleRecord) -> list[str]:
    """Return the turns of an article, each as "speaker: words"; other statements are left out."""
    said = [q for q in record.quotes if q.pattern and ("label" in q.pattern or q.pattern == "en-interview")]
    assert {"direct"} >= {q.type for q in said}
    return [f"{q.speaker.name if q.speaker else '?'}: {q.text}" for q in said]


def turns_of(text: str, pipeline: Any) -> list[str]:
    """Return the turns of a text that is one article; every offset is exact."""
    [record] = pipeline.read(SourceText("transcript", text))
    for quote in record.quotes:
        assert quote.text == " ".join(text[s.start : s.end] for s in quote.spans)
        mention = quote.speaker.mention if quote.speaker else None
        assert mention is None or mention.text == text[mention.start : mention.end]
    return turns(record)


CASES = {
    "television": (
        """ROSALIND VANCE, NEWSHOUR CORRESPONDENT: The ferry sank at dawn. Who gave the order to sail?

CAPT. OTIS BREN (RET.), FERRY OPERATOR: I gave it.

VANCE: Did the coast guard object?

BREN (THROUGH TRANSLATOR): They did not.

(CROSSTALK)

ON SCREEN: 41 passengers; 3 "missing"

DU PLESSIS: 6:14, that was the time on deck. Nobody told us a thing.""",
        [
            "Rosalind Vance: The ferry sank at dawn. Who gave the order to sail?",
            "Otis Bren: I gave it.",
            "Rosalind Vance: Did the coast guard object?",
            "Otis Bren: They did not.",
            "du Plessis: 6:14, that was the time on deck. Nobody told us a thing.",
        ],
    ),
    "small letters within capitals": (
        """MacADAMS: Who closed the mill?

McRAE: I did, in the autumn.

O’SHEA: It was my decision.

MacADAMS: Thank you.""",
        [
            "Macadams: Who closed the mill?",
            "McRae: I did, in the autumn.",
            "O’Shea: It was my decision.",
            "Macadams: Thank you.",
        ],
    ),
    "record of a congress": (
        """Mrs. ALDERTON. Mr. President, the levees in my State are failing.

I have seen them myself. The water comes through the wall.

The PRESIDING OFFICER (Mr. Voss). The Senator's time has expired.

There was no objection.

Mr. QUILL (continuing). I share that concern.

Ms. ROE TAYLOR of Georgia. Will the gentleman yield?

Mr. QUILL. I yield.""",
        [
            "Alderton: Mr. President, the levees in my State are failing. I have seen them myself. "
            "The water comes through the wall.",
            "Voss: The Senator's time has expired.",
            "Quill: I share that concern.",
            "Roe Taylor: Will the gentleman yield?",
            "Quill: I yield.",
        ],
    ),
    "hearing in small letters": (
        """Chairman Voss. The hearing will come to order.

Senator Alderton. When did you first see the report?

Dr. Quill. In May, Senator. I read it twice.

Senator Alderton. And then?

Dr. Quill. I sent it on.""",
        [
            "Voss: The hearing will come to order.",
            "Alderton: When did you first see the report?",
            "Quill: In May, Senator. I read it twice.",
            "Alderton: And then?",
            "Quill: I sent it on.",
        ],
    ),
    "house of commons": (
        """The Secretary of State for Transport (Louise Hartnell): I beg to move that the Bill be read a second time.

Mr Amrit Gill (Dunmore) (Con): Will the right hon. Lady give way?

Louise Hartnell: I will give way once.

Several hon. Members rose—

Hon. Members: Hear, hear!

Madam Deputy Speaker (Dame Ruth Okafor): Order. Let us hear the Secretary of State.

Mr Gill: I am grateful.""",
        [
            "Louise Hartnell: I beg to move that the Bill be read a second time.",
            "Amrit Gill: Will the right hon. Lady give way?",
            "Louise Hartnell: I will give way once.",
            "Members: Hear, hear!",
            "Ruth Okafor: Order. Let us hear the Secretary of State.",
            "Amrit Gill: I am grateful.",
        ],
    ),
    "interjections": (
        """Senator WREN: The reef is dying because—

Government senators: It is not.

Senator WREN: —because nobody will act.

Senator TULLY: I will.""",
        [
            "Wren: The reef is dying because—",
            "Government senators: It is not.",
            "Wren: —because nobody will act.",
            "Tully: I will.",
        ],
    ),
    "radio": (
        """GRETA LUNDE, host: From the harbour, good morning. Is the ice safe?

PAVEL ORSIK reporting: Not yet, Greta.

Mr. TOM ADEYEMI (Skipper): I turned back at six.

LUNDE: Who warned you?

Mr. ADEYEMI: My own eyes.""",
        [
            "Greta Lunde: From the harbour, good morning. Is the ice safe?",
            "Pavel Orsik: Not yet, Greta.",
            "Tom Adeyemi: I turned back at six.",
            "Greta Lunde: Who warned you?",
            "Tom Adeyemi: My own eyes.",
        ],
    ),
    "captions": (
        """>> MODERATOR: Welcome, everybody.
>> Can you hear me?
>> MODERATOR: We can. Let us begin with the school budget.
>> LUCIA FERRANTE: I brought the figures.""",
        [
            "MODERATOR: Welcome, everybody.",
            "?: Can you hear me?",
            "MODERATOR: We can. Let us begin with the school budget.",
            "Lucia Ferrante: I brought the figures.",
        ],
    ),
    "time codes": (
        """00:12 Ingrid Solberg: When did the glacier start to move?
00:19 Teo Marquez: In the spring, I think.
00:25 Ingrid Solberg: Were you there?
[00:31] Teo Marquez: I was there for all of it.""",
        [
            "Ingrid Solberg: When did the glacier start to move?",
            "Teo Marquez: In the spring, I think.",
            "Ingrid Solberg: Were you there?",
            "Teo Marquez: I was there for all of it.",
        ],
    ),
    "time codes behind the name": (
        """Speaker 1 (00:04):
What did you see from the road?

Speaker 2 (00:09):
A light, and then nothing.

We waited for an hour.

Speaker 1 (00:21):
Did you call anybody?""",
        [
            "Speaker 1: What did you see from the road?",
            "Speaker 2: A light, and then nothing. We waited for an hour.",
            "Speaker 1: Did you call anybody?",
        ],
    ),
    "court": (
        """Q. Where were you on the night of March 4?
A. I was in the kitchen.
I heard a crash.
Q. What did you do then?
A. I called my sister.""",
        [
            "Q: Where were you on the night of March 4?",
            "A: I was in the kitchen. I heard a crash.",
            "Q: What did you do then?",
            "A: I called my sister.",
        ],
    ),
    "questions and answers with an introduction": (
        """The novelist Petra Lindqvist has written about bees for thirty years. The Coast Courier spoke to her at home.

Q: Why bees?

A: Because they were there.

Q: Do they know you?

A: I like to think so.""",
        [
            "Coast Courier: Why bees?",
            "Petra Lindqvist: Because they were there.",
            "Coast Courier: Do they know you?",
            "Petra Lindqvist: I like to think so.",
        ],
    ),
    "briefing": (
        """Press briefing by Defence Secretary Ines Albrecht, June 9

SECRETARY ALBRECHT: Good morning. I have a short statement. [Coughs.]

We have moved two ships.

Q    Madam Secretary, which ships?

SECRETARY ALBRECHT: No. (Laughter.) I will not name them.

11:20 A.M. EDT""",
        [
            "Ines Albrecht: Good morning. I have a short statement. We have moved two ships.",
            "Q: Madam Secretary, which ships?",
            "Ines Albrecht: No. I will not name them.",
        ],
    ),
    "names on lines of their own": (
        """Mara Quist
I never wanted the prize.

Owen Pratt
Then why did you enter?

Mara Quist
My editor sent it in.

I found out in June.

Owen Pratt
And did you forgive her?""",
        [
            "Mara Quist: I never wanted the prize.",
            "Owen Pratt: Then why did you enter?",
            "Mara Quist: My editor sent it in. I found out in June.",
            "Owen Pratt: And did you forgive her?",
        ],
    ),
    "small letters and particles": (
        """Brandvold: Did the snow reach the door?

de la Torre: It reached the roof.

Brandvold: Who dug you out?

van Houten: I did.

Brandvold: Good.""",
        [
            "Brandvold: Did the snow reach the door?",
            "de la Torre: It reached the roof.",
            "Brandvold: Who dug you out?",
            "van Houten: I did.",
            "Brandvold: Good.",
        ],
    ),
    "a long turn": (
        """SOLBERG: Good evening. Commissioner, the floor is yours.

MARQUEZ: Thank you. The tunnel was dug in 1927.

It took four years.

Nine men died.

The lining was brick.

Water came in each spring.

Last spring it did not stop.

SOLBERG: Thank you. Will it open?

MARQUEZ: It will.

Give it a year.""",
        [
            "Solberg: Good evening. Commissioner, the floor is yours.",
            "Marquez: Thank you. The tunnel was dug in 1927. It took four years. Nine men died. The lining was brick. "
            "Water came in each spring. Last spring it did not stop.",
            "Solberg: Thank you. Will it open?",
            "Marquez: It will. Give it a year.",
        ],
    ),
    "bold questions of Markdown": (
        """# Ten questions for Jonas Weir

Jonas Weir has kept the lighthouse at Brack Point since 1998. He spoke to us over tea.

**What is the hardest part of the job?**

The winters. I count the days until March.

**Do you ever get lonely?**

Never. I have the gulls, and my radio.""",
        [
            "?: What is the hardest part of the job?",
            "Jonas Weir: The winters. I count the days until March.",
            "?: Do you ever get lonely?",
            "Jonas Weir: Never. I have the gulls, and my radio.",
        ],
    ),
    "an examination in court": (
        """DIRECT EXAMINATION

BY MS. HALLORAN:

Q. What is your trade?

A. I mend clocks.

MR. STROUD: Objection, Your Honor.

THE COURT: Overruled. You may go on.

Q. Did you mend this one?

A. I did.""",
        [
            "Halloran: What is your trade?",
            "A: I mend clocks.",
            "Stroud: Objection, Your Honor.",
            "COURT: Overruled. You may go on.",
            "Halloran: Did you mend this one?",
            "A: I did.",
        ],
    ),
    "captions of a video": (
        """WEBVTT

1
00:00:01.000 --> 00:00:04.000
HOST: Where were you born?

2
00:00:04.500 --> 00:00:09.000
MARLOW: In a village by the sea.

3
00:00:09.500 --> 00:00:12.000
HOST: Do you go back?""",
        ["HOST: Where were you born?", "Marlow: In a village by the sea.", "HOST: Do you go back?"],
    ),
    "questions of one outlet": (
        """DW: Ms Roca, you sailed alone for a year. Why?

Ines Roca: Because nobody asked me not to.

DW: What did you eat?

Roca: Rice, mostly. I fished when I could.""",
        [
            "Deutsche Welle: Ms Roca, you sailed alone for a year. Why?",
            "Ines Roca: Because nobody asked me not to.",
            "Deutsche Welle: What did you eat?",
            "Ines Roca: Rice, mostly. I fished when I could.",
        ],
    ),
    "two leaders": (
        """Remarks by President Ada Keel and Prime Minister Noor Aziz in Joint Press Conference

PRESIDENT KEEL: Good afternoon. It is good to see a friend.

PRIME MINISTER AZIZ: Thank you, Ada. We come with good news.

PRESIDENT KEEL: Only good news?""",
        [
            "Ada Keel: Good afternoon. It is good to see a friend.",
            "Noor Aziz: Thank you, Ada. We come with good news.",
            "Ada Keel: Only good news?",
        ],
    ),
    "bare questions and an outlet in the introduction": (
        """The Kestrel spoke with the singer Bola Adeyemi before her show in Leeds.

How do you start a song?

With the last line. I always know how it ends.

And the first line?

It comes when I walk.

What will you play tonight?

I never tell. My band finds out on stage.

Bola Adeyemi plays the Leeds Arena on Friday.""",
        [
            "Kestrel: How do you start a song?",
            "Bola Adeyemi: With the last line. I always know how it ends.",
            "Kestrel: And the first line?",
            "Bola Adeyemi: It comes when I walk.",
            "Kestrel: What will you play tonight?",
            "Bola Adeyemi: I never tell. My band finds out on stage.",
        ],
    ),
    "an interviewer without labels": (
        """We spoke to Jonas Weir, the keeper of the lighthouse.

Weir: I came here in 1998, for a week.

And you stayed?

Weir: I stayed.

What did your family say?

Weir: They said that I would be back by Easter.""",
        [
            "Jonas Weir: I came here in 1998, for a week.",
            "?: And you stayed?",
            "Jonas Weir: I stayed.",
            "?: What did your family say?",
            "Jonas Weir: They said that I would be back by Easter.",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_each_turn_is_whole_and_its_speakers(text: str, expected: list[str], pipeline: Any) -> None:
    """Labels, stage directions and time codes are in no turn, and short labels mean the same as full ones."""
    assert expected == turns_of(text, pipeline)


@pytest.mark.parametrize(
    "text",
    [
        "Weather\n\nMonday: Rain in the north. You will need a coat.\n\nTuesday: We expect sun.\n\nMonday: Rain.",
        "Myth: You catch flu from the jab.\n\nFact: You do not.\n\nMyth: I need none.\n\nFact: You do, each year.",
        "Soup\n\nServes: 4 people.\n\nIngredients: lentils, salt.\n\nMethod: Fry it.\n\nNote: You can freeze it.",
        "Results\n\nQ3: profit rose 4% to £3m.\n\nQ4: profit is to fall.\n\nQ1: revenue was flat.",
        "Dunmore 2, Harwick 1\nScorers: Pell, Hale; Quill\nHarwick: Moss, Bren, Vance.\nDunmore: Gill, Roe, Taylor.",
        "The board\n\nMara Quist\nOwen Pratt\nInes Falk\nMara Quist\nOwen Pratt\n\nAll of them were elected in May.",
        "What now?\n\nThe bridge is shut until May.\n\nWho pays?\n\nThe county.\n\nWhy did it fall?\n\nNobody knows.",
        "June 4: We opened the hall.\n\nJuly 9: I left for the coast.\n\nJune 4: Fire in the hall.\n\nMay 2: Rain.",
        "The council met.\n\nNote: This story has been corrected. An earlier version was wrong.\n\nPhoto: A. Pell.",
        "A man was held.\n\nA woman was not.\n\nQ Magazine closed in 2020.\n\nQ Branch is a room at the museum.",
        "Present: Holt, Quist.\n\nPlanning: We vote in May.\n\nFinance: Agreed.\n\nPlanning: The hall is sold.",
        "Theatre: We liked the play.\n\nFootball: You should have seen it.\n\nTheatre: Tickets are left.",
        "He gave an interview to the station.\n\nWhat was he thinking?\n\nHe said: “I had to see him.”\n\nAnd his "
        "aides?\n\n“We knew,” one of them told the station.\n\nWho pays?\n\n“I do,” he says.",
        "Step one: You mix the flour.\n\nStep two: You let it rest.\n\nStep one: We did this yesterday.",
    ],
)
def test_lists_tables_and_notes_are_no_transcript(text: str, pipeline: Any) -> None:
    """Lines that only look like labels make no turns."""
    assert [] == turns_of(text, pipeline)


def test_a_role_is_the_labels_own(pipeline: Any) -> None:
    """A label's description of a speaker holds for all turns."""
    text = "ANN LOPES, host: Is it shut?\n\nBO CHO (Skipper): It is.\n\nLOPES: Since when?\n\nCHO: I cannot say."
    [record] = pipeline.read(SourceText("radio", text))
    assert ["host", "Skipper"] * 2 == [q.speaker.role for q in record.quotes if q.speaker]


def test_questions_that_a_page_sets_in_bold_are_the_outlets(pipeline: Any, tmp_path: Path) -> None:
    """Bold paragraphs ask, those below answer; an interview's title names the person."""
    page = tmp_path / "interview.html"
    page.write_text(
        "<html><head><title>Interview: Ruth Okafor on the reef</title>"
        '<meta property="og:site_name" content="The Reef Gazette"></head><body><article>'
        "<h1>Interview: Ruth Okafor on the reef</h1>"
        "<p>Ruth Okafor is the warden of the reef at Harwick. She has dived there since she was nine.</p>"
        "<p><b>Is the reef dying?</b></p><p>It is changing. I would not say dying.</p>"
        "<p><strong>Tell us about the spring.</strong></p><p>The water was warm, and the fish had gone.</p>"
        "<p><strong>Who can help?</strong></p><p>All of us. My own children count the crabs.</p>"
        "<p>Ruth Okafor's book is out in May.</p></article></body></html>",
        encoding="utf-8",
    )
    [source] = [s for s in read(str(page)) if isinstance(s, SourceText | Page)]
    [record] = pipeline.read(source)
    assert [
        "The Reef Gazette: Is the reef dying?",
        "Ruth Okafor: It is changing. I would not say dying.",
        "The Reef Gazette: Tell us about the spring.",
        "Ruth Okafor: The water was warm, and the fish had gone.",
        "The Reef Gazette: Who can help?",
        "Ruth Okafor: All of us. My own children count the crabs.",
    ] == turns(record)


@pytest.mark.parametrize(
    "shape",
    [
        "<p><em>{q}</em></p><p>{a}</p>",
        "<h3>{q}</h3><p>{a}</p>",
        "<p><span><b>{q}</b></span></p><p>{a}</p>",
        "<p><strong>{q}</strong><br>{a}</p>",
        "<p><strong>{q}</strong> {a}</p>",
        "<dl><dt>{q}</dt><dd>{a}</dd></dl>",
        "<div><b>{q}</b></div><div>{a}</div>",
    ],
)
def test_however_a_page_sets_its_questions(shape: str, pipeline: Any, tmp_path: Path) -> None:
    """Italics, headings, bold lines and bold beginnings of lines ask; a prompt without a question mark, too."""
    asked = ["Is the reef dying?", "Tell us about the spring.", "Who can help?", "Will you stay?"]
    told = ["It is changing, I would say.", "My fish had gone.", "All of us. My children count crabs.", "I will."]
    intro = "<p>Ruth Okafor is the warden of the reef at Harwick. She has dived there since she was nine.</p>"
    body = "".join(shape.format(q=q, a=a) for q, a in zip(asked, told, strict=True))
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>Ruth Okafor: the reef changes</title></head><body><article>"
        f"<h1>Ruth Okafor: the reef changes</h1>{intro}<p>We spoke to her at the harbour in May.</p>{body}"
        "</article></body></html>",
        encoding="utf-8",
    )
    [source] = [s for s in read(str(page)) if isinstance(s, SourceText)]
    [record] = pipeline.read(source)
    expected = [x for q, a in zip(asked, told, strict=True) for x in (f"?: {q}", f"Ruth Okafor: {a}")]
    assert expected == turns(record)


def test_a_quoted_transcript_does_not_run_on(pipeline: Any) -> None:
    """A stage direction that opens with the quotation's mark belongs to no turn."""
    text = (
        "“HARTE: Will you come?\n\n“OYELARAN: I said that I would.\n\n“(CROSSTALK.)\n\n“HARTE: If I may, sir.\n\n"
        "“OYELARAN: We will see."
    )
    assert [
        "Harte: Will you come?",
        "Oyelaran: I said that I would.",
        "Harte: If I may, sir.",
        "Oyelaran: We will see.",
    ] == (turns_of(text, pipeline))


def test_a_markdown_file_keeps_what_it_emphasises(pipeline: Any, tmp_path: Path) -> None:
    """A bold line without a question mark asks, too, where others do; an italic note at the end is nobody's."""
    page = tmp_path / "interview.md"
    page.write_text(
        "*Our reporter met the sailor Ines Roca in Cadiz.*\n\n**You sailed alone. Why?**\n\nNobody asked me not to.\n\n"
        "**What did you eat?**\n\nRice. I fished when I could.\n\n**Tell me about the storm.**\n\nI sang.\n\n"
        "*Ines Roca's book is out in May.*\n",
        encoding="utf-8",
    )
    [source] = [s for s in read(str(page)) if isinstance(s, SourceText)]
    [record] = pipeline.read(source)
    assert [
        "?: You sailed alone. Why?",
        "Ines Roca: Nobody asked me not to.",
        "?: What did you eat?",
        "Ines Roca: Rice. I fished when I could.",
        "?: Tell me about the storm.",
        "Ines Roca: I sang.",
    ] == turns(record)


def test_what_a_turn_tells_of_others_is_theirs(pipeline: Any) -> None:
    """Reported speech within a turn is a separate statement; "I" is the speaker of the turn."""
    text = "Okafor: Who told you?\n\nGill: My brother said that the road was shut. I said: “We walk.”\n\nOkafor: And?"
    [record] = pipeline.read(SourceText("turns", text))
    inner = {q.text: q.speaker.name for q in record.quotes if q.speaker and "label" not in (q.pattern or "")}
    assert {"the road was shut": "My brother", "“We walk.”": "Gill"}.items() <= {
        k.removeprefix("that "): v for k, v in inner.items()
    }.items()


def test_questions_without_a_named_asker(pipeline: Any) -> None:
    """A question that begins with "Who" credits nobody."""
    text = "Okafor: Who told you to go there?\n\nGill: Nobody.\n\nOkafor: Who asked him to shut it?"
    [record] = pipeline.read(SourceText("turns", text))
    assert {"Okafor", "Gill"} == {q.speaker.name for q in record.quotes if q.speaker}


SPEECHES = {
    "a letter behind a colon": (
        """Chancellor Ada Birch resigned on Monday after the inquiry found her ministry at fault.

Read her letter in full:

Dear Prime Minister,

I write to tell you that I am leaving the government today.

The bridge was my charge. I did not listen when the engineers wrote to me in May.

To the families I can only say that I am sorry.

Birch said later that she would stay in parliament.""",
        "Ada Birch",
        ["Dear Prime Minister,", "To the families I can only say that I am sorry."],
        4,
    ),
    "remarks": (
        """Remarks by President Otto Keel at the opening of the museum

Thank you. Thank you all. (Applause.)

We began this house nine years ago, with nothing but a field.

My mother would have liked it. She swept floors in a museum like this one.""",
        "Otto Keel",
        ["Thank you. Thank you all.", "My mother would have liked it. She swept floors in a museum like this one."],
        3,
    ),
    "a title and a salutation": (
        """Prince Leopold's speech in full

Prince Leopold spoke to the nation on Sunday night.

My fellow citizens, this has been a hard year.

I have seen the flooded farms.

You have shown what we can be.

The palace said the prince wrote the speech himself.""",
        "Prince Leopold",
        ["My fellow citizens, this has been a hard year.", "You have shown what we can be."],
        3,
    ),
    "a statement in quotation marks": (
        """The mayor, Tomas Reyes, apologised to residents on Friday.

His full statement reads:

"I was too slow. I should have closed the road on Monday.

"I have asked the engineers for a report, and I will publish it.

"To those who lost their homes, my office is open day and night."

Our next issue is out on Tuesday. We have asked for the report.""",
        "Tomas Reyes",
        [
            "I was too slow. I should have closed the road on Monday.",
            '"To those who lost their homes, my office is open day and night."',
        ],
        3,
    ),
}


@pytest.mark.parametrize(("text", "speaker", "ends", "count"), SPEECHES.values(), ids=SPEECHES.keys())
def test_a_speech_printed_whole_is_the_speakers(
    text: str, speaker: str, ends: list[str], count: int, pipeline: Any
) -> None:
    """Each paragraph is a separate statement, until the article mentions the speaker again."""
    [record] = pipeline.read(SourceText("speech", text))
    said = [q for q in record.quotes if q.pattern == "en-speech-whole"]
    assert ends == [said[0].text, said[-1].text]
    assert [(speaker, "direct")] * count == [(q.speaker and q.speaker.name, q.type) for q in said]


@pytest.mark.parametrize(
    "text",
    [
        "Read more: the mayor's speech in full\n\nThe mayor opened the bridge.\n\nHundreds came.\n\nIt cost £4m.",
        "Budget statement in full\n\nIt runs to 400 pages.\n\nWe list the points.\n\nRoads get less.\n\nAsk us soon.",
    ],
)
def test_a_link_to_a_speech_is_not_a_speech(text: str, pipeline: Any) -> None:
    """A line that only promises a speech does not change the reporter's paragraphs."""
    [record] = pipeline.read(SourceText("speech", text))
    assert [] == [q.text for q in record.quotes if q.pattern == "en-speech-whole"]


LIVE = """11:05
Harbour shut

The harbour master, Nils Berg, told reporters: “No boat will leave.”

11:32 GMT
‘The roof went first’

Baker Anna Kessler told our reporter: “The roof went first, then the oven.”

2.15pm ‘I held on to the door’

Postman Uwe Lind was caught outside. “I held on to the door,” he said."""


def test_the_headline_of_a_live_reports_entry_is_whose_words_follow(pipeline: Any) -> None:
    """After a time stamp nothing is credited to the speaker of the previous entry."""
    [record] = pipeline.read(SourceText("live", LIVE))
    said = {q.text: q.speaker.name for q in record.quotes if q.speaker and q.type == "direct"}
    assert {
        "“No boat will leave.”": "Nils Berg",
        "‘The roof went first’": "Anna Kessler",
        "“The roof went first, then the oven.”": "Anna Kessler",
        "‘I held on to the door’": "Uwe Lind",
        "“I held on to the door,”": "Uwe Lind",
    } == said


REPORTED = {
    "03-label-stage.txt": ["Hale", "O'Driscoll", "Hale", "O'Driscoll", "McGee", "McGee", "Solnica-Krezel", "Hale"],
    "04-congress.txt": ["Travers", "Delacroix", "Okoye", "Lee", "Travers"],
    "53-numbered-speakers.txt": ["1", "2", "1", "2"],
    "54-interjection.txt": ["Brant", "senators", "Brant", "Mbeki"],
    "55-npr-labels.txt": ["Brent", "Proffer", "Sturm", "Brent", "Sturm"],
    "56-captions.txt": ["Hale", "Pell", "?", "Hale", "Pell"],
    "57-timecodes.txt": ["Hale", "Pell", "Hale", "Pell"],
    "58-q-dot-a-dot.txt": ["Q", "A", "Q", "A"],
    "59-bold-interview.html": ["?", "Pell", "?", "Pell"],
    "60-long-turn-paragraphs.txt": ["Hale", "Pell", "Hale", "Pell"],
    "61-briefing-q.txt": ["Pell", "Q", "Pell", "Q", "Pell"],
    "66-small-particle-label.txt": ["Hale", "O'Driscoll", "Hale", "Berg", "Hale"],
    "67-uk-hansard.txt": ["Pell", "Birch", "Pell", "Speaker"],
    "small/min_qa.txt": ["Q", "A", "Q", "A"],
}


@pytest.mark.parametrize("name", REPORTED)
def test_the_reports_come_out_right(name: str, pipeline: Any) -> None:
    """The users' reports beside the checkout: each turn has its speaker."""
    if not (REPORTS / name).is_file():
        pytest.skip(f"the reports of users are not beside this checkout ({REPORTS / name})")
    [source] = [s for s in read(str(REPORTS / name)) if isinstance(s, SourceText)]
    [record] = pipeline.read(source)
    assert REPORTED[name] == [t.partition(":")[0].split(" ")[-1] for t in turns(record)]
