"""What an article says a person is: the words before a name and the apposition after it. Strings only, no parser.

Finders quote the sentences they are for; all look at a bounded window around one name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Protocol

from quotes.extraction.speakers.name_finder import unpossessive
from quotes.extraction.speakers.titles import SPACES, WORD, courtesies, courtesy_start, given_gender, title_words
from quotes.lexicon import Lexicon

# How far a description may reach, in characters: twice the longest apposition seen in the training articles.
BEFORE = 160
AFTER = 320
LONGEST_ROLE = 36


class Fits(Protocol):
    """Tells whether a noun phrase is a description of the wanted kind."""

    def __call__(self, phrase: str, *, lexicon: Lexicon) -> bool:
        """Tell it."""
        ...


_AGE = re.compile(r"\d{1,3}(?:-year-old)?\Z")
_PARENTHESIS = re.compile(r"\s?\([^()\n]{1,60}\)")
_STOP = re.compile(r"[.!?][\"”’)]*\s|[\n;:\"“”]|\s(?:--?|–|—)\s|[.!?]\Z")
_OWNER = re.compile(r"(?:[^\W\d_a-z][\w.'’-]{0,24} ){0,4}[^\W\d_a-z][\w'’-]{0,30}\Z")
# "Ana Lee of Florida, the party chairwoman,": where somebody is from may stand before what somebody is.
_ORIGIN = re.compile(r" (?:of|from) (?:[^\W\d_a-z][\w.-]{1,20}[ ]?){1,3}(?=, )")
_PIECES = re.compile(r", |(?<=,[’']) |(?<=,'') ")
_IN_PLACE = re.compile(r" (?:from|in|of|near) [^\W\d_a-z][\w.-]{1,20}(?: [^\W\d_a-z][\w.-]{1,20})?\Z")
_PLACE = re.compile(r"[^\W\d_a-z][\w.-]{1,14}(?: [^\W\d_a-z][\w.-]{1,14})?")
_OPEN = re.compile(r"(?:, |\s(?:--?|–|—)\s|,\s)")


def roles_of(text: str, *, start: int, end: int, low: int, high: int, lexicon: Lexicon) -> list[str]:
    """Return the descriptions that stand around one mention of a name.

    Args:
        text: the source's text.
        start: where the name begins, titles not counted.
        end: where the name ends.
        low: where the article begins.
        high: where the article ends.
        lexicon: the language's word lists.
    """
    found = [
        role_before(text, start, max(low, start - BEFORE), lexicon),
        role_after(text, end, min(high, end + AFTER), lexicon),
        role_apposed(text, start, end, max(low, start - BEFORE), lexicon),
        role_is(text, end, min(high, end + AFTER), lexicon),
    ]
    return [role for role in found if role]


def party_of(text: str, *, end: int, high: int, lexicon: Lexicon) -> str | None:
    """Return party and state after a name: "Ms. Warren, D-Mass.,"."""
    found = lexicon.regex("names-party").match(text, end, min(high, end + 20))
    return found["party"] if found else None


def head_noun(phrase: str, *, lexicon: Lexicon) -> str:
    """Return a noun phrase's last word before its first preposition, lower case: "a top adviser to X" -> adviser."""
    prepositions, functions = lexicon.word_set("names-preposition"), lexicon.word_set("names-function-word")
    short, after = lexicon.word_set("names-abbreviation"), lexicon.word_set("names-after-noun")
    head = ""
    last = 0
    for found in WORD.finditer(phrase):
        word = found.group().lower()
        gap = phrase[last : found.start()].strip(" \u00a0")
        dotted = gap == "." and (len(head) == 1 or "." in head or head in short)
        if head and (word in prepositions or word in functions or (gap not in ("", "'", "’") and not dotted)):
            break
        if word in after and _is_person_noun(head, lexicon):
            break
        if not word[0].isdigit() or "-" in word:
            head = word
        last = found.end()
    return head


def _is_person_noun(word: str, lexicon: Lexicon) -> bool:
    lists = ("names-anonymous-noun", "names-role-noun", "names-group-noun")
    return any(word in lexicon.word_set(name) for name in lists)


def is_body(phrase: str, *, lexicon: Lexicon) -> bool:
    """Tell whether a noun phrase says what an organization is: "the agency that oversees the programme"."""
    words = phrase[:BEFORE].split()
    return (
        bool(words)
        and words[0] in lexicon.word_set("names-determiner")
        and head_noun(phrase, lexicon=lexicon) in lexicon.word_set("names-org-noun") | frozenset({"division"})
    )


