"""Capitalised runs and what they are: "Lt. Gen. Michael Flynn" is a rank and a name. Strings only, no parser.

`find_forms` is the one way in: it yields each name of a text, taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from attrs import evolve, frozen

from quotes.extraction.speakers.titles import SPACES, WORD, Gender, courtesies, given_gender, title_words
from quotes.lexicon import Lexicon
from quotes.records import Span
from quotes.text.spans import in_spans

EntityKind = Literal["person", "organization", "place", "unknown"]

LINE = re.compile(r"[^\n\r]+")
# Longer runs are headlines, lists or shouting; no name is so long.
LONGEST_RUN = 14


@frozen
class Run:
    """Capitalised words in a row. `spots` are their offsets; `opens` is true at a sentence's start."""

    words: tuple[str, ...]
    spots: tuple[Span, ...]
    opens: bool = False
    possessive: bool = False


@frozen
class NameForm:
    """A run taken apart: what stands before the name, the name, and what the words alone tell of it."""

    title: tuple[str, ...]
    words: tuple[str, ...]
    start: int
    end: int
    kind: EntityKind
    gender: Gender | None = None
    possessive: bool = False
    opens: bool = False


def bare(word: str) -> str:
    """Return a word in the shape that names are compared by: lower case, no full stops, no "al-", no marks."""
    low = word.lower().replace(".", "").replace("’", "'").strip("\"'“”‘()")
    return low[3:] if low.startswith(("al-", "el-")) and len(low) > 4 else low


def unpossessive(word: str) -> str:
    """Return a word without its 's."""
    return word[:-2] if word.endswith(("'s", "’s", "'S", "’S")) else word


def find_runs(text: str, *, body: Span, lexicon: Lexicon) -> Iterator[Run]:
    """Yield the runs of capitalised words of a text's slice, line by line, in order."""
    for line in LINE.finditer(text, body.start, body.end):
        yield from _line_runs(text, line.start(), line.end(), lexicon)


def _line_runs(text: str, low: int, high: int, lexicon: Lexicon) -> Iterator[Run]:
    particles, connectors = lexicon.word_set("names-particle"), lexicon.word_set("names-org-connector")
    joined = lexicon.word_set("names-joined-particle")
    words: list[str] = []
    spots: list[Span] = []
    pending: list[tuple[str, Span]] = []
    last_end, possessive = low, False
    for found in WORD.finditer(text, low, high):
        word = found.group()
        gap = text[last_end : found.start()] if found.start() - last_end <= 4 else "\n"
        joins = bool(words) and not possessive and _joins(gap, pending[-1][0] if pending else words[-1], word, lexicon)
        if gap[:1] in SPACES and words and not pending and (nick := _nickname(text, found, words[-1], high, lexicon)):
            words.append(text[nick.start : nick.end])
            spots.append(nick)
            last_end = nick.end
            continue
        capital = word[0].isupper() or _joined_particle(word, joined)
        if words and not (joins and (capital or (len(pending) < 3 and word in particles | connectors))):
            yield _run(text, words, spots, possessive, low)
            words, spots, pending, possessive = [], [], [], False
            joins = False
        last_end = found.end()
        if not capital:
            if joins and (word in particles or _takes_connector(words, lexicon)):
                pending.append((word, Span(found.start(), found.end())))
            elif words:
                yield _run(text, words, spots, possessive, low)
                words, spots, pending, possessive = [], [], [], False
            continue
        for held, spot in pending:
            words.append(held)
            spots.append(spot)
        pending = []
        if joins and gap[0] == "." and not words[-1].endswith("."):
            words[-1] += "."
            spots[-1] = Span(spots[-1].start, spots[-1].end + 1)
        if joins and gap.strip() == "&":
            words.append("&")
            spots.append(Span(found.start() - 2, found.start() - 1))
        stem = unpossessive(word)
        possessive = stem != word
        words.append(stem)
        spots.append(Span(found.start(), found.start() + len(stem)))
        if (stem in ("Jr", "Sr") or stem[-2:-1] == ".") and text.startswith(".", found.end()):
            words[-1] += "."
            spots[-1] = Span(found.start(), found.end() + 1)
            last_end += 1
    if words:
        yield _run(text, words, spots, possessive, low)


