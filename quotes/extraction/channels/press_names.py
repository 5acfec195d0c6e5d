"""Find the names of the press in an article: outlets, programmes and platforms.

The gazetteer lists them. The publisher is also known by shorter forms of its name and by its initials, and words such
as "tweeted" mean a platform.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from attrs import define

from quotes.extraction.channels.article_words import ArticleWords
from quotes.lexicon.gazetteer import Press
from quotes.records import ChannelKind, Outlet

# The fewest letters of an outlet's last word that stands for it: the Globe.
_SHORT_NAME = 5
# The fewest words whose initials stand for an outlet.
_INITIALS = 3
_DOMAIN = re.compile(r"(?:\.[a-z]{2,6}){1,2}$")


class PressName(NamedTuple):
    """Where a name begins and ends, and what tells it: a label of the gazetteer, OWN or WORD."""

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

    def all(self) -> list[PressName]:
        """Return the names in order, without overlaps, the longest at each place."""
        found: list[PressName] = []
        for name in sorted(self._known(), key=lambda n: (n.start, -n.end, n.label)):
            if not found or name.start >= found[-1].end:
                found.append(name)
        return found

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
        return inner and w.words[before][0].isupper() and w.lower[before] not in w.known["articles"]
