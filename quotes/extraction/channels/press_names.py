"""Find the names of the press in an article: outlets, programmes and platforms.

The gazetteer lists them. The publisher is also known by shorter forms of its name and by its initials, and words such
as "tweeted" mean a platform.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from quotes.extraction.channels.article_words import ArticleWords
from quotes.lexicon.gazetteer import Press
from quotes.records import Outlet

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


def names(w: ArticleWords, press: Press, outlet: Outlet | None, meant: Container[str]) -> list[PressName]:
    """Return the names of the press in an article in order, without overlaps, the longest at each place.

    Args:
        w: the article's words.
        press: the listed names.
        outlet: the article's publisher.
        meant: the words that alone mean a platform.
    """
    body = w.text[w.start : w.end]
    known = [PressName(w.start + start, w.start + end, label) for start, end, label in press.scan(body)]
    for name, flags in _own_names(outlet, press, w).items() if outlet is not None else ():
        for match in re.compile(rf"\b{re.escape(name)}\b", flags).finditer(w.text, w.start, w.end):
            if not match.group().islower() and not _goes_on(w, w.at(match.start())):
                known.append(PressName(*match.span(), "OWN"))
    known += (PressName(w.starts[n], w.stop(n), "WORD") for n, word in enumerate(w.lower) if word in meant)
    found: list[PressName] = []
    for each in sorted(known, key=lambda n: (n.start, -n.end, n.label)):
        if not found or each.start >= found[-1].end:
            found.append(each)
    return found


def _own_names(outlet: Outlet, press: Press, w: ArticleWords) -> dict[str, re.RegexFlag]:
    """Return the names of the outlet that publishes the article: the California Globe, the Globe, TRD."""
    found: dict[str, re.RegexFlag] = {}
    for name in (outlet.name, *press.called(outlet.id)):
        parts = _DOMAIN.sub("", name).split()
        bare = parts[parts[0].lower() in w.known["articles"] :] if parts else []
        if bare:
            for whole in (parts, bare):
                if len(whole) >= _INITIALS and all(word[0].isalnum() for word in whole):
                    found["".join(word[0] for word in whole).upper()] = re.NOFLAG
            found |= _short(bare, w)
    return found


def _short(bare: list[str], w: ArticleWords) -> Iterator[tuple[str, re.RegexFlag]]:
    """Yield a name and its short forms: without "Magazine" at its end, or its last word."""
    full = " ".join(bare)
    yield full, re.IGNORECASE if len(full) >= _SHORT_NAME else re.NOFLAG
    if full.isalpha() and len(full) < _SHORT_NAME:
        yield full.upper(), re.NOFLAG
    if len(bare) > 1 and bare[-1].lower() in w.known["outlet-endings"]:
        yield " ".join(bare[:-1]), re.NOFLAG
    elif len(bare) > 1 and len(bare[-1]) >= _SHORT_NAME:
        yield bare[-1], re.NOFLAG


def _goes_on(w: ArticleWords, number: int) -> bool:
    """Return whether a word continues a longer name: in the Brunn Times, "the Aspen Times" is another paper."""
    before = number - 1
    inner = w.joined(number) and w.sentence(w.starts[before]) == w.sentence(w.starts[number])
    return inner and w.words[before][0].isupper() and w.lower[before] not in w.known["articles"]
