"""Find who published an article, and the agency that wrote it."""

from __future__ import annotations

from attrs import evolve

from quotes.lexicon import Lexicon
from quotes.lexicon.outlets import find_domain, find_name, host, is_agency
from quotes.lexicon.platforms import platform_at
from quotes.lexicon.tables import OutletEntry
from quotes.records import Outlet, Slice, SourceText


def publisher(source: SourceText, slice: Slice, *, lexicon: Lexicon) -> tuple[Outlet | None, Outlet | None]:
    """Return the outlet that published an article and the agency that wrote it.

    The article's own credit on the page (a block's "- The Hindu") comes before the page's metadata; an unlisted name
    stays as printed. The address helps if there is no name, or if the name is not listed but its domain is. An agency
    is the outlet only if nothing else is named.

    Args:
        source: the page and its metadata.
        slice: the article on it, from `pages.split`.
        lexicon: the patterns, with outlets.

    Returns:
        (outlet, wire), each None if nothing says so.
    """
    outlet, agency = _outlet(source, slice, lexicon), slice.wire or source.wire
    if agency is None and source.outlet and outlet and is_agency(source.outlet, lexicon=lexicon):
        named = _named(source.outlet, lexicon)
        return outlet, named if named and named.id != outlet.id else None
    return outlet, _named(agency, lexicon)


def _outlet(source: SourceText, article: Slice, lexicon: Lexicon) -> Outlet | None:
    if article.outlet:
        # On an aggregator's page the address is the aggregator's, not the credited outlet's.
        return _named(article.outlet, lexicon)
    at_home = find_domain(source.url, lexicon=lexicon)
    entry = find_name(source.outlet, lexicon=lexicon) or _of_domain(source.outlet, lexicon) or at_home
    if entry and at_home and entry.kind == "agency" and at_home.kind != "agency":
        entry = at_home  # wire copy in a paper: the page is the paper's
    if entry:
        return _of(entry, source.outlet)
    site = host(source.url)
    own = Outlet(site, domain=site) if site and platform_at(source.url, lexicon=lexicon) is None else None
    named = _named(source.outlet, lexicon) if source.outlet else None
    if named is None or (own is not None and _is_domain(source.outlet)):
        return own or named
    return evolve(named, domain=own.domain) if own and not named.domain else named


def _is_domain(name: str | None) -> bool:
    return name is not None and " " not in name and "." in name


def _of_domain(name: str | None, lexicon: Lexicon) -> OutletEntry | None:
    """Return the outlet whose domain a name is: nytimes.com."""
    return find_domain(name, lexicon=lexicon) if _is_domain(name) else None


def _named(name: str | None, lexicon: Lexicon) -> Outlet | None:
    printed = " ".join((name or "").split())
    if not printed or "://" in printed:
        return None
    entry = find_name(printed, lexicon=lexicon, weak=True) or _of_domain(printed, lexicon)
    return _of(entry, printed) if entry else Outlet(printed)


def _of(entry: OutletEntry, printed: str | None = None) -> Outlet:
    """Return a listed outlet under its name, or under the former one that the page prints."""
    name = printed if printed in entry.former else entry.name
    return Outlet(name or entry.name, id=entry.id, domain=entry.domains[0] if entry.domains else None)
