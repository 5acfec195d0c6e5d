"""Read a web page's metadata: JSON-LD, OpenGraph, meta and link elements."""

from __future__ import annotations

import html
import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from quotes.ingest.days import iso

# Ends of schema.org's article types: NewsArticle, ReportageNewsArticle, BlogPosting, Report…
_ARTICLE = ("Article", "BlogPosting", "Report", "Review")
_ADDRESS = re.compile(r"^(?:https?:)?//|^www\.|^@")
_DIVIDER = re.compile(r"\s[-–—|•·:»]{1,2}\s")
# The most words of an outlet's name: "The Hollywood Reporter", "Fort Worth Star-Telegram".
_NAME_WORDS = 6
_HOST = re.compile(r"(?:https?:)?//([^/\s:?#]+)")
_AKAMAI = ".akamaized.net"  # img-s-msn-com.akamaized.net
# The fewest of a page's addresses on its own domain, and their least share.
_FEWEST, _GOOD_PART = 5, 0.3


@frozen
class Metadata:
    """The metadata of a page; null if missing."""

    title: str | None = None
    byline: str | None = None
    published: str | None = None
    url: str | None = None
    outlet: str | None = None
    language: str | None = None
    wire: str | None = None


def metadata(tree: Any) -> Metadata:
    """Return a page's metadata.

    JSON-LD comes before OpenGraph, OpenGraph before meta elements. The outlet is `publisher.name`, `og:site_name` or
    the words that the <title> adds to the headline; `article:publisher` is often a Facebook address. If all are
    missing, it is the domain of most of the page's addresses: a portal's canonical link may lead elsewhere, but its
    images and links are its own.

    Args:
        tree: the page's tree.
    """
    node, nodes = _article(tree)
    meta = _metas(tree)
    printed = _text(next(iter(tree.xpath("//head/title/text() | //title/text()")), None))
    heading = _text(" ".join(tree.xpath("//h1[1]")[0].itertext())) if tree.xpath("//h1") else None
    title = _text(node.get("headline")) or meta.get("og:title") or meta.get("twitter:title") or printed or heading
    headlines = [t for t in (_text(node.get("headline")), meta.get("og:title"), heading) if t]
    link = next(iter(tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href")), None)
    page = node.get("mainEntityOfPage")
    own = node.get("url") or (page.get("@id") if isinstance(page, dict) else page)
    return Metadata(
        title=title,
        byline=_names(node.get("author"), nodes) or _plain(meta.get("author") or meta.get("article:author")),
        published=_first_date(
            _text(node.get("datePublished")),
            meta.get("article:published_time"),
            meta.get("datepublished"),
            meta.get("date"),
            meta.get("dc.date"),
        ),
        url=_address(_text(link)) or _address(meta.get("og:url")) or _address(_text(own)),
        outlet=_names(node.get("publisher"), nodes) or _plain(meta.get("og:site_name"))
        or _suffix(printed, headlines)
        or _domain(tree),
        language=_language(tree, node),
        wire=_names(node.get("sourceOrganization"), nodes),
    )


def _article(tree: Any) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return the JSON-LD object of the article, {} if there is none, and all objects by their @id."""
    article: dict[str, Any] = {}
    nodes: dict[str, dict[str, Any]] = {}
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        for node in _objects(_loaded(script.text or "")):
            if isinstance(node.get("@id"), str) and len(node) > 1:
                nodes.setdefault(node["@id"], node)
            kinds = node.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if not article and any(isinstance(k, str) and k.endswith(_ARTICLE) for k in kinds):
                article = node
    return article, nodes


def _loaded(script: str) -> Any:
    words = script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    try:
        return json.loads(words, strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-LD script: itself, those of a list, those of its @graph."""
    todo = deque([value])
    while todo:
        item = todo.popleft()
        if isinstance(item, list):
            todo.extendleft(reversed(item))
        elif isinstance(item, dict):
            yield item
            todo.extend(item[key] for key in ("@graph", "mainEntity", "publisher", "author") if key in item)


def _metas(tree: Any) -> dict[str, str]:
    """Return the page's meta elements by name or property, the first of each."""
    found: dict[str, str] = {}
    for element in tree.xpath("//meta[@content]"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = _text(element.get("content"))
        if name and content:
            found.setdefault(name.strip().casefold(), content)
    return found


def _names(value: Any, nodes: dict[str, dict[str, Any]]) -> str | None:
    """Return the names in a JSON-LD value (string, object, reference or a list of these), joined by commas."""
    if isinstance(value, list):
        names = [name for name in (_names(item, nodes) for item in value if not isinstance(item, list)) if name]
        return ", ".join(dict.fromkeys(names)) or None
    if isinstance(value, dict):
        reference = nodes.get(str(value.get("@id")), {})
        value = value.get("name") or reference.get("name")
        if isinstance(value, list):
            value = value[0] if value else None
    return _plain(_text(value))


def _plain(name: str | None) -> str | None:
    """Return a name, but not an address or a handle in its place."""
    return None if name is None or _ADDRESS.match(name) else name


def _address(url: str | None) -> str | None:
    return url if url and re.match(r"https?://[^/\s]+\.[^/\s]+", url) else None


def _suffix(printed: str | None, headlines: list[str]) -> str | None:
    """Return the site's name if the <title> is the headline plus that name: "Ferry stays in port - Harbour Post"."""
    for headline in headlines if printed else []:
        rest = (printed or "").removeprefix(headline)
        if rest != printed and (divider := _DIVIDER.match(rest)):
            name = _DIVIDER.split(rest[divider.end() :])[-1].strip()
            if name and len(name.split()) <= _NAME_WORDS:
                return name
    return None


def _domain(tree: Any) -> str | None:
    """Return the domain of a large share of a page's addresses: "msn.com"."""
    addresses = tree.xpath("//a/@href | //link/@href | //script/@src | //img/@src")
    domains = [domain for domain in map(_registered, addresses) if domain]
    name, number = Counter(domains).most_common(1)[0] if domains else ("", 0)
    return name if number >= max(_FEWEST, _GOOD_PART * len(domains)) else None


def _registered(address: str) -> str | None:
    """Return the domain of an address: "bbc.co.uk" for ichef.bbc.co.uk. Akamai's hosts contain customers' names."""
    match = _HOST.match(address)
    if match is None:
        return None
    host = match[1].lower()
    if host.endswith(_AKAMAI):
        host = host.removesuffix(_AKAMAI).replace("-", ".")
    parts = host.split(".")
    short = len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= 3  # co.uk, com.au
    return ".".join(parts[-3 if short else -2 :]) if len(parts) > 1 else None


def _first_date(*printed: str | None) -> str | None:
    return next((date for date in map(iso, printed) if date), None)


def _language(tree: Any, node: dict[str, Any]) -> str | None:
    """Return the language's code, without the country: "en" for en-GB."""
    code = tree.get("lang") or next(iter(tree.xpath("//html/@lang | //html/@xml:lang")), None) or node.get("inLanguage")
    match = re.match(r"([A-Za-z]{2,3})(?![A-Za-z])", code.strip()) if isinstance(code, str) else None
    return match[1].lower() if match else None


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    return " ".join(html.unescape(value).split()) or None
