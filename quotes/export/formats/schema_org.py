"""The format `schemaorg`: a JSON-LD graph of schema.org Quotations in NewsArticles, with speakers and publishers.

The context is inline, so that a processor need not fetch anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, TextIO
from urllib.parse import quote as percent

from quotes.export.credit import channel_line
from quotes.export.places import web_address
from quotes.export.writing import write_list
from quotes.records import Article, ArticleRecord, ErrorRecord, Outlet, Quote, Speaker
from quotes.records.json_text import for_page

_DATE, _LINK = {"@type": "http://www.w3.org/2001/XMLSchema#date"}, {"@type": "@id"}
CONTEXT = {"@vocab": "https://schema.org/", "url": _LINK, "dateCreated": _DATE}
# schema.org's classes by kind of speaker. A document means the body that wrote it.
_KINDS = {"organization": "Organization", "group": "Organization", "document": "Organization"}
Json = dict[str, Any]


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write one graph, article by article.

    Args:
        records: articles and errors in any order.
        stream: a text stream, in UTF-8.

    Raises:
        OSError: if the stream cannot be written.
    """
    opening = for_page({"@context": CONTEXT})[:-1]
    opening += ', "@graph": ['
    write_list(records, stream, lambda record: map(for_page, _nodes(record)), opening=opening, closing="]}", empty="\n")


def _nodes(record: ArticleRecord) -> Iterable[Json]:
    article = record.article
    name = f"urn:x-quotes:article:{percent(article.id, safe='', errors='replace')}:{article.index}"
    yield _article(article, name)
    for quote in record.quotes:
        yield _quotation(quote, article, name)


def _article(article: Article, name: str) -> Json:
    node: Json = {
        "@id": name,
        "@type": "NewsArticle",
        "headline": article.title,
        "url": web_address(article.url),
        "identifier": article.source,
        "datePublished": _date(article.published),
        "inLanguage": article.language,
        "author": {"@type": "Person", "name": article.byline} if article.byline else None,
        "publisher": _outlet(article.outlet) if article.outlet else None,
        "sourceOrganization": _outlet(article.wire) if article.wire else None,
    }
    return {key: value for key, value in node.items() if value}


def _quotation(quote: Quote, article: Article, name: str) -> Json:
    via = [channel for channel in quote.channels if channel.relation == "via"]
    node: Json = {
        "@id": f"urn:x-quotes:quote:{percent(quote.id, safe='', errors='replace')}",
        "@type": "Quotation",
        "text": quote.text,
        "inLanguage": article.language,
        "dateCreated": quote.said_on,
        "spokenByCharacter": _speaker(quote.speaker, article) if quote.speaker and quote.stance == "said" else None,
        "isPartOf": {"@id": name},
        "isBasedOn": [
            {"@type": "CreativeWork", "publisher": _outlet(Outlet(channel.name, channel.id))} for channel in via
        ],
        "creditText": channel_line(quote),
    }
    return {key: value for key, value in node.items() if value}


def _outlet(outlet: Outlet) -> Json:
    # Outlets of the same name are the same, unless their keys differ.
    key = percent(outlet.id or outlet.name.casefold(), safe="", errors="replace")
    node: Json = {"@id": f"urn:x-quotes:outlet:{key}", "@type": "NewsMediaOrganization", "name": outlet.name}
    address = web_address(f"https://{outlet.domain}/") if outlet.domain else None
    return node | ({"url": address} if address else {})


def _speaker(speaker: Speaker, article: Article) -> Json:
    node: Json = {
        "@id": f"urn:x-quotes:speaker:{speaker_key(speaker, article)}",
        "@type": _KINDS.get(speaker.kind, "Person"),
        "name": speaker.name,
        "identifier": speaker.id,
        "alternateName": speaker.handle,
        "description": speaker.role,
    }
    return {key: value for key, value in node.items() if value}


def speaker_key(speaker: Speaker, article: Article) -> str:
    """Return a key of a speaker: the id of a people file, or the name within its article.

    Args:
        speaker: the speaker of a quote in that article.
        article: the article, since a name alone does not identify a person across articles.
    """
    identity = f"id\0{speaker.id}" if speaker.id else f"{article.id}\0{article.index}\0{speaker.kind}\0{speaker.name}"
    return sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _date(published: str | None) -> Json | None:
    if not published:
        return None
    kind = "dateTime" if "T" in published else "date"
    return {"@type": f"http://www.w3.org/2001/XMLSchema#{kind}", "@value": published}