def _joins(gap: str, before: str, word: str, lexicon: Lexicon) -> bool:
    """Tell whether two words belong to one run: a space, "J. ", "Lt. ", " & ", ", Jr"."""
    if gap in SPACES or gap == " & ":
        return True
    if gap[:1] == "." and gap[1:] in SPACES:
        low = before.lower()
        return len(before) == 1 or "." in before or low in lexicon.word_set("names-abbreviation")
    return gap == ", " and word.lower() in lexicon.word_set("names-suffix")


def _nickname(text: str, found: re.Match[str], before: str, high: int, lexicon: Lexicon) -> Span | None:
    """Return a nickname between given name and surname, with its marks: William “Bud” Harlan."""
    start, end = found.start() - 1, found.end() + 1
    if text[start : start + 1] not in NICK_MARKS or text[found.end() : end] != NICK_MARKS[text[start]]:
        return None
    # "Corazon "Cora" Lim": double marks around one word within a name; "John 'Jack' Roe": after a given name alone.
    named = text[start] in '"“' or before.lower() in given_gender(lexicon)
    named = named and text[start - 1] in SPACES and text[end : end + 1] in SPACES
    return Span(start, end) if named and end + 1 < high and text[end + 1].isupper() and len(found.group()) > 2 else None


NICK_MARKS = {'"': '"', "“": "”", "‘": "’", "'": "'", "(": ")"}


def _joined_particle(word: str, particles: frozenset[str]) -> bool:
    """Tell whether a small particle is joined to a name: "el-Sherif", "d’Estaing"."""
    head, mark, rest = word.replace("’", "-").replace("'", "-").partition("-")
    return bool(mark) and rest[:1].isupper() and head in particles


def _takes_connector(words: list[str], lexicon: Lexicon) -> bool:
    """Tell whether a name goes on through a small word: "Ministry of", "Securities and"."""
    heads = lexicon.word_set("names-org-head")
    return any(w.lower() in heads for w in words[-4:])


def _run(text: str, words: list[str], spots: list[Span], possessive: bool, low: int) -> Run:
    start = spots[0].start
    before = text[max(low, start - 4) : start].rstrip(" \u00a0\"'“”‘’([-–—")
    opens = not before if start - low <= 4 else (not before or before[-1] in ".!?:")
    return Run(tuple(words), tuple(spots), opens, possessive)


def name_form(run: Run, *, lexicon: Lexicon, common: frozenset[str] = frozenset()) -> NameForm | None:
    """Take a run apart, or return None where it names nobody ("On Monday").

    Args:
        run: the capitalised words.
        lexicon: the language's word lists.
        common: words that the article also prints in lower case; they open sentences, not names.
    """
    titles, given = title_words(lexicon), given_gender(lexicon)
    not_name = lexicon.word_set("names-not-name")
    kept = _SMALL | lexicon.word_set("names-org-word")
    low = [w.lower().rstrip(".") for w in run.words]
    first, last = 0, len(low)
    if run.words[-1] in lexicon.word_set("names-capital-acronym") and low[:-1] in ([], ["the"]):
        # "The WHO": no pronoun, since the word before is none in capitals.
        body = run.spots[-1]
        return NameForm((), run.words[-1:], body.start, body.end, "organization", None, run.possessive)
    while first < last and low[first] in not_name and low[first] not in titles and low[first] not in given:
        first += 1
    modifiers = lexicon.word_set("names-compound-modifier")
    while first < last - 1 and "-" in low[first] and low[first].rsplit("-", 1)[-1] in modifiers:
        first += 1
    # "Brothers Omar and Sami Haddad": what the two are to each other is no name.
    first += first < last - 1 and low[first] in lexicon.word_set("names-kin-plural") and low[first + 1] in given
    for i in range(first + 1, last):
        if low[i] in not_name and low[i] not in titles and low[i - 1] not in given and low[i] not in kept:
            last = i
            break
    while last > first and (low[last - 1] in _SMALL or run.words[last - 1].islower()):
        last -= 1
    if first >= last:
        return None
    if run.opens and first == 0 and low[0] in common and low[0] not in given and low[0] not in titles:
        first += 1
        if first == last:
            return None
    if run.opens and first == 0 and last > 2 and low[0].endswith("ing") and low[0] not in given and low[1] in given:
        # "Entrusting Ana Lee with it".
        first = 1
    cut, gender = _title_cut(low, first, last, lexicon)
    if cut == first == 0 and run.opens and last > 2 and low[0] not in given:
        # "Critic Pieter Vos", "Chipmaker Helion Semiconductors": what opens a sentence with a capital may be a trade.
        suffixes = tuple(lexicon.words["names-role-suffix"])
        cut = 1 if low[0] in lexicon.word_set("names-role-noun") or low[0].endswith(suffixes) else 0
    person = not any(w in lexicon.word_set("names-org-word") for w in low[cut:last])
    if person and cut < last - 1 and low[cut] in lexicon.word_set("names-adjective") and low[cut] not in given:
        cut += 1
    # "Canadian Minister" and "Chief Executive" name an office; "John Major" has a given name before it.
    addressed = cut == last - 1 > first and low[cut] in lexicon.word_set("names-vocative")
    office = cut == last - 1 > first and low[cut] in titles and not _courteous(low[first:cut], lexicon)
    if cut >= last or addressed or office:
        return None
    words = run.words[cut:last]
    kind = _kind(words, low[cut:last], titled=cut > first, lexicon=lexicon)
    if kind == "person" and gender is None:
        gender = given.get(low[cut])
    owns, opens = run.possessive and last == len(run.words), run.opens and first == 0
    return NameForm(
        run.words[first:cut], words, run.spots[cut].start, run.spots[last - 1].end, kind, gender, owns, opens
    )