def is_role(phrase: str, *, lexicon: Lexicon) -> bool:
    """Tell whether a noun phrase says what one person is."""
    words = [w.group().lower() for w in WORD.finditer(phrase[:BEFORE])]
    if not words:
        return False
    if words[:2] == ["one", "of"]:
        # "One of the nation's largest coal companies" is none.
        many = head_noun(phrase.split(" ", 2)[-1], lexicon=lexicon)
        one = many[:-3] + "y" if many.endswith("ies") else many.removesuffix("s")
        return one not in lexicon.word_set("names-org-noun") | lexicon.word_set("names-document-noun")
    head = head_noun(phrase, lexicon=lexicon)
    roles = lexicon.word_set("names-role-noun")
    suffixes = tuple(lexicon.words["names-role-suffix"])
    return unpossessive(head) in roles or head.rsplit("-", 1)[-1] in roles or head.endswith(suffixes)


def role_before(text: str, start: int, low: int, lexicon: Lexicon) -> str | None:
    """Find "White House press secretary" in "White House press secretary Josh Earnest said"."""
    words = phrase_before(text, courtesy_start(text, start, low, lexicon), low, lexicon)
    words = words or phrase_before(text, start, low, lexicon)
    if not words:
        return None
    plain = [w.lower().rstrip(".") for w in words]
    determiners = lexicon.word_set("names-determiner")
    if all(w in courtesies(lexicon) or w in determiners for w in plain):
        return "the Rev." if plain[-1] == "rev" else None
    if plain[-1] in courtesies(lexicon) and not (words[-1].islower() and plain[-1] in _words(lexicon).roles):
        words = words[:-1]
        if not _words(lexicon).is_role_word(plain[-2]):
            return None
    return " ".join(words) or None


def phrase_before(text: str, start: int, low: int, lexicon: Lexicon) -> list[str]:
    """Return the words of the noun phrase that leads up to a name; empty where the word before is no role."""
    known = _words(lexicon)
    found = list(WORD.finditer(text, low, start))
    taken: list[str] = []
    office = False
    edge, skip = start, len(found)
    for at in range(len(found) - 1, -1, -1):
        if at >= skip:
            continue
        item = found[at]
        word, gap = item.group(), text[item.end() : edge]
        low_word = word.lower()
        dotted = gap[:1] == "." and gap[1:] in SPACES and known.abbreviation(word)
        if gap not in SPACES and not dotted:
            break
        if not taken and not known.is_role_word(low_word):
            first = _office_start(text, found, at, known)
            if first is None:
                return []
            taken += [w.group() for w in reversed(found[first : at + 1])]
            edge = found[first].start()
            skip = first
            office = True
            continue
        if low_word in known.determiners:
            taken.append(word)
            break
        if word.isupper() and max(map(len, word.split("-"))) > 5:
            break
        if taken and not known.continues(word, taken[-1]) and not _determined(text, found, at, known):
            break
        taken.append(word + "." if dotted else word)
        edge = item.start()
        if len(taken) > 12:
            break
    taken.reverse()
    drop = (known.functions | known.not_names) - known.determiners - known.titles - known.modifiers
    while taken and taken[0].lower() in drop and taken[0] != "US":
        taken.pop(0)
    if "and" in taken and not office:
        at = len(taken) - 1 - taken[::-1].index("and")
        if at == 0 or not known.is_role_word(taken[at - 1].lower().rstrip(".")) or at == len(taken) - 1:
            taken = taken[at + 1 :]
    return taken if any(known.is_role_word(w.lower().rstrip(".")) for w in taken) else []


