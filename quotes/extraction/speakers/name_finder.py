"""Analyse runs of capitalised words: "Lt. Gen. Michael Flynn" is a rank and a name. Strings only, no parser.

`find_forms` is the only entry point: it yields each name of a text, analysed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from attrs import evolve, frozen

from quotes.extraction.speakers.name_runs import Run, find_runs, is_headline
from quotes.extraction.speakers.titles import SPACES, WORD, Gender, courtesies, folded, given_gender, title_words
from quotes.lexicon import Lexicon
from quotes.records import Span
from quotes.text.spans import in_spans

EntityKind = Literal["person", "organization", "place", "unknown"]

# The most characters of letters after a name: "MBE, QC".
_LONGEST_SUFFIX = 20
# The most words of a name; longer runs are headlines or lists.
LONGEST_RUN = 14


@frozen
class NameForm:
    """An analysed run: titles, the name, and the evidence in the words themselves."""

    title: tuple[str, ...]
    words: tuple[str, ...]
    start: int
    end: int
    kind: EntityKind
    gender: Gender | None = None
    possessive: bool = False
    opens: bool = False


@lru_cache(maxsize=1 << 15)
def bare(word: str) -> str:
    """Return a word in the form used to compare names: lower case, without accents, full stops, "al-" and marks."""
    low = folded(word).replace(".", "").replace("’", "'").strip("\"'“”‘()")
    return low[3:] if low.startswith(("al-", "el-")) and len(low) > 4 else low


def name_form(
    run: Run,
    *,
    lexicon: Lexicon,
    common: frozenset[str] = frozenset(),
    seen: frozenset[tuple[str, ...]] = frozenset(),
) -> NameForm | None:
    """Analyse a run; return None if it is not a name ("On Monday").

    Args:
        run: the capitalised words.
        lexicon: the language's word lists.
        common: words that the article also prints in lower case, which open sentences, not names.
        seen: the runs of the article, in lower case.
    """
    titles, given = title_words(lexicon), given_gender(lexicon)
    low = [w.lower().rstrip(".") for w in run.words]
    if run.words[-1] in lexicon.names.capital_acronym and low[:-1] in ([], ["the"]):
        # "The WHO": not a pronoun, since the word before is not in capitals.
        body = run.spots[-1]
        return NameForm((), run.words[-1:], body.start, body.end, "organization", None, run.possessive)
    first, last = _core(run.words, low, lexicon)
    end, last = last, _letters_off(run.words, first, last, lexicon)
    if first >= last:
        return None
    of = low[1:2] in (["for"], ["of"])
    if run.opens and first == 0 and low[0] in common and low[0] not in given and low[0] not in titles and not of:
        first = 0 if last == 2 and low[1] in lexicon.names.org_head else 1  # Health Ministry, whole
        if first == last:
            return None
    if run.opens and first == 0 and last > 2 and low[0].endswith("ing") and low[0] not in given and low[1] in given:
        # "Entrusting Ana Lee with it".
        first = 1
    cut, gender = _title_cut(low, first, last, lexicon)
    last = _place_off(low, cut, last)
    titled = cut > first
    cut = _lead_off(low, cut, last, seen, lexicon, opens=run.opens)
    cut, last = _described_off(run, low, Span(cut, last), lexicon, whole=cut == first == 0)
    # "Canadian Minister" and "Chief Executive" name an office; "John Major" has a given name before it.
    addressed = cut == last - 1 > first and low[cut] in lexicon.names.vocative
    office = cut == last - 1 > first and low[cut] in titles and not _courteous(low[first:cut], lexicon)
    if cut >= last or addressed or office:
        return None
    words = run.words[cut:last]
    kind = _kind(words, low[cut:last], titled=titled, lexicon=lexicon)  # a trade may be a company's
    if kind == "person" and gender is None:
        gender = given.get(low[cut])
    owns, opens = run.possessive and end == len(run.words), run.opens and first == 0
    lettered = last < end and run.spots[end - 1].end - run.spots[last - 1].end < _LONGEST_SUFFIX
    whole = run.spots[(end if lettered else last) - 1]
    return NameForm(run.words[first:cut], words, run.spots[cut].start, whole.end, kind, gender, owns, opens)


def _core(words: Sequence[str], low: Sequence[str], lexicon: Lexicon) -> tuple[int, int]:
    """Return the words of a run that may be title and name, without sentence openers and trailing small words."""
    titles, given = title_words(lexicon), given_gender(lexicon)
    not_name, first, last = lexicon.names.not_name, 0, len(low)
    join, orgs = lexicon.names.name_join, lexicon.names.org_word
    listed = " ".join(low) in lexicon.names.known_org
    while first < last and low[first] in not_name:
        if listed or low[first] in titles or low[first] in given:
            break
        first += 1
    modifiers = lexicon.names.compound_modifier
    while first < last - 1 and "-" in low[first] and low[first].rsplit("-", 1)[-1] in modifiers:
        first += 1
    # "Brothers Omar and Sami Haddad": their relation is not part of the name.
    first += first < last - 1 and low[first] in lexicon.names.kin_plural and low[first + 1] in given
    for i in range(first + 1, last):
        word, before = low[i], low[i - 1]
        if word not in not_name or word in titles or before in given or before in titles:
            continue
        if word not in join and word not in orgs and word not in lexicon.names.particle:
            last = i
            break
    while last > first and (low[last - 1] in lexicon.names.name_join or words[last - 1].islower()):
        last -= 1
    return first, last


def _described_off(run: Run, low: Sequence[str], name: Span, lexicon: Lexicon, *, whole: bool) -> tuple[int, int]:
    """Return the words of a name without an adjective or a trade before it; `whole` if nothing was cut yet."""
    given, cut, last = given_gender(lexicon), name.start, name.end
    adjective = last - cut > 1 and low[last - 1] in lexicon.names.adjective
    if adjective and not given.keys() & set(low[cut:last]):
        # "Gigantic Chinese" is not a name.
        last = last if any(w in lexicon.names.org_word for w in low[cut:last]) else cut
    if whole and run.opens and last > 2 and low[0] not in given:
        # "Critic Pieter Vos", "Chipmaker Helion Semiconductors": the first word of a sentence may be a trade.
        suffixes = tuple(lexicon.words["names-role-suffix"])
        cut = 1 if low[0] in lexicon.names.role_noun or low[0].endswith(suffixes) else 0
    person = _kind(run.words[cut:last], low[cut:last], titled=False, lexicon=lexicon) != "organization"
    if person and cut < last - 1 and low[cut] in lexicon.names.adjective and low[cut] not in given:
        cut += 1
    return cut, last


def _letters_off(words: Sequence[str], first: int, last: int, lexicon: Lexicon) -> int:
    """Return where a name ends before the letters after it: Helena Marsh | QC."""
    letters = lexicon.names.postnominal
    while last - first > 2 and words[last - 1].strip(".,") in letters:
        last -= 1
    return last


def _place_off(low: list[str], cut: int, last: int) -> int:
    """Return where a name ends before a place or time: "Tax Policy Center in Washington"."""
    return next((i for i in range(cut + 1, last) if low[i] == "in" and low[i + 1 : i + 2] != ["the"]), last)


def _lead_off(
    low: list[str], cut: int, last: int, seen: frozenset[tuple[str, ...]], lexicon: Lexicon, *, opens: bool
) -> int:
    """Return where a name begins after words that belong to something else: "Ukraine" Kurt Volker.

    The name begins with a given name, or occurs alone elsewhere in the article; the words before it also occur alone,
    or cannot be part of a person's name.
    """
    given, orgs = given_gender(lexicon), lexicon.names.org_word
    for at in range(cut + 1, last):
        rest, lead = low[at:last], low[cut:at]
        if len(rest) == 1 and not (opens and lead[-1] in lexicon.names.role_noun):
            break
        begins = low[at] in given or low[at].split("-")[0] in given or (low[at],) in seen
        personal = (begins or tuple(rest) in seen) and not any(w in orgs for w in rest)
        foreign = (begins and tuple(lead) in seen) or all(w in _no_names(lexicon) for w in lead)
        foreign = foreign and lead[-1] not in lexicon.names.name_join  # Institute for | the Study of War
        if personal and foreign and not any(w in given for w in lead):
            return at
    return cut


@lru_cache(maxsize=8)
def _no_names(lexicon: Lexicon) -> frozenset[str]:
    """Return words before people's names that are not part of them: places, offices, trades, bodies."""
    lists = (
        "names-place", "names-adjective", "names-org-word", "names-org-noun", "names-authority", "names-role-noun",
        "names-party-noun", "names-office-object", "names-group-noun", "names-role-modifier", "names-name-join",
    )  # fmt: skip
    return frozenset().union(*(lexicon.word_set(name) for name in lists), title_words(lexicon))