_SMALL = frozenset({"of", "for", "on", "and", "the", "a", "in", "to", "&"})


def _courteous(words: list[str], lexicon: Lexicon) -> bool:
    """Tell whether a courtesy stands before a name, so that "Mr. Dean" and "Dr. Judge" are people."""
    return bool(words) and words[-1] in courtesies(lexicon)


def _title_cut(low: list[str], first: int, last: int, lexicon: Lexicon) -> tuple[int, Gender | None]:
    """Return where the name begins after its titles, and the gender they tell."""
    titles, suffixes = title_words(lexicon), lexicon.word_set("names-suffix")
    given, orgs = given_gender(lexicon), lexicon.word_set("names-org-word")
    gender: Gender | None = None
    cut = first
    for i in range(first, last - 1):
        left = [w for w in low[i + 1 : last] if w not in suffixes]
        # "Earl Stubbs" and "Don Leland" have a given name; "Earl Jon Stubbs" is an earl.
        if low[i] in given and len(left) == 1:
            continue
        if low[i].rsplit("-", 1)[-1] in titles and left:
            if any(w in orgs for w in left) and low[last - 1] not in titles and not any(w in given for w in left):
                continue
            cut, gender = i + 1, titles.get(low[i]) or gender
    return cut, gender


def _kind(words: Sequence[str], low: Sequence[str], *, titled: bool, lexicon: Lexicon) -> EntityKind:
    if all(w in lexicon.word_set("names-place") for w in low):
        return "place"
    given = given_gender(lexicon)
    orgs = lexicon.word_set("names-org-word")
    if any(w in orgs for w in low) and not (low[0] in given and len(low) == 2):
        return "organization"
    if titled or (len(low) > 1 and low[0] in given) or (len(low) > 2 and len(low[1]) == 1 and low[1] != "&"):
        return "person"
    if "&" in low:
        return "organization"
    if len(words) == 1 and len(words[0]) > 1 and words[0].replace(".", "").replace("&", "").isupper():
        return "organization"
    if len(words) == 1 and any(c.isupper() for c in words[0][2:]) and not low[0].startswith(("mc", "mac", "du", "de")):
        return "organization" if "-" not in low[0] else "unknown"
    return "unknown"


def is_headline(line: str, *, lexicon: Lexicon) -> bool:
    """Tell whether a line is set in capitals, all of it or word by word but for the small words."""
    small = lexicon.word_set("names-not-name") - lexicon.word_set("names-speech-verb")
    words = [w for w in WORD.findall(line[:400]) if len(w) > 3]
    plain = [w for w in words if not w[0].isupper()]
    return len(words) > 3 and len(plain) < 0.25 * len(words) and all(w in small for w in plain)


