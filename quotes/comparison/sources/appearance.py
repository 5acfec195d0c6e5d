"""Appearances: one speaker in one article. Sources are made of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from quotes.records import Article, ArticleRecord, ErrorRecord, Pronoun, Quote, Speaker, SpeakerKind

# Older dates are mistakes: 0001-01-01.
_DAY = re.compile(r"(?:1[5-9]|2\d)\d\d-\d\d-\d\d(?!\d)")
# The most characters of an example.
_LONGEST = 300
# Adjacent capitalised words, in which full names of a one-word name are looked for; the most words before or after it.
_RUN = re.compile(r"(?<![\w’'-])[A-Z][\w’'-]*+\.?(?: [A-Z][\w’'-]*+\.?)+")
_BEFORE = 2
# Types with quotation marks.
DIRECT = ("direct", "post", "mixed")


@frozen
class Example:
    """An example of a source's quotes."""

    quote: str
    """Id of the quote."""
    article: str
    """Id of its article."""
    type: str
    text: str
    confidence: float = 0.0


@frozen
class Appearance:
    """A speaker in an article, with the facts from all of the article's quotes of that speaker."""

    article: str
    """Id of the article."""
    name: str
    kind: SpeakerKind
    listed: str | None = None
    """The id that a people file gives."""
    handle: str | None = None
    pronoun: Pronoun | None = None
    roles: tuple[str, ...] = ()
    outlet: str | None = None
    day: str | None = None
    quotes: int = 0
    words: int = 0
    direct: int = 0
    """How many of the quotes are in quotation marks, wholly or partly."""
    channels: tuple[tuple[str, str], ...] = ()
    """Relation and name of each channel, with repetitions."""
    examples: tuple[Example, ...] = ()
    called: tuple[str, ...] = ()
    """Full names in the article that begin or end with this one-word name."""
    beside: tuple[str, ...] = ()
    """The other speakers of the article."""


Who = tuple[str, str, str | None]


def who(speaker: Speaker) -> Who:
    """Return a key of a speaker within the article."""
    return speaker.name, speaker.kind, speaker.id


def appearances(records: Iterable[ArticleRecord | ErrorRecord]) -> Iterator[Appearance]:
    """Yield the speakers of each article, each with all its quotes; duplicate articles count once.

    Args:
        records: articles and errors in any order.
    """
    seen: set[str] = set()
    for record in records:
        if isinstance(record, ErrorRecord) or record.article.id in seen:
            continue
        seen.add(record.article.id)
        yield from of_article(record)


def of_article(record: ArticleRecord) -> list[Appearance]:
    """Return the speakers of an article, in the order they speak."""
    article = record.article
    by_speaker: dict[Who, list[Quote]] = {}
    for quote in record.quotes:
        if quote.speaker is not None and quote.speaker.name.strip() and quote.stance == "said":
            by_speaker.setdefault(who(quote.speaker), []).append(quote)
    text = [article.title or "", *(q.text for q in record.quotes)]
    if article.text:
        text.append(article.text[article.start : article.end])
    found = [_appearance(article, quotes) for quotes in by_speaker.values()]
    names = [one.name for one in found]
    return [
        evolve(one, beside=tuple(n for n in names if n != one.name), called=_called(one, text)) for one in found
    ]


def _appearance(article: Article, quotes: list[Quote]) -> Appearance:
    speakers = [q.speaker for q in quotes if q.speaker is not None]
    first = speakers[0]
    pronouns: Counter[Pronoun] = Counter(s.pronoun for s in speakers if s.pronoun is not None)
    best = sorted(quotes, key=lambda q: (q.type not in DIRECT, -q.confidence, q.id))[:1]
    return Appearance(
        article=article.id,
        name=" ".join(first.name.split()),
        kind=first.kind,
        listed=first.id,
        handle=next((s.handle for s in speakers if s.handle), None),
        pronoun=min(pronouns.items(), key=lambda pc: (-pc[1], pc[0]))[0] if pronouns else None,
        roles=tuple(dict.fromkeys(" ".join(s.role.split()) for s in speakers if s.role)),
        outlet=article.outlet.name if article.outlet else None,
        day=article.published[:10] if article.published and _DAY.match(article.published) else None,
        quotes=len(quotes),
        words=sum(len(q.text.split()) for q in quotes),
        direct=sum(q.type in DIRECT for q in quotes),
        channels=tuple((c.relation, c.name) for q in quotes for c in q.channels),
        examples=tuple(Example(q.id, article.id, q.type, _short(q.text), q.confidence) for q in best),
    )


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1].rstrip() + "…"


def _called(one: Appearance, texts: list[str]) -> tuple[str, ...]:
    """Return the full names in an article that a one-word name may be short for."""
    if " " in one.name or one.kind not in ("person", "unknown") or not one.name[:1].isupper():
        return ()
    found = set()
    for text in texts:
        if one.name in text:
            for run in _RUN.findall(text):
                words = [word.removesuffix("’s").removesuffix("'s").rstrip("’'") for word in run.split(" ")]
                for at in (n for n, word in enumerate(words) if word == one.name):
                    found |= {" ".join(words[low : at + 1]) for low in range(max(0, at - _BEFORE), at)}
                    found |= {" ".join(words[at:high]) for high in range(at + 2, min(len(words), at + 1 + _BEFORE) + 1)}
    return tuple(sorted(found))