def _courteous(words: list[str], lexicon: Lexicon) -> bool:
    """Return whether a courtesy precedes a name, so that "Mr. Dean" and "Dr. Judge" are people."""
    return bool(words) and words[-1] in courtesies(lexicon)


def _title_cut(low: list[str], first: int, last: int, lexicon: Lexicon) -> tuple[int, Gender | None]:
    """Return where the name begins after its titles, and the gender that they show."""
    titles, suffixes = title_words(lexicon), lexicon.names.suffix
    given, orgs = given_gender(lexicon), lexicon.names.org_word
    objects = lexicon.names.role_object
    gender: Gender | None = None
    cut = first
    for i in range(first, last - 1):
        left = [w for w in low[i + 1 : last] if w not in suffixes]
        # "Earl Stubbs" and "Don Leland" have a given name; "Earl Jon Stubbs" is an earl.
        if low[i] in given and len(left) == 1:
            continue
        if low[i + 1] in objects and i + 2 < last and low[i + 2] not in given:
            # "United Nations High Commissioner for Human Rights".
            continue
        if low[i].rsplit("-", 1)[-1] in titles and left:
            if any(w in orgs for w in left) and low[last - 1] not in titles and not any(w in given for w in left):
                continue
            cut, gender = i + 1, titles.get(low[i]) or gender
    while first < cut < last - 1 and low[cut] in lexicon.names.rank_grade:
        cut += 1  # Sgt. 1st Class Lee Pardo
    return cut, gender