def datelines(text: str, body: Span, lexicon: Lexicon) -> list[Span]:
    """Return the places that stand before a paragraph's first words: "LAGOS, Nigeria (Reuters) - "."""
    return [Span(*m.span()) for m in lexicon.regex("names-dateline").finditer(text, body.start, body.end)]


def find_forms(text: str, body: Span, lexicon: Lexicon) -> Iterator[NameForm]:
    """Yield the names of a text's slice in order; of headlines only what is sure."""
    common = frozenset(w for w in WORD.findall(text, body.start, body.end) if w.islower())
    given, titles = given_gender(lexicon), title_words(lexicon)
    offices = frozenset(titles) | lexicon.word_set("names-role-noun")
    line_end, headline = -1, False
    heads = in_spans(datelines(text, body, lexicon))
    for run in find_runs(text, body=body, lexicon=lexicon):
        if heads(run.spots[0].start):
            continue
        if run.spots[0].start >= line_end:
            low = max(text.rfind("\n", body.start, run.spots[0].start) + 1, body.start)
            line_end = text.find("\n", run.spots[0].start, body.end)
            line_end = body.end if line_end < 0 else line_end
            headline = line_end - low < 300 and is_headline(text[low:line_end], lexicon=lexicon)
        shouted = len(run.words) > 2 and sum(map(len, run.words)) > 10 and all(w.isupper() for w in run.words)
        if headline or shouted or len(run.words) > LONGEST_RUN:
            yield from _headline_forms(run, given)
            continue
        for part in _office_off(text, run, offices, lexicon):
            form = name_form(part, lexicon=lexicon, common=common)
            if form is not None and not _is_partisan(text, part, lexicon):
                yield form


def _is_partisan(text: str, run: Run, lexicon: Lexicon) -> bool:
    """Tell "the Virginia Republican" from a name: an article, a place that may be a given name, and a party."""
    party = run.words[-1].lower() in lexicon.word_set("names-party-noun") and len(run.words) > 1
    return party and text[max(0, run.spots[0].start - 4) : run.spots[0].start].lower() == "the "


def _headline_forms(run: Run, given: dict[str, Gender]) -> Iterator[NameForm]:
    """Yield what a headline surely names: a given name and the word after it."""
    i = 0
    while i < len(run.words) - 1:
        word = run.words[i].lower()
        if word in given and run.words[i + 1][0].isupper() and len(run.words[i + 1]) > 1:
            words = tuple(w.title() if w.isupper() and len(w) > 2 else w for w in run.words[i : i + 2])
            yield NameForm((), words, run.spots[i].start, run.spots[i + 1].end, "person", given[word])
            i += 1
        i += 1


def _office_off(text: str, run: Run, offices: frozenset[str], lexicon: Lexicon) -> Iterator[Run]:
    """Take off what an office is of: "Secretary of State John Kerry", "chief executive of Apple Tim Cook"."""
    start = run.spots[0].start
    found = _OFFICE_OF.search(text, max(0, start - 40), start)
    objects = lexicon.word_set("names-office-object") | _SMALL
    if not found or found.group(1).lower() not in offices | objects:
        yield run
        return
    office = found.group(1).lower() in offices
    low = [w.lower().rstrip(".") for w in run.words]
    given, places, orgs = given_gender(lexicon), lexicon.word_set("names-place"), lexicon.word_set("names-org-word")
    n = 0
    while n < len(low) and low[n] in objects:
        n += 1
    if office and n == len(low):
        return
    if any(w in orgs for w in low[n:]):
        n = 0
    while office and n < len(low) - 1 and low[n] in places:
        n += 1
    if office or n:
        later = (i for i in range(max(n, 1), len(low) - 1) if low[i] in given)
        n = next((i for i in later if not any(w in orgs for w in low[i:])), n)
    yield evolve(run, words=run.words[n:], spots=run.spots[n:], opens=run.opens and n == 0) if n < len(low) else run


_OFFICE_OF = re.compile(r"(?<!\w)(\w+) (?:of|for|and) (?:the )?\Z")
