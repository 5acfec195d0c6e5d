"""Names of sources in the form compared: folded words, spellings that sound alike, acronyms."""

from __future__ import annotations

import re
from functools import cached_property

from attrs import define, field, frozen

from quotes.lexicon import Lexicon
from quotes.records import SpeakerKind
from quotes.text.letters import unaccented

_WORD = re.compile(r"[^\W_]+(?:[’'.&-][^\W_]+)*\.?")
_POSSESSIVE = re.compile(r"['’]s?$")
_OWNED = re.compile(r"['’]s? \S+$")
Words = tuple[str, ...]


def fold(text: str) -> str:
    """Return text without case and accents: "Céline Łuk" is "celine luk"."""
    return text.lower() if text.isascii() else unaccented(text, stroked=True).casefold()


@frozen
class Name:
    """A person's name in the form compared."""

    words: Words
    """Folded words, without titles and generation."""
    generation: str = ""
    """"jr", "sr", "iii", or nothing."""

    @property
    def first(self) -> str:
        """The given name, or an initial."""
        return self.words[0]

    @property
    def last(self) -> str:
        """The surname's last word."""
        return self.words[-1]

    @property
    def middle(self) -> Words:
        """The words between."""
        return self.words[1:-1]


@define(eq=False)
class Names:
    """Reads names by one language's lists."""

    lexicon: Lexicon
    _sounds_of: dict[str, str] = field(factory=dict, init=False)

    def person(self, name: str) -> Name:
        """Return a person's name in the form compared."""
        words = [fold(_POSSESSIVE.sub("", w)).rstrip(".") for w in _WORD.findall(name)]
        words = [w for w in words if w]
        generation = ""
        while len(words) > 1 and words[-1] in self._set("sources-generation"):
            generation = words.pop()
        titles = self._titles
        while len(words) > 2 and (words[0] in self._set("sources-not-name") or words[0] in titles):
            words.pop(0)
        return Name(tuple(words), generation)

    def organization(self, name: str) -> Words:
        """Return a body's words in the form compared: without article, possessive and legal form."""
        words = [fold(_POSSESSIVE.sub("", w)).rstrip(".") for w in _WORD.findall(name)]
        if words and words[0] in self._set("comparison-article"):
            words = words[1:]
        while len(words) > 1 and words[-1] in self._set("sources-legal-form"):
            words.pop()
        named = _OWNED.search(name) or (len(words) == 3 and words[0] in self._given)
        if len(words) > 2 and words[-1] in self._set("sources-led") and named:
            # Hillary Clinton's campaign, the Hillary Clinton campaign, President Joe Biden's administration.
            words = words[-2:]
        return tuple(words)

    def canonical(self, words: Words) -> str | None:
        """Return the listed body with this name or former name: an outlet, or a row of `sources-organization`."""
        return self._bodies.get(" ".join(words))

    def acronym(self, words: Words) -> str:
        """Return the first letters of a body's name."""
        gaps = self._set("comparison-acronym-gap")
        return "".join(w[0] for w in words if w not in gaps)

    def sound(self, word: str) -> str:
        """Return a key shared by spellings of a word transcribed from another script."""
        word = self._spellings.get(word, word)
        if word not in self._sounds_of:
            sound = word
            for pattern, put in self._sounds:
                sound = pattern.sub(put, sound)
            self._sounds_of[word] = sound
        return self._sounds_of[word]

    def given(self, word: str) -> frozenset[str]:
        """Return a given name, and those that it may be short for."""
        return self._nicknames.get(word, frozenset()) | {word}

    def is_common(self, name: Name) -> bool:
        """Return whether a full name is common: a common surname with a common given name."""
        return name.last in self._set("sources-common-surname") and name.first in self._given

    def is_rare(self, name: Name) -> bool:
        """Return whether a surname is not a common one."""
        return name.last not in self._set("sources-common-surname")

    def is_proper(self, name: str, kind: SpeakerKind) -> bool:
        """Return whether a name is a proper name, so that two articles can mean the same by it."""
        printed = _WORD.findall(name)
        if printed and fold(printed[0]) in self._set("comparison-article") and fold(printed[0]) not in self._owners:
            printed = printed[1:]
        if not printed or fold(printed[0]) in self._owners or not printed[0][0].isupper():
            # "iRobot" is a name, "police" is not.
            return bool(printed) and any(c.isupper() for c in printed[0]) and fold(printed[0]) not in self._owners
        small = self._set("names-org-connector")
        if any(w[0].islower() and w not in small for w in printed[1:]) and kind != "person":
            return fold(printed[-1]) in self._set("sources-nobody") and all(w[0].isupper() for w in printed[:-1])
        return len(printed) > 1 or fold(printed[0]).rstrip(".") not in self._set("sources-nobody")

    def _set(self, name: str) -> frozenset[str]:
        return self.lexicon.word_set(name)

    @property
    def _owners(self) -> frozenset[str]:
        return self._set("sources-owner")

    @cached_property
    def _titles(self) -> frozenset[str]:
        return frozenset(fold(w).rstrip(".") for t in self.lexicon.titles for w in t.words if " " not in w)

    @cached_property
    def _given(self) -> frozenset[str]:
        return frozenset(fold(w) for g in ("f", "m") for w in self.lexicon.words[f"names-given-{g}"])

    @cached_property
    def _nicknames(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for row in self.lexicon.words["sources-nickname"]:
            whole, *short = row.split("=")
            for word in short:
                found.setdefault(word, set()).add(whole)
            found.setdefault(whole, set())
        return {word: frozenset(wholes) for word, wholes in found.items()}

    @cached_property
    def _spellings(self) -> dict[str, str]:
        rows = (row.split("=") for row in self.lexicon.words["sources-spelling"])
        return {word: row[0] for row in rows for word in row}

    @cached_property
    def _sounds(self) -> list[tuple[re.Pattern[str], str]]:
        rows = (row.rsplit("=", 1) for row in self.lexicon.words["sources-sound"])
        return [(re.compile(pattern), put) for pattern, put in rows]

    @cached_property
    def _bodies(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for outlet in self.lexicon.outlets:
            for name in (outlet.name, *outlet.aliases, *outlet.former):
                found.setdefault(" ".join(self.organization(name)), f"outlet {outlet.id}")
        for row in self.lexicon.words["sources-organization"]:
            names = [" ".join(self.organization(n)) for n in row.split("=")]
            known = next((found[n] for n in names if n in found), names[0])
            found.update((n, known) for n in names)
        return found
