"""Turn a reviewer's marks into a record: offsets are checked, and texts are cut from the article."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from attrs import evolve, frozen

from quotes.errors import InputError
from quotes.export import from_dict
from quotes.extraction.assembly import paragraph_of, quote_id
from quotes.records import Article, ArticleRecord, Channel, Cue, Mention, Quote, Span, Speaker
from quotes.text import quotation_marks

_LONGEST = 300


@frozen
class Marked:
    """A marked span of the text."""

    start: int
    end: int


@frozen
class GivenSpeaker:
    """A speaker as entered by the reviewer: a name, and the mention, if any."""

    name: str
    kind: str | None = None
    """The kind of speaker; null to take it from the article's other quotes."""
    role: str | None = None
    """The role, or "" for none; null to take it from the article's other quotes."""
    mention: Marked | None = None


@frozen
class GivenChannel:
    """A channel as entered by the reviewer."""

    relation: str
    name: str
    kind: str
    id: str | None = None
    mention: Marked | None = None


@frozen
class Correction:
    """A corrected quote, as the page sends it."""

    spans: tuple[Marked, ...]
    type: str
    speaker: GivenSpeaker | None = None
    cue: Marked | None = None
    channels: tuple[GivenChannel, ...] = ()
    said_on: str | None = None
    """The ISO date, or "" for none; null to keep it."""
    stance: str | None = None
    """Null to keep it."""


def corrected(record: ArticleRecord, data: Mapping[str, Any], *, quote: Quote | None) -> Quote:
    """Return the corrected quote.

    Args:
        record: the article, with its text and its quotes.
        data: a `Correction` from the page.
        quote: the quote to correct; None to add one.

    Raises:
        InputError: if the correction does not fit the article.
    """
    given = from_dict(data, kind=Correction)
    article, text = record.article, record.article.text or ""
    spans = _spans(given.spans, article)
    old = quote or Quote(id="", type="direct", text="", spans=())
    paragraphs = list(quotation_marks.paragraphs(text, start=article.start, end=article.end))
    made = {
        "id": old.id if quote and spans == old.spans else quote_id(article.id, spans),
        "type": given.type,
        "text": " ".join(text[s.start : s.end] for s in spans),
        "spans": [{"start": s.start, "end": s.end} for s in spans],
        "confidence": 1.0,
        "stance": given.stance or old.stance,
    }
    checked = from_dict({**made, "channels": []}, kind=Quote)  # types are checked as in any file of records
    speaker = _speaker(given.speaker, record, old.speaker)
    cue = _cue(given.cue, article, old.cue)
    channels = _channels(given.channels, article, old)
    same = (spans, speaker, cue) == (old.spans, old.speaker, old.cue)
    return evolve(
        checked,
        spans=spans,
        speaker=speaker,
        cue=cue,
        channels=channels,
        said_on=old.said_on if given.said_on is None else _day(given.said_on),
        pattern=old.pattern if same else None,
        paragraph=paragraph_of(spans, paragraphs),
    )


def _spans(given: tuple[Marked, ...], article: Article) -> tuple[Span, ...]:
    spans = tuple(sorted((Span(s.start, s.end) for s in given), key=lambda s: s.start))
    if not spans:
        raise InputError("a quote needs at least one span of the text; reject it if nothing was said")
    for span in spans:
        _inside(span, article)
    if len(set(spans)) < len(spans):
        raise InputError("a span of the quote is there twice; the spans of a quote must not overlap")
    if any(a.end > b.start for a, b in pairwise(spans)):
        raise InputError("the spans of a quote must not overlap")
    if not any((article.text or "")[span.start : span.end].strip() for span in spans):
        raise InputError("the spans of a quote have no words")
    return spans


def _inside(span: Span | Marked, article: Article) -> None:
    if not article.start <= span.start < span.end <= article.end:
        raise InputError(f"{span.start} to {span.end} is not a span of the article ({article.start} to {article.end})")


def _mention(given: Marked | None, article: Article) -> Mention | None:
    if given is None:
        return None
    _inside(given, article)
    return Mention((article.text or "")[given.start : given.end], given.start, given.end)


def _name(name: str, what: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > _LONGEST:
        raise InputError(f"the {what} needs a name of 1 to {_LONGEST} characters")
    return plain


def _speaker(given: GivenSpeaker | None, record: ArticleRecord, old: Speaker | None) -> Speaker | None:
    """Return the speaker, with what the article says of other quotes by that name."""
    if given is None:
        return None
    name, mention = _name(given.name, "speaker"), _mention(given.mention, record.article)
    known = [q.speaker for q in record.quotes if q.speaker and q.speaker.name == name]
    base = old if old and old.name == name else known[0] if known else Speaker(name)
    role = base.role if given.role is None else " ".join(given.role.split()) or None
    if role and role != base.role and len(role) > _LONGEST:
        raise InputError(f"the speaker's role has {len(role):,} characters; {_LONGEST} are the most")
    if old and (name, mention, given.kind or old.kind, role) == (old.name, old.mention, old.kind, old.role):
        return old
    resolution = "none" if mention is None else "name" if mention.text.casefold() == name.casefold() else "alias"
    return from_dict(
        {
            "name": name, "kind": given.kind or base.kind, "role": role, "handle": base.handle, "id": base.id,
            "resolution": resolution, "pronoun": base.pronoun,
            "mention": {"text": mention.text, "start": mention.start, "end": mention.end} if mention else None,
        },
        kind=Speaker,
    )  # fmt: skip


def _day(printed: str) -> str | None:
    """Return a date as given; None if empty."""
    try:
        return date.fromisoformat(printed).isoformat() if printed.strip() else None
    except ValueError:
        raise InputError(f"{printed[:40]!r} is not a date; write it as 2025-06-10") from None


def _cue(given: Marked | None, article: Article, old: Cue | None) -> Cue | None:
    if given is None:
        return None
    if old and (given.start, given.end) == (old.start, old.end):
        return old
    found = _mention(given, article)
    assert found is not None
    return Cue(found.text, found.text.casefold(), found.start, found.end)


def _channels(given: tuple[GivenChannel, ...], article: Article, old: Quote) -> tuple[Channel, ...]:
    channels = tuple(_channel(channel, article, old) for channel in given)
    for number, channel in enumerate(channels):
        if any(
            (c.relation, c.name, c.kind) == (channel.relation, channel.name, channel.kind) for c in channels[:number]
        ):
            raise InputError(f"the channel {channel.relation} {channel.name} is there twice; remove one")
    return channels


def _channel(given: GivenChannel, article: Article, old: Quote) -> Channel:
    mention = _mention(given.mention, article)
    name = _name(given.name, "channel")
    same = next((c for c in old.channels if (c.name, c.kind) == (name, given.kind)), None)
    return from_dict(
        {
            "relation": given.relation, "name": name, "kind": given.kind, "id": same.id if same else None,
            "mention": {"text": mention.text, "start": mention.start, "end": mention.end} if mention else None,
        },
        kind=Channel,
    )  # fmt: skip