def _kind(words: Sequence[str], low: Sequence[str], *, titled: bool, lexicon: Lexicon) -> EntityKind:
    if all(w in lexicon.names.place for w in low):
        return "place"
    given = given_gender(lexicon)
    company = low[-1] in lexicon.names.org_ending or low[-1] in lexicon.names.corporate
    if " ".join(low) in lexicon.names.known_org:
        return "organization"
    if len(low) > 1 and company and not titled and low[0] not in given:
        return "organization"
    orgs, inner = lexicon.names.org_word, lexicon.words["names-inner-capital"]
    if any(w in orgs for w in low) and not (low[0] in given and len(low) == 2):
        return "organization"
    if titled or (len(low) > 1 and low[0] in given) or (len(low) > 2 and len(low[1]) == 1 and low[1] != "&"):
        return "person"
    if "&" in low:
        return "organization"
    if len(words) == 1 and len(words[0]) > 1 and words[0].replace(".", "").replace("&", "").isupper():
        return "organization"
    if len(words) == 1 and any(c.isupper() for c in words[0][2:]) and not low[0].startswith(inner):
        return "organization" if "-" not in low[0] else "unknown"
    return "unknown"


@lru_cache(maxsize=8)
def _offices(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(title_words(lexicon)) | lexicon.names.role_noun


@lru_cache(maxsize=8)
def _objects(lexicon: Lexicon) -> frozenset[str]:
    return lexicon.names.office_object | lexicon.names.name_join


def datelines(text: str, body: Span, lexicon: Lexicon) -> list[Span]:
    """Return the places in datelines of paragraphs: "LAGOS, Nigeria (Reuters) - "."""
    return [Span(*m.span()) for m in lexicon.regex("names-dateline").finditer(text, body.start, body.end)]


def find_forms(text: str, body: Span, lexicon: Lexicon) -> Iterator[NameForm]:
    """Yield the names of a span of text in order; from headlines, only certain ones."""
    common = frozenset(w for w in WORD.findall(text, body.start, body.end) if w.islower())
    given, offices = given_gender(lexicon), _offices(lexicon)
    line_end, headline = -1, False
    credits = (Span(*m.span()) for m in lexicon.regex("names-photo-credit").finditer(text, body.start, body.end))
    heads = in_spans([*datelines(text, body, lexicon), *credits])
    runs = list(find_runs(text, body=body, lexicon=lexicon))
    seen = frozenset(map(_low, runs))
    inside = frozenset(_low(run) for run in runs if len(run.words) > 1 and not run.opens)
    full = [low for low in seen if len(low) > 1 and low[0] in given and low[-1] not in title_words(lexicon)]
    surnames = frozenset(low[-1] for low in full if low[-1] in common or low[-1] in lexicon.names.not_name)
    for run in runs:
        if heads(run.spots[0].start):
            continue
        if run.spots[0].start >= line_end:
            low = max(text.rfind("\n", body.start, run.spots[0].start) + 1, body.start)
            line_end = text.find("\n", run.spots[0].start, body.end)
            line_end = body.end if line_end < 0 else line_end
            headline = line_end - low < 300 and is_headline(text[low:line_end], lexicon=lexicon)
        shouted = len(run.words) > 1 and all(w.isupper() and len(w) > 3 for w in run.words)
        shouted |= len(run.words) > 2 and sum(map(len, run.words)) > 10 and all(w.isupper() for w in run.words)
        if headline or shouted or len(run.words) > LONGEST_RUN:
            yield from _headline_forms(run, lexicon)
            continue
        for part in _office_off(text, run, offices, lexicon):
            # "Whole Foods" where no sentence begins.
            printed = frozenset[str]() if _low(part) in inside else common
            form = name_form(part, lexicon=lexicon, common=printed, seen=seen)
            if len(part.words) == 1 and part.words[0].lower() in surnames and _speaks(text, part, lexicon):
                spot = part.spots[0]
                form = NameForm((), part.words, spot.start, spot.end, "unknown", None, part.possessive)
            if form is None or _is_partisan(text, part, lexicon) or _is_office(text, form, offices, lexicon):
                continue
            if not _is_origin(text, form, lexicon):
                yield form


def _low(run: Run) -> tuple[str, ...]:
    return tuple(w.lower().rstrip(".") for w in run.words)


def _speaks(text: str, run: Run, lexicon: Lexicon) -> bool:
    """Return whether a word is the subject of a verb of saying: "Pay says so", "says Early"."""
    start, end = run.spots[0].start, run.spots[-1].end
    after, before = WORD.match(text, end + 1), text[max(0, start - 24) : start].split()
    verbs = lexicon.names.speech_verb
    behind = after is not None and text[end] in SPACES and after.group() in verbs
    return behind or (text[start - 1 : start] in SPACES and bool(before) and before[-1] in verbs)


def _is_partisan(text: str, run: Run, lexicon: Lexicon) -> bool:
    """Return whether a run is like "the Virginia Republican": an article, a place that is a given name, a party."""
    party = run.words[-1].lower() in lexicon.names.party_noun and len(run.words) > 1
    return party and text[max(0, run.spots[0].start - 4) : run.spots[0].start].lower() == "the "


def _is_origin(text: str, form: NameForm, lexicon: Lexicon) -> bool:
    """Return whether a word says where somebody is from, or of which party: "the Norwegian", "its top Republican"."""
    if len(form.words) > 1 or form.title or form.words[0].lower() not in lexicon.names.adjective:
        return False
    before = text[max(0, form.start - 24) : form.start].lower()
    last = before.split()[-1] if before[-1:] == " " and before.strip() else ""
    return last in lexicon.names.determiner or last in lexicon.names.role_modifier


@lru_cache(maxsize=8)
def outlet_names(lexicon: Lexicon) -> frozenset[str]:
    """Return the names of the listed outlets, in lower case, without the article."""
    listed = (name for outlet in lexicon.outlets for name in (outlet.name, *outlet.aliases))
    return frozenset(bare(name).removeprefix("the ") for name in listed)


def is_listed(name: str, lexicon: Lexicon) -> bool:
    """Return whether a name, with or without its article, is that of a listed outlet."""
    return bare(name).removeprefix("the ") in outlet_names(lexicon)


def _is_office(text: str, form: NameForm, offices: frozenset[str], lexicon: Lexicon) -> bool:
    """Return whether words are an office, not a name: "the Minister", Interior Minister, "U.S. Secretary" of State."""
    low = [w.lower() for w in form.words]
    if len(low) > 1 and form.words[-1] in lexicon.names.office_acronym and low[0] not in given_gender(lexicon):
        return True  # one Labour MP
    listed = bare(" ".join(form.words)) in outlet_names(lexicon)
    named = form.kind == "organization" or listed or any(w in given_gender(lexicon) for w in low)
    if named or low[-1] not in offices:
        return False
    if len(low) > 1 and (" ".join(low) in _long_titles(lexicon) or lexicon.names.office_object.issuperset(low[:-1])):
        return True
    before, openers = text[max(0, form.start - 4) : form.start].lower(), lexicon.names.office_opener
    after = text[form.end : form.end + 2]
    alone = len(low) == 1 and ((before[-1:] == " " and before.strip() in openers) or after[1:2].isupper())
    return alone or lexicon.regex("names-office-after").match(text, form.end) is not None


@lru_cache(maxsize=8)
def _long_titles(lexicon: Lexicon) -> frozenset[str]:
    """Return the listed offices of several words, in lower case: foreign minister."""
    held = (word.lower() for title in lexicon.titles if title.kind != "honorific" for word in title.words)
    return frozenset(word for word in held if " " in word)


def _headline_forms(run: Run, lexicon: Lexicon) -> Iterator[NameForm]:
    """Yield the certain names of a headline: a given name and the word after it, but not of "Clinton Says"."""
    given, names, i = given_gender(lexicon), lexicon.names, 0
    while i < len(run.words) - 1:
        word, after = run.words[i].lower(), run.words[i + 1].lower()
        plain = after in names.speech_verb or after in names.not_name
        if word in given and not plain and run.words[i + 1][0].isupper() and len(after) > 1:
            words = tuple(w.title() if w.isupper() and len(w) > 2 else w for w in run.words[i : i + 2])
            yield NameForm((), words, run.spots[i].start, run.spots[i + 1].end, "person", given[word])
            i += 1
        i += 1


def _office_off(text: str, run: Run, offices: frozenset[str], lexicon: Lexicon) -> Iterator[Run]:
    """Cut the area of an office: "Secretary of State John Kerry", "chief executive of Apple Tim Cook"."""
    start = run.spots[0].start
    found = lexicon.regex("names-office-of").search(text, max(0, start - 40), start)
    objects = _objects(lexicon)
    word = found.group(1).lower() if found else ""
    if word not in offices and word not in objects:
        yield run
        return
    office = word in offices
    low = [w.lower().rstrip(".") for w in run.words]
    given, places, orgs = given_gender(lexicon), lexicon.names.place, lexicon.names.org_word
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
