"""Analyse a speaker's label: "SEN. MAYA LIND (R-TX), CHAIRMAN" is Maya Lind, a senator, chairman. Strings only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from attrs import frozen

from quotes.lexicon import Lexicon
from quotes.text.letters import unaccented

_BRACKET = re.compile(r"[ \u00a0]?[(\[]([^()\[\]\n]{1,60})[)\]]")
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?")
_WORD = re.compile(r"[^\W_]+(?:['’.&-]+[^\W_]+)*\.?")
# A party and a district: R-TX, D-Ohio, Lab, SNP.
_PARTY = re.compile(r"[A-Z][A-Za-z]{0,4}(?:[-–/][A-Z][\w.]{0,8})*")
_LONGEST_TITLE = 4


@frozen
class Label:
    """A label's parts as printed.

    `name` is without titles, and empty if only an office is named; `office` is that office, or the one whose holder is
    named in brackets; `roles` are the other descriptions, the fullest first; `surname` is folded, without "Jr.".
    """

    text: str
    name: str
    office: str = ""
    roles: tuple[str, ...] = ()
    surname: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The name's words, folded, so that two labels can be compared."""
        return tuple(map(folded, self.name.split()))

    @property
    def key(self) -> str:
        """The key shared by all labels of a speaker: the surname, else the whole label."""
        return self.surname or folded(self.office or self.text)


def folded(word: str) -> str:
    """Return a word in lower case without accents, apostrophes and final stops."""
    return unaccented(word.casefold()).replace("’", "").replace("'", "").rstrip(".,")


@lru_cache(maxsize=4096)
def take_apart(text: str, lexicon: Lexicon) -> Label:
    """Return the parts of a label.

    Args:
        text: the words before the colon.
        lexicon: the patterns, with titles, offices and remarks in brackets.
    """
    language = lexicon.language
    notes = [m[1].strip() for m in _BRACKET.finditer(text)]
    head, comma, after = _BRACKET.sub("", text).strip(" \u00a0*_\"“”„«").partition(",")
    suffix = folded(after.strip()) in lexicon.names.suffix
    head = lexicon.regex(f"{language}-label-doing").sub("", head + (comma + after if suffix else ""))
    head = lexicon.regex(f"{language}-label-by").sub("", head)
    remarks = lexicon.own_set("label-remark")
    notes = [n for n in notes if not _TIME.fullmatch(n) and not _is_remark(n, remarks)]
    roles = [] if suffix or not after.strip() else [after.strip()]
    titles, rest = _untitled(head, lexicon)
    offices = lexicon.own_set("label-office")
    if titles and not rest and head.isupper() and folded(head) in lexicon.own_set("label-surname") - offices:
        titles, rest = "", head  # KING: is a surname, THE KING: is not
    if _is_office(head, rest, offices, definite=bool(lexicon.regex(f"{language}-label-the").match(head))):
        bearer = next((n for n in notes if _names_bearer(n, lexicon)), None)
        office = lexicon.regex(f"{language}-label-courtesy").sub("", head).strip()
        if bearer is None:
            return Label(text, "", office, tuple(roles + notes))
        name = _untitled(bearer, lexicon)[1]
        return Label(text, name, office, (office, *roles), _surname(name, lexicon))
    place = lexicon.regex(f"{language}-label-state").search(rest)
    if place and rest != head:
        rest, roles = rest[: place.start()], [*roles, place.group().strip()]
    full = [n for n in notes if not _PARTY.fullmatch(n)]
    roles += [", ".join(notes)] if notes and full else []
    roles += [titles] if titles else []
    roles += notes if notes and not full else []
    return Label(text, rest, "", tuple(roles), _surname(rest, lexicon))


def _surname(name: str, lexicon: Lexicon) -> str:
    words = [w for w in map(folded, name.split()) if w not in lexicon.names.suffix]
    return words[-1] if words else ""


