"""The format `ftm`: FollowTheMoney entities, one per line, for Aleph and other tools of investigators.

An article is an `Article`; a quote is a `Note` on its speaker with the article as its proof; a speaker is a `Person`,
an `Organization` or, if neither is known, a `LegalEntity`; an outlet is an `Organization`. FollowTheMoney silently
drops unknown properties and unclean values, so these are not written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TextIO

from quotes.export.credit import channel_line, speaker_line
from quotes.export.formats.schema_org import speaker_key
from quotes.export.places import web_address
from quotes.export.writing import write_lines
from quotes.records import Article, ArticleRecord, ErrorRecord, Outlet, Quote, Speaker
from quotes.records.json_text import dumps

_KINDS = {"person": "Person", "author": "Person", "organization": "Organization", "document": "Organization"}
# FollowTheMoney uses three-letter language codes.
_LANGUAGES = {"en": "eng"}
Json = dict[str, Any]


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write one entity per line: each article with its outlets, speakers and quotes.

    Args:
        records: articles and errors in any order.
        stream: a text stream, in UTF-8.

    Raises:
        OSError: if the stream cannot be written.
    """
    # A speaker is written once per article; across articles Aleph merges entities by id.
    write_lines(records, stream, lambda record: dict.fromkeys(map(dumps, _entities(record))))


def _entities(record: ArticleRecord) -> Iterator[Json]:
    article = record.article
    for outlet in (article.outlet, article.wire):
        if outlet:
            yield _outlet(outlet)
    yield _article(article)
    for quote in record.quotes:
        if quote.speaker:
            yield _speaker(quote.speaker, article)
        yield _note(quote, article)


def _entity(identity: str, schema: str, **properties: Any) -> Json:
    """Return an entity without its empty properties."""
    kept = {}
    for name, value in properties.items():
        values = [value] if isinstance(value, str) else value or []
        if said := list(dict.fromkeys(each for each in values if each and each.strip())):
            kept[name] = said
    return {"id": identity, "schema": schema, "properties": kept}


def _key(kind: str, *parts: str) -> str:
    identity = "\0".join(parts).encode("utf-8", "surrogatepass")
    return f"quotes-{kind}-{sha256(identity).hexdigest()[:16]}"


def _article_key(article: Article) -> str:
    return _key("article", article.id, str(article.index))


def _article(article: Article) -> Json:
    publishers = [outlet.name for outlet in (article.outlet, article.wire) if outlet]
    return _entity(
        _article_key(article), "Article",
        fileName=article.source, title=article.title, author=article.byline,
        publishedAt=_moment(article.published), language=_language(article.language),
        sourceUrl=web_address(article.url), publisher=publishers,
        publisherUrl=_site(article.outlet), bodyText=_body(article),
    )  # fmt: skip


def _moment(published: str | None) -> str | None:
    """Return a date unchanged, and a time of day in UTC, which FollowTheMoney assumes."""
    if not published or "T" not in published:
        return published
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        return None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).replace(tzinfo=None).isoformat(timespec="seconds")


def _language(code: str | None) -> str | None:
    short = (code or "").partition("-")[0].lower()
    return _LANGUAGES.get(short, short)


def _body(article: Article) -> str | None:
    return article.text[article.start : article.end] if article.text else None


def _outlet(outlet: Outlet) -> Json:
    key = _key("outlet", outlet.id or outlet.name.casefold())
    return _entity(key, "Organization", name=outlet.name, website=_site(outlet))


def _site(outlet: Outlet | None) -> str | None:
    return web_address(f"https://{outlet.domain}/") if outlet and outlet.domain else None


def _speaker(speaker: Speaker, article: Article) -> Json:
    schema = _KINDS.get(speaker.kind, "LegalEntity")
    role = {"position" if schema == "Person" else "summary": speaker.role}
    wikidata = speaker.id if speaker.id and speaker.id[:1] == "Q" and speaker.id[1:].isdigit() else None
    notes = [f"id: {speaker.id}"] if speaker.id and not wikidata else []
    key = f"quotes-speaker-{speaker_key(speaker, article)}"
    return _entity(key, schema, name=speaker.name, alias=speaker.handle, wikidataId=wikidata, notes=notes, **role)


def _note(quote: Quote, article: Article) -> Json:
    speaker = f"quotes-speaker-{speaker_key(quote.speaker, article)}" if quote.speaker else None
    said = " ".join(quote.text.split())
    return _entity(
        _key("quote", quote.id), "Note",
        name=f"{speaker_line(quote)}: {said[:80]}{'…' if len(said) > 80 else ''}", description=quote.text,
        summary=channel_line(quote), keywords=[quote.type, *(f"{c.relation} {c.name}" for c in quote.channels)],
        entity=speaker, proof=_article_key(article), sourceUrl=web_address(article.url),
        publisher=article.outlet.name if article.outlet else None,
    )  # fmt: skip