class _Words:
    """The word lists that a noun phrase is read with."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.determiners = lexicon.word_set("names-determiner")
        self.functions = lexicon.word_set("names-function-word") - {"and", "of"}
        self.not_names = lexicon.word_set("names-not-name")
        self.titles = frozenset(title_words(lexicon))
        self.roles = lexicon.word_set("names-role-noun") | self.titles
        self.suffixes = tuple(lexicon.words["names-role-suffix"])
        self.modifiers = lexicon.word_set("names-role-modifier") | lexicon.word_set("names-adjective")
        self.objects = lexicon.word_set("names-office-object")
        self.short = lexicon.word_set("names-abbreviation")
        self.bodies = lexicon.word_set("names-org-noun")
        self.verbs = lexicon.word_set("names-plain-verb") | lexicon.word_set("names-speech-verb")

    def is_role_word(self, word: str) -> bool:
        """Tell whether a word names an office, a trade or a tie."""
        return word in self.roles or word.rsplit("-", 1)[-1] in self.roles or word.endswith(self.suffixes)

    def abbreviation(self, word: str) -> bool:
        """Tell whether a full stop after the word ends no sentence."""
        return len(word) == 1 or "." in word or word.lower() in self.short

    def continues(self, word: str, after: str) -> bool:
        """Tell whether a word may stand before another within a description."""
        low = word.lower()
        if word == "US":
            return True
        if low in self.functions or low in self.not_names - self.titles - self.modifiers - {"and", "of", "first"}:
            return False
        if low == "of":
            return after.lower() in self.objects
        if low == "and":
            return True
        if low in self.modifiers or low in self.bodies:
            return True
        return word[0].isupper() or self.is_role_word(low) or "-" in low or "’" in low


@lru_cache(maxsize=8)
def _words(lexicon: Lexicon) -> _Words:
    return _Words(lexicon)


def _office_start(text: str, found: list[re.Match[str]], at: int, known: _Words) -> int | None:
    """Find where "Minister of State for External Affairs" begins: an office and what it is of, before a name."""
    if not found[at].group()[0].isupper():
        return None
    start = None
    for i in range(at, max(-1, at - 12), -1):
        word = found[i].group()
        if not (word[0].isupper() or word in ("of", "for", "and", "the") or i == at):
            if start is None and known.is_role_word(word.lower()) and found[i + 1].group() in ("of", "for"):
                start = i
            break
        if i < at and known.is_role_word(word.lower()) and found[i + 1].group() in ("of", "for"):
            start = i
        if i and text[found[i - 1].end() : found[i].start()] not in SPACES:
            break
    return start


def _determined(text: str, found: list[re.Match[str]], at: int, known: _Words) -> bool:
    """Tell whether a determiner opens the phrase within the next few plain words: "the colorful gastroenterologist"."""
    for i in range(at, max(-1, at - 5), -1):
        word = found[i].group().lower()
        owner = i < at and unpossessive(word) != word and found[i].group()[0].isupper()
        if word in known.determiners or (owner and unpossessive(word) not in known.not_names):
            return True
        if word in known.functions or word in ("of", "and") or (word in known.verbs and word not in known.modifiers):
            return False
        if i and text[found[i - 1].end() : found[i].start()] not in SPACES:
            return False
    return False


def role_after(text: str, end: int, high: int, lexicon: Lexicon, *, fits: Fits = is_role) -> str | None:
    """Find "a spokesperson for the ministry" in "Esmail Baghaei, a spokesperson for the ministry, said"."""
    window = text[end:high]
    bracket = _PARENTHESIS.match(window)
    at = bracket.end() if bracket else 0
    origin = _ORIGIN.match(window, at)
    at = origin.end() if origin else at
    opened = _OPEN.match(window, at)
    if not opened:
        return None
    stop = _STOP.search(window, opened.end())
    while stop and stop.group()[0] == "." and _is_abbreviated(window, stop.start(), lexicon):
        stop = _STOP.search(window, stop.end())
    segment = window[opened.end() : stop.start() if stop else len(window)]
    pieces = _joined_places(_PIECES.split(segment), closed=stop is not None)
    if pieces and _AGE.match(pieces[0]):
        pieces = pieces[1:]
    if not pieces:
        return None
    first = _apposition(pieces[0], closed=len(pieces) > 1 or stop is not None, lexicon=lexicon, fits=fits)
    if first is None or first != pieces[0].strip():
        return first
    # "a pediatrician, the chair of the parents' council and a mother of three,": what follows is of the same kind.
    taken = [first]
    for number, piece in enumerate(pieces[1:4], start=1):
        more = _apposition(piece, closed=number < len(pieces) - 1 or stop is not None, lexicon=lexicon, fits=fits)
        opener = piece.split(" ", 1)[0]
        if more is None or opener not in ("a", "an", "the") or re.search(r" [A-Z][\w-]+ [A-Z][\w-]+\Z", more):
            break
        taken.append(more)
        if more != piece.strip():
            break
    return ", ".join(taken)


def _joined_places(pieces: list[str], *, closed: bool) -> list[str]:
    """Put "a delegate from Houston" and "Texas" together: a place and what it lies in."""
    if len(pieces) > (1 if closed else 2) and _IN_PLACE.search(pieces[0]) and _PLACE.fullmatch(pieces[1]):
        return [f"{pieces[0]}, {pieces[1]}", *pieces[2:]]
    return pieces


def _is_abbreviated(window: str, dot: int, lexicon: Lexicon) -> bool:
    """Tell whether a full stop belongs to a shortening: "Capt.", "U.S."."""
    word = re.search(r"[\w.]{1,12}\Z", window[max(0, dot - 12) : dot])
    if not word:
        return False
    low = word.group().lower()
    return len(low) == 1 or low[-2:-1] == "." or low in lexicon.word_set("names-abbreviation")


def _apposition(piece: str, *, closed: bool, lexicon: Lexicon, fits: Fits) -> str | None:
    """Return what an apposition says somebody is, or None where it is something else."""
    piece = piece.strip().rstrip(",")
    words = piece.split(" ")
    if words[0] == "who" and len(words) > 2:
        if words[1] in ("is", "was") and is_role(" ".join(words[2:]), lexicon=lexicon):
            piece = " ".join(words[2:])
        elif words[1] in lexicon.word_set("names-who-verb") - {"is", "was"} and closed:
            return piece if len(words) <= LONGEST_ROLE else None
        else:
            return None
    for mark in (" who ", " and who", " whose ", " which ", " that ", " said", " told ", " wrote "):
        cut = piece.find(mark)
        if cut > 0:
            piece = piece[: cut - 4] if mark == " whose " and piece[:cut].endswith(" and") else piece[:cut]
            closed = True
    verbs = lexicon.word_set("names-function-word") | lexicon.word_set("names-plain-verb")
    if words[0] not in ("who", "then") and words[0] in verbs:
        return None
    given = given_gender(lexicon)
    listed = words[0].lower() not in lexicon.word_set("names-determiner")
    if listed and any(w[:1].isupper() and w.lower() in given for w in words[1:-1]):
        return None
    if not closed or not fits(piece, lexicon=lexicon) or piece.count(" ") >= LONGEST_ROLE:
        return None
    return piece.strip()


def role_apposed(text: str, start: int, end: int, low: int, lexicon: Lexicon) -> str | None:
    """Find "The Republican presidential nominee" in "The Republican presidential nominee, Donald Trump, said"."""
    # "His lawyer, Ms. Ana Lee, said", "The bishop, the Most Rev. Dr. Kofi Mensah, said".
    courteous = courtesy_start(text, start, low, lexicon)
    if courteous < start and text[max(low, courteous - 6) : courteous] == ", the ":
        courteous -= len("the ")
    start = courteous if text[max(low, courteous - 2) : courteous] == ", " else start
    if text[max(low, start - 2) : start] != ", " or text[end : end + 1] not in (",", ".", ")"):
        return None
    segment = text[low : start - 2]
    stops = [s for s in _STOP.finditer(segment) if not _is_abbreviated(segment, s.start(), lexicon)]
    segment = segment[stops[-1].end() :] if stops else segment
    segment = segment.rsplit(", ", 1)[-1].strip()
    functions = lexicon.word_set("names-function-word") - lexicon.word_set("names-preposition")
    determiners = lexicon.word_set("names-determiner")
    owned = None
    # From the nearest determiner on, then from the one before: "the chairman of the panel".
    for word in reversed(list(WORD.finditer(segment))[-14:]):
        if word.group().lower() in functions:
            return owned
        if word.group().lower() in determiners and is_role(segment[word.start() :], lexicon=lexicon):
            return segment[word.start() :]
        if word.group()[0].isupper() and unpossessive(word.group()) != word.group():
            # "Governor Hal Benton's wife, Carol, said": whose wife belongs to the description.
            owner = _OWNER.search(segment[: word.end()])
            role = segment[owner.start() if owner else word.start() :]
            one = segment[: len(segment) - len(role)].lower().endswith("one of ")
            role = segment[len(segment) - len(role) - len("one of ") :] if one else role
            opener, _, rest = role.partition(" ")
            role = rest if opener.lower() in (functions | determiners | {"and"}) - {"one"} else role
            owned = owned or (role if is_role(role, lexicon=lexicon) else None)
    return owned


def role_is(text: str, end: int, high: int, lexicon: Lexicon) -> str | None:
    """Find "a fellow at the Cato Institute" in "Michael Tanner is a fellow at the Cato Institute."."""
    found = re.compile(r" (?:is|was) (?=(?:an?|the) |[a-z-]{5,30} (?:at|of|for) )").match(text, end, high)
    if not found:
        return None
    stop = _STOP.search(text, found.end(), high)
    piece = text[found.end() : stop.start() if stop else high].split(", ")[0]
    head = re.search(r" (?:(?:at|of|for|with|to) |in [A-Z])", piece)
    return _apposition(piece, closed=stop is not None, lexicon=lexicon, fits=is_role) if head else None


def fullest(roles: list[str], *, lexicon: Lexicon) -> str | None:
    """Return the description that says most: the longest noun phrase, the earliest among equals."""
    party, determiners = lexicon.word_set("names-party-noun"), lexicon.word_set("names-determiner")

    def weight(role: str) -> tuple[bool, int, int]:
        first = role.split(" ", 1)[0].lower()
        words = role.split()
        count = len(words) - (first in determiners)
        plain = words[first in determiners :] or words
        head = plain[0].lower()
        partisan = head in party and head == head_noun(role, lexicon=lexicon) and "and" not in words
        letters = len(role) - (len(first) + 1 if first in determiners else 0)
        return first != "who" and not partisan and role[1:2] != "-", count, letters

    return max(roles, key=weight) if roles else None