def _is_remark(note: str, remarks: frozenset[str]) -> bool:
    low = note.lower()
    return low in remarks or low.split(" ")[0].rstrip(".,") in remarks


def _is_office(head: str, rest: str, offices: frozenset[str], *, definite: bool) -> bool:
    """Return whether a label names an office, not a person: The SPEAKER pro tempore, Mr Speaker, THE COURT."""
    if not any(c.isalpha() for c in rest) or rest.lower() in offices or head.lower() in offices:
        return True
    # "The Rev. Dan Pell" is he; of "The Minister for Roads" more than a title is left.
    return definite and (rest == head or not all(w[0].isupper() for w in rest.split()))


def _names_bearer(note: str, lexicon: Lexicon) -> bool:
    """Return whether brackets contain the name of an office's holder: (Mr Dan Pell)."""
    titles, rest = _untitled(note, lexicon, courtesies=True)
    return (bool(titles) and bool(rest)) or (len(note.split()) in (2, 3) and note.istitle())


@lru_cache(maxsize=8)
def _titles(lexicon: Lexicon) -> dict[tuple[str, ...], bool]:
    """Return the titles, as folded words, with whether each is only a courtesy."""
    return {tuple(map(folded, w.split())): t.kind == "honorific" for t in lexicon.titles for w in t.words}


def _untitled(head: str, lexicon: Lexicon, *, courtesies: bool = False) -> tuple[str, str]:
    """Return the offices before a name and the name; with `courtesies`, these count as offices."""
    words = head.split()
    offices: list[str] = []
    known = _titles(lexicon)
    start = at = int(len(words) > 1 and bool(lexicon.regex(f"{lexicon.language}-label-the").match(head)))
    while at < len(words):
        size = next(
            (n for n in range(_LONGEST_TITLE, 0, -1) if tuple(map(folded, words[at : at + n])) in known
             and at + n <= len(words)), 0
        )  # fmt: skip
        if not size:
            break
        if courtesies or not known[tuple(map(folded, words[at : at + size]))]:
            offices += words[at : at + size]
        at += size
    rest = words[at:] if at > start else words
    if not any(c.isalpha() for c in "".join(rest)):
        return " ".join(offices), ""
    return " ".join(offices), " ".join(rest)


def mixed_forms(text: str) -> dict[str, str]:
    """Return the words that a text prints with only an initial capital, by their lower-case form."""
    found: dict[str, str] = {}
    for match in _WORD.finditer(text):
        word = match.group().rstrip(".")
        if word[0].isupper() and not _is_shouted(word):
            found.setdefault(word.casefold(), word)
    return found


def spelled(name: str, forms: Mapping[str, str], lexicon: Lexicon) -> str:
    """Return a name in capitals as a text prints it elsewhere, or with initial capitals.

    Args:
        name: "MAYA McRAE".
        forms: the `mixed_forms` of the text.
        lexicon: the patterns, with particles and suffixes.
    """
    return " ".join(_spelled_word(word, forms, lexicon) for word in name.split())


def _is_shouted(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return sum(c.isupper() for c in letters) * 2 > len(letters)


def _spelled_word(word: str, forms: Mapping[str, str], lexicon: Lexicon) -> str:
    letters = [c for c in word if c.isalpha()]
    if len(letters) < 2 or not _is_shouted(word) or 0 < word.count(".") >= len(letters) - 1:
        return word  # Hale; J.D.
    if len(letters) < 5 and not set(folded(word)) & set("aeiouy"):
        return word  # DW
    low = word.lower()
    if (mixed := forms.get(word.rstrip(".").casefold())) is not None:
        return mixed
    if low in lexicon.names.particle:
        return low
    if low in lexicon.names.numeral:
        return word.upper()
    titled = re.sub(r"(?:\A|[-’'.])[^\W\d_]", lambda m: m.group().upper(), low)
    size = next((len(p) for p in lexicon.words["names-capital-prefix"] if low.startswith(p)), 0)
    return titled[:size] + titled[size : size + 1].upper() + titled[size + 1 :]
