"""Find descriptions around a name: words before it, appositions after it. Strings only, no parser.

`around` proposes generously, each phrase in several lengths; the ranker of roles (roles.py) decides which of them are
descriptions, and which is a person's fullest. All finders look at a bounded window.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from quotes.extraction.speakers.model import Grammar, Layout, Mention, Role
from quotes.extraction.speakers.name_runs import unpossessive
from quotes.extraction.speakers.phrases import is_body, is_role, is_role_noun
from quotes.extraction.speakers.titles import (
    MOST_WORDS,
    SPACES,
    WORD,
    courtesies,
    courtesy_start,
    cue_forms,
    title_start,
    title_words,
    words_before,
)
from quotes.lexicon import Lexicon
from quotes.records import Span

# The most characters of a description: twice the longest apposition in the training articles.
BEFORE = 160
AFTER = 320
# The most parts between commas after a name.
MOST_PIECES = 3
LONGEST_ROLE = 36

_PARENTHESIS = re.compile(r"\s?\([^()\n]{1,60}\)")
_STOP = re.compile(r"[.!?][\"”’)]*\s|[\n;:\"“”]|\s(?:--?|–|—)\s|[.!?]\Z")
_PLACE = re.compile(r"[^\W\d_a-z][\w.-]{1,14}(?: [^\W\d_a-z][\w.-]{1,14})?")
_PIECES = re.compile(r", |(?<=,[’']) |(?<=,'') ")
_OPEN = re.compile(r"(?:, |\s(?:--?|–|—)\s|,\s)")
# "Duchess of Sussex's" in "Meghan, Duchess of Sussex's talk was more revealing".
_OWNS = re.compile(r"(?<=\w)(?:['’]s|(?<=s)['’]) (?=[a-z])")


def around(text: str, name: Span, body: Span, lexicon: Lexicon, grammar: Grammar) -> Iterator[Role]:
    """Yield possible descriptions around one mention of a name.

    Args:
        text: the source's text.
        name: the name's span, without titles.
        body: the article's span.
        lexicon: the language's word lists.
        grammar: the article's parse.
    """
    low, high = max(body.start, name.start - BEFORE), min(body.end, name.end + AFTER)
    yield from _before(text, name, low, lexicon, grammar)
    yield from _whence(text, name, low, high, lexicon)
    yield from _modifier(text, name, low, lexicon, grammar)
    yield from _body_before(text, name.start, low, lexicon)
    yield from _after(text, name, high, lexicon, grammar)
    yield from _apposed(text, name, Span(low, high), lexicon, grammar)
    yield from _is(text, name.end, high, lexicon)
    party = lexicon.regex("names-party").match(text, name.end, min(high, name.end + 20))
    if party:
        yield Role(party["party"], name.end, "party")


@lru_cache(maxsize=8)
def _stops(lexicon: Lexicon) -> frozenset[str]:
    """Return the words after which a phrase before a name must begin: verbs, conjunctions, pronouns."""
    joins = lexicon.names.role_join | lexicon.names.definite
    lists = ("names-function-word", "names-speech-verb", "names-auxiliary", "names-plain-verb")
    found = frozenset().union(*(lexicon.word_set(name) for name in lists))
    found |= cue_forms(lexicon)
    return (found - joins - lexicon.names.determiner - lexicon.names.role_modifier) | {"that"}


def _before(text: str, name: Span, low: int, lexicon: Lexicon, grammar: Grammar) -> Iterator[Role]:
    """Yield "press secretary" and "White House press secretary" of "White House press secretary Josh Earnest said"."""
    start = name.start
    edge = courtesy_start(text, start, low, lexicon)
    plain = _phrase_words(text, edge, low, lexicon)
    words = plain if any(_is_office(w.group(), lexicon) for w in plain) else _phrase_words(text, start, low, lexicon)
    edge = edge if words is plain else start
    words = _after_another(words, lexicon)
    last = words[-1].group() if words else ""
    offices = [n for n, w in enumerate(words) if _is_office(w.group(), lexicon)]
    if not offices or (last.lower() in courtesies(lexicon) and len(offices) == 1 and not last.islower()):
        return
    grades, objects = lexicon.names.rank_grade, lexicon.names.role_object
    near = _is_office(last, lexicon) or last.lower() in grades
    if last.lower() in lexicon.names.preposition:
        return  # a spokesman for Mr. Roe
    if not near and not any(words[n + 1].group() in objects for n in offices if n + 1 < len(words)):
        return
    determiners, modifiers = lexicon.names.determiner, lexicon.names.role_modifier
    core = grammar.core(Span(words[offices[-1]].start(), name.end))
    for n, word in enumerate(words[: offices[-1] + 1]):
        low_word = word.group().lower()
        joins = low_word in lexicon.names.role_join
        inside = n > 0 and words[n - 1].group().lower() in determiners and words[n - 1].group().lower() != "the"
        office = next(at for at in offices if at >= n)
        # "The home of | Orbo chief Ana Lee", but "Bank of Kyrna President Ana Lee".
        other = any(words[m].group() in objects and words[m - 1].group().islower() for m in range(n + 1, office))
        if not (joins or inside or other) and (low_word in modifiers or grammar.belongs(word.start(), core)):
            yield Role(" ".join(text[word.start() : edge].split()), word.start(), "before")
        if low_word in determiners and low_word != "the":
            return


def _after_another(words: list[re.Match[str]], lexicon: Lexicon) -> list[re.Match[str]]:
    """Return "project director" of "chairman Tan Hock and project director" before a name: another one ends there.

    "Minister Tan Hock and Health Minister" are two, too, but "Minister of Finance and Economic Planning" is one.
    """
    offices = [n for n, word in enumerate(words) if _is_office(word.group(), lexicon)]
    for n in range(len(words) - 2, 0, -1):
        before, after = words[n - 1].group(), words[n + 1].group()
        if words[n].group() != "and" or not before[0].isupper() or n - 1 in offices:
            continue
        if after[0].islower() or (offices and offices[0] < n < offices[-1]):
            return words[n + 1 :]
    return words


def _whence(text: str, name: Span, low: int, high: int, lexicon: Lexicon) -> Iterator[Role]:
    """Yield "from Natural Justice in Cape Town" of "Lauren Nel from Natural Justice in Cape Town says", and "CNN's"."""
    found = lexicon.regex("names-from-where").match(text, name.end, high)
    if found:
        yield Role(found["where"], found.start("where"), "whence")
    words = _phrase_words(text, name.start, low, lexicon)
    if words and unpossessive(words[-1].group()) != words[-1].group():
        first = len(words) - 1
        while first and words[first - 1].group()[0].isupper():
            first -= 1
        owner = " ".join(text[words[first].start() : words[-1].end()].split())
        if owner[0].isupper() and unpossessive(owner).lower() not in lexicon.names.not_name:
            yield Role(owner, words[first].start(), "owner")


def _body_before(text: str, start: int, low: int, lexicon: Lexicon) -> Iterator[Role]:
    """Yield "the personal finance blog" of "according to the personal finance blog Wealthynickel"."""
    words = _phrase_words(text, start, low, lexicon)
    if words and words[-1].group() in lexicon.names.org_noun:
        first = next((n for n, w in enumerate(words) if w.group().lower() in lexicon.names.determiner), 0)
        yield Role(" ".join(text[words[first].start() : start].split()), words[first].start(), "body")


def _phrase_words(text: str, edge: int, low: int, lexicon: Lexicon) -> list[re.Match[str]]:
    """Return the words before a name, back to a verb, a comma or another break."""
    taken: list[re.Match[str]] = []
    short = lexicon.names.abbreviation
    for found in reversed(words_before(text, low, edge)[-MOST_WORDS:]):
        word, gap = found.group(), text[found.end() : edge]
        dotted = gap[:1] == "." and gap[1:] in SPACES and (len(word) == 1 or "." in word or word.lower() in short)
        owns = gap in ("' ", "’ ") and word.endswith("s")
        stops = word.lower() in _stops(lexicon) and word not in lexicon.names.capital_acronym
        if (gap not in SPACES and not dotted and not owns) or stops:
            break
        taken.append(found)
        edge = found.start()
    return taken[::-1]


def _is_office(word: str, lexicon: Lexicon) -> bool:
    low = word.lower()
    return is_role_noun(low, lexicon) or low in title_words(lexicon)


def _modifier(text: str, name: Span, low: int, lexicon: Lexicon, grammar: Grammar) -> Iterator[Role]:
    """Yield "TikTok influencer" of "TikTok influencer Ana Lee": not a known office, but a modifier in the parse."""
    words = _phrase_words(text, name.start, low, lexicon)
    first = name.start
    for word in reversed(words):
        dep, head = grammar.deps.get(word.start(), ("", -1))
        if dep not in ("compound", "nmod", "amod", "poss", "det", "case") or not first <= head < name.end:
            break
        first = word.start()
    kept = [w for w in words if w.start() >= first]
    last = kept[-1].group() if kept else ""
    names, plain = lexicon.names, last.isalpha() and last.islower()
    noun = plain and last not in names.noun_modifier and last not in names.function_word
    if noun and not _is_office(last, lexicon) and kept[0].group().lower() not in names.indefinite:
        yield Role(" ".join(text[first : name.start].split()), first, "modifier")


def _after(text: str, name: Span, high: int, lexicon: Lexicon, grammar: Grammar) -> Iterator[Role]:
    """Yield "a spokesperson for the ministry" of "Esmail Baghaei, a spokesperson for the ministry, said"."""
    window = text[name.end : high]
    bracket = _PARENTHESIS.match(window)
    at = bracket.end() if bracket else 0
    origin = lexicon.regex("names-origin").match(window, at)
    at = origin.end() if origin else at
    opened = _OPEN.match(window, at)
    if not opened:
        return
    stop, at = _stop(window, opened.end(), lexicon), name.end + opened.end()
    pieces = _joined_places(_PIECES.split(window[opened.end() : stop]), lexicon, closed=stop < len(window))
    while len(pieces) > 1 and _is_aside(pieces[0], lexicon):
        at += len(pieces.pop(0)) + len(", ")
    taken: list[str] = []
    for piece, following in zip_longest(pieces[:MOST_PIECES], pieces[1:MOST_PIECES], fillvalue=""):
        if taken and piece.startswith("and ") and following[:1].isupper():
            break  # Ana Lee, the mayor, | and her deputy, Bo Roe
        cut = _cut(piece, lexicon)
        if not cut and not taken and (len(pieces) > 1 or window[stop : stop + 1] == "."):
            yield from _unlisted(piece, at, name, lexicon, grammar)
        if not cut or cut.count(" ") >= LONGEST_ROLE:
            break
        taken.append(cut)
        whole = ", ".join(taken)
        body = len(taken) == 1 and is_body(whole, lexicon=lexicon)
        owner = _OWNS.search(whole) if len(taken) == 1 else None
        verbs = lexicon.names.verb
        if owner and verbs & set(whole[owner.end() :].split()) and is_role(whole[: owner.start()], lexicon=lexicon):
            yield Role(whole[: owner.start()], at, "after")
            break
        yield Role(whole, at, "body" if body else ("after" if len(taken) == 1 else "after-more"))
        if cut != piece.strip():
            break


def _is_aside(piece: str, lexicon: Lexicon) -> bool:
    """Return whether a part between commas is an age or a party, and the description stands behind it."""
    party = lexicon.regex("names-party").match(f", {piece},")
    return lexicon.regex("names-age").match(piece) is not None or party is not None


def _unlisted(piece: str, at: int, name: Span, lexicon: Lexicon, grammar: Grammar) -> Iterator[Role]:
    """Yield "which makes pumps" of "Orbo, which makes pumps,", "a concreter" of "Ana Lee, a concreter,"."""
    first = piece.split(" ", 1)[0]
    if first in lexicon.names.which:
        yield Role(piece, at, "body")
    elif first in lexicon.names.indefinite and grammar.apposed(name, Span(at, at + len(piece))):
        yield Role(_clause_off(piece, lexicon), at, "apposing")


def _joined_places(pieces: list[str], lexicon: Lexicon, *, closed: bool) -> list[str]:
    """Join "a delegate from Houston" and "Texas": a place and the region around it."""
    enough, town = len(pieces) > (1 if closed else 2), lexicon.regex("names-in-place")
    if enough and town.search(pieces[0]) and _PLACE.fullmatch(pieces[1]):
        return [f"{pieces[0]}, {pieces[1]}", *pieces[2:]]
    return pieces


def _stop(window: str, at: int, lexicon: Lexicon) -> int:
    """Return where the sentence or clause ends; not at "Capt." and "U.S."."""
    stop = _STOP.search(window, at)
    while stop and stop.group() == "“" and (title := _title_end(window, at, stop, lexicon)):
        stop = _STOP.search(window, title)
    while stop and stop.group()[0] == ".":
        word = re.search(r"[\w.]{1,12}\Z", window[max(0, stop.start() - 12) : stop.start()])
        low = word.group().lower() if word else ""
        if not (len(low) == 1 or low[-2:-1] == "." or low in lexicon.names.abbreviation):
            break
        stop = _STOP.search(window, stop.end())
    return stop.start() if stop else len(window)


def _title_end(window: str, at: int, mark: re.Match[str], lexicon: Lexicon) -> int:
    """Return the end of a title that a description ends with, 0 for other marks: the author of “Dry Land”."""
    before = window[at : mark.start()].split()
    close = window.find("”", mark.end())
    return close + 1 if before and before[-1] in lexicon.names.preposition and close >= 0 else 0


def _cut(piece: str, lexicon: Lexicon) -> str:
    """Return a part between commas without a following clause: "a nurse who fled" is a nurse; "" if nothing is left."""
    piece = piece.strip().rstrip(",")
    words = piece.split(" ")
    as_what = lexicon.regex("names-as-what").search(piece) if words[0] == "who" else None
    if as_what:
        return _cut(piece[as_what.end() :], lexicon)
    if words[0] == "who" and len(words) > 2:
        if words[1] in lexicon.names.copula and is_role(" ".join(words[2:]), lexicon=lexicon):
            words = words[2:] if words[2] not in lexicon.names.midverb else words[3:]
            return _cut(" ".join(words), lexicon)
        return "" if words[1] in cue_forms(lexicon) else piece
    if words[0] not in lexicon.names.opener and words[0].lower() in _stops(lexicon):
        return ""
    piece = _clause_off(piece, lexicon)
    return piece if is_role(piece, lexicon=lexicon) or is_body(piece, lexicon=lexicon) else ""


def _clause_off(piece: str, lexicon: Lexicon) -> str:
    found = lexicon.regex("names-clause").search(piece, 1)
    return piece[: found.start()].strip() if found else piece.strip()


def _apposed(text: str, name: Span, window: Span, lexicon: Lexicon, grammar: Grammar) -> Iterator[Role]:
    """Yield "The Republican presidential nominee" of "The Republican presidential nominee, Donald Trump, said"."""
    # "His lawyer, Ms. Ana Lee, said", "The bishop, the Most Rev. Dr. Kofi Mensah, said".
    start = title_start(text, name.start, window.start, lexicon)
    if not text.endswith((", ", ", the ", " — ", " – ", " -- "), 0, start):
        start = courtesy_start(text, name.start, window.start, lexicon)
    start -= len("the ") if start < name.start and text.endswith(", the ", 0, start) else 0
    start = start if text.endswith((", ", " — ", " – ", " -- "), 0, start) else name.start
    closed = text[name.end : name.end + 1] in (*",.;:)\n —–-",)
    if not closed or not text.endswith((", ", " — ", " – ", " -- "), 0, start):
        return
    segment = text[window.start : start].rstrip(" ,—–-")
    at = 0
    while at < len(segment) and (stop := _stop(segment, at, lexicon)) < len(segment):
        at = stop + 1
    comma = segment.rfind(", ", at)
    at = comma + 2 if comma >= 0 else at
    determiners = lexicon.names.determiner
    for word in reversed(list(WORD.finditer(segment, at))[-14:]):
        low = word.group().lower()
        owner = word.group()[0].isupper() and unpossessive(word.group()) != word.group()
        phrase = segment[word.start() :]
        if low in _stops(lexicon):
            return
        if (low in determiners or owner or word.start() == at) and is_role(phrase, lexicon=lexicon):
            yield Role(phrase, window.start + word.start(), "apposed")
            if low in determiners:
                return
        elif low in determiners or owner:
            # "His numbers wizard, Ana Lee": the parse tells it, not the noun.
            start = window.start + word.start()
            described, before = Span(start, start + len(phrase)), segment[: word.start()].split()
            hangs = bool(before) and before[-1] in lexicon.names.preposition
            if not hangs and grammar.apposed(described, name):
                yield Role(phrase, start, "apposing")
                return


def _is(text: str, end: int, high: int, lexicon: Lexicon) -> Iterator[Role]:
    """Yield "a fellow at the Cato Institute" of "Michael Tanner is a fellow at the Cato Institute."."""
    found = lexicon.regex("names-is-what").match(text, end, high)
    if not found:
        return
    piece = _PIECES.split(text[found.end() : end + _stop(text[end:high], found.end() - end, lexicon)])[0]
    cut = _cut(piece, lexicon)
    if cut:
        yield Role(cut, found.end(), "is")


def shared_roles(layout: Layout, placed: Sequence[tuple[Mention, int]], lexicon: Lexicon) -> dict[int, list[Role]]:
    """Give David Vitter the title of "Sens. Jon Tester (D-Mont.) and David Vitter (R-La.)", Cy Poe that of a list.

    "The founding members Ana Lee, Bo Roe and Cy Poe": all three are founding members.
    """
    plural = lexicon.names.plural_title
    shared: dict[int, list[Role]] = {}
    before: Mention | None = None
    titles: list[Role] = []
    for mention, key in placed:
        if before is not None and titles and mention.start - before.end <= 80:
            between = layout.text[before.end : mention.start]
            if lexicon.regex("names-to-place").fullmatch(between):
                continue  # Iowa in "Sens. Ana Lee (R-Iowa) and Bo Roe"
            between = re.sub(r"\([^()]{0,30}\)|, [^,()]{0,60}(?=, and\b)", "", between)
            between = lexicon.regex("names-of-place").sub("", between)
            if between.strip() in ("and", ",", ", and") and not mention.title:
                shared.setdefault(key, []).extend(titles)
            else:
                titles = []
        if mention.title:
            start = mention.start - 12
            printed = layout.text[max(start, layout.text.rfind(" ", 0, mention.start - 1) + 1, 0) : mention.start]
            titles = [Role(printed.strip(), mention.start, "before")] if mention.title[-1] in plural else []
        elif not titles and (listed := list(_of_all(layout, mention, lexicon))):
            shared.setdefault(key, []).extend(listed)
            titles = listed
        before = mention
    return shared


def _of_all(layout: Layout, name: Mention, lexicon: Lexicon) -> Iterator[Role]:
    """Yield "founding members" of "founding members Ana Lee, Bo Roe and Cy Poe", in several lengths."""
    text = layout.text
    if not lexicon.regex("names-listed").match(text, name.end):
        return
    words = _phrase_words(text, name.start, max(layout.body.start, name.start - BEFORE), lexicon)
    last = words[-1].group().lower() if words else ""
    if last[-1:] == "s" and is_role_noun(last[:-1], lexicon):
        for word in words:
            yield Role(" ".join(text[word.start() : name.start].split()), word.start(), "before")
