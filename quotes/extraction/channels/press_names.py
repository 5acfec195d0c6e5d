"""Find the names of the press in an article: outlets, programmes and platforms, listed or not.

The gazetteer lists most. The publisher is also known by shorter forms of its name and by its initials, words such as
"tweeted" mean a platform, and the reader tags names that no list has.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from attrs import define

from quotes.extraction.channels.article_words import ArticleWords
from quotes.lexicon.gazetteer import Press
from quotes.reader.inference import Answer
from quotes.records import ChannelKind, Outlet

# The fewest letters of an outlet's last word that stands for it: the Globe.
_SHORT_NAME = 5
# The fewest words whose initials stand for an outlet.
_INITIALS = 3
# The least probability of a name that the reader takes for the press, and the most words of one.
_READ, _LONGEST = 0.5, 6
_DOMAIN = re.compile(r"(?:\.[a-z]{2,6}){1,2}$")
_WORD = re.compile(r"[^\W_]+")


class PressName(NamedTuple):
    """Where a name begins and ends, and what tells it: a label of the gazetteer, OWN, WORD, or READ."""

    start: int
    end: int
    label: str


@define(eq=False)
class PressNames:
    """Finds the names of the press in one article."""

    words: ArticleWords
    press: Press
    platforms: Mapping[str, tuple[str, ChannelKind, str]]
    outlet: Outlet | None
    read: Sequence[Answer]

    def all(self) -> list[PressName]:
        """Return the names in order, without overlaps, the longest at each place."""
        found: list[PressName] = []
        for name in sorted(self._known(), key=lambda n: (n.start, -n.end, n.label)):
            if not found or name.start >= found[-1].end:
                found.append(name)
        return sorted([*found, *self._unlisted(found)])

    def _known(self) -> Iterator[PressName]:
        w = self.words
        body = w.text[w.start : w.end]
        yield from (PressName(w.start + s, w.start + e, label) for s, e, label in self.press.scan(body))
        for name, flags in self._own_names().items():
            for match in re.finditer(rf"\b{re.escape(name)}\b", body, flags):
                if not match.group().islower() and not self._goes_on(w.at(w.start + match.start())):
                    yield PressName(w.start + match.start(), w.start + match.end(), "OWN")
        for number, word in enumerate(w.lower):
            if word in self.platforms:
                yield PressName(w.starts[number], w.stop(number), "WORD")

    # -- the article's own outlet -------------------------------------------------------------------------------------

    def _own_names(self) -> dict[str, re.RegexFlag]:
        """Return the names of the outlet that publishes the article: the California Globe, the Globe, TRD."""
        if self.outlet is None:
            return {}
        found: dict[str, re.RegexFlag] = {}
        for name in (self.outlet.name, *self.press.called(self.outlet.id)):
            parts = _DOMAIN.sub("", name).split()
            bare = parts[parts[0].lower() in self.words.known["articles"] :] if parts else []
            if not bare:
                continue
            for whole in (parts, bare):
                if len(whole) >= _INITIALS and all(word[0].isalnum() for word in whole):
                    found["".join(word[0] for word in whole).upper()] = re.NOFLAG
            found |= dict(self._short(bare))
        return found

    def _short(self, bare: Sequence[str]) -> Iterator[tuple[str, re.RegexFlag]]:
        """Yield a name and its short forms: without "Magazine" at its end, or its last word."""
        full = " ".join(bare)
        yield full, re.IGNORECASE if len(full) >= _SHORT_NAME else re.NOFLAG
        if full.isalpha() and len(full) < _SHORT_NAME:
            yield full.upper(), re.NOFLAG
        if len(bare) > 1 and bare[-1].lower() in self.words.known["outlet-endings"]:
            yield " ".join(bare[:-1]), re.NOFLAG
        elif len(bare) > 1 and len(bare[-1]) >= _SHORT_NAME:
            yield bare[-1], re.NOFLAG

    def _goes_on(self, number: int) -> bool:
        """Return whether a word continues a longer name: in the Brunn Times, "the Aspen Times" is another paper."""
        w, before = self.words, number - 1
        inner = w.joined(number) and w.sentence(w.starts[before]) == w.sentence(w.starts[number])
        return inner and w.words[before][0].isupper() and w.lower[before] not in self._articles

    # -- names that no list has ---------------------------------------------------------------------------------------

    def _unlisted(self, known: Sequence[PressName]) -> Iterator[PressName]:
        """Yield the names that have the form of a paper's or that the reader takes for the press; no known ones."""
        w, starts, done = self.words, [n.start for n in known], self.words.start
        for first, last in sorted([*self._papers(), *self._read_as_press()]):
            if first > last or last - first >= _LONGEST or w.lower[last] in self.people:
                continue
            name = PressName(w.starts[first], w.stop(last), "READ")
            at = bisect_left(starts, name.end)
            if name.start >= done and (at == 0 or known[at - 1].end <= name.start):
                done = name.end
                yield name

    def _papers(self) -> Iterator[tuple[int, int]]:
        """Yield first and last word of names with an article that end like a paper's: the Marlow Creek Herald."""
        w, heads = self.words, self.words.known["paper-heads"]
        for last, word in enumerate(w.words):
            if word in heads:
                first = last
                while first and last - first < _LONGEST and w.joined(first) and self._named(first - 1):
                    first -= 1
                if first < last and first and w.joined(first) and w.lower[first - 1] in self._articles:
                    yield first, last

    def _read_as_press(self) -> Iterator[tuple[int, int]]:
        """Yield first and last word of the names that the reader takes for the press."""
        w = self.words
        for answer in self.read:
            if answer.kind == "press" and answer.p >= _READ and w.start <= answer.start < answer.end <= w.end:
                yield self._whole(w.at(answer.start), w.at(answer.end - 1))

    def _whole(self, first: int, last: int) -> tuple[int, int]:
        """Return the first and the last word of the name in capitals that some words are part of."""
        w = self.words
        while first <= last and not self._named(first):
            first += 1
        while last >= first and not self._named(last):
            last -= 1
        while first <= last and last + 1 < len(w) and w.joined(last + 1):
            beyond = last + 1 + (w.lower[last + 1] in w.known["possessive"])
            if not (beyond < len(w) and w.joined(beyond) and self._named(beyond)):
                break
            last = beyond
        while first <= last and first and w.joined(first):
            beyond = first - 1 - (w.lower[first - 1] in w.known["possessive"])
            if beyond < 0 or not self._named(beyond) or not w.joined(beyond + 1):
                break
            first = beyond
        return first, last

    def _named(self, number: int) -> bool:
        """Return whether a word has a capital or is a number, and is no article."""
        word = self.words.words[number]
        return (word[0].isupper() or word[0].isdigit()) and self.words.lower[number] not in self._articles

    @property
    def _articles(self) -> frozenset[str]:
        return self.words.known["articles"]

    @cached_property
    def people(self) -> frozenset[str]:
        """The last words of names that the reader takes for people's, in lower case."""
        return frozenset(self._last_words("person"))

    def _last_words(self, kind: str) -> Iterator[str]:
        for answer in self.read:
            words = _WORD.findall(self.words.text[answer.start : answer.end]) if answer.kind == kind else []
            if words and answer.p >= _READ:
                yield words[-1].lower()
